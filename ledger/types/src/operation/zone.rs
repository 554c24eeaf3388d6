//! Operations of Business Zones: merchants, sub-accounts and payments inside a zone.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::{AccountId, ZoneId};
use crate::yen::Yen;

/// By the zone operator's account. Opens the merchant's sub-account where it has none.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegisterMerchant {
    /// The zone.
    pub zone: ZoneId,
    /// The merchant's account.
    pub merchant: AccountId,
    /// The merchant's class.
    pub class: MerchantClass,
}

/// What a zone's rules call a merchant.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum MerchantClass {
    /// A locally owned shop.
    Local = 0,
    /// A shop of a chain.
    Chain = 1,
}

/// By the holder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenZoneAccount {
    /// The zone.
    pub zone: ZoneId,
}

/// By the holder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Charge {
    /// The zone.
    pub zone: ZoneId,
    /// How much.
    pub amount: Yen,
}

/// By the holder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Discharge {
    /// The zone.
    pub zone: ZoneId,
    /// How much.
    pub amount: Yen,
}

/// By the payer.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Pay {
    /// The zone.
    pub zone: ZoneId,
    /// The merchant's account.
    pub merchant: AccountId,
    /// How much.
    pub amount: Yen,
    /// Salted commitment to the receipt that the two parties keep.
    pub reference: Option<Hash>,
}
