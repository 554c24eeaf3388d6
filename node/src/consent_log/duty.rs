//! What events make owed, and what they settle: each party's list of what it owes or waits for.
//!
//! The ledger drops a due once it is fulfilled or found overdue; here it stays until it is
//! fulfilled. Halves that differ stay for good: nothing can mend them, and an auditor must see them.

use ledger::record::{Duty, Pairing};
use ledger::{ConsentEvent, Event, State};
use ledger_types::{ConsentId, Hash, PartyId};

use super::DutyChange;

/// The number of a duty's kind.
pub(super) const fn number(duty: &Duty) -> u8 {
    match duty {
        Duty::Acknowledge(_) => 0,
        Duty::Answer(_) => 1,
        Duty::Match(_) => 2,
        Duty::MatchHour { .. } => 3,
        Duty::Review(_) => 4,
        Duty::Notify(_) => 5,
    }
}

/// What an event begins and settles.
pub(super) fn changes(state: &State, event: &Event) -> Vec<DutyChange> {
    let event = match event {
        Event::ConsentWithdrawn { consent, .. } => return acknowledge(state, consent, true),
        Event::Consent(event) => event,
        _ => return vec![],
    };
    match event {
        ConsentEvent::Ended { consent, .. } => acknowledge(state, consent, true),
        ConsentEvent::EndAcknowledged { consent, .. } => acknowledge(state, consent, false),
        ConsentEvent::SubjectRequested { request, .. } => answer(state, request, true),
        ConsentEvent::SubjectRequestAnswered { request, .. } => answer(state, request, false),
        ConsentEvent::HalfRecorded { access, pairing, .. } => halves(state, access, *pairing),
        ConsentEvent::DisclosuresRecorded { holder, recipient, hour, pairing, .. } => {
            hour_halves(state, *holder, *recipient, *hour, *pairing)
        }
        ConsentEvent::GlassBroken { glass, .. } => {
            [review(state, glass, true), notify(state, glass, true)].concat()
        }
        ConsentEvent::GlassReviewed { glass, .. } => review(state, glass, false),
        ConsentEvent::SubjectNotified { glass, .. } => notify(state, glass, false),
        _ => vec![],
    }
}

fn acknowledge(state: &State, consent: &ConsentId, begins: bool) -> Vec<DutyChange> {
    let record = state.acknowledgement(consent);
    let change = record.map(|record| DutyChange {
        party: Some(record.controller),
        deadline: record.deadline,
        duty: Duty::Acknowledge(*consent),
        begins,
    });
    change.into_iter().collect()
}

fn answer(state: &State, request: &Hash, begins: bool) -> Vec<DutyChange> {
    let change = state.subject_request(request).map(|record| DutyChange {
        party: Some(record.controller),
        deadline: record.deadline,
        duty: Duty::Answer(*request),
        begins,
    });
    change.into_iter().collect()
}

/// The requester's list, and the holder's once it is known.
fn halves(state: &State, access: &Hash, pairing: Pairing) -> Vec<DutyChange> {
    let Some(record) = state.access(access) else { return vec![] };
    let Some(deadline) = record.deadline else { return vec![] };
    let (duty, begins) = (Duty::Match(*access), pairing != Pairing::Matched);
    let holder = record.holder_half.map(|half| half.holder);
    let parties = [Some(record.requester), holder.filter(|holder| *holder != record.requester)];
    let changes = parties.into_iter().flatten();
    changes.map(|party| DutyChange { party: Some(party), deadline, duty, begins }).collect()
}

fn hour_halves(
    state: &State,
    holder: PartyId,
    recipient: PartyId,
    hour: u32,
    pairing: Pairing,
) -> Vec<DutyChange> {
    let Some(record) = state.disclosures(holder, recipient, hour) else { return vec![] };
    let duty = Duty::MatchHour { holder, recipient, hour };
    let (deadline, begins) = (record.deadline, pairing != Pairing::Matched);
    let change = |party| DutyChange { party: Some(party), deadline, duty, begins };
    vec![change(holder), change(recipient)]
}

/// The opener's list, and the list of every review that waits.
fn review(state: &State, glass: &Hash, begins: bool) -> Vec<DutyChange> {
    let Some(record) = state.glass(glass) else { return vec![] };
    let (deadline, duty) = (record.review_deadline, Duty::Review(*glass));
    let change = |party| DutyChange { party, deadline, duty, begins };
    vec![change(Some(record.opener)), change(None)]
}

fn notify(state: &State, glass: &Hash, begins: bool) -> Vec<DutyChange> {
    let change = state.glass(glass).map(|record| DutyChange {
        party: Some(record.opener),
        deadline: record.notify_deadline,
        duty: Duty::Notify(*glass),
        begins,
    });
    change.into_iter().collect()
}
