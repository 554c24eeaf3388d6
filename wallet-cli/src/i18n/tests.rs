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

fn english() -> BTreeMap<String, BTreeSet<String>> {
    of_language("en")
}

/// The texts of a language's files but that of help, which have no key in common.
fn of_language(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("help.ftl") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
            all.push('\n');
        }
    }
    texts(&all)
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
    assert_eq!(english(), of_language("ja"));
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
