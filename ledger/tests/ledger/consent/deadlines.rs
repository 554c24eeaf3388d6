//! Duties that consensus itself finds overdue, in empty blocks too, and duties that are fulfilled.

use ledger::record::{Duty, Pairing, Record};
use ledger_types::PartyId;
use ledger_types::consent::RegimeRules;
use ledger_types::event::{Event, Overdue};
use ledger_types::limits::DUES_PER_BLOCK_MAX;
use ledger_types::operation::{
    AcknowledgeWithdrawal, Deletion, Finding, NotifySubject, Operation, RecordReceipt, RecordUse,
    RequestKind, ReviewBreakGlass, SubjectRequest, Withdraw,
};

use super::world::{AMBULANCE, ask_on, at, glass, hospital, town};
use crate::chain::{Chain, codes, picture};
use crate::fixture::{
    AUDITOR, Actor, HOSPITAL, PHARMACY, access, access_id, ask, commitment, consent_id, subject,
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
    let used = |id, disclosure| {
        let (access, disclosure) = (access_id(id), commitment(disclosure));
        Operation::RecordUse(RecordUse { access, disclosure })
    };
    let received = |id, disclosure| {
        let (access, disclosure) = (access_id(id), commitment(disclosure));
        Operation::RecordReceipt(RecordReceipt { access, disclosure })
    };
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
    let basis =
        |number| ledger_types::operation::AccessBasis::BreakGlass { glass: commitment(number) };
    chain.must(&ambulance(), ask_on(1, basis(140)));
    chain.must(&ambulance(), ask(2, access(1, 1)));
    let end = opened + RULES.review_within_ms;
    assert_eq!(overdue_at(&mut chain, end), [(Duty::Review(commitment(140)), AMBULANCE)]);
    // The consent has expired meanwhile; the overdue review is found before that.
    assert_eq!(chain.outcome(&ambulance(), vec![ask(3, access(1, 1))]), 4081);
    let opened = chain.now + 1000;
    chain.must(&ambulance(), glass(141, opened));
    chain.must(&ambulance(), ask_on(4, basis(141)));
    let review = |number| {
        let (glass, commitment) = (commitment(number), commitment(142));
        let finding = Finding::Justified;
        Operation::ReviewBreakGlass(ReviewBreakGlass { glass, finding, commitment })
    };
    chain.must(&Actor::party(AUDITOR), review(140));
    assert_eq!(chain.outcome(&ambulance(), vec![ask(5, access(1, 1))]), 4015);
    chain.must(&Actor::party(AUDITOR), review(141));
    assert_eq!(dues(&chain), 2, "both people must still be told");
    for number in [140, 141] {
        let (glass, evidence) = (commitment(number), commitment(143));
        chain.must(&ambulance(), Operation::NotifySubject(NotifySubject { glass, evidence }));
    }
    assert_eq!(dues(&chain), 0);
    assert_eq!(chain.state.party(AMBULANCE).unwrap().overdue_reviews, 0);
}

#[test]
fn a_block_raises_so_many_and_leaves_the_rest_to_the_next() {
    let mut chain = town();
    let total = DUES_PER_BLOCK_MAX + 30;
    let asked = |number: usize| {
        Operation::SubjectRequest(SubjectRequest {
            request: ledger_types::Hash::of(&[&number.to_be_bytes()]),
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
