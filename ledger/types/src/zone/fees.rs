//! `SetFeeSchedule`: what merchants of a zone pay, inside each payment.
//!
//! A fee is a function of the payment's whole amount and of what the merchant was charged in the
//! fiscal year so far, always in whole yen and rounded down.

use super::announced::Announced;
use super::bps::BasisPoints;
use super::revenue::{FeePart, Share};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{List, event, operation};
use crate::id::{AccountId, ZoneId};
use crate::json::{names, shape};
use crate::time::Timestamp;
use crate::yen::Yen;

names! {
    /// How a fee stands to consumption tax. Tax that is in it is never added to it.
    pub enum FeeTax {
        /// It is taxable and the tax is in it.
        Included = 0 as "included",
        /// It is exempt.
        Exempt = 1 as "exempt",
    }
}

shape! {
    /// What merchants of one size pay at most.
    #[derive(Copy)]
    pub struct FeeTier {
        /// The most that one of them is charged in a fiscal year (April to March, Japan's time); no
        /// limit where it is left out.
        yearly_cap: Option<Yen>,
    }
}

shape! {
    /// What merchants pay.
    pub struct FeeTerms {
        /// The rate of each payment's whole amount, rounded down.
        rate: BasisPoints,
        /// The least for one payment, and never more than the payment itself.
        minimum: Yen,
        /// Whether tax is in it.
        tax: FeeTax,
        /// The tiers of merchants, numbered from 0: at least one.
        tiers: Vec<FeeTier>,
    }
}

/// The fee schedules of a zone.
pub type FeeSchedules = Announced<FeeTerms>;

/// The yearly cap of the published tier: merchants that declare sales below ¥6,000,000 a year.
const PUBLISHED_CAP: Yen = Yen::new(12_000);

impl FeeTerms {
    /// What a region aims at: merchants pay nothing.
    #[must_use]
    pub fn zero() -> Self {
        let tiers = vec![FeeTier { yearly_cap: None }];
        Self { rate: BasisPoints::ZERO, minimum: Yen::ZERO, tax: FeeTax::Included, tiers }
    }

    /// The published tier of a real coin: 2 %, at most ¥12,000 a year, for merchants that declare
    /// sales below ¥6,000,000 for the year before. It has no other tier, since none is published.
    #[must_use]
    pub fn published() -> Self {
        let tiers = vec![FeeTier { yearly_cap: Some(PUBLISHED_CAP) }];
        let rate = BasisPoints::TWO_PERCENT;
        Self { rate, minimum: Yen::ZERO, tax: FeeTax::Included, tiers }
    }

    /// Whether nobody is ever charged.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        (self.rate == BasisPoints::ZERO && self.minimum.is_zero())
            || self.tiers.iter().all(|tier| tier.yearly_cap == Some(Yen::ZERO))
    }

    /// What a payment at a merchant of a tier pays that was charged so much this fiscal year. None where
    /// there is no such tier.
    #[must_use]
    pub fn rule(&self, tier: u16, charged: Yen) -> Option<FeeRule> {
        let cap = self.tiers.get(usize::from(tier))?.yearly_cap;
        let room = cap.map(|cap| cap.checked_sub(charged).unwrap_or(Yen::ZERO));
        Some(FeeRule { rate: self.rate, minimum: self.minimum, room })
    }

    /// Whether tier `after` could cost a merchant of tier `before` more.
    #[must_use]
    pub fn costs_more(&self, before: u16, after: u16) -> bool {
        let most = |tier: u16| {
            let cap = self.tiers.get(usize::from(tier)).and_then(|tier| tier.yearly_cap);
            cap.map_or(u128::MAX, |cap| cap.get().into())
        };
        !self.is_zero() && most(after) > most(before)
    }

    /// Whether some payment of some merchant could cost more under `after` than under these.
    #[must_use]
    pub fn are_raised_by(&self, after: &Self) -> bool {
        if self.is_zero() || after.is_zero() {
            return self.is_zero() && !after.is_zero();
        }
        let was_capped_lower = |(before, after): (&FeeTier, &FeeTier)| {
            let least = |cap: Option<Yen>| cap.map_or(u128::MAX, |cap| cap.get().into());
            least(after.yearly_cap) > least(before.yearly_cap)
        };
        after.rate > self.rate
            || after.minimum > self.minimum
            || self.tiers.iter().zip(&after.tiers).any(was_capped_lower)
    }
}

/// What one payment pays: a function of its whole amount, and of what is left of it once a part was
/// refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FeeRule {
    /// The rate.
    pub rate: BasisPoints,
    /// The least.
    pub minimum: Yen,
    /// What the merchant's yearly cap left for it; no limit where there was no cap.
    pub room: Option<Yen>,
}

impl FeeRule {
    /// The fee of so much: min(max(⌊gross × rate⌋, min(minimum, gross)), cap − charged).
    #[must_use]
    pub fn fee(&self, gross: Yen) -> Yen {
        let fee = self.rate.of(gross).max(self.minimum.min(gross));
        self.room.map_or(fee, |room| room.min(fee))
    }
}

/// The fee of one payment, and who took it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FeeTaken {
    /// The version of the schedule.
    pub version: u32,
    /// What was paid.
    pub rule: FeeRule,
    /// The shares of those who could take theirs.
    pub shares: Vec<Share>,
    /// The regional fund, which took the rest; none where it could not.
    pub fund: Option<AccountId>,
}

impl FeeTaken {
    /// Who has how much of the fee while `gross` of the payment is not refunded: the shares in their
    /// order, then the fund. Whoever has nothing is among them.
    #[must_use]
    pub fn parts(&self, gross: Yen) -> Vec<FeePart> {
        let fee = self.rule.fee(gross);
        let mut left = fee;
        let mut parts = Vec::with_capacity(self.shares.len() + 1);
        for Share { account, share } in &self.shares {
            // Shares are no more than all together, so that none passes what is left.
            let amount = share.of(fee).min(left);
            left = left.checked_sub(amount).unwrap_or(Yen::ZERO);
            parts.push(FeePart { account: *account, amount });
        }
        parts.extend(self.fund.map(|account| FeePart { account, amount: left }));
        parts
    }
}

operation! {
    /// By the zone operator's account. Whatever takes more of a merchant is announced 30 days ahead.
    pub struct SetFeeSchedule {
        /// The zone.
        zone: ZoneId,
        /// This version: one more than the last.
        version: u32,
        /// From when on it is in force; at once where that has passed.
        from: Timestamp,
        /// What merchants pay.
        terms: FeeTerms,
    }

    refused [
        UnknownZone, NotZoneOperator, BadFeeSchedule, ZoneVersionNotNext, NoRevenueShare,
        ChangeAnnounced, NoticeTooShort,
    ]
    samples [
        Self { zone: ZoneId::new(0x0102), version: 1, from: time(21), terms: FeeTerms::zero() },
        Self {
            zone: ZoneId::new(0x0102),
            version: 2,
            from: time(22),
            terms: FeeTerms {
                minimum: Yen::new(1),
                tax: FeeTax::Exempt,
                tiers: vec![
                    FeeTier { yearly_cap: Some(PUBLISHED_CAP) },
                    FeeTier { yearly_cap: None },
                ],
                ..FeeTerms::published()
            },
        },
    ]
}

event! {
    /// A fee schedule was set.
    pub struct FeeScheduleSet {
        /// The zone.
        zone: ZoneId,
        /// Its version.
        version: u32,
        /// From when on it is in force.
        from: Timestamp,
    }

    enters [List::Zone(*zone)]
}

event! {
    /// A fee was taken out of a payment, and shared.
    pub struct FeeCharged {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// What was paid.
        gross: Yen,
        /// The fee: the merchant got the rest.
        fee: Yen,
        /// By which version of the schedule.
        version: u32,
        /// Who got how much of it: together all of it.
        parts: Vec<FeePart>,
    }

    enters [merchant, parts]
}
