//! `RegisterMerchant`: a zone's operator registers a merchant, with a sub-account if it has none.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{AccountId, ZoneId};
use crate::json::names;
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
    }

    refused [UnknownZone, NotZoneOperator, UnknownAccount, KycLevelTooLow, MerchantExists]
    samples [Self { zone: ZoneId::new(0x0102), merchant: account(0x21), class: MerchantClass::Chain }]
}

/// A Business Zone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Zone {
    /// Its public name.
    pub name: String,
    /// The account of its operator.
    pub operator: AccountId,
    /// The sum of its sub-accounts (the zone equation).
    pub total: Yen,
}

/// An account that may be paid in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Merchant {
    /// Its class.
    pub class: MerchantClass,
    /// When it was registered.
    pub registered: Height,
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
