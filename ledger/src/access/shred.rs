//! `AcknowledgeShred`: a party destroyed the salts and keys that it held of an ended consent.
//!
//! Rejections, in order: `UnknownParty`, `PartySuspended` (a counter or an auditor),
//! `UnknownConsent`, `ConsentNotEnded`, `ShredAcknowledged`.
//! A consent whose time is over has ended too.

use ledger_types::event::ShredAcknowledged;
use ledger_types::operation::AcknowledgeShred;
use ledger_types::record::Shred;
use ledger_types::{Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for AcknowledgeShred {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let AcknowledgeShred { consent, digest } = *self;
        let party = acting::owing(execution)?.party;
        let books = &mut *execution.books;
        let record = books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
        let (subject, controller) = (record.subject.into(), record.controller);
        if record.ended.is_none() && execution.time < record.expires {
            return Err(Rejection::ConsentNotEnded.into());
        }
        refuse_if(books.shred(&consent, party).is_some(), Rejection::ShredAcknowledged)?;
        books.put_shred(&consent, party, Shred { digest, acknowledged: execution.height });
        execution.emit(ShredAcknowledged { consent, subject, party, controller });
        Ok(())
    }
}
