//! The end of a consent, whoever ends it: at once, for good, and its controller owes an answer.

use ledger_types::event::ConsentEnded;
use ledger_types::record::{Acknowledgement, Consent, Duty, Owed};
use ledger_types::{AccountId, ConsentId, ConsentStatus, Rejection};

use crate::acting;
use crate::deadline::after;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::oversight::due;

/// Ends a consent, by an account that may.
///
/// Rejections, in order: `UnknownConsent`, `ConsentEnded`.
pub(super) fn end_by(
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
    let (subject, controller, by) = (record.subject.into(), record.controller, by.into());
    end(execution, &consent, record, status);
    execution.emit(ConsentEnded { consent, subject, controller, status, by });
    Ok(())
}

/// Ends a consent that has not ended. Nothing in it can fail: nothing stands in the way of an end.
pub(super) fn end(
    execution: &mut Execution<'_>,
    consent: &ConsentId,
    mut record: Consent,
    status: ConsentStatus,
) {
    let controller = record.controller;
    record.status = status;
    record.ended = Some(execution.height);
    execution.books.put_consent(consent, record);
    let within = acting::rules_of(execution.books, controller).acknowledge_within_ms;
    let deadline = after(execution.time, within);
    let owed = Acknowledgement { controller, deadline, done: None, overdue: None };
    execution.books.put_acknowledgement(consent, owed);
    let (debtor, duty) = (controller, Duty::Acknowledge(*consent));
    due::set(execution.books, Owed { debtor, deadline, duty });
}
