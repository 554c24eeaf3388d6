//! An account's history: one entry an operation, newest first, in cursor pages.

use ledger_types::rejection::RejectionCode;
use ledger_types::{ConsentId, Hash, Height, PartyId, TransactionId, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::receipt::OutcomeBody;
use crate::text::{Address, schema};
use crate::time::Time;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// The account was opened.
    Opened,
    /// Its bank issued deposit tokens to it.
    Issued,
    /// It asked its bank to pay out.
    RedeemRequested,
    /// The bank paid out.
    RedeemSettled,
    /// The held tokens came back.
    RedeemCancelled,
    /// A payment between accounts.
    Transferred,
    /// A bank's net debit cap was set.
    NetDebitCapSet,
    /// A merchant was registered in a zone.
    MerchantRegistered,
    /// A sub-account was opened in a zone.
    ZoneAccountOpened,
    /// Yen moved to the sub-account.
    Charged,
    /// Yen moved back from the sub-account.
    Discharged,
    /// A payment to a merchant inside a zone.
    Paid,
    /// A consent party was registered.
    PartyRegistered,
    /// A version of a notice was published.
    NoticePublished,
    /// A consent was granted.
    ConsentGranted,
    /// A consent was withdrawn.
    ConsentWithdrawn,
    /// A use of a consent was asked for: committed is permitted, rejected is denied.
    AccessRequested,
    /// A part of a month's dividends was paid.
    DividendPaid,
    /// Something else in the consent layer, which the transaction's content tells.
    ConsentChanged,
}

/// Which way value moved, seen from the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To it.
    In,
    /// From it.
    Out,
}

/// One operation that concerns an account. A rejected one changed nothing; only its sender sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// The block.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// The transaction's place in the block.
    pub index: u32,
    /// The transaction.
    #[schema(value_type = schema::Hex32)]
    pub transaction: TransactionId,
    /// The operation's place in the transaction, counted from 0.
    pub operation: u16,
    /// How the transaction ended: all its operations were applied, or none.
    pub outcome: OutcomeBody,
    /// The number of the rule that it broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub code: Option<RejectionCode>,
    /// The rule's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What was done.
    pub kind: HistoryKind,
    /// Which way value moved, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How much, where there is an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Amount>)]
    pub amount: Option<Yen>,
    /// The other account, where the reader may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterparty: Option<Address>,
    /// A payer as this merchant alone knows it: the same for each payment of one payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub payer_pseudonym: Option<Hash>,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub zone: Option<ZoneId>,
    /// The salted commitment to a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub reference: Option<Hash>,
    /// The redeem request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub redeem: Option<Hash>,
    /// The consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub consent: Option<ConsentId>,
    /// The consent party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub party: Option<PartyId>,
}

/// A page of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryPage {
    /// The entries, newest first.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
