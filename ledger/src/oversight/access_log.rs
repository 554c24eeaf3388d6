//! `ReadAccessLog`: reading a subject's access log is itself a logged access.

use ledger_types::event::AccessLogRead;
use ledger_types::operation::{AuditScope, ReadAccessLog, ReadRight};
use ledger_types::record::LogRead;
use ledger_types::{AccountId, BankId, ConsentId, Hash, PartyId, Rejection, ZoneId, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::Stop;

impl Execute for ReadAccessLog {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let ReadAccessLog { read, subject, right } = *self;
        let sender = acting::sending(execution)?;
        acting::check_active(sender)?;
        let reader = sender.party;
        refuse_if(execution.books.log_read(&read).is_some(), Rejection::ReadExists)?;
        refuse_if(!expiry::is_of_now(&read, execution.time), Rejection::DayRefused)?;
        let (bank, zone) = match right {
            ReadRight::Consent { consent } => {
                by_consent(execution, reader, &subject, &consent)?;
                (None, None)
            }
            ReadRight::View { view, consent } => {
                by_view(execution, reader, &subject, &view, consent)?
            }
        };
        let record = LogRead { reader, subject, right, at: execution.time };
        execution.books.put_log_read(&read, record);
        let subject = subject.into();
        execution.emit(AccessLogRead { read, subject, reader, right, bank, zone });
        Ok(())
    }
}

/// The subject consented to the reader, whether or not the consent has ended.
fn by_consent(
    execution: &Execution<'_>,
    reader: PartyId,
    subject: &AccountId,
    consent: &ConsentId,
) -> Result<(), Rejection> {
    let record = execution.books.consent(consent).ok_or(Rejection::UnknownConsent)?;
    refuse_if(record.controller != reader, Rejection::NotConsentController)?;
    if record.subject == *subject { Ok(()) } else { Err(Rejection::NotConsentSubject) }
}

/// The view is the reader's, in force, and about the subject; gives the bank or the zone that is
/// read whole.
fn by_view(
    execution: &Execution<'_>,
    reader: PartyId,
    subject: &AccountId,
    view: &Hash,
    consent: Option<ConsentId>,
) -> Result<(Option<BankId>, Option<ZoneId>), Rejection> {
    let books = &*execution.books;
    let record = books.audit_view(view);
    let record = record.filter(|record| record.is_in_force(execution.time));
    let record = record.ok_or(Rejection::UnknownAuditView)?;
    let covers = match record.scope {
        AuditScope::All => true,
        AuditScope::Subject { subject: one } => one == *subject,
        AuditScope::Controller { controller } => consent
            .and_then(|consent| books.consent(&consent))
            .is_some_and(|consent| (consent.controller, consent.subject) == (controller, *subject)),
        AuditScope::Account { account } => account == *subject,
        AuditScope::Bank { bank } => books.bank(bank).is_some_and(|of| of.account == *subject),
        AuditScope::Zone { zone } => books.zone(zone).is_some_and(|of| of.operator == *subject),
    };
    refuse_if(record.auditor != reader || !covers, Rejection::AuditViewRefused)?;
    Ok(match record.scope {
        AuditScope::Bank { bank } => (Some(bank), None),
        AuditScope::Zone { zone } => (None, Some(zone)),
        AuditScope::Subject { .. }
        | AuditScope::Controller { .. }
        | AuditScope::All
        | AuditScope::Account { .. } => (None, None),
    })
}
