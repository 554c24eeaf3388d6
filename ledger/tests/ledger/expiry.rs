//! Records that end: what leaves and when, what stays, and that no identity lives twice.

use ledger::GenesisError;
use ledger::record::{Pairing, Record};
use ledger_types::genesis::{Genesis, Retention};
use ledger_types::limits::{AGED_PER_BLOCK_MAX, RETENTION_DAYS_MIN};
use ledger_types::operation::{
    AnswerSubjectRequest, CancelRedeem, Finding, Half, NotifySubject, Operation, ReadAccessLog,
    ReadRight, RequestKind, RequestOutcome, ReviewBreakGlass, SubjectRequest,
};
use ledger_types::{Day, Hash};

use super::chain::{Chain, codes, picture};
use super::consent::world::{self, AMBULANCE, glass, hospital};
use super::fixture::{
    AUDITOR, Actor, HOSPITAL, PHARMACY, access, access_id, akari, ask, asked_on, commitment,
    consent_id, grant_of, hourly, later, received, subject, used,
};
use super::happy::request;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The town, where everything that ends is kept for three days.
fn town() -> Chain {
    world::town_of(&short_lived())
}

fn short_lived() -> Genesis {
    let mut genesis = world::genesis();
    genesis.parameters.retention = Retention::SHORTEST;
    genesis
}

/// An empty block on the day so many days after the first.
fn on_day(chain: &mut Chain, day: u64) {
    chain.now = day * DAY_MS;
    chain.commit(vec![]);
}

fn asked(request: Hash) -> Operation {
    Operation::SubjectRequest(SubjectRequest {
        request,
        controller: HOSPITAL,
        kind: RequestKind::Erase,
        commitment: commitment(1),
        on_behalf_of: None,
    })
}

fn answered(request: Hash) -> Operation {
    let (outcome, commitment) = (RequestOutcome::Done, commitment(2));
    Operation::AnswerSubjectRequest(AnswerSubjectRequest { request, outcome, commitment })
}

/// How many records there are of these kinds.
fn count(chain: &Chain, is_counted: impl Fn(&Record) -> bool) -> usize {
    picture(&chain.state).values().filter(|record| is_counted(record)).count()
}

/// Of each kind that ends: one that has ended, and one that has not.
fn busy() -> Chain {
    let mut chain = town();
    let (ambulance, pharmacy) = (Actor::party(AMBULANCE), Actor::party(PHARMACY));
    chain.must(&akari(), request(commitment(50), 10));
    let cancel = CancelRedeem { redeem: commitment(50) };
    chain.must(&akari(), Operation::CancelRedeem(cancel));
    chain.must(&akari(), request(commitment(51), 10));
    for number in [107, 108] {
        chain.must(&subject(), asked(commitment(number)));
    }
    chain.must(&hospital(), answered(commitment(107)));
    for id in 1..=3 {
        chain.must(&pharmacy, ask(id, access(1, 1)));
    }
    for (id, disclosed) in [(1, 160), (2, 161)] {
        chain.must(&hospital(), used(id, disclosed));
        chain.must(&pharmacy, received(id, 160));
    }
    for number in [140, 141] {
        chain.must(&ambulance, glass(number, chain.now));
    }
    let (glass, finding) = (commitment(140), Finding::Justified);
    let review = ReviewBreakGlass { glass, finding, commitment: commitment(1) };
    chain.must(&Actor::party(AUDITOR), Operation::ReviewBreakGlass(review));
    let notify = NotifySubject { glass, evidence: commitment(2) };
    chain.must(&ambulance, Operation::NotifySubject(notify));
    let right = ReadRight::Consent { consent: consent_id(1) };
    let read = ReadAccessLog { read: commitment(103), subject: subject().account, right };
    chain.must(&hospital(), Operation::ReadAccessLog(read));
    chain
}

#[test]
fn what_has_ended_leaves_after_its_days_and_what_has_not_never_does() {
    let mut chain = busy();
    let is_there = |chain: &Chain| {
        let state = &chain.state;
        [
            state.redeem(&commitment(50)).is_some(),
            state.subject_request(&commitment(107)).is_some(),
            state.access(&access_id(1)).is_some(),
            state.glass(&commitment(140)).is_some(),
            state.log_read(&commitment(103)).is_some(),
        ]
    };
    on_day(&mut chain, 3);
    assert_eq!(is_there(&chain), [true; 5], "for three days");
    assert!(chain.state.redeem(&commitment(51)).is_some(), "it holds value still");
    on_day(&mut chain, 4);
    assert_eq!(is_there(&chain), [false; 5]);
    on_day(&mut chain, 9);
    assert!(chain.state.redeem(&commitment(51)).is_none(), "it has lapsed");
    on_day(&mut chain, 10 * 366);
    // Not answered, not reviewed: whatever their age.
    let asked = chain.state.subject_request(&commitment(108)).unwrap();
    assert!(asked.overdue.is_some() && asked.answer.is_none());
    assert!(chain.state.glass(&commitment(141)).unwrap().review_overdue.is_some());
    // Once it is answered, however late, it leaves with the next block.
    chain.must(&hospital(), answered(commitment(108)));
    chain.commit(vec![]);
    assert!(chain.state.subject_request(&commitment(108)).is_none());
}

#[test]
fn an_unmatched_access_never_leaves_by_age() {
    let mut chain = busy();
    let pharmacy = Actor::party(PHARMACY);
    // Three uses are all that the first consent permits.
    let grant = chain.cosigned(&subject(), &[&hospital()], vec![Operation::Grant(grant_of(2))]);
    assert_eq!(codes(&chain.commit(vec![grant])), [0]);
    for id in 4..=5 {
        chain.must(&pharmacy, ask(id, access(2, 1)));
    }
    chain.must(&pharmacy, received(4, 160));
    chain.must(&hospital(), used(5, 160));
    // The halves of access 2 differ, 3 has none, of 4 and 5 one is overdue.
    on_day(&mut chain, 10 * 366);
    for id in 2..=5 {
        let record = chain.state.access(&access_id(id));
        let is_overdue = record.is_some_and(|record| record.overdue.is_some());
        assert!(record.is_some() && is_overdue == matches!(id, 4 | 5), "access {id}");
    }
    // Once the missing half comes, it is whole and old, and leaves with the next block.
    chain.must(&hospital(), used(4, 160));
    assert!(chain.state.access(&access_id(4)).is_some());
    chain.commit(vec![]);
    assert!(chain.state.access(&access_id(4)).is_none());
    assert!(chain.state.access(&access_id(5)).is_some());
}

#[test]
fn a_second_root_is_taken_although_the_accesses_of_its_hour_have_left() {
    let mut chain = busy();
    let root = |half, counterparty, hour| {
        Operation::RecordDisclosures(hourly(1, half, counterparty, hour, 5))
    };
    chain.now = DAY_MS;
    chain.must(&hospital(), root(Half::Holder, PHARMACY, 0));
    on_day(&mut chain, 5);
    assert!(chain.state.access(&access_id(1)).is_none());
    let pharmacy = Actor::party(PHARMACY);
    // The first root of an hour shows an access that is there.
    assert_eq!(chain.outcome(&pharmacy, vec![root(Half::Recipient, HOSPITAL, 1)]), 4078);
    chain.must(&pharmacy, root(Half::Recipient, HOSPITAL, 0));
    let record = chain.state.disclosures(HOSPITAL, PHARMACY, 0).unwrap();
    assert_eq!(record.pairing(), Pairing::Matched);
    assert_eq!(chain.outcome(&pharmacy, vec![root(Half::Recipient, HOSPITAL, 0)]), 4082);
}

#[test]
fn an_identity_is_of_yesterday_today_or_tomorrow_and_never_lives_again() {
    let mut chain = town();
    on_day(&mut chain, 10);
    let of_day = |day: u64| later(day * DAY_MS, 50);
    for (day, code) in [(8, 4108), (9, 0), (10, 0), (11, 0), (12, 4108)] {
        assert_eq!(chain.outcome(&subject(), vec![asked(of_day(day))]), code, "day {day}");
    }
    for day in 9..=11 {
        chain.must(&hospital(), answered(of_day(day)));
        // Sent again, it is told what it was told before: that it exists.
        assert_eq!(chain.outcome(&subject(), vec![asked(of_day(day))]), 4064);
    }
    on_day(&mut chain, 13);
    assert_eq!(chain.outcome(&subject(), vec![asked(of_day(9))]), 4108, "it has left");
    assert!(chain.state.subject_request(&of_day(9)).is_none());
    assert!(chain.state.subject_request(&of_day(10)).is_some());
    // The other four kinds ask it too.
    let old = of_day(8);
    let read = ReadRight::Consent { consent: consent_id(1) };
    let basis = ledger_types::operation::AccessBasis::BreakGlass { glass: old };
    let rows = [
        (2023, akari(), request(old, 1)),
        (4108, Actor::party(AMBULANCE), world::glass_of(old, chain.now)),
        (4108, Actor::party(PHARMACY), Operation::RequestAccess(asked_on(old, basis))),
        (
            4108,
            hospital(),
            Operation::ReadAccessLog(ReadAccessLog {
                read: old,
                subject: subject().account,
                right: read,
            }),
        ),
    ];
    for (code, actor, operation) in rows {
        assert_eq!(chain.outcome(&actor, vec![operation]), code);
    }
}

#[test]
fn a_block_looks_at_so_many_and_the_next_goes_on() {
    let mut chain = town();
    let requests: Vec<Hash> =
        (0..700_u32).map(|n| Day::new(0).id(Hash::of(&[&n.to_be_bytes()]))).collect();
    for some in requests.chunks(60) {
        let tx = chain.tx(&subject(), some.iter().map(|request| asked(*request)).collect());
        assert_eq!(codes(&chain.commit(vec![tx])), [0]);
        // Every second one is answered: the others stay, and are gone past.
        let answers = some.iter().step_by(2).map(|request| answered(*request)).collect();
        let tx = chain.tx(&hospital(), answers);
        assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    }
    let left = |chain: &Chain| count(chain, |r| matches!(r, Record::SubjectRequest(_)));
    let cursors = |chain: &Chain| count(chain, |r| matches!(r, Record::Cursor(_)));
    on_day(&mut chain, 4);
    assert!(left(&chain) >= 700 - AGED_PER_BLOCK_MAX && cursors(&chain) == 1);
    for _ in 0..4 {
        chain.commit(vec![]);
    }
    assert_eq!(left(&chain), 350);
    while cursors(&chain) > 0 {
        chain.commit(vec![]);
    }
    assert_eq!(left(&chain), 350);
}

#[test]
fn genesis_refuses_to_keep_anything_too_short() {
    let check = |change: &dyn Fn(&mut Retention)| {
        let mut genesis = short_lived();
        change(&mut genesis.parameters.retention);
        ledger::State::from_genesis(&genesis, []).err()
    };
    assert_eq!(check(&|_| {}), None);
    let day = RETENTION_DAYS_MIN - 1;
    let refused = |what: &str, change: &dyn Fn(&mut Retention)| {
        let Some(GenesisError::RetentionTooShort(short)) = check(change) else { panic!("{what}") };
        assert_eq!((short.what, short.days, short.least), (what, 2, 3));
    };
    refused("read_days", &|kept| kept.read_days = day);
    refused("redeem_days", &|kept| kept.redeem_days = day);
    refused("access_days", &|kept| kept.access_days = day);
}

#[test]
fn genesis_refuses_to_serve_accesses_for_less_than_three_years() {
    let mut genesis = short_lived();
    genesis.parameters.retention.access_served_days = 1096;
    assert!(ledger::State::from_genesis(&genesis, []).is_ok(), "the state keeps them for 3 days");
    genesis.parameters.retention.access_served_days = 1095;
    let refused = ledger::State::from_genesis(&genesis, []).unwrap_err();
    let expected = "parameters.retention.access_served_days is 1095, at least 1096 are asked: both \
                    halves of the record of a disclosure are kept for three years (APPI articles \
                    29 and 30)";
    assert_eq!(refused.to_string(), expected);
}
