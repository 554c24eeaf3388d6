//! `ProposeRecovery`, `ExecuteRecovery` and `VetoRecovery`: a data subject that lost its key.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, PartyId};
use crate::json::Whose;
use crate::key::PublicKey;
use crate::time::Timestamp;

operation! {
    /// By a counter: the subject lost its key. Takes effect by [`ExecuteRecovery`], after a delay.
    pub struct ProposeRecovery {
        /// The subject.
        subject: AccountId,
        /// The key that shall act for it.
        key: PublicKey,
        /// Salted commitment to the proof of identity.
        evidence: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownSubject, BadSubjectKey,
        RecoveryExists,
    ]
    samples [Self { subject: account(0x60), key: key(5).public_key(), evidence: hash(0x68) }]
}

operation! {
    /// By the counter that proposed it.
    pub struct ExecuteRecovery {
        /// The subject.
        subject: AccountId,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownRecovery, NotRecoveryProposer,
        RecoveryDelayed,
    ]
    samples [Self { subject: account(0x60) }]
}

operation! {
    /// By the subject, whose key was not lost: the proposal is gone.
    pub struct VetoRecovery {}

    refused [NotASubject, UnknownRecovery]
    samples [Self {}]
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
    /// The subject may veto it before this.
    pub executable_from: Timestamp,
    /// When it was proposed.
    pub proposed: Height,
}

event! {
    /// A new key was proposed for a subject.
    pub struct RecoveryProposed {
        /// The subject.
        subject: Whose,
        /// Who proposed it.
        proposer: PartyId,
        /// It can be vetoed until before this.
        executable_from: Timestamp,
    }

    enters [subject, proposer]
}

event! {
    /// A new key took over.
    pub struct RecoveryExecuted {
        /// The subject.
        subject: Whose,
        /// Who proposed it.
        proposer: PartyId,
    }

    enters [subject, proposer]
}

event! {
    /// A subject vetoed a recovery.
    pub struct RecoveryVetoed {
        /// The subject.
        subject: Whose,
        /// Who had proposed it.
        proposer: PartyId,
    }

    enters [subject, proposer]
}
