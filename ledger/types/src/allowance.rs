//! How much one payer may have the ledger do: an allowance that refills with block time.
//!
//! What a transaction takes is its [`Weight`], charged in full also where it is rejected. What a
//! payer used lies in its own record and decays at its kind's rate; a block that would take more
//! than its parent's state gives at the header's time is invalid.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::weight::{Class, Weight};

/// What payers of one kind may use.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// How much at once, after a rest. As much again is kept for what narrows or objects
    /// ([`Class::Reserved`]).
    pub burst: u32,
    /// How much comes back in a minute.
    pub per_minute: u32,
}

/// The allowance of each kind of payer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Allowances {
    /// An account of a person.
    pub citizen: Allowance,
    /// A data subject.
    pub subject: Allowance,
    /// An account of a shop or company.
    pub merchant: Allowance,
    /// A consent party, a prepaid issuer, a municipality.
    pub institution: Allowance,
    /// A bank's own account.
    pub bank: Allowance,
    /// An operator's account.
    pub operator: Allowance,
}

/// The least that any kind must have: a transaction of every kind fits.
pub const BURST_MIN: u32 = 64;

impl Allowances {
    /// What a network begins with that says nothing else.
    pub const INITIAL: Self = Self {
        citizen: Allowance { burst: 256, per_minute: 30 },
        subject: Allowance { burst: 256, per_minute: 10 },
        merchant: Allowance { burst: 1_024, per_minute: 600 },
        institution: Allowance { burst: 65_536, per_minute: 60_000 },
        bank: Allowance { burst: 65_536, per_minute: 120_000 },
        operator: Allowance { burst: 16_384, per_minute: 6_000 },
    };

    /// Each of them so many times as large.
    #[must_use]
    pub const fn times(self, factor: u32) -> Self {
        const fn times(one: Allowance, factor: u32) -> Allowance {
            let burst = one.burst.saturating_mul(factor);
            Allowance { burst, per_minute: one.per_minute.saturating_mul(factor) }
        }
        Self {
            citizen: times(self.citizen, factor),
            subject: times(self.subject, factor),
            merchant: times(self.merchant, factor),
            institution: times(self.institution, factor),
            bank: times(self.bank, factor),
            operator: times(self.operator, factor),
        }
    }

    /// Each with the name of its field.
    #[must_use]
    pub const fn named(&self) -> [(&'static str, Allowance); 6] {
        [
            ("citizen", self.citizen),
            ("subject", self.subject),
            ("merchant", self.merchant),
            ("institution", self.institution),
            ("bank", self.bank),
            ("operator", self.operator),
        ]
    }
}

/// What a payer has used and not got back: nothing in a new record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Used {
    weight: u32,
    /// Up to when it has decayed, in seconds since the epoch.
    until: u32,
}

const MINUTE_S: u64 = 60;

/// Whole seconds since the epoch; a time past the last that fits counts as the last.
fn seconds(time: Timestamp) -> u32 {
    u32::try_from(time.as_millis() / 1_000).unwrap_or(u32::MAX)
}

impl Used {
    /// The same at a later time: less, and the part of a second that gave nothing yet is kept.
    fn decayed(self, rate: Allowance, now: Timestamp) -> Self {
        let now = seconds(now);
        let passed = u64::from(now.saturating_sub(self.until));
        let back = passed.saturating_mul(u64::from(rate.per_minute)) / MINUTE_S;
        let Some(weight) = u64::from(self.weight).checked_sub(back).filter(|left| *left > 0) else {
            return Self { weight: 0, until: now.max(self.until) };
        };
        let counted = (back * MINUTE_S).checked_div(u64::from(rate.per_minute)).unwrap_or(0);
        Self {
            weight: u32::try_from(weight).unwrap_or(u32::MAX),
            until: self.until.saturating_add(u32::try_from(counted).unwrap_or(u32::MAX)),
        }
    }

    /// What is in use at a time.
    #[must_use]
    pub fn at(self, rate: Allowance, now: Timestamp) -> u32 {
        self.decayed(rate, now).weight
    }

    /// After a transaction of this weight.
    #[must_use]
    pub fn after(self, rate: Allowance, now: Timestamp, weight: Weight) -> Self {
        let decayed = self.decayed(rate, now);
        Self { weight: decayed.weight.saturating_add(weight.units), ..decayed }
    }

    /// In how many seconds a transaction of this weight will be allowed beside `pending` more;
    /// none where it is now, or never will be.
    #[must_use]
    pub fn wait(
        self,
        rate: Allowance,
        now: Timestamp,
        pending: u64,
        weight: Weight,
    ) -> Option<u64> {
        let total = u64::from(self.at(rate, now)) + pending + u64::from(weight.units);
        let over = total.checked_sub(most(rate, weight.class)).filter(|over| *over > 0)?;
        Some((over * MINUTE_S).div_ceil(u64::from(rate.per_minute.max(1))))
    }
}

/// What a payer may have in use after a transaction of the class.
#[must_use]
pub const fn most(rate: Allowance, class: Class) -> u64 {
    match class {
        // It takes nothing: there is nothing to compare.
        Class::Free => u64::MAX,
        Class::Reserved => 2 * rate.burst as u64,
        Class::Payment | Class::Other => rate.burst as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Allowance = Allowance { burst: 100, per_minute: 10 };

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000)
    }

    fn other(units: u32) -> Weight {
        Weight { class: Class::Other, units }
    }

    #[test]
    fn what_was_used_comes_back_with_block_time_and_no_sooner() {
        let used = Used::default().after(RATE, at(0), other(40));
        assert_eq!(used.at(RATE, at(0)), 40);
        assert_eq!(used.at(RATE, at(5)), 40);
        assert_eq!(used.at(RATE, at(6)), 39);
        assert_eq!(used.at(RATE, at(60)), 30);
        assert_eq!(used.at(RATE, at(240)), 0);
        assert_eq!(used.at(RATE, at(0)), used.at(RATE, Timestamp::from_millis(0)), "time before");
    }

    #[test]
    fn whoever_uses_a_little_every_second_gets_as_much_back_as_whoever_rests() {
        let mut often = Used::default().after(RATE, at(0), other(90));
        for second in 1..=60 {
            often = often.after(RATE, at(second), other(0));
        }
        assert_eq!(often.at(RATE, at(60)), 80);
    }

    #[test]
    fn the_wait_is_how_long_it_takes() {
        let used = Used::default().after(RATE, at(0), other(95));
        assert_eq!(used.wait(RATE, at(0), 0, other(5)), None);
        assert_eq!(used.wait(RATE, at(0), 0, other(6)), Some(6));
        assert_eq!(used.wait(RATE, at(0), 10, other(6)), Some(66));
        assert_eq!(used.wait(RATE, at(6), 0, other(6)), None);
        let reserved = Weight { class: Class::Reserved, units: 6 };
        assert_eq!(used.wait(RATE, at(0), 0, reserved), None);
    }

    #[test]
    fn numbers_at_their_ends_overflow_nothing() {
        let rate = Allowance { burst: u32::MAX, per_minute: u32::MAX };
        let end = Timestamp::from_millis(u64::MAX);
        let used = Used::default().after(rate, end, other(u32::MAX)).after(rate, end, other(9));
        assert_eq!(used.at(rate, end), u32::MAX);
        assert!(used.wait(rate, end, u64::from(u32::MAX), other(u32::MAX)).is_some());
        let never = Allowance { burst: 1, per_minute: 0 };
        assert_eq!(Used::default().after(never, at(0), other(7)).at(never, end), 7);
    }
}
