//! `SetLimits`: how much may leave an account at once, in a day and in a month, and how much it may
//! hold.
//!
//! Genesis has limits for each KYC level. The custodian, which knows the holder, may set others for
//! one account; each of them stands for the level's of its name, whether it is lower or higher. What
//! the law says of sends of prepaid value from person to person stands beside both, and no custodian
//! raises it.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::open_account::KycLevel;
use crate::facts::{event, operation};
use crate::id::{AccountId, BankId};
use crate::japan::{JapanDay, JapanMonth};
use crate::json::{serde_by_json, shape};
use crate::time::Timestamp;
use crate::yen::Yen;

shape! {
    /// Limits of an account, each of whole yen; one that is left out is not set.
    #[derive(Copy, Default)]
    pub struct Limits {
        /// The most that leaves it in one payment.
        per_payment: Option<Yen>,
        /// The most that leaves it in one day of Japan.
        per_day: Option<Yen>,
        /// The most that leaves it in one month of Japan.
        per_month: Option<Yen>,
        /// The most that it may come to hold, zones included.
        holding: Option<Yen>,
    }
}

serde_by_json!(Limits);

impl Limits {
    /// None at all.
    pub const NONE: Self =
        Self { per_payment: None, per_day: None, per_month: None, holding: None };

    /// These, and where one is not set, the level's.
    #[must_use]
    pub fn or(self, level: &Self) -> Self {
        Self {
            per_payment: self.per_payment.or(level.per_payment),
            per_day: self.per_day.or(level.per_day),
            per_month: self.per_month.or(level.per_month),
            holding: self.holding.or(level.holding),
        }
    }

    /// Whether one of them is of nothing: that would be a freeze without ground or end.
    #[must_use]
    pub fn has_zero(&self) -> bool {
        let Self { per_payment, per_day, per_month, holding } = *self;
        [per_payment, per_day, per_month, holding].contains(&Some(Yen::ZERO))
    }
}

/// Limits of each KYC level, and of sends of prepaid value from person to person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields, default)]
pub struct LevelLimits {
    /// Of accounts that receive free value only.
    pub k0: Limits,
    /// Of accounts for small prepaid value.
    pub k1: Limits,
    /// Of fully verified persons.
    pub k2: Limits,
    /// Of verified businesses.
    pub k_b: Limits,
    /// The most prepaid value that one person sends another at once.
    pub send: Option<Yen>,
    /// The most prepaid value that a person sends others in one month.
    pub send_month: Option<Yen>,
}

impl LevelLimits {
    /// What a document begins with that says nothing else: planning values, which counsel confirms.
    pub const USUAL: Self = Self {
        k0: Limits { per_month: yen(100_000), holding: yen(100_000), ..Limits::NONE },
        k1: Limits { per_month: yen(300_000), holding: yen(300_000), ..Limits::NONE },
        k2: Limits::NONE,
        k_b: Limits::NONE,
        send: yen(100_000),
        send_month: yen(300_000),
    };

    /// Whether one of them is of nothing.
    #[must_use]
    pub fn have_zero(&self) -> bool {
        let Self { k0, k1, k2, k_b, send, send_month } = self;
        [k0, k1, k2, k_b].into_iter().any(Limits::has_zero)
            || [send, send_month].contains(&&Some(Yen::ZERO))
    }

    /// Those of a level.
    #[must_use]
    pub const fn of(&self, level: KycLevel) -> &Limits {
        match level {
            KycLevel::K0 => &self.k0,
            KycLevel::K1 => &self.k1,
            KycLevel::K2 => &self.k2,
            KycLevel::KB => &self.k_b,
        }
    }
}

const fn yen(amount: u64) -> Option<Yen> {
    Some(Yen::new(amount))
}

impl Default for LevelLimits {
    fn default() -> Self {
        Self::USUAL
    }
}

operation! {
    /// By the custodian bank's own account. The limits stand for those set before; none at all gives
    /// back the level's. What went out already is not undone: it counts, and refuses the next.
    pub struct SetLimits {
        /// The account.
        account: AccountId,
        /// Its own limits.
        limits: Limits,
    }

    refused [NotABank, UnknownAccount, NotCustodian, AccountClosed, BadLimits]
    samples [
        Self { account: account(0x12), limits: Limits::NONE },
        Self {
            account: account(0x12),
            limits: Limits {
                per_payment: Some(amount()),
                per_day: Some(amount()),
                per_month: Some(amount()),
                holding: Some(amount()),
            },
        },
    ]
}

/// What left an account in a day and a month of Japan, where one of its limits counts it. It is there
/// only for such accounts, ends with its month, and the next payment writes over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Spending {
    /// The month.
    pub month: JapanMonth,
    /// The day, of that month.
    pub day: JapanDay,
    /// What left it on the day.
    pub of_day: Yen,
    /// What left it in the month.
    pub of_month: Yen,
    /// What of that was prepaid value sent to persons.
    pub sent: Yen,
}

impl Spending {
    /// What counts at `now`: nothing of a month or a day that is over.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        let (month, day) = (JapanMonth::of(now), JapanDay::of(now));
        if self.month != month {
            return Self { month, day, ..Self::default() };
        }
        if self.day != day {
            return Self { day, of_day: Yen::ZERO, ..self };
        }
        self
    }

    /// With `amount` more, of which `sent` is prepaid value sent to a person; `None` past the range
    /// of amounts.
    #[must_use]
    pub fn with(self, amount: Yen, sent: Yen) -> Option<Self> {
        Some(Self {
            of_day: self.of_day.checked_add(amount)?,
            of_month: self.of_month.checked_add(amount)?,
            sent: self.sent.checked_add(sent)?,
            ..self
        })
    }
}

event! {
    /// A bank set an account's own limits.
    pub struct LimitsSet {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
        /// Its own limits from here on.
        limits: Limits,
    }

    enters [account]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(payment: Option<u64>, holding: Option<u64>) -> Limits {
        let of = |amount: Option<u64>| amount.map(Yen::new);
        Limits { per_payment: of(payment), holding: of(holding), ..Limits::NONE }
    }

    #[test]
    fn an_accounts_own_limit_stands_for_its_levels_whichever_is_higher() {
        let level = limits(Some(10), Some(10));
        assert_eq!(limits(Some(5), None).or(&level), limits(Some(5), Some(10)));
        assert_eq!(limits(Some(50), None).or(&level), limits(Some(50), Some(10)));
        assert_eq!(Limits::NONE.or(&level), level);
    }

    #[test]
    fn a_limit_of_nothing_is_seen() {
        assert!(limits(Some(0), None).has_zero() && limits(None, Some(0)).has_zero());
        assert!(!limits(Some(1), None).has_zero() && !Limits::NONE.has_zero());
    }

    #[test]
    fn a_document_that_says_nothing_of_a_level_has_the_usual() {
        let found: LevelLimits = serde_json::from_str(r#"{"k1":{"holding":"5"}}"#).unwrap();
        let k1 = limits(None, Some(5));
        assert_eq!(found, LevelLimits { k1, ..LevelLimits::USUAL });
        let text = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<LevelLimits>(&text).unwrap(), found);
        assert!(serde_json::from_str::<LevelLimits>(r#"{"k3":{}}"#).is_err());
    }

    #[test]
    fn what_was_spent_counts_until_its_day_and_its_month_are_over() {
        // 2026-11-30, 23:59:59 in Japan, and the second after.
        let (last, first) = (1_796_050_799_000, 1_796_050_800_000);
        let at = |millis| Timestamp::from_millis(millis);
        let (five, two) = (Yen::new(5), Yen::new(2));
        let spent = Spending::default().at(at(last)).with(five, two).unwrap();
        assert_eq!((spent.of_day, spent.of_month, spent.sent), (five, five, two));
        assert_eq!(spent.at(at(last)), spent);
        let next = spent.at(at(first));
        assert_eq!((next.of_day, next.of_month, next.sent), (Yen::ZERO, Yen::ZERO, Yen::ZERO));
        let day_before = Spending::default().at(at(last - 86_400_000)).with(five, two).unwrap();
        let today = day_before.at(at(last));
        assert_eq!((today.of_day, today.of_month, today.sent), (Yen::ZERO, five, two));
        assert_eq!(spent.with(Yen::new(u64::MAX), Yen::ZERO), None);
    }
}
