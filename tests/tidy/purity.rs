//! The state machine touches nothing that differs between two machines or two runs.
//!
//! It is read token by token without comments and texts, with `use` trees spelled out, so that
//! neither a comment nor a grouped import hides anything.

use crate::rust::{Token, is_test_module, test_modules, tokens_outside_tests};
use crate::tree::{SourceFile, Tree, Violation};

/// Words that never occur in the state machine.
const WORDS: [&str; 29] = [
    "HashMap",
    "HashSet",
    "RandomState",
    "DefaultHasher",
    "SystemTime",
    "Instant",
    "Mutex",
    "RwLock",
    "Condvar",
    "File",
    "f16",
    "f32",
    "f64",
    "f128",
    "rand",
    "OsRng",
    "thread_rng",
    "println",
    "eprintln",
    "print",
    "eprint",
    "tracing",
    "async",
    "await",
    "tokio",
    "unsafe",
    "thread_local",
    "include",
    "asm",
];

/// Modules of the standard library that never occur in it.
const MODULES: [&str; 10] =
    ["fs", "time", "thread", "env", "net", "process", "io", "os", "path", "random"];

/// A file and a word that it may hold, with the reason.
const EXCEPTIONS: [(&str, &str); 2] = [
    // Coefficients of batch verification must be unpredictable; the verdict does not depend on them.
    ("ledger/types/src/verify.rs", "rand"),
    ("ledger/types/src/verify.rs", "OsRng"),
];

/// What stays off the ledger is kept on disks and is no part of the machine.
const OFF_LEDGER: &str = "ledger/records/";

/// Nothing impure in `ledger` and its vocabulary.
pub(crate) fn purity(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    let is_machine = |path: &str| {
        let is_inside = path.starts_with("ledger/") && !path.starts_with(OFF_LEDGER);
        is_inside && path.contains("/src/") && !is_test_module(&tests, path)
    };
    tree.rust().filter(|file| is_machine(&file.path)).flat_map(in_file).collect()
}

fn in_file(file: &SourceFile) -> Vec<Violation> {
    let tokens = tokens_outside_tests(&file.text);
    let mut found: Vec<(usize, String)> = words(&tokens);
    found.extend(std_paths(&tokens));
    found.extend(floats(&tokens));
    found
        .into_iter()
        .filter(|(_, what)| !EXCEPTIONS.contains(&(file.path.as_str(), what.as_str())))
        .map(|(line, what)| Violation {
            path: file.path.clone(),
            line,
            what: format!("`{what}` in the state machine"),
        })
        .collect()
}

fn words(tokens: &[Token]) -> Vec<(usize, String)> {
    tokens
        .iter()
        .filter(|token| WORDS.contains(&token.text.as_str()))
        .map(|token| (token.line, token.text.clone()))
        .collect()
}

/// `std::fs`, `use std::{a, fs::b}`, `use std::*`, `use std as s`: each forbidden place under `std`.
fn std_paths(tokens: &[Token]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.text != "std" {
            continue;
        }
        let after = |offset: usize| tokens.get(at + offset).map_or("", |t| t.text.as_str());
        if after(1) == "as" || after(1) == ";" {
            found.push((token.line, "std under another name".to_owned()));
        } else if after(1) == ":" && after(2) == ":" {
            found.extend(firsts(&tokens[at + 3..]).into_iter().filter_map(|(line, first)| {
                let bad = MODULES.contains(&first) || first == "*" || first == "self";
                bad.then(|| (line, format!("std::{first}")))
            }));
        }
    }
    found
}

/// The first parts of what follows `std::`: one word, or each branch of a group.
fn firsts(tokens: &[Token]) -> Vec<(usize, &str)> {
    let Some(first) = tokens.first() else { return Vec::new() };
    if first.text != "{" {
        return vec![(first.line, first.text.as_str())];
    }
    let mut firsts = Vec::new();
    let mut depth = 0_usize;
    let mut begins = true;
    for token in tokens {
        match token.text.as_str() {
            "{" => {
                depth += 1;
                begins = depth == 1;
            }
            "}" => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            "," => begins = depth == 1,
            word => {
                if begins {
                    firsts.push((token.line, word));
                }
                begins = false;
            }
        }
    }
    firsts
}

/// Numbers with a point or an exponent. `pair.0.1` is none.
fn floats(tokens: &[Token]) -> Vec<(usize, String)> {
    let is_number = |token: &Token| token.text.starts_with(|c: char| c.is_ascii_digit());
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| tokens[before].text.as_str());
        let before_that = at.checked_sub(2).map_or("", |before| tokens[before].text.as_str());
        let is_field = before == "." && before_that != ".";
        if !is_number(token) || is_field {
            continue;
        }
        let point = tokens.get(at + 1).is_some_and(|next| next.text == ".");
        let fraction = tokens.get(at + 2).is_some_and(is_number);
        let hexadecimal = token.text.starts_with("0x");
        if (point && fraction)
            || (!hexadecimal && token.text.contains(['e', 'E'])) && is_exponent(&token.text)
        {
            found.push((token.line, format!("number {}.…", token.text)));
        }
    }
    found
}

fn is_exponent(text: &str) -> bool {
    let digits =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '_');
    text.split_once(['e', 'E']).is_some_and(|(one, other)| digits(one) && digits(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        let tree = Tree::of(&[("ledger/src/a.rs", source)]);
        purity(&tree).into_iter().map(|violation| violation.what).collect()
    }

    #[test]
    fn each_forbidden_word_is_found() {
        for word in WORDS {
            assert_eq!(found(&format!("let x = {word};")).len(), 1, "{word}");
        }
    }

    #[test]
    fn each_forbidden_module_is_found_however_it_is_spelled() {
        for module in MODULES {
            for source in [
                format!("use std::{module};"),
                format!("let x = ::std::{module}::y();"),
                format!(
                    "use std::{{\n    collections::{{BTreeMap, BTreeSet}},\n    {module}::Z,\n}};"
                ),
                format!("use std :: {module} as harmless;"),
            ] {
                assert_eq!(found(&source).len(), 1, "{source}");
            }
        }
        assert_eq!(found("use std as harmless;").len(), 1);
        assert_eq!(found("use std::*;").len(), 1);
        assert_eq!(found("use std::{self, cmp};").len(), 1);
        assert_eq!(found("extern crate std;").len(), 1);
    }

    #[test]
    fn floats_are_found_and_fields_are_none() {
        assert_eq!(found("let x = 1.5;").len(), 1);
        assert_eq!(found("let x = 1e3;").len(), 1);
        assert_eq!(found("let x = pair.0.1; for i in 0..10 {} let y = 0x1e3; [0; 3]"), [""; 0]);
    }

    #[test]
    fn comments_texts_and_tests_may_name_anything() {
        let source = "//! std::fs\n/* HashMap */ fn f() { g(\"std::time 1.5\") }\n\
                      #[cfg(test)]\nmod tests { use std::fs; fn x() { HashMap } }";
        assert_eq!(found(source), [""; 0]);
    }

    #[test]
    fn a_text_that_looks_like_a_comment_hides_nothing() {
        assert_eq!(found("let a = \"/*\"; use std::fs; let b = \"*/\";").len(), 1);
        assert_eq!(found("let a = '\"'; use std::fs; let b = '\"';").len(), 1);
    }

    #[test]
    fn an_undeclared_test_file_is_no_test() {
        let impure = ("ledger/src/tests.rs", "use std::fs;");
        let declared = [("ledger/src/lib.rs", "#[cfg(test)]\nmod tests;"), impure];
        let undeclared = [("ledger/src/lib.rs", "mod tests;"), impure];
        assert_eq!(purity(&Tree::of(&declared)), []);
        assert_eq!(purity(&Tree::of(&undeclared)).len(), 1);
    }

    #[test]
    fn other_crates_may_do_io() {
        assert_eq!(purity(&Tree::of(&[("node/src/a.rs", "use std::fs;")])), []);
        assert_eq!(purity(&Tree::of(&[("ledger/records/src/a.rs", "use std::fs;")])), []);
    }
}
