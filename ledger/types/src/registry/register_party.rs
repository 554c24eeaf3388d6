//! `RegisterParty`: the registrar enters a consent party, which acts through an account of its own.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{CorporateNumber, PartyRoles, PartyStatus, Regime};
use crate::authority::{Authority, WeightedKey};
use crate::facts::{event, operation};
use crate::id::PartyId;

operation! {
    /// By the registrar's account. The party acts through [`AccountId::of_party`].
    pub struct RegisterParty {
        /// The party.
        party: PartyId,
        /// What it may do.
        roles: PartyRoles,
        /// Under which rules it stands.
        regime: Regime,
        /// Its corporate number, where it has one: two parties of one organisation share it.
        corporate_number: Option<CorporateNumber>,
        /// Keys that act for it.
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs.
        threshold: u16,
    }

    refused [MemberRoleMissing, BadPartyRoles, PartyExists, BadCorporateNumber, BadKeySet]
    samples [Self {
        party: PARTY,
        roles: PartyRoles::CONTROLLER.with(PartyRoles::EMERGENCY),
        regime: Regime::HospitalOrUniversity,
        corporate_number: CorporateNumber::new(7_000_012_050_002),
        keys: keys(),
        threshold: 2,
    }]
}

/// A registered consent party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Party {
    /// Its number.
    pub party: PartyId,
    /// What it may do.
    pub roles: PartyRoles,
    /// Under which rules it stands.
    pub regime: Regime,
    /// Its corporate number, where it has one.
    pub corporate_number: Option<CorporateNumber>,
    /// Whether it may act.
    pub status: PartyStatus,
    /// How many of its broken glasses have a review overdue.
    pub overdue_reviews: u32,
    /// Who acts for it.
    pub authority: Authority,
}

impl Party {
    /// Whether the two are the same party, or have one corporate number.
    #[must_use]
    pub fn is_one_organisation_with(&self, other: &Self) -> bool {
        let number = self.corporate_number;
        self.party == other.party || (number.is_some() && number == other.corporate_number)
    }
}

event! {
    /// A party was registered.
    pub struct PartyRegistered {
        /// The party.
        party: PartyId,
    }

    enters [party]
}
