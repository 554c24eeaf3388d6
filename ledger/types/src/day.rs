//! The days by which records end: identities of what ends begin with the day on which they were
//! made.
//!
//! Such a record is found by its age in order of key, and once it has left, its identity is too old
//! to be taken again: nothing is done twice under one identity, however late somebody repeats it.

use crate::hash::Hash;
use crate::newtype::number;
use crate::time::Timestamp;

/// A day in milliseconds; leap seconds are none.
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;

number! {
    /// A day, counted from 1970-01-01 in UTC.
    pub struct Day(u32);
}

impl Day {
    /// The day of an instant; the last one where it does not fit.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        Self(u32::try_from(time.as_millis() / DAY_MS).unwrap_or(u32::MAX))
    }

    /// The day with which an identity begins: its first four bytes, big-endian.
    #[must_use]
    pub fn of_id(id: &Hash) -> Self {
        let [first, second, third, fourth, ..] = *id.as_bytes();
        Self(u32::from_be_bytes([first, second, third, fourth]))
    }

    /// An identity of this day, random in its other 28 bytes where `random` is.
    ///
    /// Whoever makes one asks the network's time for the day.
    #[must_use]
    pub fn id(self, random: Hash) -> Hash {
        let mut bytes = *random.as_bytes();
        for (place, byte) in bytes.iter_mut().zip(self.0.to_be_bytes()) {
            *place = byte;
        }
        Hash::new(bytes)
    }

    /// Whether it is yesterday, today or tomorrow as seen from `today`: clocks differ, and what is
    /// sent at the end of a day may come into a block of the next.
    #[must_use]
    pub const fn is_next_to(self, today: Self) -> bool {
        self.0.abs_diff(today.0) <= 1
    }

    /// The day so many days before; the first one where there are fewer.
    #[must_use]
    pub const fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_begins_with_its_day_and_keeps_the_rest() {
        let day = Day::of(Timestamp::from_millis(20_421 * DAY_MS + 5));
        assert_eq!(day, Day::new(20_421));
        let id = day.id(Hash::new([7; 32]));
        assert_eq!(Day::of_id(&id), day);
        assert_eq!(&id.to_string()[..8], "00004fc5");
        assert_eq!(&id.to_string()[8..], "07".repeat(28));
        assert!(Day::of_id(&id) < Day::of_id(&Day::new(20_422).id(Hash::ZERO)));
    }

    #[test]
    fn the_days_beside_today_are_next_to_it_and_no_others() {
        let today = Day::new(100);
        let near: Vec<u32> = (95..105).filter(|day| Day::new(*day).is_next_to(today)).collect();
        assert_eq!(near, [99, 100, 101]);
        assert_eq!(Day::of(Timestamp::from_millis(u64::MAX)), Day::new(u32::MAX));
        assert_eq!(Day::new(2).before(3), Day::new(0));
    }
}
