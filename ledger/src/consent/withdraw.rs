//! `Withdraw`: a data subject ends a consent, at once.
//!
//! Rejections, in order: `NotASubject`, `UnknownConsent`, `NotConsentSubject`, `ConsentEnded`.
//! Nothing else stands in the way: a consent that has expired, has not begun or is due for renewal
//! may be withdrawn too.

use ledger_types::operation::Withdraw;
use ledger_types::{ConsentStatus, Rejection};

use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;

pub(crate) fn withdraw(execution: &mut Execution<'_>, withdraw: &Withdraw) -> Result<(), Stop> {
    let consent = withdraw.consent;
    let subject = execution.sender.subject()?;
    let record = execution.books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
    if record.subject != subject {
        return Err(Rejection::NotConsentSubject.into());
    }
    if let Some(ended) = record.ended {
        return Err(Rejection::ConsentEnded { ended }.into());
    }
    let mut record = record.clone();
    record.status = ConsentStatus::Withdrawn;
    record.ended = Some(execution.height);
    let controller = record.controller;
    execution.books.put_consent(&consent, record);
    execution.emit(Event::ConsentWithdrawn { consent, subject, controller });
    Ok(())
}
