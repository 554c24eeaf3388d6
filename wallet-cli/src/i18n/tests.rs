//! Every text exists in both languages, is used, and takes the same variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ledger_proof::bundle::Code;
use ledger_types::Rejection;
use node_api::ApiCode;

use super::*;

const AREAS: [&str; 7] = ["ask-", "done-", "err-", "label-", "note-", "code-", "proof-"];

/// Keys of a file with the variables that each takes.
fn texts(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    for line in file.lines().filter(|line| AREAS.iter().any(|area| line.starts_with(area))) {
        let (key, text) = line.split_once(" = ").unwrap();
        let variables =
            text.split("{ $").skip(1).map(|rest| rest.split_once(" }").unwrap().0.to_owned());
        let repeated = texts.insert(key.to_owned(), variables.collect());
        assert!(repeated.is_none(), "{key} is there twice");
    }
    texts
}

/// Everything in a language's folder, of which no two files have a key in common.
fn written(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(folder);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap() + "\n").collect()
}

fn english() -> BTreeMap<String, BTreeSet<String>> {
    texts(&written("en"))
}

/// What Japanese texts say in Latin letters beside commands, their values and settings: names of
/// forms, of keys, of files and of what a file holds.
const LATIN: [&str; 49] = [
    "Enter",
    "node",
    "kyojokey1",
    "CSV",
    "JSON",
    "UTF-8",
    "PEM",
    "PNG",
    "URL",
    "https",
    "http",
    "FHIR",
    "R5",
    "ISO/IEC",
    "TS",
    "Kantara",
    "ed25519",
    "UTC",
    "Asia/Tokyo",
    "XDG",
    "HOME",
    "actors.json",
    "genesis.json",
    "config.toml",
    "ja=notice.ja.txt",
    "kyojo-trust/1",
    "kyojo/config.toml",
    "kyojo/wallets",
    "config",
    "local/share",
    "JP",
    "JP-07",
    "JP-07-202",
    "appi-27-1-ii",
    "maker",
    "checker",
    "address",
    "access",
    "json",
    "sensitive",
    "true",
    "text",
    "emergency",
    "data_holder",
    "joint-use",
    "1=emergency",
    "person",
    "household",
    "sets",
];

/// How processing is called where it is typed.
const OPERATIONS: [&str; 10] = [
    "collect",
    "consult",
    "use",
    "store",
    "analyse",
    "combine",
    "pseudonymise",
    "anonymise",
    "share",
    "transfer",
];

/// Everything that may be typed: names of commands, and values that arguments know.
fn typed(command: &clap::Command, words: &mut BTreeSet<String>) {
    words.insert(command.get_name().to_owned());
    for argument in command.get_arguments() {
        let values = argument.get_possible_values();
        words.extend(values.iter().map(|value| value.get_name().to_owned()));
    }
    command.get_subcommands().for_each(|below| typed(below, words));
}

/// Words in Latin letters, without command lines and options.
fn latin_words(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
    let mut words = Vec::new();
    let (mut in_command, mut gap, mut rest) = (false, 0, text);
    while let Some(start) = rest.find(is_part) {
        gap += start;
        let found = &rest[start..];
        let end = found.find(|c| !is_part(c)).unwrap_or(found.len());
        let (token, after) = found.split_at(end);
        let goes_on = in_command && gap == 1;
        in_command = goes_on || token.starts_with("--") || token == "kyojo";
        let word = token.trim_matches(['.', ':', '-', '/', '=']);
        if !in_command && word.chars().any(|c| c.is_ascii_alphabetic()) {
            words.push(word.to_owned());
        }
        let space = after.len() - after.trim_start_matches(' ').len();
        (gap, rest) = (space, &after[space..]);
        // What stands right behind in Japanese is no part of the command.
        in_command = in_command && space == 1;
    }
    words
}

/// Every literal in the sources that is shaped like a key.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("i18n/tests.rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                used.extend(source.split('"').filter(|text| is_key(text)).map(str::to_owned));
            }
        }
    }
    used
}

fn is_key(text: &str) -> bool {
    AREAS.iter().any(|area| text.strip_prefix(area).is_some_and(|rest| !rest.is_empty()))
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn coded() -> BTreeSet<String> {
    let inadmissible = (1001..=1017).chain([1020]).map(|code| format!("code-{code}"));
    let rejections = Rejection::ALL.iter().map(|(code, _)| format!("code-{}", code.get()));
    let api = ApiCode::ALL.iter().map(|code| format!("code-{}", code.number()));
    let checks = Code::ALL.iter().map(|code| format!("proof-{}", code.as_str()));
    inadmissible.chain(rejections).chain(api).chain(checks).collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let mut english = english();
    // What a library or a machine said is English in every language: Japanese texts go without.
    for variables in english.values_mut() {
        variables.remove(crate::failure::TECHNICAL);
    }
    assert_eq!(english, texts(&written("ja")));
}

#[test]
fn no_text_is_missing_and_none_is_unused() {
    let written: BTreeSet<String> = english().into_keys().collect();
    let mut needed: BTreeSet<String> = used();
    needed.extend(coded());
    assert_eq!(needed.difference(&written).collect::<Vec<_>>(), [""; 0], "missing");
    assert_eq!(written.difference(&needed).collect::<Vec<_>>(), [""; 0], "unused");
}

#[test]
fn japanese_texts_hold_no_word_of_another_language() {
    let mut known: BTreeSet<String> =
        LATIN.into_iter().chain(OPERATIONS).map(str::to_owned).collect();
    typed(&crate::help::command(Lang::En), &mut known);
    known.extend(crate::settings::ENVIRONMENT.map(|(name, _)| name.to_owned()));
    let mut strange = Vec::new();
    for line in written("ja").lines().filter(|line| !line.starts_with('#')) {
        let Some((key, text)) = line.split_once(" =") else { continue };
        let said: String =
            text.split('{').map(|part| part.split_once('}').unwrap_or(("", part)).1).collect();
        let words = latin_words(&said).into_iter().filter(|word| !known.contains(word));
        strange.extend(words.map(|word| format!("{}: {word}", key.trim())));
    }
    assert_eq!(strange, [""; 0]);
    for (text, words) in [
        ("作るには: kyojo wallet new NAME", &[][..]),
        ("--out FILE を付けて", &[]),
        ("No such file または os error", &["No", "such", "file", "os", "error"]),
        ("kyojo pay のあと commit する", &["commit"]),
    ] {
        assert_eq!(latin_words(text), words, "{text}");
    }
}

#[test]
fn waiting_is_said_only_where_waiting_helps() {
    // What passes by itself, after a while that is short: queues, limits of a minute, a busy node.
    let passes = [1008, 6007, 6008, 7001, 7002, 7004, 7007, 7009, 7010, 7011];
    for lang in [Lang::Ja, Lang::En] {
        for key in coded().iter().filter(|key| key.starts_with("code-")) {
            let text = lang.text(key, &[]).to_lowercase();
            let says = [
                "少し待",
                "時間をおいて",
                "in a moment",
                "wait a little",
                "try again later",
                "wait until",
            ]
            .iter()
            .any(|word| text.contains(word));
            let helps = passes.iter().any(|code| *key == format!("code-{code}"));
            assert_eq!(says, helps, "{key}: {text}");
        }
    }
}

#[test]
fn every_text_formats_in_both_languages() {
    for (key, variables) in english() {
        let values: Vec<(&'static str, &str)> =
            variables.into_iter().map(|name| (&*Box::leak(name.into_boxed_str()), "値")).collect();
        for lang in [Lang::Ja, Lang::En] {
            let text = lang.text(&key, &values);
            assert!(!text.contains("Unknown localization"), "{key}: {text}");
            assert!(!text.contains("{ $") && !text.contains('\u{2068}'), "{key}: {text}");
        }
    }
}

#[test]
fn a_locale_chooses_the_language() {
    for (tag, lang) in [
        ("ja", Lang::Ja),
        ("ja_JP.UTF-8", Lang::Ja),
        ("JA-jp", Lang::Ja),
        ("en_GB", Lang::En),
        ("C", Lang::En),
        ("", Lang::En),
    ] {
        assert_eq!(Lang::of_locale(tag), lang, "{tag}");
    }
}
