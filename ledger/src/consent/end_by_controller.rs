//! `EndByController` and `Invalidate`: a consent ends though its subject did not withdraw it.

use ledger_types::genesis::MemberRole;
use ledger_types::operation::{EndByController, Invalidate};
use ledger_types::{AccountId, ConsentStatus, PartyRoles, Rejection, refuse_if};

use super::ending;
use crate::acting;
use crate::acting::member_with_any;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for EndByController {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        let record = execution.books.consent(&self.consent).ok_or(Rejection::UnknownConsent)?;
        refuse_if(record.controller != controller, Rejection::NotConsentController)?;
        let by = AccountId::of_party(controller);
        ending::end_by(execution, self.consent, ConsentStatus::Revoked, by)
    }
}

impl Execute for Invalidate {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let by = member_with_any(execution, &[MemberRole::Auditor, MemberRole::City])?;
        ending::end_by(execution, self.consent, ConsentStatus::Invalidated, by)
    }
}
