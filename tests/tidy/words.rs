//! What is published speaks of the project alone: no machine's paths, no story of how it was made.

use crate::tree::{Tree, Violation};

/// Beginnings of paths that exist on one machine only, cut in two so that this file keeps the rule.
const PATHS: [[&str; 2]; 4] = [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/tmp/ky", "ojo/"]];

/// Phrases, without regard to case.
const PHRASES: [[&str; 2]; 8] = [
    ["this ses", "sion"],
    ["language mo", "del"],
    ["chat", "bot"],
    ["anth", "ropic"],
    ["open", "ai"],
    ["co", "pilot"],
    ["work", "tree"],
    ["as an assis", "tant"],
];

/// Words by themselves, with regard to case.
const WORDS: [[&str; 2]; 3] = [["A", "I"], ["L", "LM"], ["Cla", "ude"]];

/// No file speaks of where or by what it was written.
pub(crate) fn words(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files.iter().filter(|file| file.path != "Cargo.lock") {
        for (index, line) in file.text.lines().enumerate() {
            for what in in_line(line) {
                violations.push(Violation { path: file.path.clone(), line: index + 1, what });
            }
        }
    }
    violations
}

fn in_line(line: &str) -> Vec<String> {
    let lower = line.to_lowercase();
    let mut found = Vec::new();
    found.extend(PATHS.iter().map(|parts| parts.concat()).filter(|path| line.contains(path)));
    found.extend(PHRASES.iter().map(|parts| parts.concat()).filter(|one| lower.contains(one)));
    let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).collect();
    let alone = WORDS.iter().map(|parts| parts.concat());
    found.extend(alone.filter(|word| words.contains(&word.as_str())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_found_alone_and_in_a_sentence() {
        let all = PATHS.iter().chain(&PHRASES).chain(&WORDS);
        for word in all.map(|parts| parts.concat()) {
            for line in [word.clone(), format!("see {word}, please")] {
                let found = words(&Tree::of(&[("docs/a.md", &line)]));
                assert!(found.iter().any(|violation| violation.what == word), "{line}");
            }
        }
    }

    #[test]
    fn ordinary_prose_is_fine() {
        let prose = "The AIR of a mountain; MAIL; rooted work: see docs/rooted and /var/lib/kyojo.";
        assert_eq!(words(&Tree::of(&[("a.md", prose)])), []);
    }
}
