//! `Revoke` and `Invalidate`: a consent ends by its controller, or because it should never have
//! counted.
//!
//! Rejections, in order:
//! - revoke: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `UnknownConsent`,
//!   `NotConsentController`, `ConsentEnded`;
//! - invalidate: `MemberRoleMissing`, `UnknownConsent`, `ConsentEnded`.

use ledger_types::genesis::MemberRole;
use ledger_types::operation::{Invalidate, Revoke};
use ledger_types::{AccountId, ConsentId, ConsentStatus, PartyRoles, Rejection};

use super::{ending, party};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::governance::member_with_any;

pub(crate) fn revoke(execution: &mut Execution<'_>, revoke: &Revoke) -> Result<(), Stop> {
    let controller = party::acting(execution, PartyRoles::CONTROLLER)?.party;
    let record = execution.books.consent(&revoke.consent).ok_or(Rejection::UnknownConsent)?;
    if record.controller != controller {
        return Err(Rejection::NotConsentController.into());
    }
    let by = AccountId::of_party(controller);
    end_as(execution, revoke.consent, ConsentStatus::Revoked, by)
}

pub(crate) fn invalidate(
    execution: &mut Execution<'_>,
    invalidate: &Invalidate,
) -> Result<(), Stop> {
    let by = member_with_any(execution, &[MemberRole::Auditor, MemberRole::City])?;
    end_as(execution, invalidate.consent, ConsentStatus::Invalidated, by)
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
    let event = ConsentEvent::Ended { consent, subject, controller, status, by };
    execution.emit(Event::Consent(event));
    Ok(())
}
