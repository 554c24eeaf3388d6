//! The consent log: what happened to a consent, a subject or a party, newest first.

use ledger_types::operation::{Finding, Half, RequestKind, RequestOutcome};
use ledger_types::{ConsentId, Hash, Height, NoticeId, PartyId, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{BasisName, Obligation, PairingName};
use super::duty::DutyName;
use super::operation::{ReadRightBody, shape};
use crate::text::{Address, schema};
use crate::time::Time;

macro_rules! log_kinds {
    ($( $(#[$doc:meta])* $name:ident = $number:literal, )*) => {
        /// What happened. Its number in a node's index never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum LogKind { $( $(#[$doc])* $name, )* }

        impl LogKind {
            /// Its number.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $( Self::$name => $number, )* }
            }

            /// The kind with this number.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $( $number => Some(Self::$name), )* _ => None }
            }
        }
    };
}

log_kinds! {
    /// A consent was given.
    Given = 0,
    /// It was narrowed.
    Amended = 1,
    /// It was widened.
    Widened = 2,
    /// It was renewed.
    Renewed = 3,
    /// Its renewal was put off.
    Deferred = 4,
    /// It was set aside.
    Suspended = 5,
    /// It was taken up again.
    Resumed = 6,
    /// It was ended by the subject, or for the subject.
    Withdrawn = 7,
    /// It was ended by its controller.
    Revoked = 8,
    /// It was ended because it should never have counted.
    Invalidated = 9,
    /// It was ended by the subject, who was asked to renew it and said no.
    Refused = 10,
    /// A controller asked for renewals.
    ReconsentRequested = 11,
    /// A subject said where requests reach it.
    ContactRegistered = 12,
    /// A person objected to a scheme.
    OptOutStopped = 13,
    /// A subject asked something of a controller.
    SubjectRequested = 14,
    /// The controller answered.
    SubjectRequestAnswered = 15,
    /// A guardian got authority.
    DelegationGiven = 16,
    /// A guardian's authority ended early.
    DelegationEnded = 17,
    /// A new key was proposed for a subject.
    RecoveryProposed = 18,
    /// The new key took over.
    RecoveryExecuted = 19,
    /// The subject vetoed it.
    RecoveryVetoed = 20,
    /// A use was permitted.
    AccessPermitted = 21,
    /// Half of an access's record was kept.
    HalfRecorded = 22,
    /// Half of the record of an hour's disclosures was kept.
    DisclosuresRecorded = 23,
    /// A controller said what it did about an ended consent.
    EndAcknowledged = 24,
    /// A party destroyed its salts and keys of an ended consent.
    ShredAcknowledged = 25,
    /// A party broke glass.
    GlassBroken = 26,
    /// A broken glass was reviewed.
    GlassReviewed = 27,
    /// The person was told of a broken glass.
    SubjectNotified = 28,
    /// A part of a month's dividends was paid.
    DividendPaid = 29,
    /// A party was registered.
    PartyRegistered = 30,
    /// What a party may do was changed.
    PartyUpdated = 31,
    /// A version of a notice was published.
    NoticePublished = 32,
    /// A version of a scheme of joint use was published.
    JointUsePublished = 33,
    /// A scheme was notified that people may object to.
    OptOutNotified = 34,
    /// Terms of compensation were published.
    TermsPublished = 35,
    /// An auditor may read from here on.
    ViewGranted = 36,
    /// An auditor may not read any more.
    ViewEnded = 37,
    /// A party read a subject's log.
    LogRead = 38,
    /// A deadline passed.
    Overdue = 39,
}

/// One thing that happened. What is not said does not apply to its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogEntry {
    /// The block.
    #[schema(value_type = u64)]
    pub height: Height,
    /// The block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// The transaction; none where consensus itself raised it.
    #[schema(value_type = Option<schema::Hex32>)]
    pub transaction: Option<TransactionId>,
    /// What happened.
    pub kind: LogKind,
    /// The consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub consent: Option<ConsentId>,
    /// The subject, where there is one on the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Address>,
    /// The party that it is about: a consent's controller, an access's requester, whoever keeps a
    /// half, reads, broke glass, owes what is overdue, or is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub party: Option<PartyId>,
    /// Another party: the requester of the access whose half is kept, an hour's other side, a
    /// glass's reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub counterparty: Option<PartyId>,
    /// Who did it, where that need not be the subject or the party: who ended a consent, a
    /// guardian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Address>,
    /// The access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub access: Option<Hash>,
    /// What the access rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<BasisName>,
    /// What the permit obliges to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Obligation>,
    /// Until when: a permit may be relied on, a glass is open, a guardian or an auditor may act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Instant>)]
    pub until: Option<Time>,
    /// By when: an answer is asked for or was owed; from when a recovery can be executed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Instant>)]
    pub deadline: Option<Time>,
    /// Which half was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shape::Half>)]
    pub half: Option<Half>,
    /// How the halves stood to each other then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairing: Option<PairingName>,
    /// The hour of the disclosures, counted from the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<u32>,
    /// The request for renewal, or the subject's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub request: Option<Hash>,
    /// What the subject asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shape::RequestKind>)]
    pub request_kind: Option<RequestKind>,
    /// What came of the subject's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shape::RequestOutcome>)]
    pub outcome: Option<RequestOutcome>,
    /// The notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub notice: Option<NoticeId>,
    /// The version of the notice or scheme, or how often the consent was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The scheme, or the terms of compensation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<u32>,
    /// The broken glass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub glass: Option<Hash>,
    /// What the review found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<shape::Finding>)]
    pub finding: Option<Finding>,
    /// The audit view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub view: Option<Hash>,
    /// The recorded read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub read: Option<Hash>,
    /// By which right it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<ReadRightBody>,
    /// What was owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<DutyName>,
}

/// A page of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogPage {
    /// The entries, newest first.
    pub entries: Vec<LogEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
