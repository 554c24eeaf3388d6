//! `AcknowledgeWithdrawal`: a controller says what it did about a consent that ended.
//!
//! Rejections, in order: `UnknownParty` (the sender), `UnknownConsent`, `NotConsentController`,
//! `ConsentNotEnded`, `EndAcknowledged`, `BadAcknowledgement`, `UnknownLegalBasis`.
//!
//! A suspended controller still owes it, and a late one is better than none.

use ledger_types::event::EndAcknowledged;
use ledger_types::limits::PROPAGATED_MAX;
use ledger_types::operation::{AcknowledgeWithdrawal, Deletion};
use ledger_types::record::{Acknowledged, Duty, Owed};
use ledger_types::{Rejection, Timestamp, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::oversight::due;
use crate::registry::are_in_order;
use crate::state::Books;

impl Execute for AcknowledgeWithdrawal {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let consent = self.consent;
        let controller = execution.sender.party()?;
        let books = &mut *execution.books;
        let record = books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
        refuse_if(record.controller != controller, Rejection::NotConsentController)?;
        let (subject, ended) = (record.subject, record.ended);
        ended.ok_or(Rejection::ConsentNotEnded)?;
        // Whatever ends a consent writes this record with it; it is never removed.
        let mut owed = must(books.acknowledgement(&consent), "an end has no record")?.clone();
        refuse_if(owed.done.is_some(), Rejection::EndAcknowledged)?;
        check(books, self, execution.time)?;
        owed.done = Some(Acknowledged {
            stopped_at: self.stopped_at,
            deletion: self.deletion,
            propagated_to: self.propagated_to.clone(),
            height: execution.height,
        });
        let (debtor, deadline, duty) = (controller, owed.deadline, Duty::Acknowledge(consent));
        due::settle(books, Owed { debtor, deadline, duty });
        books.put_acknowledgement(&consent, owed);
        execution.emit(EndAcknowledged { consent, subject: subject.into(), controller });
        Ok(())
    }
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
    refuse_if(!usable, Rejection::BadAcknowledgement)?;
    match acknowledge.deletion {
        Deletion::Retained { basis } if books.legal_basis(basis).is_none() => {
            Err(Rejection::UnknownLegalBasis)
        }
        Deletion::Retained { .. } | Deletion::Done => Ok(()),
    }
}
