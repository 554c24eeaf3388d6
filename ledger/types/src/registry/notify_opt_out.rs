//! `NotifyOptOut`: a controller notifies a scheme that people may object to.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{LegalBasisId, PartyId};
use crate::time::Timestamp;

operation! {
    /// By a controller of the private regime (APPI article 27, paragraph 2).
    pub struct NotifyOptOut {
        /// The scheme, counted by the controller.
        scheme: u32,
        /// SHA-256 of the filing with its number.
        filing_hash: Hash,
        /// SHA-256 of the list of data categories that it leaves out.
        prohibited_hash: Hash,
        /// No use before this.
        wait_until: Timestamp,
        /// The legal basis, an opt-out's.
        basis: LegalBasisId,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, OptOutRegimeRefused, OptOutExists,
        UnknownLegalBasis, LegalBasisRefused, BadDeadline,
    ]
    samples [Self {
        scheme: 2,
        filing_hash: hash(0x46),
        prohibited_hash: hash(0x47),
        wait_until: time(30),
        basis: LegalBasisId::new(9),
    }]
}

/// A scheme that people may object to.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OptOut {
    /// SHA-256 of the filing with its number.
    pub filing_hash: Hash,
    /// SHA-256 of the list of data categories that it leaves out.
    pub prohibited_hash: Hash,
    /// No use before this.
    pub wait_until: Timestamp,
    /// The legal basis.
    pub basis: LegalBasisId,
    /// When it was notified.
    pub notified: Height,
}

event! {
    /// A scheme was notified that people may object to.
    pub struct OptOutNotified {
        /// Whose.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// No use before this.
        wait_until: Timestamp,
    }

    enters [controller]
}
