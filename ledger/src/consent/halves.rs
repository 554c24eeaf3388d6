//! `RecordUse` and `RecordReceipt`: the two halves of the record of a disclosure.
//!
//! Rejections, in order:
//! - use: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `UnknownAccess`, `HalfRecorded`;
//! - receipt: `UnknownParty`, `PartySuspended`, `UnknownAccess`, `NotAccessRequester`,
//!   `HalfRecorded`.
//!
//! The first half sets a due for the other. Halves that differ are both kept: that they differ is
//! what an auditor must see.

use ledger_types::operation::{Half, RecordReceipt, RecordUse};
use ledger_types::{Hash, PartyId, PartyRoles, Rejection};

use super::{after, due, party};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::{Access, Duty, HolderHalf};

pub(crate) fn record_use(execution: &mut Execution<'_>, record: &RecordUse) -> Result<(), Stop> {
    let RecordUse { access, disclosure } = *record;
    let holder = party::acting(execution, PartyRoles::DATA_HOLDER)?.party;
    let mut record = execution.books.access(&access).ok_or(Rejection::UnknownAccess)?.clone();
    if record.holder_half.is_some() {
        return Err(Rejection::HalfRecorded.into());
    }
    record.holder_half = Some(HolderHalf { holder, disclosure });
    write(execution, access, record, Half::Holder, holder);
    Ok(())
}

pub(crate) fn record_receipt(
    execution: &mut Execution<'_>,
    record: &RecordReceipt,
) -> Result<(), Stop> {
    let RecordReceipt { access, disclosure } = *record;
    let sender = party::sending(execution)?;
    party::check_active(sender)?;
    let recipient = sender.party;
    let mut record = execution.books.access(&access).ok_or(Rejection::UnknownAccess)?.clone();
    if record.requester != recipient {
        return Err(Rejection::NotAccessRequester.into());
    }
    if record.recipient_half.is_some() {
        return Err(Rejection::HalfRecorded.into());
    }
    record.recipient_half = Some(disclosure);
    write(execution, access, record, Half::Recipient, recipient);
    Ok(())
}

/// Writes a half: the first one sets the due for the other, the second one settles it.
fn write(
    execution: &mut Execution<'_>,
    access: Hash,
    mut record: Access,
    half: Half,
    party: PartyId,
) {
    let duty = Duty::Match(access);
    if let Some(deadline) = record.deadline {
        due::settle(execution.books, deadline, duty);
    } else {
        let within = party::rules_of(execution.books, party).match_within_ms;
        let deadline = after(execution.time, within);
        record.deadline = Some(deadline);
        due::set(execution.books, deadline, duty);
    }
    let (requester, pairing) = (record.requester, record.pairing());
    execution.books.put_access(&access, record);
    let event = ConsentEvent::HalfRecorded { access, half, party, requester, pairing };
    execution.emit(Event::Consent(event));
}
