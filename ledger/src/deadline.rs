//! Deadlines: instants that lie ahead of a block's time.

use ledger_types::Timestamp;

/// The instant `millis` after `now`; the end of time where that does not fit.
pub(crate) fn after(now: Timestamp, millis: u64) -> Timestamp {
    now.checked_add_millis(millis).unwrap_or(Timestamp::from_millis(u64::MAX))
}

/// Whether a deadline lies ahead, and by at most `most` milliseconds.
pub(crate) fn lies_ahead(deadline: Timestamp, now: Timestamp, most: u64) -> bool {
    now < deadline && deadline <= after(now, most)
}
