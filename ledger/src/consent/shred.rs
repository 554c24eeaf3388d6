//! `AcknowledgeShred`: a party destroyed the salts and keys that it held of an ended consent.
//!
//! Rejections, in order: `UnknownParty`, `UnknownConsent`, `ConsentNotEnded`, `ShredAcknowledged`.
//! A consent whose time is over has ended too.

use ledger_types::Rejection;
use ledger_types::operation::AcknowledgeShred;

use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::Shred;

pub(crate) fn acknowledge_shred(
    execution: &mut Execution<'_>,
    acknowledge: &AcknowledgeShred,
) -> Result<(), Stop> {
    let AcknowledgeShred { consent, digest } = *acknowledge;
    let party = execution.sender.party()?;
    let books = &mut *execution.books;
    let record = books.consent(&consent).ok_or(Rejection::UnknownConsent)?;
    let subject = record.subject;
    if record.ended.is_none() && execution.time < record.expires {
        return Err(Rejection::ConsentNotEnded.into());
    }
    if books.shred(&consent, party).is_some() {
        return Err(Rejection::ShredAcknowledged.into());
    }
    books.put_shred(&consent, party, Shred { digest, acknowledged: execution.height });
    execution.emit(Event::Consent(ConsentEvent::ShredAcknowledged { consent, subject, party }));
    Ok(())
}
