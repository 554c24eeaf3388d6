//! The time is read in one file, so that a network can have a time of its own.

use crate::rust::{Token, code, tokens};
use crate::tree::{Tree, Violation};

/// The one file that reads a wall clock.
const CLOCK: &str = "node/clock/src/lib.rs";

/// Words of the standard library that lead to the time, whatever they are then called.
const WORDS: [&str; 2] = ["SystemTime", "UNIX_EPOCH"];

/// Types of calendars whose `now` reads it.
const CALENDARS: [&str; 2] = ["Timestamp", "Zoned"];

/// No file but the clock's reads the time; tests ask the clock too.
pub(crate) fn clock(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| file.path != CLOCK) {
        let tokens = tokens(&code(&file.text));
        for (at, token) in tokens.iter().enumerate() {
            if let Some(what) = reads_the_time(token, &tokens[at + 1..]) {
                violations.push(Violation { path: file.path.clone(), line: token.line, what });
            }
        }
    }
    violations
}

fn reads_the_time(token: &Token, after: &[Token]) -> Option<String> {
    let word = token.text.as_str();
    let next: Vec<&str> = after.iter().take(3).map(|token| token.text.as_str()).collect();
    let is_now = CALENDARS.contains(&word) && next == [":", ":", "now"];
    (is_now || WORDS.contains(&word)).then(|| format!("`{word}`: ask a Clock, {CLOCK}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, source: &str) -> usize {
        clock(&Tree::of(&[(path, source)])).len()
    }

    #[test]
    fn whoever_reads_the_time_beside_the_clock_is_found() {
        for bad in [
            "use std::time::{Duration, SystemTime as Then};",
            "let since = std::time::UNIX_EPOCH.elapsed();",
            "let now = jiff::Timestamp::now();",
            "let now = Zoned :: now();",
            "#[cfg(test)] mod tests { fn now() { SystemTime::now(); } }",
        ] {
            assert_eq!(found("node/src/chain/commit.rs", bad), 1, "{bad}");
            assert_eq!(found(CLOCK, bad), 0, "{bad}");
        }
        for good in [
            "let began = Instant::now();",
            "let time = clock.now(); let end = Timestamp::from_millis(1);",
            "// SystemTime::now() is read in the clock",
        ] {
            assert_eq!(found("node/src/chain/commit.rs", good), 0, "{good}");
        }
    }
}
