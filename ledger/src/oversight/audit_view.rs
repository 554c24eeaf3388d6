//! `GrantAuditView` and `EndAuditView`: whom the city or a university lets read, and what.

use ledger_types::event::{AuditViewEnded, AuditViewGranted};
use ledger_types::genesis::MemberRole;
use ledger_types::limits::AUDIT_VIEW_AHEAD_MS_MAX;
use ledger_types::operation::{AuditScope, EndAuditView, GrantAuditView};
use ledger_types::record::AuditView;
use ledger_types::{PartyId, PartyRoles, Rejection, Whose, refuse_if};

use crate::acting::{member_with, member_with_any};
use crate::deadline::lies_ahead;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::state::Books;

const GRANTERS: [MemberRole; 2] = [MemberRole::City, MemberRole::University];

impl Execute for GrantAuditView {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let GrantAuditView { view, auditor, scope, until, ground } = *self;
        let given_by = member_with_any(execution, &GRANTERS)?;
        if member_with(execution, MemberRole::Auditor).is_ok() {
            return Err(Rejection::AuditorMayNotGrant.into());
        }
        let books = &mut *execution.books;
        refuse_if(books.audit_view(&view).is_some(), Rejection::AuditViewExists)?;
        let party = books.party(auditor).ok_or(Rejection::UnknownParty)?;
        refuse_if(!party.roles.intersects(PartyRoles::AUDITOR), Rejection::PartyRoleMissing)?;
        if !lies_ahead(until, execution.time, AUDIT_VIEW_AHEAD_MS_MAX) {
            return Err(Rejection::BadDeadline.into());
        }
        let given = execution.height;
        let record = AuditView { auditor, scope, until, ground, given_by, given, ended: None };
        books.put_audit_view(&view, record);
        let (subject, controller) = about(execution.books, scope);
        execution.emit(AuditViewGranted { view, auditor, subject, controller, until });
        Ok(())
    }
}

impl Execute for EndAuditView {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let view = self.view;
        member_with_any(execution, &GRANTERS)?;
        let record = execution.books.audit_view(&view);
        let record = record.filter(|record| record.is_in_force(execution.time));
        let mut record = record.ok_or(Rejection::UnknownAuditView)?.clone();
        let (auditor, (subject, controller)) =
            (record.auditor, about(execution.books, record.scope));
        record.ended = Some(execution.height);
        execution.books.put_audit_view(&view, record);
        execution.emit(AuditViewEnded { view, auditor, subject, controller });
        Ok(())
    }
}

/// The one subject, account or controller that a view is about.
fn about(books: &Books, scope: AuditScope) -> (Option<Whose>, Option<PartyId>) {
    match scope {
        AuditScope::Subject { subject } => (Some(Whose::Account(subject)), None),
        AuditScope::Controller { controller } => (None, Some(controller)),
        AuditScope::All => (None, None),
        AuditScope::Account { account } => (Some(account.into()), None),
        AuditScope::Bank { bank } => (books.bank(bank).map(|of| of.account.into()), None),
        AuditScope::Zone { zone } => (books.zone(zone).map(|of| of.operator.into()), None),
    }
}
