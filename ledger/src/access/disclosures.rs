//! `RecordDisclosures`: an hour's disclosures between two parties as one root, by each of them.
//!
//! Rejections, in order: `UnknownParty` (the sender), `PartySuspended`, `PartyRoleMissing`,
//! `UnknownParty` (the other), `BadDisclosures`, `UnknownAccess`, `NotAccessRequester` (the
//! recipient did not ask for it), `NotAccessHolder`, `HourWithoutAccess`, `HalfRecorded`.
//!
//! An access of the pair in that hour shows that it had something to disclose, so whoever's root is
//! missing is the one that owes it. The first root showed one already: the second may name one that
//! has left the state since, however late it comes.

use ledger_types::event::DisclosuresRecorded;
use ledger_types::operation::{Half, RecordDisclosures};
use ledger_types::record::{Access, Disclosures, Duty, HourlyRoot, Owed};
use ledger_types::{Hash, PartyId, PartyRoles, Rejection, Timestamp, refuse_if};

use super::halves::check_holder;
use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::oversight::due;

const HOUR_MS: u64 = 60 * 60 * 1000;

/// Who may keep a recipient's half: whoever may be permitted a use.
const RECIPIENTS: PartyRoles = PartyRoles::CONTROLLER
    .with(PartyRoles::JOINT_USER)
    .with(PartyRoles::RECIPIENT)
    .with(PartyRoles::PROCESSOR)
    .with(PartyRoles::EMERGENCY);

impl Execute for RecordDisclosures {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RecordDisclosures { half, counterparty, hour, root, count, access, salt } = *self;
        let (holder, recipient) = parties(execution, half, counterparty)?;
        if !is_over(hour, execution.time) || count == 0 || holder == recipient {
            return Err(Rejection::BadDisclosures.into());
        }
        let before = execution.books.disclosures(holder, recipient, hour).cloned();
        match execution.books.access(&access) {
            Some(shown) => check_shown(shown, (holder, recipient), hour, &salt)?,
            None => refuse_if(before.is_none(), Rejection::UnknownAccess)?,
        }
        let is_first = before.is_none();
        let mut kept = before.unwrap_or_else(|| first(execution, holder, recipient, half));
        let own = match half {
            Half::Holder => &mut kept.holder_half,
            Half::Recipient => &mut kept.recipient_half,
        };
        refuse_if(own.is_some(), Rejection::HalfRecorded)?;
        *own = Some(HourlyRoot { root, count });
        let (deadline, pairing) = (kept.deadline, kept.pairing());
        let duty = Duty::MatchHour { holder, recipient, hour };
        let (own, other) = match half {
            Half::Holder => (holder, recipient),
            Half::Recipient => (recipient, holder),
        };
        if is_first {
            due::set(execution.books, Owed { debtor: other, deadline, duty });
        } else {
            due::settle(execution.books, Owed { debtor: own, deadline, duty });
        }
        execution.books.put_disclosures(holder, recipient, hour, kept);
        execution.emit(DisclosuresRecorded { holder, recipient, hour, half, pairing });
        Ok(())
    }
}

/// Whether this pair had this access in that hour.
fn check_shown(
    shown: &Access,
    (holder, recipient): (PartyId, PartyId),
    hour: u32,
    salt: &Hash,
) -> Result<(), Rejection> {
    refuse_if(shown.requester != recipient, Rejection::NotAccessRequester)?;
    check_holder(shown, holder, salt)?;
    refuse_if(!is_within(hour, shown.at), Rejection::HourWithoutAccess)
}

/// The holder and the recipient.
fn parties(
    execution: &Execution<'_>,
    half: Half,
    counterparty: PartyId,
) -> Result<(PartyId, PartyId), Stop> {
    let (roles, is_holder) = match half {
        Half::Holder => (PartyRoles::DATA_HOLDER, true),
        Half::Recipient => (RECIPIENTS, false),
    };
    let sender = acting::acting(execution, roles)?.party;
    refuse_if(execution.books.party(counterparty).is_none(), Rejection::UnknownParty)?;
    Ok(if is_holder { (sender, counterparty) } else { (counterparty, sender) })
}

/// A record without halves, whose deadline the first one's regime decides.
fn first(
    execution: &Execution<'_>,
    holder: PartyId,
    recipient: PartyId,
    half: Half,
) -> Disclosures {
    let sender = match half {
        Half::Holder => holder,
        Half::Recipient => recipient,
    };
    let within = acting::rules_of(execution.books, sender).match_within_ms;
    let deadline = after(execution.time, within);
    Disclosures { holder_half: None, recipient_half: None, deadline, overdue: None }
}

fn is_within(hour: u32, at: Timestamp) -> bool {
    at.as_millis().checked_div(HOUR_MS) == Some(u64::from(hour))
}

fn is_over(hour: u32, now: Timestamp) -> bool {
    let end = u64::from(hour).checked_add(1).and_then(|next| next.checked_mul(HOUR_MS));
    end.is_some_and(|end| end <= now.as_millis())
}
