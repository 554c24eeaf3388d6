//! The settlement cycle: what is captured and when, that it is owed until all banks confirmed, and
//! that nobody's balance ever moves by it.

use ledger::record::{Bank, Confirmation, Cycle, CycleOver, CyclePart, PairPosition, Record};
use ledger::state::keys;
use ledger::{InvariantViolation, State};
use ledger_types::event::{
    BankNet, CycleClosed, CycleEnd, CycleEnded, Event, List, PairNet, SettlementConfirmed,
};
use ledger_types::genesis::{Genesis, Retention};
use ledger_types::operation::{
    CloseCycle, ConfirmSettlement, FailSettlement, Operation, SetNetDebitCap, SettlementFailure,
};
use ledger_types::{BankId, Height, Position, Timestamp, codec};

use super::chain::{Chain, Picture, picture};
use super::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, TADAMI, akari, botan, chika, commitment, genesis, operator,
    toru, yen,
};
use super::happy::{commits, put, transfer};
use super::rejections::refuses;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

pub(crate) fn close(cycle: u32) -> Operation {
    Operation::CloseCycle(CloseCycle { cycle })
}

pub(crate) fn confirm(cycle: u32) -> Operation {
    Operation::ConfirmSettlement(ConfirmSettlement { cycle, external_ref: commitment(80) })
}

pub(crate) fn fail(cycle: u32) -> Operation {
    let (cause, ground) = (SettlementFailure::Unpaid, commitment(81));
    Operation::FailSettlement(FailSettlement { cycle, cause, ground })
}

fn capped(bank: BankId, cap: u64) -> Operation {
    Operation::SetNetDebitCap(SetNetDebitCap { bank, cap: yen(cap) })
}

fn pair(lower: BankId, higher: BankId, position: i64) -> PairNet {
    PairNet { lower, higher, position: Position::new(position) }
}

fn net(bank: BankId, position: i64) -> BankNet {
    BankNet { bank, account: Actor::bank(bank).account, position: Position::new(position) }
}

fn part(bank: BankId, position: i64, confirmed: Option<u64>) -> CyclePart {
    let confirmed = confirmed
        .map(|height| Confirmation { external_ref: commitment(80), height: Height::new(height) });
    CyclePart { bank, position: Position::new(position), confirmed }
}

pub(crate) fn position(state: &State, bank: BankId) -> i64 {
    state.bank(bank).unwrap().position.get()
}

fn bank_of(picture: &mut Picture, bank: BankId) -> &mut Bank {
    match picture.get_mut(keys::bank(bank).as_bytes()) {
        Some(Record::Bank(record)) => record,
        other => panic!("no bank: {other:?}"),
    }
}

/// Aizu owes Bandai 30 and Tadami 20, Bandai owes Tadami 10: 50 to be paid by Aizu.
fn owing() -> Chain {
    let mut chain = Chain::new();
    for (from, to, amount) in [(akari(), botan(), 30), (akari(), toru(), 20), (botan(), toru(), 10)]
    {
        chain.must(&from, transfer(&to, amount));
    }
    chain
}

/// The cycle of that, closed at this height.
fn captured(closed: u64, closed_at: u64) -> Cycle {
    Cycle {
        closed: Height::new(closed),
        closed_at: Timestamp::from_millis(closed_at),
        pairs: vec![pair(AIZU, BANDAI, -30), pair(AIZU, TADAMI, -20), pair(BANDAI, TADAMI, -10)],
        parts: vec![part(AIZU, -50, None), part(BANDAI, 20, None), part(TADAMI, 30, None)],
        pledged: vec![],
        ended: None,
    }
}

fn nets() -> Vec<BankNet> {
    vec![net(AIZU, -50), net(BANDAI, 20), net(TADAMI, 30)]
}

fn told_to(event: &Event) -> Vec<List> {
    let banks = [AIZU, BANDAI, TADAMI].map(|bank| List::Account(Actor::bank(bank).account));
    let mut all = banks.to_vec();
    if matches!(event, Event::CycleClosed(_)) {
        all.push(List::Account(operator().account));
    }
    all.sort_unstable();
    all
}

#[test]
fn a_cycle_captures_what_is_owed_and_moves_nothing() {
    let mut chain = owing();
    let record = captured(4, chain.now + 1000);
    let pairs = record.pairs.clone();
    let events = commits(&mut chain, &operator(), close(1), |picture| {
        put(picture, keys::cycle(1), Record::Cycle(Box::new(record)));
    });
    let (nets, operator) = (nets(), operator().account);
    let closed = Event::CycleClosed(CycleClosed { cycle: 1, pairs, nets, operator });
    assert_eq!(closed.enters(), told_to(&closed));
    assert_eq!(events, [closed]);
}

#[test]
fn a_confirmation_is_kept_and_the_last_one_takes_the_amounts_out() {
    let mut chain = owing();
    chain.must(&operator(), close(1));
    let mut record = captured(4, chain.now);
    let external_ref = commitment(80);
    for (place, bank) in [(1, BANDAI), (0, AIZU)] {
        record.parts[place].confirmed =
            Some(Confirmation { external_ref, height: chain.state.height().next().unwrap() });
        let record = record.clone();
        let events = commits(&mut chain, &Actor::bank(bank), confirm(1), |picture| {
            put(picture, keys::cycle(1), Record::Cycle(Box::new(record)));
        });
        let part = nets()[place];
        let confirmed = SettlementConfirmed { cycle: 1, part, external_ref };
        assert_eq!(events, [Event::SettlementConfirmed(confirmed)]);
    }
    let (height, time) = (Height::new(7), Timestamp::from_millis(chain.now + 1000));
    record.parts[2].confirmed = Some(Confirmation { external_ref, height });
    record.ended = Some(CycleOver { height, time, end: CycleEnd::Settled });
    let events = commits(&mut chain, &Actor::bank(TADAMI), confirm(1), |picture| {
        put(picture, keys::cycle(1), Record::Cycle(Box::new(record.clone())));
        for PairNet { lower, higher, .. } in record.pairs {
            let none = PairPosition { position: Position::ZERO };
            put(picture, keys::pair_position(lower, higher), Record::PairPosition(none));
        }
        for BankNet { bank, position, .. } in nets() {
            let record = bank_of(picture, bank);
            (record.position, record.settled) = (Position::ZERO, position);
        }
    });
    let (part, by) = (net(TADAMI, 30), Actor::bank(TADAMI).account);
    let confirmed = SettlementConfirmed { cycle: 1, part, external_ref };
    let ended = CycleEnded { cycle: 1, nets: nets(), end: CycleEnd::Settled, by };
    let ended = Event::CycleEnded(ended);
    assert_eq!(ended.enters(), told_to(&ended));
    assert_eq!(events, [Event::SettlementConfirmed(confirmed), ended]);
}

#[test]
fn what_was_paid_since_the_close_stays_owed() {
    let mut chain = owing();
    chain.must(&operator(), close(1));
    chain.must(&chika(), transfer(&botan(), 7));
    chain.must(&toru(), transfer(&chika(), 60));
    for bank in [AIZU, BANDAI, TADAMI] {
        chain.must(&Actor::bank(bank), confirm(1));
    }
    let found = [AIZU, BANDAI, TADAMI].map(|bank| position(&chain.state, bank));
    assert_eq!(found, [53, 7, -60]);
    assert_eq!(chain.state.pair(AIZU, BANDAI).unwrap().position.get(), -7);
    assert_eq!(chain.state.pair(AIZU, TADAMI).unwrap().position.get(), 60);
    assert_eq!(chain.state.pair(BANDAI, TADAMI).unwrap().position.get(), 0);
}

#[test]
fn a_failed_cycle_moves_nothing_and_the_next_captures_it_anew() {
    let mut chain = owing();
    chain.must(&operator(), close(1));
    chain.must(&Actor::bank(AIZU), confirm(1));
    let mut record = captured(4, chain.now - 1000);
    let (height, time) = (Height::new(6), Timestamp::from_millis(chain.now + 1000));
    record.parts[0] = part(AIZU, -50, Some(5));
    let (cause, ground) = (SettlementFailure::Unpaid, commitment(81));
    let end = CycleEnd::Failed { cause, ground };
    record.ended = Some(CycleOver { height, time, end });
    let events = commits(&mut chain, &operator(), fail(1), |picture| {
        put(picture, keys::cycle(1), Record::Cycle(Box::new(record)));
    });
    let by = operator().account;
    assert_eq!(events, [Event::CycleEnded(CycleEnded { cycle: 1, nets: nets(), end, by })]);
    chain.must(&botan(), transfer(&akari(), 5));
    chain.must(&operator(), close(2));
    let parts = &chain.state.cycle(2).unwrap().parts;
    assert_eq!(parts[..], [part(AIZU, -45, None), part(BANDAI, 15, None), part(TADAMI, 30, None)]);
}

#[test]
fn where_every_bank_owes_as_much_as_it_is_owed_the_close_settles() {
    let mut chain = Chain::new();
    for (from, to) in [(akari(), botan()), (botan(), toru()), (toru(), akari())] {
        chain.must(&from, transfer(&to, 9));
    }
    chain.must(&operator(), close(1));
    let record = chain.state.cycle(1).unwrap();
    assert_eq!((record.pairs.len(), record.parts.len()), (3, 0));
    assert!(matches!(record.ended, Some(CycleOver { end: CycleEnd::Settled, .. })));
    assert!(chain.state.positions().all(|(_, position)| position.is_zero()));
    refuses(&mut chain, vec![(2072, operator(), close(2))]);
}

#[test]
fn close_cycle_in_order() {
    let mut chain = Chain::new();
    let rows = vec![
        (5001, Actor::bank(AIZU), close(0)),
        (5001, Actor::party(HOSPITAL), close(0)),
        (2070, operator(), close(0)),
        (2070, operator(), close(2)),
        (2072, operator(), close(1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(1));
    let rows = vec![
        (5001, akari(), close(2)),
        (2070, operator(), close(1)),
        (2070, operator(), close(3)),
        (2070, operator(), close(u32::MAX)),
        (2071, operator(), close(2)),
    ];
    refuses(&mut chain, rows);
    chain.must(&operator(), fail(1));
    refuses(&mut chain, vec![(2070, operator(), close(1)), (2070, operator(), close(3))]);
    chain.must(&operator(), close(2));
}

#[test]
fn confirm_settlement_in_order() {
    let mut chain = Chain::new();
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(1));
    chain.must(&Actor::bank(AIZU), confirm(1));
    let rows = vec![
        (2010, akari(), confirm(9)),
        (2010, Actor::party(HOSPITAL), confirm(9)),
        (2010, operator(), confirm(1)),
        (2073, Actor::bank(TADAMI), confirm(9)),
        (2073, Actor::bank(AIZU), confirm(0)),
        (2075, Actor::bank(TADAMI), confirm(1)),
        (2076, Actor::bank(AIZU), confirm(1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&Actor::bank(BANDAI), confirm(1));
    let ended = vec![
        (2074, Actor::bank(TADAMI), confirm(1)),
        (2074, Actor::bank(AIZU), confirm(1)),
        (2074, Actor::bank(BANDAI), confirm(1)),
    ];
    refuses(&mut chain, ended);
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(2));
    chain.must(&operator(), fail(2));
    refuses(&mut chain, vec![(2074, Actor::bank(AIZU), confirm(2))]);
}

#[test]
fn fail_settlement_in_order() {
    let mut chain = Chain::new();
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(1));
    let rows = vec![
        (5001, Actor::bank(AIZU), fail(9)),
        (5001, Actor::party(HOSPITAL), fail(9)),
        (2073, operator(), fail(9)),
        (2073, operator(), fail(0)),
    ];
    refuses(&mut chain, rows);
    chain.must(&operator(), fail(1));
    refuses(&mut chain, vec![(2074, operator(), fail(1))]);
    chain.must(&operator(), close(2));
    for bank in [AIZU, BANDAI] {
        chain.must(&Actor::bank(bank), confirm(2));
    }
    refuses(&mut chain, vec![(2074, operator(), fail(2))]);
}

/// Acceptance scenario 2 of the domain: a cap that is hit, netting, a failed settlement, its retry.
#[test]
fn a_payment_that_hit_the_cap_goes_through_once_a_failed_settlement_was_retried() {
    let mut chain = Chain::new();
    chain.must(&operator(), capped(AIZU, 40));
    chain.must(&akari(), transfer(&botan(), 40));
    let refused = |chain: &mut Chain| refuses(chain, vec![(2005, chika(), transfer(&botan(), 1))]);
    refused(&mut chain);
    chain.must(&operator(), close(1));
    // Captured is not paid: it goes on counting against the cap.
    refused(&mut chain);
    chain.must(&Actor::bank(BANDAI), confirm(1));
    chain.must(&operator(), fail(1));
    refused(&mut chain);
    refuses(&mut chain, vec![(2074, Actor::bank(AIZU), confirm(1))]);
    chain.must(&operator(), close(2));
    chain.must(&Actor::bank(AIZU), confirm(2));
    refused(&mut chain);
    chain.must(&Actor::bank(BANDAI), confirm(2));
    chain.must(&chika(), transfer(&botan(), 40));
    assert_eq!(position(&chain.state, AIZU), -40);
    refused(&mut chain);
    let balances = [akari(), botan(), chika()].map(|holder| balance(&chain.state, &holder));
    assert_eq!(balances, [60, 180, 60]);
}

fn balance(state: &State, holder: &Actor) -> u64 {
    state.account(&holder.account).unwrap().balance.get()
}

#[test]
fn a_cycle_that_ended_leaves_after_its_days_and_the_last_one_stays() {
    let mut document = genesis();
    document.parameters.retention = Retention::SHORTEST;
    let mut chain = Chain::of(&document);
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(1));
    chain.now = 2 * DAY_MS;
    chain.must(&operator(), fail(1));
    chain.must(&operator(), close(2));
    let numbers = |chain: &Chain| chain.state.cycles().map(|(cycle, _)| cycle).collect::<Vec<_>>();
    // It is counted from the end, on the second day, not from the close.
    chain.now = 5 * DAY_MS;
    chain.commit(vec![]);
    assert_eq!(numbers(&chain), [1, 2]);
    chain.now = 6 * DAY_MS;
    chain.commit(vec![]);
    assert_eq!(numbers(&chain), [2]);
    refuses(&mut chain, vec![(2073, Actor::bank(AIZU), confirm(1)), (2070, operator(), close(1))]);
    for bank in [AIZU, BANDAI] {
        chain.must(&Actor::bank(bank), confirm(2));
    }
    chain.now = 90 * DAY_MS;
    chain.commit(vec![]);
    assert_eq!(numbers(&chain), [2]);
    refuses(&mut chain, vec![(2070, operator(), close(1)), (2070, operator(), close(2))]);
    chain.must(&akari(), transfer(&botan(), 1));
    chain.must(&operator(), close(3));
    chain.commit(vec![]);
    assert_eq!(numbers(&chain), [3]);
}

#[test]
fn a_waiting_cycle_stays_whatever_its_age() {
    let mut document = genesis();
    document.parameters.retention = Retention::SHORTEST;
    let mut chain = Chain::of(&document);
    chain.must(&akari(), transfer(&botan(), 30));
    chain.must(&operator(), close(1));
    chain.now = 400 * DAY_MS;
    chain.commit(vec![]);
    for bank in [AIZU, BANDAI] {
        chain.must(&Actor::bank(bank), confirm(1));
    }
    assert_eq!(position(&chain.state, AIZU), 0);
}

/// The state with one record changed, and what it violates.
fn violation(chain: &Chain, document: &Genesis, change: impl Fn(&mut Cycle)) -> InvariantViolation {
    let records = chain.state.records().map(|mut stored| {
        if stored.key == keys::cycle(1).as_bytes() {
            let Ok(Record::Cycle(mut cycle)) = borsh::from_slice(&stored.value) else {
                panic!("a cycle")
            };
            change(&mut cycle);
            stored.value = codec::encode(&Record::Cycle(cycle));
        }
        stored
    });
    let state = State::restore(document, &chain.state.tip_bytes(), records).unwrap();
    state.conservation().unwrap_err()
}

#[test]
fn a_cycle_that_is_not_what_its_pairs_make_is_seen() {
    let document = genesis();
    let mut chain = owing();
    chain.must(&operator(), close(1));
    let changes: [&dyn Fn(&mut Cycle); 6] = [
        &|cycle| cycle.parts[0].position = Position::new(-49),
        &|cycle| cycle.pairs[0].position = Position::new(-31),
        &|cycle| cycle.pairs.swap(0, 1),
        &|cycle| {
            cycle.parts.pop();
        },
        &|cycle| {
            cycle
                .parts
                .iter_mut()
                .for_each(|one| *one = part(one.bank, one.position.get(), Some(5)))
        },
        &|cycle| {
            let (height, time) = (Height::new(5), cycle.closed_at);
            cycle.ended = Some(CycleOver { height, time, end: CycleEnd::Settled });
        },
    ];
    for change in changes {
        assert_eq!(violation(&chain, &document, change), InvariantViolation::Cycle);
    }
    chain.must(&operator(), fail(1));
    chain.must(&operator(), close(2));
    let before_another = violation(&chain, &document, |cycle| cycle.ended = None);
    assert_eq!(before_another, InvariantViolation::Cycle);
}

/// A cycle and its end in one transaction leave nothing but the end.
#[test]
fn a_transaction_that_closes_and_fails_is_all_or_nothing() {
    let mut chain = owing();
    let before = picture(&chain.state);
    assert_eq!(chain.outcome(&operator(), vec![close(1), fail(1), fail(1)]), 2074);
    assert_eq!(chain.state.cycles().count(), 0);
    assert_eq!(before.len(), picture(&chain.state).len());
    assert_eq!(chain.outcome(&operator(), vec![close(1), fail(1), close(2)]), 0);
    assert_eq!(chain.state.cycles().count(), 2);
}
