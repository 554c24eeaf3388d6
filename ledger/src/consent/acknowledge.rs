//! `AcknowledgeWithdrawal`: a controller says what it did about a consent that ended.
//!
//! Rejections, in order: `UnknownParty` (the sender), `UnknownConsent`, `NotConsentController`,
//! `ConsentNotEnded`, `EndAcknowledged`, `BadAcknowledgement`, `UnknownLegalBasis`.
//!
//! A suspended controller still owes it, and a late one is better than none.

use ledger_types::limits::PROPAGATED_MAX;
use ledger_types::operation::{AcknowledgeWithdrawal, Deletion};
use ledger_types::{Rejection, Timestamp};

use super::due;
use super::publish_joint_use::are_in_order;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::{Stop, must};
use crate::record::{Acknowledged, Duty};
use crate::state::Books;

pub(crate) fn acknowledge_withdrawal(
    execution: &mut Execution<'_>,
    acknowledge: &AcknowledgeWithdrawal,
) -> Result<(), Stop> {
    let consent = acknowledge.consent;
    let controller = execution.sender.party()?;
    let books = &mut *execution.books;
    let record = books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
    if record.controller != controller {
        return Err(Rejection::NotConsentController.into());
    }
    let (subject, ended) = (record.subject, record.ended);
    ended.ok_or(Rejection::ConsentNotEnded)?;
    let mut owed = must(books.acknowledgement(&consent), "an end has no record")?.clone();
    if owed.done.is_some() {
        return Err(Rejection::EndAcknowledged.into());
    }
    check(books, acknowledge, execution.time)?;
    owed.done = Some(Acknowledged {
        stopped_at: acknowledge.stopped_at,
        deletion: acknowledge.deletion,
        propagated_to: acknowledge.propagated_to.clone(),
        height: execution.height,
    });
    due::settle(books, owed.deadline, Duty::Acknowledge(consent));
    books.put_acknowledgement(&consent, owed);
    execution.emit(Event::Consent(ConsentEvent::EndAcknowledged { consent, subject, controller }));
    Ok(())
}

fn check(
    books: &Books,
    acknowledge: &AcknowledgeWithdrawal,
    now: Timestamp,
) -> Result<(), Rejection> {
    let told = &acknowledge.propagated_to;
    let usable = acknowledge.stopped_at <= now
        && told.len() <= PROPAGATED_MAX
        && are_in_order(told)
        && told.iter().all(|party| books.party(*party).is_some());
    if !usable {
        return Err(Rejection::BadAcknowledgement);
    }
    match acknowledge.deletion {
        Deletion::Retained { basis } if books.legal_basis(basis).is_none() => {
            Err(Rejection::UnknownLegalBasis)
        }
        Deletion::Retained { .. } | Deletion::Done => Ok(()),
    }
}
