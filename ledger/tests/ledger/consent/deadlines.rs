//! Duties that consensus itself finds overdue, in empty blocks too, and duties that are fulfilled.

use ledger::record::{Duty, Pairing, Record};
use ledger_types::consent::RegimeRules;
use ledger_types::event::{Event, Overdue};
use ledger_types::limits::DUES_PER_BLOCK_MAX;
use ledger_types::operation::{
    AccessBasis, AcknowledgeWithdrawal, Deletion, Finding, Half, NameHolder, NotifySubject,
    Operation, RecordDisclosures, RequestKind, ReviewBreakGlass, SubjectRequest, Withdraw,
};
use ledger_types::{Day, Hash, PartyId, PartyRoles};

use super::world::{AMBULANCE, CLINIC, ask_on, at, genesis, glass, glass_of, hospital, town};
use crate::chain::{Chain, codes, picture};
use crate::fixture::{
    AUDITOR, Actor, HOSPITAL, PHARMACY, access, access_id, ask, asked_on, commitment, consent_id,
    holder_salt, hourly, later, received, subject, used,
};

const RULES: RegimeRules = RegimeRules::INITIAL;

/// Commits an empty block at `millis`; what it found overdue.
fn overdue_at(chain: &mut Chain, millis: u64) -> Vec<(Duty, PartyId)> {
    chain.now = millis - 1000;
    let applied = chain.commit(vec![]);
    let found = applied.events.into_iter().map(|happened| match happened.event {
        Event::Overdue(Overdue { duty, debtor, deadline, .. }) => {
            assert_eq!(happened.transaction, None);
            assert!(deadline <= at(millis));
            (duty, debtor)
        }
        other => panic!("an empty block raised {other:?}"),
    });
    found.collect()
}

fn dues(chain: &Chain) -> usize {
    picture(&chain.state).values().filter(|record| matches!(record, Record::Due(_))).count()
}

fn acknowledge() -> Operation {
    Operation::AcknowledgeWithdrawal(AcknowledgeWithdrawal {
        consent: consent_id(1),
        stopped_at: at(1),
        deletion: Deletion::Done,
        propagated_to: vec![PHARMACY],
    })
}

#[test]
fn an_unacknowledged_end_is_overdue_at_its_instant_and_not_before() {
    let mut chain = town();
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(1) }));
    let deadline = chain.now + RULES.acknowledge_within_ms;
    assert_eq!(overdue_at(&mut chain, deadline - 1), []);
    let expected = (Duty::Acknowledge(consent_id(1)), HOSPITAL);
    assert_eq!(overdue_at(&mut chain, deadline), [expected]);
    let record = chain.state.acknowledgement(&consent_id(1)).unwrap();
    assert_eq!((record.overdue, record.done.is_none()), (Some(chain.state.height()), true));
    assert_eq!(overdue_at(&mut chain, deadline + 5000), []);
    // A late answer is taken, and the mark stays.
    chain.must(&hospital(), acknowledge());
    let record = chain.state.acknowledgement(&consent_id(1)).unwrap();
    assert!(record.overdue.is_some() && record.done.is_some());
    assert_eq!(dues(&chain), 0);
}

#[test]
fn what_is_done_in_time_is_never_overdue() {
    let mut chain = town();
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(1) }));
    assert_eq!(dues(&chain), 1);
    chain.must(&hospital(), acknowledge());
    assert_eq!(dues(&chain), 0);
    let end = chain.now + 2 * RULES.acknowledge_within_ms;
    assert_eq!(overdue_at(&mut chain, end), []);
}

#[test]
fn halves_match_differ_or_are_missed() {
    let mut chain = town();
    for id in 1..=3 {
        chain.must(&Actor::party(PHARMACY), ask(id, access(1, 1)));
    }
    let pharmacy = || Actor::party(PHARMACY);
    chain.must(&hospital(), used(1, 160));
    chain.must(&pharmacy(), received(1, 160));
    chain.must(&pharmacy(), received(2, 161));
    chain.must(&hospital(), used(2, 162));
    chain.must(&pharmacy(), received(3, 163));
    let pairing = |chain: &Chain, id| chain.state.access(&access_id(id)).unwrap().pairing();
    assert_eq!(pairing(&chain, 1), Pairing::Matched);
    assert_eq!(pairing(&chain, 2), Pairing::Mismatched);
    assert_eq!(pairing(&chain, 3), Pairing::Waiting);
    assert_eq!(dues(&chain), 1);
    let end = chain.now + RULES.match_within_ms;
    assert_eq!(overdue_at(&mut chain, end), [(Duty::Match(access_id(3)), PHARMACY)]);
}

#[test]
fn an_overdue_review_denies_other_access_but_never_another_broken_glass() {
    let mut chain = town();
    let ambulance = || Actor::party(AMBULANCE);
    let opened = chain.now + 1000;
    chain.must(&ambulance(), glass(140, opened));
    let basis = |glass| AccessBasis::BreakGlass { glass };
    let first = commitment(140);
    chain.must(&ambulance(), ask_on(1, basis(first)));
    chain.must(&ambulance(), ask(2, access(1, 1)));
    let end = opened + RULES.review_within_ms;
    assert_eq!(overdue_at(&mut chain, end), [(Duty::Review(commitment(140)), AMBULANCE)]);
    // The consent has expired meanwhile; the overdue review is found before that.
    let today = |number| later(end, number);
    let asked = |number, basis| Operation::RequestAccess(asked_on(today(number), basis));
    let consent = || AccessBasis::Consent(access(1, 1));
    assert_eq!(chain.outcome(&ambulance(), vec![asked(3, consent())]), 4081);
    let (opened, second) = (chain.now + 1000, today(141));
    chain.must(&ambulance(), glass_of(second, opened));
    chain.must(&ambulance(), asked(4, basis(second)));
    let review = |glass| {
        let commitment = commitment(142);
        let finding = Finding::Justified;
        Operation::ReviewBreakGlass(ReviewBreakGlass { glass, finding, commitment })
    };
    chain.must(&Actor::party(AUDITOR), review(first));
    assert_eq!(chain.outcome(&ambulance(), vec![asked(5, consent())]), 4015);
    chain.must(&Actor::party(AUDITOR), review(second));
    assert_eq!(dues(&chain), 2, "both people must still be told");
    for glass in [first, second] {
        let evidence = commitment(143);
        chain.must(&ambulance(), Operation::NotifySubject(NotifySubject { glass, evidence }));
    }
    assert_eq!(dues(&chain), 0);
    assert_eq!(chain.state.party(AMBULANCE).unwrap().overdue_reviews, 0);
}

/// An identity of the network's first day.
fn dated(number: usize) -> Hash {
    Day::new(0).id(Hash::of(&[&number.to_be_bytes()]))
}

#[test]
fn a_block_raises_so_many_and_leaves_the_rest_to_the_next() {
    let mut chain = town();
    let total = DUES_PER_BLOCK_MAX + 30;
    let asked = |number: usize| {
        Operation::SubjectRequest(SubjectRequest {
            request: dated(number),
            controller: HOSPITAL,
            kind: RequestKind::Erase,
            commitment: commitment(1),
            on_behalf_of: None,
        })
    };
    let all: Vec<usize> = (0..total).collect();
    for some in all.chunks(60) {
        let operations = some.iter().map(|number| asked(*number)).collect();
        let tx = chain.tx(&subject(), operations);
        assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    }
    let end = chain.now + RULES.request_within_ms;
    assert_eq!(overdue_at(&mut chain, end).len(), DUES_PER_BLOCK_MAX);
    let later = chain.now + 1000;
    assert_eq!(overdue_at(&mut chain, later).len(), 30);
    assert_eq!(dues(&chain), 0);
}

#[test]
fn each_debtor_has_its_turn_and_reviews_come_first() {
    let mut chain = town();
    let asked = |number: usize, controller| {
        Operation::SubjectRequest(SubjectRequest {
            request: dated(number),
            controller,
            kind: RequestKind::Erase,
            commitment: commitment(1),
            on_behalf_of: None,
        })
    };
    let all: Vec<usize> = (0..2 * DUES_PER_BLOCK_MAX).collect();
    for some in all.chunks(60) {
        let operations = some.iter().map(|number| asked(*number, HOSPITAL)).collect();
        assert_eq!(chain.outcome(&subject(), operations), 0);
    }
    // Who asks the clinic later is not kept waiting by the hospital's many, nor is a review.
    for number in 900..903 {
        chain.must(&subject(), asked(number, CLINIC));
    }
    chain.now += RULES.request_within_ms - RULES.review_within_ms;
    let opened = chain.now + 1000;
    let glass = later(opened, 140);
    chain.must(&Actor::party(AMBULANCE), glass_of(glass, opened));
    let end = chain.now + RULES.request_within_ms;
    let found = overdue_at(&mut chain, end);
    assert_eq!(found.len(), DUES_PER_BLOCK_MAX);
    assert_eq!(found[0], (Duty::Review(glass), AMBULANCE));
    let turns: Vec<PartyId> = found[1..8].iter().map(|(_, debtor)| *debtor).collect();
    assert_eq!(turns, [HOSPITAL, CLINIC, HOSPITAL, CLINIC, HOSPITAL, CLINIC, HOSPITAL]);
    let mut rest = 0;
    while dues(&chain) > 1 {
        let soon = chain.now + 1000;
        rest += overdue_at(&mut chain, soon).len();
    }
    assert_eq!(rest, 2 * DUES_PER_BLOCK_MAX + 3 + 1 - DUES_PER_BLOCK_MAX);
    assert!(chain.state.glass(&glass).unwrap().notify_overdue.is_none(), "a month for telling");
    let cursors = picture(&chain.state).values().any(|r| matches!(r, Record::Cursor(_)));
    assert!(!cursors, "nothing is left, so nothing is noted");
}

/// A town whose clinic holds data too.
fn town_with_another_holder() -> Chain {
    let mut genesis = genesis();
    let clinic = genesis.parties.iter_mut().find(|party| party.party == CLINIC).unwrap();
    clinic.roles = clinic.roles.with(PartyRoles::DATA_HOLDER);
    super::world::town_of(&genesis)
}

#[test]
fn nobody_raises_alarms_at_others() {
    let mut chain = town_with_another_holder();
    let pharmacy = || Actor::party(PHARMACY);
    chain.must(&pharmacy(), ask(1, access(1, 1)));
    chain.now = 2 * 3_600_000;
    let hour = |access, salt| {
        let made = RecordDisclosures { access, salt, ..hourly(1, Half::Holder, PHARMACY, 0, 5) };
        vec![Operation::RecordDisclosures(made)]
    };
    // The access names the hospital: the clinic has nothing to record of it, nor of that hour.
    assert_eq!(chain.outcome(&Actor::party(CLINIC), vec![used(1, 160)]), 4110);
    let (access, salt) = (access_id(1), holder_salt(&access_id(1)));
    assert_eq!(chain.outcome(&Actor::party(CLINIC), hour(access, salt)), 4110);
    assert_eq!(chain.outcome(&Actor::party(CLINIC), hour(access_id(9), salt)), 4078);
    assert_eq!(dues(&chain), 0);
    // Nor does the pharmacy make the clinic owe anything.
    chain.must(&pharmacy(), received(1, 160));
    let name = |party| Operation::NameHolder(NameHolder { access, party, salt });
    assert_eq!(chain.outcome(&pharmacy(), vec![name(CLINIC)]), 4110);
    let end = chain.now + RULES.match_within_ms;
    assert_eq!(overdue_at(&mut chain, end), [(Duty::Match(access), PHARMACY)]);
}

#[test]
fn the_side_whose_half_is_missing_is_blamed() {
    let mut chain = town();
    let pharmacy = || Actor::party(PHARMACY);
    for id in 1..=3 {
        chain.must(&pharmacy(), ask(id, access(1, 1)));
    }
    // The holder recorded and the requester did not: it is the requester's.
    chain.must(&hospital(), used(1, 160));
    // The requester recorded alone, and says at once whose half it waits for.
    chain.must(&pharmacy(), received(2, 160));
    let name = |id| {
        let (access, party) = (access_id(id), HOSPITAL);
        Operation::NameHolder(NameHolder { access, party, salt: holder_salt(&access) })
    };
    chain.must(&pharmacy(), name(2));
    // Another time it says so when it is blamed itself.
    chain.must(&pharmacy(), received(3, 160));
    let end = chain.now + RULES.match_within_ms;
    let mut found = overdue_at(&mut chain, end);
    found.sort_unstable_by_key(|(duty, _)| *duty == Duty::Match(access_id(2)));
    let debtors = found.iter().map(|(_, debtor)| *debtor).collect::<Vec<_>>();
    assert_eq!(debtors, [PHARMACY, PHARMACY, HOSPITAL], "{found:?}");
    let tx = chain.tx(&pharmacy(), vec![name(3)]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(crate::chain::codes(&applied), [0]);
    let Event::HolderNamed(named) = applied.events.last().unwrap().event.clone() else {
        panic!("{:?}", applied.events)
    };
    assert_eq!((named.holder, named.requester, named.overdue), (HOSPITAL, PHARMACY, true));
    assert_eq!(chain.state.access(&access_id(3)).unwrap().debtor(), HOSPITAL);
    // A late half is taken from the one that was named, and nothing is owed any more.
    for id in [2, 3] {
        chain.must(&hospital(), used(id, 160));
    }
    assert_eq!(dues(&chain), 0);
}

#[test]
fn an_hour_is_owed_by_the_one_of_the_pair_that_has_not_recorded_it() {
    let mut chain = town();
    chain.must(&Actor::party(PHARMACY), ask(1, access(1, 1)));
    chain.now = 2 * 3_600_000;
    let made = hourly(1, Half::Recipient, HOSPITAL, 0, 1);
    chain.must(&Actor::party(PHARMACY), Operation::RecordDisclosures(made));
    let end = chain.now + RULES.match_within_ms;
    let (holder, recipient, hour) = (HOSPITAL, PHARMACY, 0);
    let duty = Duty::MatchHour { holder, recipient, hour };
    assert_eq!(overdue_at(&mut chain, end), [(duty, HOSPITAL)]);
}
