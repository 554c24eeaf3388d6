//! Records of what people asked for: contacts, renewals, requests, guardians and recoveries.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::operation::{GuardianPowers, RequestKind, RequestOutcome};
use ledger_types::{AccountId, Authority, Hash, Height, NoticeId, PartyId, PublicKey, Timestamp};

/// A data subject: nothing but the key that it signs with, used for one party alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Subject {
    /// Who acts for it.
    pub authority: Authority,
}

/// Where requests for renewal reach a data subject.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Contact {
    /// The mailbox's opaque name.
    pub mailbox: Hash,
}

/// A controller's request for renewals.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Reconsent {
    /// Who asks.
    pub controller: PartyId,
    /// For which notice.
    pub notice: NoticeId,
    /// In which version.
    pub version: u32,
    /// Salted commitment to the reason.
    pub reason: Hash,
    /// Answers come before this.
    pub deadline: Timestamp,
    /// When it was asked.
    pub requested: Height,
}

/// When a controller asked for renewals of late, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReconsentCount {
    /// The times within the period, at the time of the last request.
    pub recent: Vec<Timestamp>,
}

/// What a subject asked of a controller.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SubjectRequest {
    /// Who asks.
    pub subject: AccountId,
    /// Of whom.
    pub controller: PartyId,
    /// For what.
    pub kind: RequestKind,
    /// Salted commitment to the request's content.
    pub commitment: Hash,
    /// When it was asked.
    pub asked: Height,
    /// The answer is due at this instant.
    pub deadline: Timestamp,
    /// The answer, once there is one.
    pub answer: Option<RequestAnswer>,
    /// When the answer was found overdue, if it was.
    pub overdue: Option<Height>,
}

/// A controller's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestAnswer {
    /// What came of the request.
    pub outcome: RequestOutcome,
    /// Salted commitment to the answer's content.
    pub commitment: Hash,
    /// When.
    pub answered: Height,
}

/// A guardian's authority over a data subject's consents.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delegation {
    /// What the guardian may do.
    pub powers: GuardianPowers,
    /// The authority is over from here on.
    pub until: Timestamp,
    /// Salted commitment to the proof of guardianship.
    pub evidence: Hash,
    /// When it was given.
    pub given: Height,
    /// When it was ended before its time, if it was.
    pub ended: Option<Height>,
}

impl Delegation {
    /// Whether the guardian has authority at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.until
    }
}

/// A proposal to give a data subject another key.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Recovery {
    /// The key.
    pub key: PublicKey,
    /// Who proposed it.
    pub proposer: PartyId,
    /// Salted commitment to the proof of identity.
    pub evidence: Hash,
    /// Until before this the subject may veto it.
    pub executable_from: Timestamp,
    /// When it was proposed.
    pub proposed: Height,
}
