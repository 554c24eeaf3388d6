//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use borsh::{BorshDeserialize, BorshSerialize};

use super::close_merchant::Closing;
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::instant::JapanTime;
use crate::json::{names, serde_by_json, shape};
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::MunicipalityCode;

names! {
    /// What a zone's rules call a merchant.
    pub enum MerchantClass {
        /// A locally owned shop.
        Local = 0 as "local",
        /// A shop of a chain.
        Chain = 1 as "chain",
    }
}

shape! {
    /// What else is known of a shop. Zones that publish their merchants publish kind and place.
    #[derive(Copy, Default)]
    pub struct MerchantProfile {
        /// The kind of shop: four digits of ISO 18245 as a number; 0 where it is not said.
        category: u16,
        /// Where it is.
        area: Option<MunicipalityCode>,
        /// Salted commitment to its invoice number (T and 13 digits); its opening is the shop's.
        invoice_number: Option<Hash>,
    }
}

serde_by_json!(MerchantProfile);

impl MerchantProfile {
    /// Whether the kind has at most four digits.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.category <= 9999
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
        /// What else is known of it.
        profile: MerchantProfile,
    }

    refused [
        UnknownZone, NotZoneOperator, UnknownAccount, KycLevelTooLow, NotAtABank, FloatRefused,
        EscrowBound, PayeeClosed, MerchantExists, UnknownTier, BadMerchantProfile,
    ]
    samples [Self {
        zone: ZoneId::new(0x0102),
        merchant: account(0x21),
        class: MerchantClass::Chain,
        tier: 0,
        profile: MerchantProfile {
            category: 5411,
            area: MunicipalityCode::new(72_028),
            invoice_number: Some(hash(0x66)),
        },
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
    /// What else is known of it.
    pub profile: MerchantProfile,
    /// Commitment to why what it has in the zone is held there, where it is.
    pub held: Option<Hash>,
    /// How it leaves, where it does.
    pub closing: Option<Closing>,
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
    /// One that was registered just now.
    #[must_use]
    pub fn new(class: MerchantClass, tier: u16, profile: MerchantProfile, at: Height) -> Self {
        let (next_tier, held, closing) = (None, None, None);
        let charged = ChargedInYear::default();
        Self { class, tier, next_tier, profile, held, closing, registered: at, charged }
    }

    /// Since when nobody pays it any more, where that is so.
    #[must_use]
    pub fn closed(&self, now: Timestamp) -> Option<Timestamp> {
        self.closing.map(|closing| closing.from).filter(|from| *from <= now)
    }

    /// Whether it has left and owes no refund.
    #[must_use]
    pub fn has_left(&self, now: Timestamp) -> bool {
        self.closing.is_some_and(|closing| closing.until <= now)
    }

    /// What stays in the zone at an instant: all of it, where it is held.
    #[must_use]
    pub fn kept(&self, now: Timestamp) -> Option<Yen> {
        let reserve = self.closing.filter(|closing| now < closing.until);
        let reserve = reserve.map(|closing| closing.reserve).filter(|kept| !kept.is_zero());
        if self.held.is_some() { Some(Yen::MAX) } else { reserve }
    }

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
