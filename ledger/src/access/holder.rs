//! `NameHolder`: the requester of an access shows whose half of its record is missing.
//!
//! Rejections, in order: `UnknownParty` (the sender), `PartySuspended`, `UnknownAccess`,
//! `NotAccessRequester`, `UnknownParty` (the holder), `PartyRoleMissing` (it is no data holder),
//! `NotAccessHolder`, `HalfRecorded` (the holder's), `HalfMissing` (the sender's), `HolderNamed`.

use ledger_types::event::HolderNamed;
use ledger_types::operation::NameHolder;
use ledger_types::record::{Duty, Owed};
use ledger_types::{PartyRoles, Rejection, refuse_if};

use super::halves::check_holder;
use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::oversight::due;

impl Execute for NameHolder {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let NameHolder { access, party: holder, salt } = *self;
        let sender = acting::sending(execution)?;
        acting::check_active(sender)?;
        let requester = sender.party;
        let books = &mut *execution.books;
        let mut record = books.access(&access).ok_or(Rejection::UnknownAccess)?.clone();
        refuse_if(record.requester != requester, Rejection::NotAccessRequester)?;
        let named = books.party(holder).ok_or(Rejection::UnknownParty)?;
        refuse_if(!named.roles.intersects(PartyRoles::DATA_HOLDER), Rejection::PartyRoleMissing)?;
        check_holder(&record, holder, &salt)?;
        refuse_if(record.holder_half.is_some(), Rejection::HalfRecorded)?;
        refuse_if(record.recipient_half.is_none(), Rejection::HalfMissing)?;
        refuse_if(record.named.is_some(), Rejection::HolderNamed)?;
        // The half that the sender kept was the first, and the first one sets the deadline.
        let deadline = must(record.deadline, "a half has no deadline")?;
        let duty = Duty::Match(access);
        if record.overdue.is_none() {
            due::settle(books, Owed { debtor: requester, deadline, duty });
            due::set(books, Owed { debtor: holder, deadline, duty });
        }
        record.named = Some(holder);
        let (overdue, consent) = (record.overdue.is_some(), record.consent);
        books.put_access(&access, record);
        let given = consent.and_then(|consent| books.consent(&consent));
        let (subject, controller) =
            given.map(|given| (given.subject.into(), given.controller)).unzip();
        let event =
            HolderNamed { access, holder, requester, overdue, consent, subject, controller };
        execution.emit(event);
        Ok(())
    }
}
