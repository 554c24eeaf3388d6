//! `RegisterCounter` and `Hasten`, and what every counter is asked before it gives for somebody.
//!
//! A counter gives for those who registered it: with their key, or by a form that they signed. What
//! it gives begins after a delay, in which the person (or any counter, for people without keys) can
//! withdraw or end it; two counters of different organisations together can have it begin at once.
//! How often it gives on one day is limited. What narrows or ends waits for nothing and is not
//! counted; an emergency is `BreakGlass`, never this.

use ledger_types::event::{CounterRegistered, Hastened};
use ledger_types::limits::COUNTER_AHEAD_MS_MAX;
use ledger_types::operation::{Hasten, RegisterCounter, Urgent};
use ledger_types::record::{Counter, CounterDay};
use ledger_types::{AccountId, ConsentId, PartyId, PartyRoles, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::deadline::{after, lies_ahead};
use crate::denial::rejection;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Stop, must};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

impl Execute for RegisterCounter {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        acting::check_key(execution)?;
        let RegisterCounter { subject, counter, form, until } = *self;
        match (execution.sender, form) {
            (Sender::Subject(sender), None) if sender == subject => {
                let party = execution.books.party(counter).ok_or(Rejection::UnknownParty)?;
                let serves = party.roles.intersects(PartyRoles::COUNTER);
                refuse_if(!serves, Rejection::PartyRoleMissing)?;
            }
            (Sender::Party(sender), Some(_)) if sender == counter => {
                acting::acting(execution, PartyRoles::COUNTER)?;
                let is_ahead = lies_ahead(until, execution.time, COUNTER_AHEAD_MS_MAX);
                refuse_if(!is_ahead, Rejection::BadDeadline)?;
                count(execution, counter)?;
            }
            (Sender::Subject(_) | Sender::Party(_) | Sender::Account(_), _) => {
                return Err(Rejection::NotASubject.into());
            }
        }
        let registered = execution.height;
        execution.books.put_counter(&subject, counter, Counter { form, until, registered });
        execution.emit(CounterRegistered { subject: subject.into(), counter, until });
        Ok(())
    }
}

impl Execute for Hasten {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let counter = acting::acting(execution, PartyRoles::COUNTER)?.party;
        match self.urgent {
            Urgent::Consent { consent } => hasten_consent(execution, counter, &consent),
            Urgent::Delegation { subject, guardian } => {
                hasten_delegation(execution, counter, &subject, &guardian)
            }
        }
    }
}

fn hasten_consent(
    execution: &mut Execution<'_>,
    counter: PartyId,
    consent: &ConsentId,
) -> Result<(), Stop> {
    let now = execution.time;
    let record = execution.books.consent(consent).ok_or(Rejection::UnknownConsent)?;
    record.check_ongoing(now).map_err(rejection)?;
    let mut record = record.clone();
    let entered = execution.books.entered(consent).map(|entered| entered.counter);
    check_waits(execution, counter, entered, record.valid_from)?;
    count(execution, counter)?;
    record.valid_from = now;
    let (subject, controller) = (record.subject.into(), Some(record.controller));
    execution.books.put_consent(consent, record);
    execution.books.remove_entered(consent);
    let (consent, guardian) = (Some(*consent), None);
    execution.emit(Hastened { subject, counter, consent, controller, guardian });
    Ok(())
}

fn hasten_delegation(
    execution: &mut Execution<'_>,
    counter: PartyId,
    subject: &AccountId,
    guardian: &AccountId,
) -> Result<(), Stop> {
    let now = execution.time;
    let record = execution.books.delegation(subject, guardian);
    let record = record.filter(|record| record.goes_on(now));
    let mut record = record.ok_or(Rejection::UnknownDelegation)?.clone();
    check_waits(execution, counter, record.counter, record.from)?;
    count(execution, counter)?;
    record.from = now;
    execution.books.put_delegation(subject, guardian, record);
    let (subject, guardian) = ((*subject).into(), Some((*guardian).into()));
    let (consent, controller) = (None, None);
    execution.emit(Hastened { subject, counter, consent, controller, guardian });
    Ok(())
}

/// Whether something waits that a counter of another organisation gave.
///
/// Rejections, in order: `NothingToHasten`, `SameCounter`.
fn check_waits(
    execution: &Execution<'_>,
    second: PartyId,
    first: Option<PartyId>,
    begins: Timestamp,
) -> Result<(), Rejection> {
    let first = first.filter(|_| execution.time < begins).ok_or(Rejection::NothingToHasten)?;
    let is_one = acting::are_one_organisation(execution.books, first, second);
    refuse_if(is_one, Rejection::SameCounter)
}

/// The sending counter, which serves this person and has acts left today; one is taken.
///
/// Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`,
/// `CounterNotRegistered`, `CounterLimitReached`.
pub(crate) fn serve(execution: &mut Execution<'_>, subject: &AccountId) -> Result<PartyId, Stop> {
    let counter = acting::acting(execution, PartyRoles::COUNTER)?.party;
    let registered = execution.books.counter(subject, counter);
    let serves = registered.is_some_and(|one| execution.time < one.until);
    refuse_if(!serves, Rejection::CounterNotRegistered)?;
    count(execution, counter)?;
    Ok(counter)
}

/// Takes one of the counter's acts of today.
///
/// Rejections: `CounterLimitReached`.
pub(crate) fn count(execution: &mut Execution<'_>, counter: PartyId) -> Result<(), Stop> {
    let day = must(execution.time.as_millis().checked_div(DAY_MS), "a day has no length")?;
    let before = execution.books.counter_day(counter).filter(|before| before.day == day);
    let acts = before.map_or(0, |before| before.acts);
    let limit = execution.parameters.counter_acts_per_day;
    // Below a limit of the same type the next number fits it.
    let next = acts.checked_add(1).filter(|next| *next <= limit);
    let acts = next.ok_or(Rejection::CounterLimitReached { limit })?;
    execution.books.put_counter_day(counter, CounterDay { day, acts });
    Ok(())
}

/// Rejects with `TooSoonForAnother` what a counter gives before its delay is over; where the network
/// has none, whatever begins has begun.
pub(crate) fn check_delay(execution: &Execution<'_>, begins: Timestamp) -> Result<(), Rejection> {
    let delay = execution.parameters.counter_delay_ms;
    let earliest = after(execution.time, delay);
    refuse_if(delay > 0 && begins < earliest, Rejection::TooSoonForAnother { earliest })
}
