//! `Suspend` and `Resume`: a data subject sets a consent aside and takes it up again.
//!
//! Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`,
//! `ConsentExpired`, then `ConsentSuspended` or `ConsentNotSuspended`.

use ledger_types::operation::{Resume, Suspend};
use ledger_types::{ConsentStatus, Rejection};

use super::party;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;

pub(crate) fn suspend(execution: &mut Execution<'_>, suspend: &Suspend) -> Result<(), Stop> {
    let consent = suspend.consent;
    let mut record = party::own_ongoing(execution, &consent)?.clone();
    if record.status == ConsentStatus::Suspended {
        return Err(Rejection::ConsentSuspended.into());
    }
    let (subject, controller) = (record.subject, record.controller);
    record.status = ConsentStatus::Suspended;
    execution.books.put_consent(&consent, record);
    execution.emit(Event::Consent(ConsentEvent::Suspended { consent, subject, controller }));
    Ok(())
}

pub(crate) fn resume(execution: &mut Execution<'_>, resume: &Resume) -> Result<(), Stop> {
    let consent = resume.consent;
    let mut record = party::own_ongoing(execution, &consent)?.clone();
    if record.status != ConsentStatus::Suspended {
        return Err(Rejection::ConsentNotSuspended.into());
    }
    let (subject, controller) = (record.subject, record.controller);
    record.status = ConsentStatus::Given;
    execution.books.put_consent(&consent, record);
    execution.emit(Event::Consent(ConsentEvent::Resumed { consent, subject, controller }));
    Ok(())
}
