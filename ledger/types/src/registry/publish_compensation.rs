//! `PublishCompensation`: a controller publishes what it pays for data (情報の対価).

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, PartyId, ZoneId};

operation! {
    /// By a controller: what it pays to those who consent (情報の対価).
    pub struct PublishCompensation {
        /// The terms, counted by the controller.
        terms: u32,
        /// The account that pays.
        payer: AccountId,
        /// SHA-256 of what is paid for which unit.
        unit_hash: Hash,
        /// The zone whose contract reckons it, where one does.
        zone: Option<ZoneId>,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, TermsExist, UnknownAccount, UnknownZone,
    ]
    samples [Self {
        terms: 6,
        payer: account(0x48),
        unit_hash: hash(0x49),
        zone: Some(ZoneId::new(3)),
    }]
}

/// What a controller pays for data.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Compensation {
    /// The account that pays.
    pub payer: AccountId,
    /// SHA-256 of what is paid for which unit.
    pub unit_hash: Hash,
    /// The zone whose contract reckons it, where one does.
    pub zone: Option<ZoneId>,
    /// When they were published.
    pub published: Height,
}

event! {
    /// Terms of compensation were published.
    pub struct CompensationPublished {
        /// Whose.
        controller: PartyId,
        /// The terms.
        terms: u32,
        /// Who pays.
        payer: AccountId,
    }

    enters [controller, payer]
}
