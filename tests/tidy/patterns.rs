//! Operations, events, records, duties and rejections are matched whole, so that a new one cannot be
//! forgotten: `matches!`, `if let` and `let … else` over them stand only beside the enum, in methods
//! that are named for what they ask (`is_…`, `as_…`).

use std::collections::BTreeSet;

use crate::rust::{
    Token, after_group, code, is_test_module, test_modules, tokens, tokens_outside_tests,
};
use crate::tree::{SourceFile, Tree, Violation};

const ENUMS: [&str; 5] = ["Operation", "Event", "Record", "Duty", "Rejection"];

/// Files that still have such a pattern, each until it is mended.
pub(crate) const KNOWN: [&str; 0] = [];

/// Patterns that look at some variants of such an enum and pass over the rest.
pub(crate) fn patterns(tree: &Tree) -> Vec<Violation> {
    let tests = test_modules(tree);
    let is_code = |path: &str| path.contains("src/") && !is_test_module(&tests, path);
    let own = own_files(tree);
    tree.rust().filter(|file| is_code(&file.path)).flat_map(|file| in_file(file, &own)).collect()
}

/// What of `found` is not known, and what is known but not found (any more).
pub(crate) fn unknown(mut found: Vec<Violation>, known: &[&str]) -> Vec<Violation> {
    let mended = |file: &&&str| found.iter().all(|violation| violation.path != ***file);
    let what = "has no such pattern any more: take it off the list";
    let over: Vec<Violation> = known
        .iter()
        .filter(mended)
        .map(|file| Violation { path: (*file).to_owned(), line: 0, what: what.to_owned() })
        .collect();
    found.retain(|violation| !known.contains(&violation.path.as_str()));
    found.extend(over);
    found
}

/// Each enum with the files that define one of its name.
fn own_files(tree: &Tree) -> BTreeSet<(String, String)> {
    let mut own = BTreeSet::new();
    for file in tree.rust() {
        for pair in tokens(&code(&file.text)).windows(2) {
            if let [word, name] = pair
                && word.text == "enum"
                && ENUMS.contains(&name.text.as_str())
            {
                own.insert((name.text.clone(), file.path.clone()));
            }
        }
    }
    own
}

fn in_file(file: &SourceFile, own: &BTreeSet<(String, String)>) -> Vec<Violation> {
    let tokens = tokens_outside_tests(&file.text);
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let text = |offset: usize| tokens.get(at + offset).map_or("", |token| token.text.as_str());
        let pattern = match text(0) {
            "matches" if text(1) == "!" => {
                after_comma(&tokens[at + 2..after_group(&tokens, at + 2)])
            }
            "let" => before_equals(&tokens[at + 1..]),
            _ => continue,
        };
        if let Some(name) = named(pattern)
            && !own.contains(&(name.to_owned(), file.path.clone()))
        {
            let what = format!("a pattern over `{name}` that passes over its other variants");
            found.push(Violation { path: file.path.clone(), line: tokens[at].line, what });
        }
    }
    found
}

/// The first of the enums whose variants a pattern names.
fn named(pattern: &[Token]) -> Option<&str> {
    pattern
        .windows(3)
        .filter(|three| three[1].text == ":" && three[2].text == ":")
        .find_map(|three| ENUMS.contains(&three[0].text.as_str()).then_some(three[0].text.as_str()))
}

/// What of `(value, pattern)` follows the comma.
fn after_comma(group: &[Token]) -> &[Token] {
    let mut depth = 0_usize;
    for (index, token) in group.iter().enumerate() {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 1 => return &group[index..],
            _ => {}
        }
    }
    &[]
}

/// The pattern of a `let`. `..=` belongs to it, and what follows `;` does not.
fn before_equals(tokens: &[Token]) -> &[Token] {
    let ends = |index: &usize| match tokens[*index].text.as_str() {
        "=" => *index == 0 || tokens[*index - 1].text != ".",
        ";" => true,
        _ => false,
    };
    let end = (0..tokens.len()).find(ends).unwrap_or(tokens.len());
    &tokens[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, source: &str) -> usize {
        let own = ("types/src/operation.rs", "pub enum Operation { A(u8), B }");
        patterns(&Tree::of(&[own, (path, source)])).len()
    }

    #[test]
    fn a_pattern_that_passes_over_variants_is_found_in_every_spelling() {
        for bad in [
            "matches!(x, Operation::A(_))",
            "matches!(f(a, b), types::Operation::A(_) | Operation::B)",
            "if let Operation::A(a) = x {}",
            "while let Some(Event::A { b, .. }) = next() {}",
            "if ready && let [Record::A(a)] = list {}",
            "let Some(Duty::A) = x else { return };",
            "let Rejection::A = x else { return };",
            "let [Operation::A(1..=2)] = x else { return };",
            "matches!(\n    x,\n    Event::A,\n)",
        ] {
            assert_eq!(count("a/src/lib.rs", bad), 1, "{bad}");
        }
    }

    #[test]
    fn whole_matches_values_tests_and_other_enums_are_fine() {
        for fine in [
            "match x { Operation::A(_) => 1, Operation::B => 2 }",
            "let x = Operation::A(1);",
            "let x: Operation = Operation::B;",
            "let x; y = Operation::B;",
            "matches!(Operation::B.name(), Name::B)",
            "if let Mode::A = x {}",
            "// if let Operation::B = x {}",
            "#[cfg(test)]\nmod tests { fn f() { assert!(matches!(x, Operation::B)) } }",
        ] {
            assert_eq!(count("a/src/lib.rs", fine), 0, "{fine}");
        }
        assert_eq!(count("a/tests/x.rs", "if let Operation::B = x {}"), 0);
    }

    #[test]
    fn beside_the_enum_such_patterns_are_fine() {
        let source = "pub enum Operation { A, B }\nimpl Operation { fn is_b(&self) -> bool { \
                      matches!(self, Operation::B) } }";
        assert_eq!(count("b/src/operation.rs", source), 0);
        assert_eq!(count("b/src/operation.rs", &format!("{source} if let Event::A = x {{}}")), 1);
    }

    #[test]
    fn a_known_file_passes_until_it_is_mended() {
        let found = patterns(&Tree::of(&[("a/src/lib.rs", "if let Event::A = x {}")]));
        assert_eq!(found.len(), 1);
        assert_eq!(unknown(found.clone(), &["a/src/lib.rs"]), []);
        assert_eq!(unknown(found.clone(), &[]), found);
        assert_eq!(unknown(Vec::new(), &["a/src/lib.rs"]).len(), 1);
    }
}
