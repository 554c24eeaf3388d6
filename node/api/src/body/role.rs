//! What a party may do, by name.

use ledger_types::PartyRoles;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::BodyError;

/// What a party may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Decides purposes and means; consents are granted to it.
    Controller,
    /// Uses data jointly with a controller.
    JointUser,
    /// Receives data from a controller.
    Recipient,
    /// Processes data on a controller's behalf.
    Processor,
    /// Holds data and discloses it on a permit.
    DataHolder,
    /// Audits.
    Auditor,
    /// May break glass in an emergency.
    Emergency,
    /// Serves people at a counter.
    Counter,
}

const ROLES: [(PartyRole, PartyRoles); 8] = [
    (PartyRole::Controller, PartyRoles::CONTROLLER),
    (PartyRole::JointUser, PartyRoles::JOINT_USER),
    (PartyRole::Recipient, PartyRoles::RECIPIENT),
    (PartyRole::Processor, PartyRoles::PROCESSOR),
    (PartyRole::DataHolder, PartyRoles::DATA_HOLDER),
    (PartyRole::Auditor, PartyRoles::AUDITOR),
    (PartyRole::Emergency, PartyRoles::EMERGENCY),
    (PartyRole::Counter, PartyRoles::COUNTER),
];

/// The names of a set of roles, in the set's order.
#[must_use]
pub fn roles_to_names(roles: PartyRoles) -> Vec<PartyRole> {
    ROLES.iter().filter(|(_, bit)| roles.intersects(*bit)).map(|(role, _)| *role).collect()
}

/// The set of named roles.
///
/// # Errors
/// [`BodyError`] where a role is named twice.
pub fn roles_from_names(names: &[PartyRole]) -> Result<PartyRoles, BodyError> {
    let mut roles = PartyRoles::default();
    for (role, bit) in ROLES {
        match names.iter().filter(|name| **name == role).count() {
            0 => {}
            1 => roles = roles.with(bit),
            _ => return Err(BodyError::new("roles", &"a role is named twice")),
        }
    }
    Ok(roles)
}
