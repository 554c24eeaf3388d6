//! Block time: milliseconds since 1970-01-01T00:00:00Z, decided by the log, never by a clock.

use crate::newtype::number;

number! {
    /// An instant in milliseconds since the Unix epoch; shown as the bare number.
    #[derive(Default)]
    pub struct Timestamp(u64) by from_millis, as_millis;
}

impl Timestamp {
    /// The instant `millis` later, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add_millis(self, millis: u64) -> Option<Self> {
        match self.0.checked_add(millis) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
}
