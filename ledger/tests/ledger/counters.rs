//! Counters: who registered them, how often they give on a day, and that what they give waits.

use ledger_types::consent::CorporateNumber;
use ledger_types::operation::{
    Delegate, EndDelegation, Grant, GuardianPowers, Hasten, Operation, RegisterCounter, StopOptOut,
    Urgent, WithdrawFor,
};
use ledger_types::{Genesis, PartyId};

use crate::chain::Chain;
use crate::consent::world::{
    CLINIC, COUNTER, at, child, genesis, hospital, make_counter, opt_out, town_of,
};
use crate::fixture::{
    Actor, HOSPITAL, PHARMACY, access, akari, ask, commitment, consent_id, grant_of, nobody,
    other_subject, subject,
};
use crate::rejections::refuses;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const AHEAD: u64 = 1_000_000_000_000;

/// A network in which what a counter gives waits for a day, and which lets it give five times.
fn slow() -> Genesis {
    let mut genesis = genesis();
    genesis.parameters.counter_delay_ms = DAY_MS;
    genesis.parameters.counter_acts_per_day = 5;
    genesis
}

fn counter() -> Actor {
    Actor::party(COUNTER)
}

/// Another organisation's counter.
fn second(chain: &mut Chain) -> Actor {
    make_counter(chain, CLINIC, None)
}

fn register(who: &Actor, counter: PartyId, form: Option<u8>, until: u64) -> Operation {
    Operation::RegisterCounter(RegisterCounter {
        subject: who.account,
        counter,
        form: form.map(commitment),
        until: at(until),
    })
}

fn by_form(chain: &Chain, who: &Actor) -> Operation {
    register(who, COUNTER, Some(160), chain.now + DAY_MS * 30)
}

/// Consent number `number` for somebody, from an instant on.
fn grant_for(who: &Actor, number: u8, from: u64) -> Operation {
    Operation::Grant(Grant {
        on_behalf_of: Some(who.account),
        valid_from: at(from),
        expires: at(AHEAD),
        ..grant_of(number)
    })
}

fn delegate_for(who: &Actor, guardian: &Actor, from: u64) -> Operation {
    Operation::Delegate(Delegate {
        subject: who.account,
        subject_key: None,
        guardian: guardian.account,
        powers: GuardianPowers::ALL,
        from: at(from),
        until: at(AHEAD),
        evidence: commitment(159),
    })
}

fn hasten(number: u8) -> Operation {
    let urgent = Urgent::Consent { consent: consent_id(number) };
    Operation::Hasten(Hasten { urgent, ground: commitment(161) })
}

fn hasten_guardian(who: &Actor, guardian: &Actor) -> Operation {
    let urgent = Urgent::Delegation { subject: who.account, guardian: guardian.account };
    Operation::Hasten(Hasten { urgent, ground: commitment(161) })
}

fn withdraw_for(number: u8) -> Operation {
    let (consent, evidence) = (consent_id(number), commitment(1));
    Operation::WithdrawFor(WithdrawFor { consent, evidence })
}

/// When what is entered in the next block may begin.
const fn soonest(chain: &Chain) -> u64 {
    chain.now + 1000 + DAY_MS
}

#[test]
fn a_counter_gives_for_those_who_registered_it_alone() {
    let mut chain = town_of(&slow());
    let from = soonest(&chain) + 100_000;
    let rows = vec![
        (4142, counter(), grant_for(&nobody(), 2, from)),
        (4142, counter(), delegate_for(&subject(), &child(), from)),
    ];
    refuses(&mut chain, rows);
    // With the subject's key.
    let until = chain.now + DAY_MS * 30;
    chain.must(&subject(), register(&subject(), COUNTER, None, until));
    chain.must(&counter(), delegate_for(&subject(), &child(), from));
    // By the form that somebody without a key signed, in the same transaction.
    let entered = vec![by_form(&chain, &nobody()), grant_for(&nobody(), 2, from)];
    assert_eq!(chain.outcome(&counter(), entered), 0);
    // The subject ends it, and it ends by itself.
    chain.must(&subject(), register(&subject(), COUNTER, None, 0));
    refuses(&mut chain, vec![(4142, counter(), grant_for(&subject(), 3, from))]);
    chain.now = until + DAY_MS;
    refuses(&mut chain, vec![(4142, counter(), grant_for(&nobody(), 3, AHEAD - 1))]);
}

#[test]
fn what_a_counter_gives_begins_after_the_delay() {
    let mut chain = town_of(&slow());
    let entered = by_form(&chain, &nobody());
    chain.must(&counter(), entered);
    let early = soonest(&chain) - 1;
    let rows = vec![
        (4144, counter(), grant_for(&nobody(), 2, early)),
        (4144, counter(), delegate_for(&nobody(), &subject(), early)),
    ];
    refuses(&mut chain, rows);
    let from = soonest(&chain);
    chain.must(&counter(), grant_for(&nobody(), 2, from));
    assert_eq!(chain.outcome(&Actor::party(PHARMACY), vec![ask(1, access(2, 1))]), 4016);
    let from = soonest(&chain);
    chain.must(&counter(), delegate_for(&nobody(), &subject(), from));
    refuses(&mut chain, vec![(4050, subject(), grant_for(&nobody(), 3, from))]);
    chain.now = from;
    chain.must(&Actor::party(PHARMACY), ask(1, access(2, 1)));
    chain.must(&subject(), grant_for(&nobody(), 3, from));
}

#[test]
fn whoever_is_concerned_and_any_counter_stops_it_before_it_begins() {
    let mut chain = town_of(&slow());
    let other = second(&mut chain);
    let entered = by_form(&chain, &nobody());
    chain.must(&counter(), entered);
    let from = soonest(&chain) + 100_000;
    chain.must(&counter(), grant_for(&nobody(), 2, from));
    chain.must(&counter(), delegate_for(&nobody(), &subject(), from));
    // Another counter, which nobody registered.
    chain.must(&other, withdraw_for(2));
    let end = EndDelegation { subject: nobody().account, guardian: subject().account };
    chain.must(&other, Operation::EndDelegation(end));
    chain.now = from;
    assert_eq!(chain.outcome(&Actor::party(PHARMACY), vec![ask(1, access(2, 1))]), 4014);
    refuses(&mut chain, vec![(4050, subject(), grant_for(&nobody(), 3, from))]);
}

#[test]
fn two_counters_of_different_organisations_together_begin_at_once() {
    let mut chain = town_of(&slow());
    let number = CorporateNumber::new(7_000_012_050_002);
    make_counter(&mut chain, COUNTER, number);
    let same = make_counter(&mut chain, PHARMACY, number);
    let other = second(&mut chain);
    let entered = by_form(&chain, &nobody());
    chain.must(&counter(), entered);
    let from = soonest(&chain) + 100_000;
    chain.must(&counter(), grant_for(&nobody(), 2, from));
    chain.must(&counter(), delegate_for(&nobody(), &subject(), from));
    let rows = vec![
        (4141, counter(), hasten(2)),
        (4141, same.clone(), hasten(2)),
        (4141, same, hasten_guardian(&nobody(), &subject())),
    ];
    refuses(&mut chain, rows);
    chain.must(&other, hasten(2));
    assert!(chain.state.consent(&consent_id(2)).unwrap().valid_from.as_millis() <= chain.now);
    assert_eq!(chain.state.entered(&consent_id(2)), None);
    chain.must(&other, hasten_guardian(&nobody(), &subject()));
    chain.must(&subject(), grant_for(&nobody(), 3, chain.now));
    let rows = vec![
        (4145, other.clone(), hasten(2)),
        (4145, other.clone(), hasten(3)),
        (4145, other, hasten_guardian(&nobody(), &subject())),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn a_counter_gives_so_often_a_day_and_ends_without_limit() {
    let mut chain = town_of(&slow());
    chain.must(&hospital(), opt_out(1, chain.now + 1_000_000));
    let other = second(&mut chain);
    let entered = by_form(&chain, &nobody());
    chain.must(&counter(), entered);
    let from = soonest(&chain) + 1_000_000;
    for number in 2..=5 {
        chain.must(&counter(), grant_for(&nobody(), number, from));
    }
    let stop = StopOptOut {
        controller: HOSPITAL,
        scheme: 1,
        person: commitment(1),
        evidence: Some(commitment(1)),
    };
    let again = by_form(&chain, &other_subject());
    let rows = vec![
        (4143, counter(), grant_for(&nobody(), 6, from)),
        (4143, counter(), again),
        (4143, counter(), Operation::StopOptOut(stop.clone())),
    ];
    refuses(&mut chain, rows);
    for number in 2..=5 {
        chain.must(&counter(), withdraw_for(number));
    }
    // Another counter's day is its own, and tomorrow is another day.
    chain.must(&other, Operation::StopOptOut(stop));
    chain.now = (chain.now / DAY_MS + 1) * DAY_MS;
    let from = soonest(&chain);
    chain.must(&counter(), grant_for(&nobody(), 6, from));
}

#[test]
fn counters_in_order() {
    let mut chain = town_of(&slow());
    let other = second(&mut chain);
    let (past, furthest) = (chain.now, chain.now + 367 * DAY_MS);
    let rows = vec![
        (4011, akari(), register(&akari(), COUNTER, None, past)),
        (4011, subject(), register(&child(), COUNTER, None, past)),
        (4011, subject(), register(&subject(), COUNTER, Some(1), past)),
        (4011, counter(), register(&subject(), COUNTER, None, past)),
        (4011, other, register(&subject(), COUNTER, Some(1), past)),
        (4001, subject(), register(&subject(), crate::fixture::NO_PARTY, None, past)),
        (4003, subject(), register(&subject(), HOSPITAL, None, past)),
        (4003, hospital(), register(&subject(), HOSPITAL, Some(1), past)),
        (4042, counter(), register(&subject(), COUNTER, Some(1), past)),
        (4042, counter(), register(&subject(), COUNTER, Some(1), furthest)),
        (4001, akari(), hasten(9)),
        (4003, hospital(), hasten(9)),
        (4012, counter(), hasten(9)),
        (4145, counter(), hasten(1)),
        (4070, counter(), hasten_guardian(&nobody(), &subject())),
    ];
    refuses(&mut chain, rows);
}
