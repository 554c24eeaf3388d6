//! `UpdateMerchant`: a zone's operator says anew of what class and tier a merchant is.

use super::{MerchantClass, MerchantProfile};
use crate::facts::{event, operation};
use crate::id::{AccountId, ZoneId};
use crate::time::Timestamp;

operation! {
    /// By the zone operator's account. What is said of the shop stands for all that was said before. It holds from the next payment on, but for a tier that may cost
    /// the merchant more: that holds 30 days later, as everything does that takes more of somebody.
    pub struct UpdateMerchant {
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
        UnknownZone, NotZoneOperator, NotAMerchant, UnknownTier, BadMerchantProfile, AmountOverflow,
    ]
    samples [Self {
        zone: ZoneId::new(0x0102),
        merchant: account(0x21),
        class: MerchantClass::Local,
        tier: 1,
        profile: MerchantProfile::default(),
    }]
}

event! {
    /// A merchant's class or tier was said anew.
    pub struct MerchantUpdated {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// Its class.
        class: MerchantClass,
        /// Its tier.
        tier: u16,
        /// From when on it is in that tier.
        from: Timestamp,
    }

    enters [merchant]
}
