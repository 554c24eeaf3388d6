//! `UpdateParty`: the registrar changes what a party may do, or suspends it.

use super::{CorporateNumber, PartyRoles, PartyStatus, Regime};
use crate::facts::{event, operation};
use crate::id::PartyId;

operation! {
    /// By the registrar's account. Its keys stay.
    pub struct UpdateParty {
        /// The party.
        party: PartyId,
        /// What it may do from now on.
        roles: PartyRoles,
        /// Under which rules it stands from now on.
        regime: Regime,
        /// Its corporate number, where it has one.
        corporate_number: Option<CorporateNumber>,
        /// Whether it may act.
        status: PartyStatus,
    }

    refused [MemberRoleMissing, BadPartyRoles, UnknownParty, BadCorporateNumber]
    samples [Self {
        party: PARTY,
        roles: PartyRoles::COUNTER,
        regime: Regime::PublicBody,
        corporate_number: None,
        status: PartyStatus::Suspended,
    }]
}

event! {
    /// What a party may do was changed.
    pub struct PartyUpdated {
        /// The party.
        party: PartyId,
    }

    enters [party]
}
