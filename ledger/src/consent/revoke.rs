//! `Revoke` and `Invalidate`: a consent ends by its controller, or because it should never have
//! counted.

use ledger_types::event::ConsentEnded;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::{Invalidate, Revoke};
use ledger_types::{AccountId, ConsentId, ConsentStatus, PartyRoles, Rejection};

use super::ending;
use crate::acting;
use crate::acting::member_with_any;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Revoke {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        let record = execution.books.consent(&self.consent).ok_or(Rejection::UnknownConsent)?;
        if record.controller != controller {
            return Err(Rejection::NotConsentController.into());
        }
        let by = AccountId::of_party(controller);
        end_as(execution, self.consent, ConsentStatus::Revoked, by)
    }
}

impl Execute for Invalidate {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let by = member_with_any(execution, &[MemberRole::Auditor, MemberRole::City])?;
        end_as(execution, self.consent, ConsentStatus::Invalidated, by)
    }
}

fn end_as(
    execution: &mut Execution<'_>,
    consent: ConsentId,
    status: ConsentStatus,
    by: AccountId,
) -> Result<(), Stop> {
    let record = execution.books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
    if let Some(ended) = record.ended {
        return Err(Rejection::ConsentEnded { ended }.into());
    }
    let record = record.clone();
    let (subject, controller) = (record.subject, record.controller);
    ending::end(execution, &consent, record, status);
    let event =
        ConsentEnded { consent, subject: subject.into(), controller, status, by: by.into() };
    execution.emit(event);
    Ok(())
}
