//! Payments at shops by their numbers, of which people read and say the last four digits.

use ledger_types::event::Paid;
use ledger_types::{Event, Hash, Height, Timestamp};
use node_api::body::HistoryEntry;

use crate::acting::search::Search;
use crate::acting::transact::Session;
use crate::app::App;
use crate::client::Reader;
use crate::failure::{Exit, Failure};
use crate::reading::read_hash;
use crate::told::{Line, Told};
use crate::{amount, calendar};

/// The fewest digits by which a payment is found.
const DIGITS_MIN: usize = 4;
/// The digits of a whole number.
const DIGITS: usize = 64;
/// How many digits of each candidate are shown.
const CANDIDATE_DIGITS: usize = 8;

/// The end of a number, by which people find it.
pub(crate) fn last_digits(number: &str) -> String {
    number.get(number.len().saturating_sub(DIGITS_MIN)..).unwrap_or(number).to_owned()
}

/// A payment's number with its end first.
pub(crate) fn shown(number: &Hash) -> String {
    let number = number.to_string();
    format!("{} ({number})", last_digits(&number))
}

/// Whether it is the end of a number rather than all of it.
pub(crate) fn is_part(text: &str) -> bool {
    (DIGITS_MIN..DIGITS).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// One line of what might be meant: when, what, how much, and more of its number.
pub(crate) fn candidate(app: &App, number: &str, at: Timestamp, told: &Told) -> String {
    let end = number.get(DIGITS - CANDIDATE_DIGITS..).unwrap_or(number);
    let amount = told.amount.map(amount::show).unwrap_or_default();
    format!("  {}  {} {amount}  …{end}", calendar::show(at), app.text(told.in_history, &[]))
}

/// The payment whose number is said, or ends so among those in the account's history.
///
/// # Errors
/// [`Failure`] where the text is no number, or several payments or none end so.
pub(crate) async fn find(
    app: &App,
    session: &Session,
    reader: &Reader,
    text: &str,
) -> Result<Hash, Failure> {
    if !is_part(text) {
        return read_hash(text);
    }
    let digits = text.to_ascii_lowercase();
    let (account, from) = (session.attached.account, Height::GENESIS);
    let search = Search { session, reader, account, most: usize::MAX, from };
    let searched = search.run(|_: &HistoryEntry, event: Option<&Event>| {
        event.is_some_and(|event| Paid::of(event).is_some())
    });
    let searched = searched.await?;
    let ends_so = |line: &&Line<HistoryEntry>| {
        line.told.payment.is_some_and(|number| number.to_string().ends_with(&digits))
    };
    let found: Vec<_> = searched.lines.iter().filter(ends_so).collect();
    match found.as_slice() {
        [only] => only.told.payment.ok_or_else(|| Failure::new(Exit::Other, "err-internal")),
        [] => Err(Failure::new(Exit::NotFound, "err-no-such-payment")
            .with("digits", digits)
            .with("count", searched.read)),
        several => {
            let numbers: Vec<_> = several.iter().filter_map(|line| line.told.payment).collect();
            let line = |line: &&Line<HistoryEntry>| {
                let number = line.told.payment.map(|number| number.to_string());
                let number = number.unwrap_or_default();
                candidate(app, &number, line.entry.time.get(), &line.told)
            };
            let lines: Vec<String> = several.iter().map(line).collect();
            Err(Failure::new(Exit::Usage, "err-digits-ambiguous")
                .with("digits", digits)
                .with("lines", lines.join("\n"))
                .details(serde_json::json!({ "candidates": numbers })))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_name_a_transaction_and_fewer_do_not() {
        for text in ["3f9a", "3F9A", &"0".repeat(63)] {
            assert!(is_part(text), "{text}");
        }
        for text in ["3f9", "xyz1", "", &"0".repeat(64)] {
            assert!(!is_part(text), "{text}");
        }
    }
}
