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

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// A consent was given.
    Given,
    /// It was narrowed.
    Amended,
    /// It was widened.
    Widened,
    /// It was renewed.
    Renewed,
    /// Its renewal was put off.
    Deferred,
    /// It was set aside.
    Suspended,
    /// It was taken up again.
    Resumed,
    /// It was ended by the subject, or for the subject.
    Withdrawn,
    /// It was ended by its controller.
    Revoked,
    /// It was ended because it should never have counted.
    Invalidated,
    /// It was ended by the subject, who was asked to renew it and said no.
    Refused,
    /// A controller asked for renewals.
    ReconsentRequested,
    /// A subject said where requests reach it.
    ContactRegistered,
    /// A person objected to a scheme.
    OptOutStopped,
    /// A subject asked something of a controller.
    SubjectRequested,
    /// The controller answered.
    SubjectRequestAnswered,
    /// A guardian got authority.
    DelegationGiven,
    /// A guardian's authority ended early.
    DelegationEnded,
    /// A new key was proposed for a subject.
    RecoveryProposed,
    /// The new key took over.
    RecoveryExecuted,
    /// The subject vetoed it.
    RecoveryVetoed,
    /// A use was permitted.
    AccessPermitted,
    /// Half of an access's record was kept.
    HalfRecorded,
    /// Half of the record of an hour's disclosures was kept.
    DisclosuresRecorded,
    /// A controller said what it did about an ended consent.
    EndAcknowledged,
    /// A party destroyed its salts and keys of an ended consent.
    ShredAcknowledged,
    /// A party broke glass.
    GlassBroken,
    /// A broken glass was reviewed.
    GlassReviewed,
    /// The person was told of a broken glass.
    SubjectNotified,
    /// A part of a month's dividends was paid.
    DividendPaid,
    /// A party was registered.
    PartyRegistered,
    /// What a party may do was changed.
    PartyUpdated,
    /// A version of a notice was published.
    NoticePublished,
    /// A version of a scheme of joint use was published.
    JointUsePublished,
    /// A scheme was notified that people may object to.
    OptOutNotified,
    /// Terms of compensation were published.
    TermsPublished,
    /// An auditor may read from here on.
    ViewGranted,
    /// An auditor may not read any more.
    ViewEnded,
    /// A party read a subject's log.
    LogRead,
    /// A deadline passed.
    Overdue,
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
