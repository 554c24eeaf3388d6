//! `ProposeRecovery`, `ExecuteRecovery` and `VetoRecovery`: a data subject that lost its key.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, PartyId};
use crate::json::{Whose, names};
use crate::key::PublicKey;
use crate::time::Timestamp;

names! {
    /// How a key was lost.
    pub enum KeyLoss {
        /// Nobody has it.
        Lost = 0 as "lost",
        /// It is in other hands: until the recovery ends it can neither veto nor agree to anything.
        Stolen = 1 as "stolen",
    }
}

operation! {
    /// By a counter: the subject lost its key. Takes effect by [`ExecuteRecovery`], after a delay.
    pub struct ProposeRecovery {
        /// The subject.
        subject: AccountId,
        /// The key that shall act for it.
        key: PublicKey,
        /// Salted commitment to the proof of identity.
        evidence: Hash,
        /// Whether the key of now is in other hands.
        loss: KeyLoss,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownSubject, BadSubjectKey,
        RecoveryExists, CounterLimitReached,
    ]
    samples [Self {
        subject: account(0x60),
        key: key(5).public_key(),
        evidence: hash(0x68),
        loss: KeyLoss::Stolen,
    }]
}

operation! {
    /// By a counter, whichever proposed it.
    pub struct ExecuteRecovery {
        /// The subject.
        subject: AccountId,
    }

    refused [UnknownParty, PartySuspended, PartyRoleMissing, UnknownRecovery, RecoveryDelayed]
    samples [Self { subject: account(0x60) }]
}

operation! {
    /// By the subject, whose key was not lost, or by a counter on proved identity: the proposal is
    /// gone. Where the key was stolen, by a counter of another organisation than the proposer's.
    pub struct VetoRecovery {
        /// The subject, where a counter signs.
        on_behalf_of: Option<AccountId>,
    }

    refused [
        NotASubject, PartySuspended, PartyRoleMissing, UnknownRecovery, KeyFrozen, SameCounter,
    ]
    samples [Self { on_behalf_of: None }, Self { on_behalf_of: Some(account(0x60)) }]
}

/// A proposal to give a data subject another key. It is gone from the instant on at which it lapses.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Recovery {
    /// The key.
    pub key: PublicKey,
    /// Who proposed it.
    pub proposer: PartyId,
    /// Salted commitment to the proof of identity.
    pub evidence: Hash,
    /// Whether the key of now is in other hands.
    pub loss: KeyLoss,
    /// It can be vetoed before this, and executed from here on.
    pub executable_from: Timestamp,
    /// It can be executed before this.
    pub lapses: Timestamp,
    /// When it was proposed.
    pub proposed: Height,
}

impl Recovery {
    /// Whether it has not lapsed at `now`.
    #[must_use]
    pub fn is_pending(&self, now: Timestamp) -> bool {
        now < self.lapses
    }
}

event! {
    /// A new key was proposed for a subject.
    pub struct RecoveryProposed {
        /// The subject.
        subject: Whose,
        /// Who proposed it.
        proposer: PartyId,
        /// Whether the key of now is in other hands.
        loss: KeyLoss,
        /// It can be vetoed until before this.
        executable_from: Timestamp,
        /// From here on it is gone.
        lapses: Timestamp,
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
        /// Who executed it.
        counter: PartyId,
    }

    enters [subject, proposer, counter]
}

event! {
    /// A subject vetoed a recovery, or a counter did for it.
    pub struct RecoveryVetoed {
        /// The subject.
        subject: Whose,
        /// Who had proposed it.
        proposer: PartyId,
        /// The counter, where one did.
        counter: Option<PartyId>,
    }

    enters [subject, proposer, counter]
}
