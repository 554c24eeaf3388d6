//! `SetFeeSchedule`: what merchants of a zone pay, inside each payment.
//!
//! A fee is a function of the payment's whole amount and of what the merchant was charged in the
//! fiscal year so far, always in whole yen and rounded down.

use super::announced::Announced;
use super::bps::BasisPoints;
use super::revenue::FeePart;
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

    /// The fee of a payment of `gross` at a merchant of a tier that was charged so much this fiscal
    /// year: min(max(⌊gross × rate⌋, min(minimum, gross)), cap − charged). None where there is no
    /// such tier.
    #[must_use]
    pub fn fee(&self, gross: Yen, tier: u16, charged: Yen) -> Option<Yen> {
        let cap = self.tiers.get(usize::from(tier))?.yearly_cap;
        let left = cap.map(|cap| cap.checked_sub(charged).unwrap_or(Yen::ZERO));
        let fee = self.rate.of(gross).max(self.minimum.min(gross));
        Some(left.map_or(fee, |left| left.min(fee)))
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
