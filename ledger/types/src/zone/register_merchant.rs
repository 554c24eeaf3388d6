//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::instant::JapanTime;
use crate::json::names;
use crate::time::Timestamp;
use crate::yen::Yen;

names! {
    /// What a zone's rules call a merchant.
    pub enum MerchantClass {
        /// A locally owned shop.
        Local = 0 as "local",
        /// A shop of a chain.
        Chain = 1 as "chain",
    }
}

operation! {
    /// By the zone operator's account. Opens the merchant's sub-account where it has none.
    pub struct RegisterMerchant {
        /// The zone.
        zone: ZoneId,
        /// The merchant's account.
        merchant: AccountId,
        /// The merchant's class.
        class: MerchantClass,
        /// The tier of the fee schedule that it is in, by its declared sales; the sales are not said.
        tier: u16,
    }

    refused [
        UnknownZone, NotZoneOperator, UnknownAccount, KycLevelTooLow, NotAtABank, FloatRefused,
        EscrowBound, PayeeClosed, MerchantExists, UnknownTier,
    ]
    samples [Self {
        zone: ZoneId::new(0x0102),
        merchant: account(0x21),
        class: MerchantClass::Chain,
        tier: 0,
    }]
}

/// An account that may be paid in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Merchant {
    /// Its class.
    pub class: MerchantClass,
    /// Its tier of the fee schedule.
    pub tier: u16,
    /// The tier that was announced for it, where that may cost it more.
    pub next_tier: Option<NextTier>,
    /// When it was registered.
    pub registered: Height,
    /// The fees that it was charged in the fiscal year of the last of them.
    pub charged: ChargedInYear,
}

/// A tier that a merchant comes into, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NextTier {
    /// The tier.
    pub tier: u16,
    /// From when on it holds.
    pub from: Timestamp,
}

impl Merchant {
    /// The tier that decides at an instant.
    #[must_use]
    pub fn tier_at(&self, now: Timestamp) -> u16 {
        self.next_tier.filter(|next| next.from <= now).map_or(self.tier, |next| next.tier)
    }

    /// What is announced at an instant and does not hold yet.
    #[must_use]
    pub fn waiting(&self, now: Timestamp) -> Option<NextTier> {
        self.next_tier.filter(|next| next.from > now)
    }
}

/// What a merchant was charged in one fiscal year (April to March, Japan's time).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ChargedInYear {
    /// The year in which the fiscal year began; 0 where nothing was ever charged.
    pub year: u32,
    /// How much.
    pub amount: Yen,
}

impl ChargedInYear {
    /// What was charged so far in the fiscal year of an instant.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        let year = JapanTime(now).fiscal_year();
        if self.year == year { self } else { Self { year, amount: Yen::ZERO } }
    }
}

event! {
    /// A merchant was registered.
    pub struct MerchantRegistered {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Its class.
        class: MerchantClass,
    }

    enters [merchant]
}
