//! `AcknowledgeShred`: a party destroyed the salts and keys that it held of an ended consent.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;

operation! {
    /// By any party that held a consent's salts or keys: they are destroyed.
    pub struct AcknowledgeShred {
        /// The consent, which has ended.
        consent: ConsentId,
        /// Salted commitment to the record of the destruction.
        digest: Hash,
    }

    refused [UnknownParty, PartySuspended, UnknownConsent, ConsentNotEnded, ShredAcknowledged]
    samples [Self { consent: consent(), digest: hash(0x89) }]
}

/// A party's word that its salts and keys of an ended consent are destroyed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Shred {
    /// Salted commitment to the record of the destruction.
    pub digest: Hash,
    /// When it was said.
    pub acknowledged: Height,
}

event! {
    /// A party destroyed its salts and keys of an ended consent.
    pub struct ShredAcknowledged {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The party.
        party: PartyId,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, party, controller]
}
