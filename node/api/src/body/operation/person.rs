//! Contacts, objections, requests, guardians and recovery in JSON.

use ledger_types::operation::{
    AnswerSubjectRequest, Delegate, EndDelegation, ExecuteRecovery, GuardianPowers,
    ProposeRecovery, RegisterContact, RequestKind, RequestOutcome, StopOptOut, SubjectRequest,
    VetoRecovery,
};
use ledger_types::{AccountId, AddressPrefix, Hash, PartyId, PublicKey, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::shape;
use super::shape::GuardianPower;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By a data subject: where requests for renewal reach it, without an address.
    RegisterContactBody of RegisterContact {
        /// The mailbox's opaque name.
        mailbox: Hash as [schema::Hex32],
    }

    /// By a data subject, or by a counter for people who are not users and for the bereaved.
    StopOptOutBody of StopOptOut {
        /// Whose scheme.
        controller: PartyId as [u32],
        /// The scheme.
        scheme: u32 as [u32],
        /// Salted commitment by which the controller knows the person.
        person: Hash as [schema::Hex32],
        /// Salted commitment to the proof of identity, where a counter asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Hash> as [Option<schema::Hex32>],
    }

    /// By a data subject, or by a counter on its behalf.
    SubjectRequestBody of SubjectRequest {
        /// Identity of this request, chosen at random.
        request: Hash as [schema::Hex32],
        /// Of whom it is asked.
        controller: PartyId as [u32],
        /// What is asked.
        kind: RequestKind as [shape::RequestKind],
        /// Salted commitment to the request's content.
        commitment: Hash as [schema::Hex32],
        /// The subject, where a counter asks.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<AccountId> as [Option<Address>],
    }

    /// By the controller that was asked.
    AnswerSubjectRequestBody of AnswerSubjectRequest {
        /// The request.
        request: Hash as [schema::Hex32],
        /// What came of it.
        outcome: RequestOutcome as [shape::RequestOutcome],
        /// Salted commitment to the answer's content.
        commitment: Hash as [schema::Hex32],
    }

    /// By the subject itself, or by a counter.
    DelegateBody of Delegate {
        /// For whom the guardian acts.
        subject: AccountId as [Address],
        /// The key that the subject's account derives from, where the ledger shall know the subject
        /// from here on; a counter alone gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject_key: Option<PublicKey> as [Option<schema::Key>],
        /// The guardian's account as a data subject.
        guardian: AccountId as [Address],
        /// What the guardian may do.
        powers: GuardianPowers as [Vec<GuardianPower>],
        /// The age boundary, or an earlier end: the authority is over from here on.
        until: Timestamp as [schema::Instant],
        /// Salted commitment to the proof of guardianship.
        evidence: Hash as [schema::Hex32],
    }

    /// By the subject, the guardian, or a counter.
    EndDelegationBody of EndDelegation {
        /// For whom the guardian acted.
        subject: AccountId as [Address],
        /// The guardian.
        guardian: AccountId as [Address],
    }

    /// By a counter: the subject lost its key. Takes effect by `ExecuteRecovery`, after a delay.
    ProposeRecoveryBody of ProposeRecovery {
        /// The subject.
        subject: AccountId as [Address],
        /// The key that shall act for it.
        key: PublicKey as [schema::Key],
        /// Salted commitment to the proof of identity.
        evidence: Hash as [schema::Hex32],
    }

    /// By the counter that proposed it.
    ExecuteRecoveryBody of ExecuteRecovery {
        /// The subject.
        subject: AccountId as [Address],
    }

    /// By the subject, whose key was not lost: the proposal is gone.
    VetoRecoveryBody of VetoRecovery {
    }
}
