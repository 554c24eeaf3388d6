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

/// What one payer may use at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// Its kind's allowance, with what it was given and without what it gave.
    pub allowance: Allowance,
    /// What is kept beside the burst for what narrows or objects: its kind's burst, which is
    /// neither given nor lowered.
    pub reserved: u32,
}

impl Means {
    /// What a kind has, where nothing was given.
    #[must_use]
    pub const fn of_kind(kind: Allowance) -> Self {
        Self { allowance: kind, reserved: kind.burst }
    }

    /// With so much more.
    #[must_use]
    pub const fn with(self, more: Allowance) -> Self {
        let Allowance { burst, per_minute } = self.allowance;
        let burst = burst.saturating_add(more.burst);
        let per_minute = per_minute.saturating_add(more.per_minute);
        Self { allowance: Allowance { burst, per_minute }, ..self }
    }

    /// Without what was given to others.
    #[must_use]
    pub const fn without(self, given: Allowance) -> Self {
        let Allowance { burst, per_minute } = self.allowance;
        let burst = burst.saturating_sub(given.burst);
        let per_minute = per_minute.saturating_sub(given.per_minute);
        Self { allowance: Allowance { burst, per_minute }, ..self }
    }

    /// What may be in use after a transaction of the class.
    #[must_use]
    pub const fn most(self, class: Class) -> u64 {
        let burst = self.allowance.burst as u64;
        match class {
            // It takes nothing: there is nothing to compare.
            Class::Free => u64::MAX,
            // A data subject has its own for objecting: [`Objected`].
            Class::Reserved | Class::Objection => burst + self.reserved as u64,
            Class::Payment | Class::Other => burst,
        }
    }
}

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

    /// The same where another rate begins: what was left of a second that gave nothing yet is not
    /// counted by that one.
    #[must_use]
    pub fn settled(self, rate: Allowance, at: Timestamp) -> Self {
        let Self { weight, until } = self.decayed(rate, at);
        Self { weight, until: until.max(seconds(at)) }
    }

    /// With so much more in use.
    #[must_use]
    pub const fn and(self, units: u32) -> Self {
        Self { weight: self.weight.saturating_add(units), ..self }
    }

    /// In how many seconds `units` more of the class will be allowed beside `pending`; none where
    /// they are now, or never will be.
    #[must_use]
    pub fn wait(
        self,
        means: Means,
        now: Timestamp,
        pending: u64,
        units: u64,
        class: Class,
    ) -> Option<u64> {
        let used = u64::from(self.at(means.allowance, now));
        let total = used.saturating_add(pending).saturating_add(units);
        let over = total.checked_sub(means.most(class)).filter(|over| *over > 0)?;
        let rate = u64::from(means.allowance.per_minute.max(1));
        Some(over.saturating_mul(MINUTE_S).div_ceil(rate))
    }
}

/// What a data subject has in use of its own allowance for objections, which neither money nor
/// consents take of: the second, since the epoch, at which all of it will have come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Objected(u32);

/// How much of it there is: 32 objections.
pub const OBJECTIONS_UNITS: u32 = 128;
/// In how many seconds one unit comes back: an objection in an hour.
const OBJECTION_UNIT_S: u32 = 900;

impl Objected {
    /// What is in use at a time, in units.
    #[must_use]
    pub fn at(self, now: Timestamp) -> u32 {
        self.0.saturating_sub(seconds(now)).div_ceil(OBJECTION_UNIT_S)
    }

    /// After so many units more.
    #[must_use]
    pub fn after(self, now: Timestamp, units: u32) -> Self {
        let more = units.saturating_mul(OBJECTION_UNIT_S);
        Self(self.0.max(seconds(now)).saturating_add(more))
    }

    /// In how many seconds so many units more are allowed beside `pending`; none where they are
    /// now.
    #[must_use]
    pub fn wait(self, now: Timestamp, pending: u64, units: u64) -> Option<u64> {
        let total = u64::from(self.at(now)).saturating_add(pending).saturating_add(units);
        let over = total.checked_sub(u64::from(OBJECTIONS_UNITS)).filter(|over| *over > 0)?;
        Some(over.saturating_mul(u64::from(OBJECTION_UNIT_S)))
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
        let (used, means) = (Used::default().after(RATE, at(0), other(95)), Means::of_kind(RATE));
        assert_eq!(used.wait(means, at(0), 0, 5, Class::Other), None);
        assert_eq!(used.wait(means, at(0), 0, 6, Class::Other), Some(6));
        assert_eq!(used.wait(means, at(0), 10, 6, Class::Other), Some(66));
        assert_eq!(used.wait(means, at(6), 0, 6, Class::Other), None);
        assert_eq!(used.wait(means, at(0), 0, 6, Class::Reserved), None);
    }

    #[test]
    fn where_another_rate_begins_no_second_is_counted_by_it_that_was_before() {
        let fast = Allowance { burst: 1_000, per_minute: 600 };
        let used = Used::default().after(RATE, at(0), other(40));
        assert_eq!(used.at(fast, at(5)), 0, "five seconds of the faster rate");
        assert_eq!(used.settled(RATE, at(5)).at(fast, at(5)), 40);
        assert_eq!(used.settled(RATE, at(5)).at(fast, at(6)), 30);
    }

    #[test]
    fn an_objection_comes_back_in_an_hour() {
        let all = Objected::default().after(at(0), OBJECTIONS_UNITS);
        assert_eq!(all.at(at(0)), OBJECTIONS_UNITS);
        assert_eq!(all.wait(at(0), 0, 4), Some(3_600));
        assert_eq!(all.wait(at(3_599), 0, 4), Some(900));
        assert_eq!(all.wait(at(3_600), 0, 4), None);
        assert_eq!(all.wait(at(3_600), 4, 4), Some(3_600));
    }

    #[test]
    fn numbers_at_their_ends_overflow_nothing() {
        let rate = Allowance { burst: u32::MAX, per_minute: u32::MAX };
        let (end, means) = (Timestamp::from_millis(u64::MAX), Means::of_kind(rate));
        let used = Used::default().after(rate, end, other(u32::MAX)).after(rate, end, other(9));
        assert_eq!(used.at(rate, end), u32::MAX);
        assert!(used.wait(means, end, u64::MAX, u64::MAX, Class::Other).is_some());
        let never = Allowance { burst: 1, per_minute: 0 };
        assert_eq!(Used::default().after(never, at(0), other(7)).at(never, end), 7);
        let objected = Objected::default().after(end, u32::MAX).after(end, 9);
        assert!(objected.wait(at(0), u64::MAX, u64::MAX).is_some());
        assert_eq!(means.with(rate).without(rate).allowance.burst, 0);
    }
}
