//! `StopOptOut`: a person objects to an opt-out scheme, alone or at a counter.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::PartyId;

operation! {
    /// By a data subject, or by a counter for people who are not users and for the bereaved.
    pub struct StopOptOut {
        /// Whose scheme.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// Salted commitment by which the controller knows the person.
        person: Hash,
        /// Salted commitment to the proof of identity, where a counter asks.
        evidence: Option<Hash>,
    }

    refused [NotASubject, PartySuspended, PartyRoleMissing, UnknownOptOut, OptOutStopped, CounterLimitReached]
    samples [Self {
        controller: PARTY,
        scheme: 2,
        person: hash(0x3e),
        evidence: Some(hash(0x65)),
    }]
}

/// A person's objection; the record's being there says so.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OptOutStop {
    /// Salted commitment to the proof of identity, where a counter asked.
    pub evidence: Option<Hash>,
    /// When.
    pub stopped: Height,
}

event! {
    /// A person objected to a scheme.
    pub struct OptOutStopped {
        /// Whose scheme.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
    }

    enters [controller]
}
