//! This machine's clock, in the ledger's unit.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ledger_types::Timestamp;

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(u64::try_from(since_epoch().as_millis()).unwrap_or(u64::MAX))
}

/// Now in whole seconds since 1970.
#[must_use]
pub fn now_seconds() -> u64 {
    since_epoch().as_secs()
}

/// The instant `delta_ms` after another; the end of time where that is past it.
#[must_use]
pub const fn after(instant: Timestamp, delta_ms: u64) -> Timestamp {
    match instant.checked_add_millis(delta_ms) {
        Some(after) => after,
        None => Timestamp::from_millis(u64::MAX),
    }
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
