//! `GrantAuditView` and `EndAuditView`: whom the city or a university lets read, and what.
//!
//! Rejections, in order:
//! - grant: `MemberRoleMissing`, `AuditorMayNotGrant`, `AuditViewExists`, `UnknownParty`,
//!   `PartyRoleMissing`, `BadDeadline`;
//! - end: `MemberRoleMissing`, `UnknownAuditView`.

use ledger_types::genesis::MemberRole;
use ledger_types::limits::AUDIT_VIEW_AHEAD_MS_MAX;
use ledger_types::operation::{EndAuditView, GrantAuditView};
use ledger_types::{PartyRoles, Rejection};

use super::lies_ahead;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::governance::{member_with, member_with_any};
use crate::record::AuditView;

const GRANTERS: [MemberRole; 2] = [MemberRole::City, MemberRole::University];

pub(crate) fn grant_audit_view(
    execution: &mut Execution<'_>,
    grant: &GrantAuditView,
) -> Result<(), Stop> {
    let GrantAuditView { view, auditor, scope, until, ground } = *grant;
    let given_by = member_with_any(execution, &GRANTERS)?;
    if member_with(execution, MemberRole::Auditor).is_ok() {
        return Err(Rejection::AuditorMayNotGrant.into());
    }
    let books = &mut *execution.books;
    if books.audit_view(&view).is_some() {
        return Err(Rejection::AuditViewExists.into());
    }
    let party = books.party(auditor).ok_or(Rejection::UnknownParty)?;
    if !party.roles.intersects(PartyRoles::AUDITOR) {
        return Err(Rejection::PartyRoleMissing.into());
    }
    if !lies_ahead(until, execution.time, AUDIT_VIEW_AHEAD_MS_MAX) {
        return Err(Rejection::BadDeadline.into());
    }
    let given = execution.height;
    let record = AuditView { auditor, scope, until, ground, given_by, given, ended: None };
    books.put_audit_view(&view, record);
    execution.emit(Event::Consent(ConsentEvent::AuditViewGranted { view, auditor, until }));
    Ok(())
}

pub(crate) fn end_audit_view(
    execution: &mut Execution<'_>,
    end: &EndAuditView,
) -> Result<(), Stop> {
    let view = end.view;
    member_with_any(execution, &GRANTERS)?;
    let record = execution.books.audit_view(&view);
    let record = record.filter(|record| record.is_in_force(execution.time));
    let mut record = record.ok_or(Rejection::UnknownAuditView)?.clone();
    let auditor = record.auditor;
    record.ended = Some(execution.height);
    execution.books.put_audit_view(&view, record);
    execution.emit(Event::Consent(ConsentEvent::AuditViewEnded { view, auditor }));
    Ok(())
}
