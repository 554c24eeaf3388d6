//! `RecordUse` and `RecordReceipt`: the two halves of the record of a disclosure.
//!
//! The holder's half opens what the access commits to: no other holder records. The first half sets
//! a due for the other one: the requester's, until it names the holder (`NameHolder`). Halves that
//! differ are both kept: that they differ is what an auditor must see.

use ledger_types::access::holder_commitment;
use ledger_types::event::HalfRecorded;
use ledger_types::operation::{Half, RecordReceipt, RecordUse};
use ledger_types::record::{Access, Duty, HolderHalf, Owed};
use ledger_types::{Hash, PartyId, PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::oversight::due;

impl Execute for RecordUse {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RecordUse { access, disclosure, salt } = *self;
        let holder = acting::acting(execution, PartyRoles::DATA_HOLDER)?.party;
        let mut record = execution.books.access(&access).ok_or(Rejection::UnknownAccess)?.clone();
        check_holder(&record, holder, &salt)?;
        refuse_if(record.holder_half.is_some(), Rejection::HalfRecorded)?;
        record.holder_half = Some(HolderHalf { holder, disclosure });
        write(execution, access, record, Half::Holder, holder);
        Ok(())
    }
}

impl Execute for RecordReceipt {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RecordReceipt { access, disclosure } = *self;
        let sender = acting::sending(execution)?;
        acting::check_active(sender)?;
        let recipient = sender.party;
        let mut record = execution.books.access(&access).ok_or(Rejection::UnknownAccess)?.clone();
        refuse_if(record.requester != recipient, Rejection::NotAccessRequester)?;
        refuse_if(record.recipient_half.is_some(), Rejection::HalfRecorded)?;
        record.recipient_half = Some(disclosure);
        write(execution, access, record, Half::Recipient, recipient);
        Ok(())
    }
}

/// Whether the access named this data holder.
pub(super) fn check_holder(access: &Access, holder: PartyId, salt: &Hash) -> Result<(), Rejection> {
    refuse_if(holder_commitment(holder, salt) != access.holder, Rejection::NotAccessHolder)
}

/// Writes a half: the first one sets a due for the other to come, the second one settles it.
fn write(
    execution: &mut Execution<'_>,
    access: Hash,
    mut record: Access,
    half: Half,
    party: PartyId,
) {
    let (debtor, duty) = (record.debtor(), Duty::Match(access));
    if let Some(deadline) = record.deadline {
        due::settle(execution.books, Owed { debtor, deadline, duty });
    } else {
        let within = acting::rules_of(execution.books, party).match_within_ms;
        let deadline = after(execution.time, within);
        record.deadline = Some(deadline);
        due::set(execution.books, Owed { debtor, deadline, duty });
    }
    let (requester, pairing, consent) = (record.requester, record.pairing(), record.consent);
    execution.books.put_access(&access, record);
    let given = consent.and_then(|consent| execution.books.consent(&consent));
    let (subject, controller) = given.map(|given| (given.subject.into(), given.controller)).unzip();
    let event =
        HalfRecorded { access, half, party, requester, pairing, consent, subject, controller };
    execution.emit(event);
}
