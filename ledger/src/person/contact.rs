//! `RegisterContact`: a data subject names an opaque mailbox; controllers never see an address.

use ledger_types::event::ContactRegistered;
use ledger_types::operation::RegisterContact;
use ledger_types::record::Contact;

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for RegisterContact {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let subject = execution.sender.subject()?;
        execution.books.put_contact(&subject, Contact { mailbox: self.mailbox });
        execution.emit(ContactRegistered { subject: subject.into() });
        Ok(())
    }
}
