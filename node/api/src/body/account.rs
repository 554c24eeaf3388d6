//! Accounts: money, authority and nonces, for those who may read them.

use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::{BankId, Hash, Height, PartyId, PublicKey, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, schema};

/// What stands behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// An account that holds money.
    Account,
    /// A data subject's implicit account.
    Subject,
    /// A consent party's account.
    Party,
}

/// Whoever may send transactions from an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountBody {
    /// The address.
    pub address: Address,
    /// What stands behind it.
    pub standing: Standing,
    /// The lowest nonce not yet used.
    pub lowest_unused_nonce: u64,
    /// The 128 nonces from the lowest unused: 32 hexadecimal digits of a mask whose lowest bit
    /// stands for the lowest unused nonce.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    pub used_nonces: String,
    /// Keys that act for it.
    #[schema(value_type = Vec<schema::WeightedKey>)]
    pub keys: Vec<WeightedKey>,
    /// The weight that a transaction needs.
    pub threshold: u16,
    /// The height after which all this holds.
    #[schema(value_type = u64)]
    pub height: Height,
    /// Its money, where it is an account that holds any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<MoneyBody>,
    /// Its number, where it is a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub party: Option<PartyId>,
}

/// For whom a key acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyBody {
    /// The key.
    #[schema(value_type = schema::Key)]
    pub key: PublicKey,
    /// Addresses of accounts, data subjects and parties for which it acts now, alone or with others.
    pub accounts: Vec<Address>,
    /// Where the next page begins; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The money side of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MoneyBody {
    /// The bank whose debt the balance is.
    #[schema(value_type = u16)]
    pub custodian: BankId,
    /// The holder's kind.
    #[schema(value_type = schema::AccountKind)]
    pub kind: AccountKind,
    /// How well the custodian knows the holder.
    #[schema(value_type = schema::KycLevel)]
    pub kyc_level: KycLevel,
    /// Salted commitment to the holder.
    #[schema(value_type = schema::Hex32)]
    pub holder_commitment: Hash,
    /// What is posted.
    #[schema(value_type = schema::Amount)]
    pub balance: Yen,
    /// What of it is held for redeem requests that are open.
    #[schema(value_type = schema::Amount)]
    pub held: Yen,
    /// What may be spent: posted less held.
    #[schema(value_type = schema::Amount)]
    pub available: Yen,
    /// The height at which it was opened.
    #[schema(value_type = u64)]
    pub opened: Height,
    /// Its sub-accounts in zones, in order of zone.
    pub zones: Vec<ZoneBalanceBody>,
}

/// A sub-account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneBalanceBody {
    /// The zone.
    #[schema(value_type = u16)]
    pub zone: ZoneId,
    /// What it holds there.
    #[schema(value_type = schema::Amount)]
    pub balance: Yen,
}
