//! `RegisterContact`: a data subject names an opaque mailbox; controllers never see an address.
//!
//! Rejections: `NotASubject`.

use ledger_types::operation::RegisterContact;

use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::Contact;

pub(crate) fn register_contact(
    execution: &mut Execution<'_>,
    register: &RegisterContact,
) -> Result<(), Stop> {
    let subject = execution.sender.subject()?;
    execution.books.put_contact(&subject, Contact { mailbox: register.mailbox });
    execution.emit(Event::Consent(ConsentEvent::ContactRegistered { subject }));
    Ok(())
}
