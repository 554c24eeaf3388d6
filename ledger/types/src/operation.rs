//! What a transaction can do, one variant an operation; the order of variants is the wire's.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::consent::{
    ConsentId, Language, Materiality, NoticeContent, NoticeId, PartyId, PartyRoles, TermsLeaf,
};
use crate::hash::Hash;
use crate::id::{AccountId, BankId, ZoneId};
use crate::key::PublicKey;
use crate::time::Timestamp;
use crate::yen::Yen;

/// One operation of a transaction. New ones are only ever added at the end.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Operation {
    /// A bank opens an account of which it is the custodian.
    OpenAccount(OpenAccount) = 0,
    /// A bank creates deposit tokens in an account it keeps.
    Issue(Issue) = 1,
    /// A holder asks its bank to pay deposit tokens out; they are held meanwhile.
    RequestRedeem(RequestRedeem) = 2,
    /// The bank has paid: the held tokens end.
    SettleRedeem(SettleRedeem) = 3,
    /// The holder or its bank gives the held tokens back.
    CancelRedeem(CancelRedeem) = 4,
    /// A holder pays another account, within a bank or across banks.
    Transfer(Transfer) = 5,
    /// The settlement operator sets how much a bank may owe the others on net.
    SetNetDebitCap(SetNetDebitCap) = 6,
    /// A zone's operator registers a merchant.
    RegisterMerchant(RegisterMerchant) = 7,
    /// A holder opens its own sub-account in a zone.
    OpenZoneAccount(OpenZoneAccount) = 8,
    /// A holder moves yen to its own sub-account of a zone.
    Charge(Charge) = 9,
    /// A holder moves yen back from its sub-account of a zone.
    Discharge(Discharge) = 10,
    /// A holder pays a registered merchant inside a zone.
    Pay(Pay) = 11,
    /// The registrar enters a consent party.
    RegisterParty(RegisterParty) = 12,
    /// A controller publishes a version of a notice.
    PublishNotice(PublishNotice) = 13,
    /// A data subject consents.
    Grant(Grant) = 14,
    /// A data subject ends a consent, at once.
    Withdraw(Withdraw) = 15,
    /// A party asks whether a use is allowed; committed means permitted, rejected says why not.
    RequestAccess(RequestAccess) = 16,
}

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

/// By the registrar's account. The party acts through [`AccountId::of_party`].
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegisterParty {
    /// The party.
    pub party: PartyId,
    /// What it may do.
    pub roles: PartyRoles,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that a transaction needs.
    pub threshold: u16,
}

/// By a controller. Versions count from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishNotice {
    /// The notice.
    pub notice: NoticeId,
    /// This version.
    pub version: u32,
    /// How much it changed.
    pub materiality: Materiality,
    /// Its texts by language, in ascending order of language, each once.
    pub contents: Vec<NoticeContent>,
}

/// By the subject, with the controller's co-signature where the subject is new to the ledger.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Grant {
    /// The consent, never used before.
    pub consent: ConsentId,
    /// To whom it is given.
    pub controller: PartyId,
    /// Root of the terms tree (salted leaves).
    pub terms_root: Hash,
    /// Which notice was presented.
    pub notice: NoticeId,
    /// In which version: the current one.
    pub notice_version: u32,
    /// In which language.
    pub language: Language,
    /// The hash of the text that was presented.
    pub notice_hash: Hash,
    /// Salted commitment to the evidence of the presentation.
    pub presentation_commitment: Hash,
    /// In force from.
    pub valid_from: Timestamp,
    /// In force until before.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
}

/// By the subject alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Withdraw {
    /// The consent.
    pub consent: ConsentId,
}

/// By a registered party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestAccess {
    /// The consent relied on.
    pub consent: ConsentId,
    /// The process asked for, as one leaf of the consent's terms.
    pub leaf: TermsLeaf,
    /// The leaf's place among the terms.
    pub leaf_index: u32,
    /// The leaf's path to the root, bottom first.
    pub path: Vec<Hash>,
}
