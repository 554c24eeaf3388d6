//! The protocol's rules: what a comment cites by number stands in `ledger/PROTOCOL.md`.

use crate::tree::{Tree, Violation};

const RULES: &str = "ledger/PROTOCOL.md";
const FOLDERS: [&str; 3] = ["ledger/", "node/src/", "node/consensus/"];

/// The numbers under which rules stand.
fn numbers(text: &str) -> Vec<u32> {
    let number = |line: &str| line.split_once(". ").and_then(|(number, _)| number.parse().ok());
    text.lines().filter_map(number).collect()
}

/// The number of the rule that a comment's line cites.
fn cited(line: &str) -> Option<u32> {
    let (_, comment) = line.split_once("//")?;
    let (_, behind) = comment.split_once("rule ")?;
    let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// Rules are numbered from 1 without a gap, and each that is cited is one of them.
pub(crate) fn rules(tree: &Tree) -> Vec<Violation> {
    let numbers = tree.get(RULES).map_or_else(Vec::new, |file| numbers(&file.text));
    let mut violations = Vec::new();
    if numbers.is_empty() || (1..).zip(&numbers).any(|(number, found)| number != *found) {
        let what = format!("rules are numbered from 1, not {numbers:?}");
        violations.push(Violation { path: RULES.to_owned(), line: 0, what });
    }
    for file in tree.rust().filter(|file| FOLDERS.iter().any(|it| file.path.starts_with(it))) {
        for (line, text) in (1..).zip(file.text.lines()) {
            if let Some(rule) = cited(text).filter(|rule| !numbers.contains(rule)) {
                let what = format!("rule {rule} does not stand in {RULES}");
                violations.push(Violation { path: file.path.clone(), line, what });
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rules_text: &str, source: &str) -> usize {
        rules(&Tree::of(&[(RULES, rules_text), ("node/src/a.rs", source)])).len()
    }

    #[test]
    fn a_rule_that_is_not_there_is_found() {
        let two = "1. **One.** It.\n2. **Two.**\n   More.\n";
        assert_eq!(found(two, "/// Kept (protocol rule 2).\nlet a = 1; // rule 1"), 0);
        assert_eq!(found(two, "/// Kept (protocol rule 3)."), 1);
        assert_eq!(found(two, "let a = \"rule 3\";\n// as a rule it is kept"), 0);
        assert_eq!(found("1. One\n3. Three\n", ""), 1);
        assert_eq!(found("", "//! rule 1"), 2);
    }
}
