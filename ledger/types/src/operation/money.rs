//! Operations of the Financial Zone: accounts, deposit tokens and payments.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::{AccountId, BankId};
use crate::key::PublicKey;
use crate::yen::Yen;

/// What kind of holder an account has.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum AccountKind {
    /// A person.
    Citizen = 0,
    /// A shop or company.
    Merchant = 1,
    /// A bank's own account.
    Bank = 2,
    /// A prepaid issuer.
    Issuer = 3,
    /// A municipality.
    Municipality = 4,
    /// A zone's or the network's operator.
    Operator = 5,
}

/// How well the custodian knows the holder (the levels are domain terms, not numbers to compare).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum KycLevel {
    /// Receives free value only.
    K0 = 0,
    /// Small prepaid value.
    K1 = 1,
    /// Fully verified person.
    K2 = 2,
    /// Verified business.
    KB = 3,
}

impl KycLevel {
    /// Whether such an account may hold deposit tokens.
    #[must_use]
    pub const fn may_hold_deposits(self) -> bool {
        matches!(self, Self::K2 | Self::KB)
    }
}

/// A key of an account with its weight towards the threshold.
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
pub struct WeightedKey {
    /// The key.
    pub key: PublicKey,
    /// Its weight, at least 1.
    pub weight: u16,
}

/// By a bank's own account. The new account is [`AccountId::opened_by`] that bank.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenAccount {
    /// Salted commitment to who holds it; the salt stays with the holder and the bank.
    pub holder_commitment: Hash,
    /// The holder's kind: anything but a bank.
    pub kind: AccountKind,
    /// How well the bank knows the holder.
    pub kyc_level: KycLevel,
    /// Keys that act for the account.
    pub keys: Vec<WeightedKey>,
    /// The weight that a transaction needs.
    pub threshold: u16,
}

/// By the custodian bank's own account, within its issue allowance.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Issue {
    /// The account credited.
    pub account: AccountId,
    /// How much.
    pub amount: Yen,
    /// Salted commitment to the core banking entry; a repeated one is refused.
    pub core_banking_ref: Hash,
}

/// By the holder.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestRedeem {
    /// Identity of this request, chosen at random by the wallet.
    pub redeem: Hash,
    /// How much.
    pub amount: Yen,
}

/// By the custodian bank's own account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SettleRedeem {
    /// The request.
    pub redeem: Hash,
}

/// By the holder or the custodian bank's own account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CancelRedeem {
    /// The request.
    pub redeem: Hash,
}

/// By the debtor.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transfer {
    /// The creditor.
    pub to: AccountId,
    /// How much.
    pub amount: Yen,
    /// Salted commitment to a reference that the two parties keep.
    pub reference: Option<Hash>,
}

/// By the settlement operator's account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SetNetDebitCap {
    /// The bank.
    pub bank: BankId,
    /// The most it may owe the others on net.
    pub cap: Yen,
}
