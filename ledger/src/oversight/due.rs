//! Dues: what somebody owes by an instant, and the alarm that consensus itself raises.
//!
//! A due lies under its instant, so that those that have passed come first in order of key. It is
//! set where the duty begins and removed where it is fulfilled. At the start of every block, empty
//! ones too, at most `DUES_PER_BLOCK_MAX` that have passed at the block's time are taken: each
//! marks its record and raises `Overdue`. No clock and no operator has a part in it.

use ledger_types::event::{Happened, Overdue};
use ledger_types::limits::DUES_PER_BLOCK_MAX;
use ledger_types::record::{Due, Duty};
use ledger_types::{AccountId, Height, PartyId, Timestamp};

use crate::fault::{Fault, must};
use crate::state::{Books, parts};

/// Begins a duty.
pub(crate) fn set(books: &mut Books, deadline: Timestamp, duty: Duty) {
    books.put_due(deadline, &duty, Due { duty });
}

/// Ends a duty; nothing where it was found overdue before.
pub(crate) fn settle(books: &mut Books, deadline: Timestamp, duty: Duty) {
    if books.due(deadline, &duty).is_some() {
        books.remove_due(deadline, &duty);
    }
}

/// Takes the dues that have passed at the block's time, in order of instant.
pub(crate) fn raise(
    books: &mut Books,
    height: Height,
    now: Timestamp,
    events: &mut Vec<Happened>,
) -> Result<(), Fault> {
    for (deadline, duty) in passed(books, now) {
        // A due is set with its record, and no such record is removed while it stands; that the
        // reviews of a party can be counted was asked when it was taken.
        let debtor = must(mark(books, height, &duty), "a due has no record")?;
        books.remove_due(deadline, &duty);
        let event = overdue(books, duty, debtor, deadline).into();
        events.push(Happened { transaction: None, operation: 0, event });
    }
    Ok(())
}

fn passed(books: &Books, now: Timestamp) -> Vec<(Timestamp, Duty)> {
    books
        .of_kind::<Due>()
        .filter_map(|(key, due)| Some((parts::instant(&key)?, due.duty)))
        .take_while(|(deadline, _)| *deadline <= now)
        .filter(|(_, duty)| can_be_counted(books, duty))
        .take(DUES_PER_BLOCK_MAX)
        .collect()
}

/// Whether one more overdue review of its party can be counted, where the duty is one. One that
/// cannot waits until another is reviewed: the party is denied every other access all the while.
fn can_be_counted(books: &Books, duty: &Duty) -> bool {
    let Duty::Review(glass) = duty else { return true };
    let opener = books.glass(glass).and_then(|glass| books.party(glass.opener));
    opener.is_none_or(|party| party.overdue_reviews < u32::MAX)
}

/// A deadline that passed, with everyone whom it concerns.
fn overdue(books: &Books, duty: Duty, debtor: PartyId, deadline: Timestamp) -> Overdue {
    let mut event = Overdue {
        duty,
        debtor,
        deadline,
        counterparty: None,
        consent: None,
        subject: None,
        controller: None,
    };
    match duty {
        Duty::Acknowledge(consent) => event.consent = Some(consent),
        Duty::Answer(request) => {
            event.subject = books.subject_request(&request).map(|asked| asked.subject.into());
        }
        Duty::Match(access) => {
            let record = books.access(&access);
            event.consent = record.and_then(|record| record.consent);
            let holder = record.and_then(|record| record.holder_half).map(|half| half.holder);
            event.counterparty = holder.filter(|holder| *holder != debtor);
        }
        Duty::MatchHour { holder, recipient, .. } => {
            event.counterparty = Some(if debtor == holder { recipient } else { holder });
        }
        Duty::Review(_) | Duty::Notify(_) => {}
    }
    if let Some(consent) = event.consent.and_then(|consent| books.consent(&consent)) {
        event.subject = Some(consent.subject.into());
        event.controller = Some(consent.controller);
    }
    event
}

/// Marks the record of a duty as overdue; gives the party that it is about.
fn mark(books: &mut Books, height: Height, duty: &Duty) -> Option<PartyId> {
    match duty {
        Duty::Acknowledge(consent) => {
            let mut record = books.acknowledgement(consent)?.clone();
            let debtor = record.controller;
            record.overdue = Some(height);
            books.put_acknowledgement(consent, record);
            Some(debtor)
        }
        Duty::Answer(request) => {
            let mut record = books.subject_request(request)?.clone();
            let debtor = record.controller;
            record.overdue = Some(height);
            books.put_subject_request(request, record);
            Some(debtor)
        }
        Duty::Match(access) => {
            let mut record = books.access(access)?.clone();
            let debtor = record.requester;
            record.overdue = Some(height);
            books.put_access(access, record);
            Some(debtor)
        }
        Duty::MatchHour { holder, recipient, hour } => {
            let mut record = books.disclosures(*holder, *recipient, *hour)?.clone();
            let debtor = if record.holder_half.is_none() { *holder } else { *recipient };
            record.overdue = Some(height);
            books.put_disclosures(*holder, *recipient, *hour, record);
            Some(debtor)
        }
        Duty::Review(glass) => mark_review(books, height, glass),
        Duty::Notify(glass) => {
            let mut record = books.glass(glass)?.clone();
            let debtor = record.opener;
            record.notify_overdue = Some(height);
            books.put_glass(glass, record);
            Some(debtor)
        }
    }
}

/// An overdue review also counts against the party that broke the glass, until it comes.
fn mark_review(books: &mut Books, height: Height, glass: &ledger_types::Hash) -> Option<PartyId> {
    let mut record = books.glass(glass)?.clone();
    let opener = record.opener;
    let mut party = books.party(opener)?.clone();
    party.overdue_reviews = party.overdue_reviews.checked_add(1)?;
    record.review_overdue = Some(height);
    books.put_glass(glass, record);
    books.put_party(&AccountId::of_party(opener), party);
    Some(opener)
}
