//! Instants are put into words in two places, so that every text, file and page has one rule.
//!
//! What machines read is RFC 3339 in UTC, what people in Japan read is made beside it, and the
//! wallet's calendar does the same in a zone that somebody chose.

use crate::rust::{Token, code, tokens};
use crate::tree::{Tree, Violation};

/// The files that may: the API's form and Japan's, and the wallet's calendar with its zones.
const PLACES: [&str; 3] =
    ["ledger/types/src/instant.rs", "wallet-cli/src/calendar.rs", "wallet-cli/src/calendar/"];

/// Words of calendars that put an instant into a form or a zone.
const WORDS: [&str; 7] =
    ["strftime", "strptime", "TimeZone", "Zoned", "to_zoned", "in_tz", "OffsetDateTime"];

/// Members that are instants of the API, whose own text is for machines.
const INSTANTS: [&str; 5] = ["time", "deadline", "expires", "valid_from", "executable_from"];

/// No other file of a program formats an instant; tests may, to say what they expect.
pub(crate) fn calendar(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    let is_place = |path: &str| PLACES.iter().any(|place| path.starts_with(place));
    for file in tree.rust().filter(|it| !is_place(&it.path) && !it.path.starts_with("tests/")) {
        let tokens = tokens(&code(&file.text));
        let is_wallet = file.path.starts_with("wallet-cli/src/");
        for (at, token) in tokens.iter().enumerate() {
            let shows = is_wallet && shows_an_instant(token, &tokens[at + 1..]);
            if shows || WORDS.contains(&token.text.as_str()) {
                let word = &token.text;
                let what = format!("`{word}`: ask calendar::show, or JapanTime for a document");
                violations.push(Violation { path: file.path.clone(), line: token.line, what });
            }
        }
    }
    violations
}

/// `entry.time.to_string()`: the machine's form in a text for people.
fn shows_an_instant(token: &Token, after: &[Token]) -> bool {
    let next: Vec<&str> = after.iter().take(2).map(|token| token.text.as_str()).collect();
    INSTANTS.contains(&token.text.as_str()) && next == [".", "to_string"]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, source: &str) -> usize {
        calendar(&Tree::of(&[(path, source)])).len()
    }

    #[test]
    fn whoever_formats_an_instant_beside_the_calendar_is_found() {
        for bad in [
            "let text = instant.strftime(form);",
            "let here = jiff::tz::TimeZone::system();",
            "let at = entry.time.to_string();",
        ] {
            assert_eq!(found("wallet-cli/src/commands/history.rs", bad), 1, "{bad}");
            assert_eq!(found("wallet-cli/src/calendar.rs", bad), 0, "{bad}");
            assert_eq!(found("tests/cluster/life.rs", bad), 0, "{bad}");
        }
        for good in ["let at = calendar::show(entry.time.get());", "// strftime is the calendar's"]
        {
            assert_eq!(found("wallet-cli/src/commands/history.rs", good), 0, "{good}");
        }
    }
}
