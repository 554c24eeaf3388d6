//! Dues: what somebody owes by an instant, and the alarm that consensus itself raises.
//!
//! A due lies under its debtor: reviews of broken glass first, then all else, each debtor's in order
//! of instant. It is set where the duty begins and removed where it is fulfilled. At the start of
//! every block, empty ones too, at most `DUES_PER_BLOCK_MAX` that have passed at the block's time are
//! taken, one of each debtor in turn, so that nobody's many keep another's waiting: each marks its
//! record and raises `Overdue`. No clock and no operator has a part in it.
//!
//! Nobody raises alarms at strangers: what an act of one's own begins is one's own due, or that of
//! whoever is shown to be the other side. Of an access's record that is the requester, and the data
//! holder once the requester opened which one it named; of an hour's, the other one of a pair that
//! had an access in it. A controller owes what the law has it answer: a subject's request and the
//! end of a consent.

use std::collections::VecDeque;

use ledger_types::event::{Happened, Overdue};
use ledger_types::limits::{DEBTORS_PER_BLOCK_MAX, DUES_PER_BLOCK_MAX};
use ledger_types::record::{Cursor, Due, Duty, Key, Kind, Owed};
use ledger_types::{AccountId, Hash, Height, PartyId, Timestamp};

use crate::fault::{Fault, must};
use crate::state::{Books, parts};

/// Begins a duty.
pub(crate) fn set(books: &mut Books, owed: Owed) {
    books.put_due(&owed, Due { duty: owed.duty });
}

/// Ends a duty; nothing where it was found overdue before.
pub(crate) fn settle(books: &mut Books, owed: Owed) {
    if books.due(&owed).is_some() {
        books.remove_due(&owed);
    }
}

/// Takes dues that have passed at the block's time.
pub(crate) fn raise(
    books: &mut Books,
    height: Height,
    now: Timestamp,
    events: &mut Vec<Happened>,
) -> Result<(), Fault> {
    for owed in passed(books, now) {
        // Those before it may have been the last of its party that can be counted.
        if !can_be_counted(books, &owed.duty) {
            continue;
        }
        // A due is set with its record, and no such record is removed while it stands.
        must(mark(books, height, &owed.duty), "a due has no record")?;
        books.remove_due(&owed);
        let event = overdue(books, owed).into();
        events.push(Happened { transaction: None, operation: 0, event });
    }
    Ok(())
}

/// What has passed: of reviews first, then of all else as many as there is room for.
fn passed(books: &mut Books, now: Timestamp) -> Vec<Owed> {
    let mut taken = in_turn(books, REVIEWS, now, DUES_PER_BLOCK_MAX);
    let room = DUES_PER_BLOCK_MAX.abs_diff(taken.len());
    taken.extend(in_turn(books, ALL_ELSE, now, room));
    taken
}

/// The byte in the keys of dues that puts reviews first, and that of all else.
const REVIEWS: u8 = 0;
const ALL_ELSE: u8 = 1;

/// Takes what has passed, one of each debtor in turn; notes whose turn is next where some is left.
fn in_turn(books: &mut Books, urgency: u8, now: Timestamp, room: usize) -> Vec<Owed> {
    let note = (u32::from(Due::NUMBER), u32::from(urgency));
    let from = books.cursor(note.0, note.1).and_then(|cursor| parts::debtor(&cursor.from));
    let (debtors, mut next) = debtors(books, urgency, from.unwrap_or(PartyId::new(0)));
    let of_each =
        debtors.into_iter().map(|debtor| (debtor, of_debtor(books, urgency, debtor, now)));
    let mut turns: VecDeque<_> = of_each.collect();
    let mut taken = Vec::new();
    while let Some((debtor, mut owed)) = turns.pop_front() {
        if taken.len() >= room {
            next = Some(debtor);
            break;
        }
        if let Some(one) = owed.next() {
            taken.push(one);
            turns.push_back((debtor, owed));
        }
    }
    drop(turns);
    match next.and_then(|debtor| first_key(urgency, debtor)) {
        Some(from) => books.put_cursor(note.0, note.1, Cursor { from }),
        None => books.forget_cursor(note.0, note.1),
    }
    taken
}

/// Who owes anything, from one debtor on and then from the first one; and who comes after the last
/// of them, where they are too many for one block.
fn debtors(books: &Books, urgency: u8, from: PartyId) -> (Vec<PartyId>, Option<PartyId>) {
    let mut found = Vec::new();
    let rounds = [(from.get(), u32::MAX), (0, from.get())];
    for (round, (first, last)) in rounds.into_iter().enumerate() {
        let mut at = Some(first);
        while let Some(debtor) = at.and_then(|at| debtor_from(books, urgency, PartyId::new(at))) {
            // The second round stops where the first began.
            if debtor.get() > last || (round > 0 && debtor.get() == last) {
                break;
            }
            if found.len() >= DEBTORS_PER_BLOCK_MAX {
                return (found, Some(debtor));
            }
            found.push(debtor);
            at = debtor.get().checked_add(1);
        }
    }
    (found, None)
}

/// The first debtor from this one on who owes anything.
fn debtor_from(books: &Books, urgency: u8, from: PartyId) -> Option<PartyId> {
    let from = first_key(urgency, from)?;
    let (key, _) = books.of_kind_from::<Due>(&from).next()?;
    parts::debtor(&key).filter(|_| parts::urgency(&key) == Some(urgency))
}

/// What a debtor owes that has passed, in order of instant.
fn of_debtor(
    books: &Books,
    urgency: u8,
    debtor: PartyId,
    now: Timestamp,
) -> impl Iterator<Item = Owed> {
    let from = first_key(urgency, debtor);
    let all = from.into_iter().flat_map(|from| books.of_kind_from::<Due>(&from));
    let listed = all.map_while(move |(key, due)| {
        let is_of_debtor =
            (parts::urgency(&key), parts::debtor(&key)) == (Some(urgency), Some(debtor));
        let deadline = parts::deadline(&key).filter(|deadline| is_of_debtor && *deadline <= now)?;
        Some(Owed { debtor, deadline, duty: due.duty })
    });
    listed.filter(|owed| can_be_counted(books, &owed.duty))
}

/// Where a debtor's dues begin.
fn first_key(urgency: u8, debtor: PartyId) -> Option<Key> {
    let [first, second, third, fourth] = debtor.get().to_be_bytes();
    Key::new(&[Due::NUMBER, urgency, first, second, third, fourth])
}

/// Whether one more overdue review of its party can be counted, where the duty is one. One that
/// cannot waits until another is reviewed: the party is denied every other access all the while.
fn can_be_counted(books: &Books, duty: &Duty) -> bool {
    let glass = match duty {
        Duty::Review(glass) => glass,
        Duty::Acknowledge(_)
        | Duty::Answer(_)
        | Duty::Match(_)
        | Duty::MatchHour { .. }
        | Duty::Notify(_) => return true,
    };
    let opener = books.glass(glass).and_then(|glass| books.party(glass.opener));
    opener.is_none_or(|party| party.overdue_reviews < u32::MAX)
}

/// A deadline that passed, with everyone whom it concerns.
fn overdue(books: &Books, owed: Owed) -> Overdue {
    let Owed { duty, debtor, deadline } = owed;
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
            let sides = record.map(|record| [Some(record.requester), record.known_holder()]);
            let mut sides = sides.into_iter().flatten().flatten();
            event.counterparty = sides.find(|side| *side != debtor);
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

/// Marks the record of a duty as overdue; `None` where there is no such record.
fn mark(books: &mut Books, height: Height, duty: &Duty) -> Option<()> {
    match duty {
        Duty::Acknowledge(consent) => {
            let mut record = books.acknowledgement(consent)?.clone();
            record.overdue = Some(height);
            books.put_acknowledgement(consent, record);
        }
        Duty::Answer(request) => {
            let mut record = books.subject_request(request)?.clone();
            record.overdue = Some(height);
            books.put_subject_request(request, record);
        }
        Duty::Match(access) => {
            let mut record = books.access(access)?.clone();
            record.overdue = Some(height);
            books.put_access(access, record);
        }
        Duty::MatchHour { holder, recipient, hour } => {
            let mut record = books.disclosures(*holder, *recipient, *hour)?.clone();
            record.overdue = Some(height);
            books.put_disclosures(*holder, *recipient, *hour, record);
        }
        Duty::Review(glass) => mark_review(books, height, glass)?,
        Duty::Notify(glass) => {
            let mut record = books.glass(glass)?.clone();
            record.notify_overdue = Some(height);
            books.put_glass(glass, record);
        }
    }
    Some(())
}

/// An overdue review also counts against the party that broke the glass, until it comes.
fn mark_review(books: &mut Books, height: Height, glass: &Hash) -> Option<()> {
    let mut record = books.glass(glass)?.clone();
    let opener = record.opener;
    let mut party = books.party(opener)?.clone();
    party.overdue_reviews = party.overdue_reviews.checked_add(1)?;
    record.review_overdue = Some(height);
    books.put_glass(glass, record);
    books.put_party(&AccountId::of_party(opener), party);
    Some(())
}
