//! `SetPayoutTerms`: what a bank asks for a payout, and on which days it sends none.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::id::{AccountId, BankId};
use crate::japan::JapanDay;
use crate::yen::Yen;

operation! {
    /// By a bank's own account. A payout that was asked for keeps the fee that was agreed.
    pub struct SetPayoutTerms {
        /// What the shop bears of each transfer; zero where the bank or somebody else bears it.
        fee: Yen,
        /// The smallest payout; more than the fee.
        smallest: Yen,
        /// The days on which the bank sends nothing beside Saturdays and Sundays: at most 64, ascending.
        holidays: Vec<JapanDay>,
    }

    refused [NotABank, BadPayoutTerms]
    samples [
        Self {
            fee: Yen::new(110),
            smallest: Yen::new(1000),
            holidays: vec![JapanDay::new(20_818), JapanDay::new(20_819)],
        },
        Self { fee: Yen::ZERO, smallest: Yen::new(1), holidays: vec![] },
    ]
}

/// What a bank says of payouts.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PayoutTerms {
    /// What the shop bears of each.
    pub fee: Yen,
    /// The smallest.
    pub smallest: Yen,
    /// The days on which the bank sends nothing, beside Saturdays and Sundays.
    pub holidays: Vec<JapanDay>,
}

impl PayoutTerms {
    /// Where a bank said nothing: it bears the fee, and sends on all days but Saturdays and Sundays.
    pub const UNSAID: Self = Self { fee: Yen::ZERO, smallest: Yen::new(1), holidays: Vec::new() };

    /// Whether the bank sends on a day.
    #[must_use]
    pub fn sends_on(&self, day: JapanDay) -> bool {
        !day.is_weekend() && self.holidays.binary_search(&day).is_err()
    }

    /// The day after so many of the bank's business days that follow a day.
    #[must_use]
    pub fn after(&self, day: JapanDay, business_days: u32) -> JapanDay {
        let (mut at, mut left) = (day, business_days);
        while left > 0 {
            at = at.next();
            // Holidays are a list of at most 64, so that this ends.
            if self.sends_on(at) || at.next() == at {
                left -= 1;
            }
        }
        at.next()
    }
}

event! {
    /// A bank said what it asks for payouts.
    pub struct PayoutTermsSet {
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// What the shop bears of each.
        fee: Yen,
        /// The smallest.
        smallest: Yen,
    }

    enters [bank_account]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> JapanDay {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_no_business_days() {
        // 2026-12-29 is a Tuesday; the bank is closed from the 31st to the 3rd.
        let closed = ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"].map(day);
        let terms = PayoutTerms { holidays: closed.to_vec(), ..PayoutTerms::UNSAID };
        assert!(terms.sends_on(day("2026-12-30")));
        for shut in ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-09"] {
            assert!(!terms.sends_on(day(shut)), "{shut}");
        }
        // Of two business days after the 29th, the 30th is one and January 4th, a Monday, the other.
        assert_eq!(terms.after(day("2026-12-29"), 2), day("2027-01-05"));
        assert_eq!(PayoutTerms::UNSAID.after(day("2026-12-29"), 2), day("2027-01-01"));
        assert_eq!(terms.after(day("2026-12-29"), 0), day("2026-12-30"));
        let end = JapanDay::new(u64::MAX);
        assert_eq!(terms.after(end, 2), end);
    }
}
