//! What each payer may have the ledger do: nobody fills a block, and nobody is kept from ending.

use ledger::{Admission, Full, InvalidBlock, Refusal, validate};
use ledger_types::allowance::Allowance;
use ledger_types::consent::{Materiality, Mechanism};
use ledger_types::genesis::Genesis;
use ledger_types::operation::{Amend, RequestKind, StopOptOut, SubjectRequest, Suspend, Withdraw};
use ledger_types::registry::PartyStatus;
use ledger_types::weight::{BLOCK_OTHER_UNITS_MAX, Weight};
use ledger_types::{Inadmissible, Operation, PartyRoles, Timestamp, Transaction};

use super::chain::{Chain, codes};
use super::consent::world::{self, OPT_OUT_LAW, hospital, law, opt_out, suspend_party};
use super::fixture::{
    Actor, HOSPITAL, akari, botan, chika, commitment, consent_id, grant_of, notice, other_subject,
    subject,
};
use super::happy::transfer;

pub(crate) const SMALL: Allowance = Allowance { burst: 64, per_minute: 6 };

/// The town's genesis, where people and institutions have little.
pub(crate) fn genesis(institution: Allowance) -> Genesis {
    let mut genesis = world::genesis();
    let allowances = &mut genesis.parameters.allowances;
    (allowances.citizen, allowances.subject) = (SMALL, SMALL);
    allowances.institution = institution;
    genesis
}

fn town() -> Chain {
    town_of(Allowance { burst: 1_000, per_minute: 600 })
}

fn town_of(institution: Allowance) -> Chain {
    let mut chain = Chain::of(&genesis(institution));
    chain.must(&hospital(), notice(1, Materiality::Material));
    chain
}

/// What the next block says of a transaction alone, so many milliseconds after the tip.
pub(crate) fn judged(chain: &Chain, tx: &Transaction, after_ms: u64) -> Result<(), Refusal> {
    let time = Timestamp::from_millis(chain.state.time().as_millis() + after_ms);
    Admission::new(&chain.state, time).take(&tx.clone().into())
}

pub(crate) fn waits(chain: &Chain, tx: &Transaction, after_ms: u64) -> bool {
    match judged(chain, tx, after_ms) {
        Ok(()) => false,
        Err(Refusal::Full(Full::Allowance)) => true,
        Err(other) => panic!("{other}"),
    }
}

pub(crate) fn pays(count: usize, to: &Actor) -> Vec<Operation> {
    (0..count).map(|_| transfer(to, 1)).collect()
}

pub(crate) fn request(number: u8) -> Operation {
    Operation::SubjectRequest(SubjectRequest {
        request: commitment(number),
        controller: HOSPITAL,
        kind: RequestKind::Access,
        on_behalf_of: None,
        commitment: commitment(1),
    })
}

/// A subject with one consent, whose ordinary allowance is used up.
pub(crate) fn exhausted() -> Chain {
    let mut chain = town();
    let grant = vec![Operation::Grant(grant_of(1))];
    let tx = chain.cosigned(&subject(), &[&hospital()], grant);
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    let tx = chain.tx(&subject(), (1..=10).map(request).collect());
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    let more = chain.tx(&subject(), vec![request(11)]);
    assert!(waits(&chain, &more, 1_000));
    chain
}

#[test]
fn whoever_used_its_allowance_waits_until_block_time_gave_it_back() {
    let mut chain = town();
    let tx = chain.tx(&akari(), pays(60, &botan()));
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    let next = chain.tx(&akari(), pays(6, &botan()));
    assert!(waits(&chain, &next, 1_000));
    assert!(waits(&chain, &next, 19_000));
    assert!(!waits(&chain, &next, 20_000));
    let bill = Admission::new(&chain.state, chain.state.time()).judge(&next.into()).unwrap();
    assert_eq!(bill.wait(chain.state.time(), 0), Some(20));
    // Another's is its own.
    let other = chain.tx(&botan(), pays(60, &chika()));
    assert!(!waits(&chain, &other, 1_000));
}

#[test]
fn what_is_rejected_is_charged_in_full() {
    let mut chain = town();
    let mut operations = pays(59, &botan());
    operations.push(transfer(&botan(), 1_000_000_000));
    let tx = chain.tx(&akari(), operations);
    assert_eq!(codes(&chain.commit(vec![tx])), [2004]);
    let next = chain.tx(&akari(), pays(6, &botan()));
    assert!(waits(&chain, &next, 1_000));
}

#[test]
fn a_block_over_a_payers_allowance_is_invalid_in_every_order() {
    let mut chain = town();
    let first = chain.tx(&akari(), pays(40, &botan()));
    let second = chain.tx(&akari(), pays(25, &botan()));
    for txs in [vec![first.clone(), second.clone()], vec![second.clone(), first.clone()]] {
        let block = chain.propose(txs);
        let full = Full::Allowance;
        assert_eq!(validate(&chain.state, &block), Err(InvalidBlock::Full { index: 1, full }));
    }
    for txs in [vec![first], vec![second]] {
        assert_eq!(validate(&chain.state, &chain.propose(txs)), Ok(()));
    }
}

#[test]
fn one_that_never_fits_is_refused_for_good() {
    let mut chain = exhausted();
    let heavy = chain.tx(&subject(), (20..31).map(request).collect());
    let reason = Inadmissible::TooHeavy { weight: 66, most: 64 };
    assert_eq!(judged(&chain, &heavy, 1_000), Err(Refusal::Inadmissible(reason)));
}

#[test]
fn the_controller_pays_for_whom_it_brings_in_and_a_suspended_one_for_nobody() {
    let mut chain = town_of(Allowance { burst: 64, per_minute: 1 });
    let bring = |chain: &mut Chain, person: &Actor, number: u8| {
        let grant = vec![Operation::Grant(grant_of(number))];
        chain.cosigned(person, &[&hospital()], grant)
    };
    // The notice took 8 of 64.
    for number in 1..=7 {
        let tx = bring(&mut chain, &Actor::subject(number + 100), number);
        assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    }
    let tx = bring(&mut chain, &Actor::subject(110), 9);
    assert!(waits(&chain, &tx, 1_000));

    let mut chain = town();
    let roles = PartyRoles::CONTROLLER;
    chain.must(&world::registrar(), suspend_party(HOSPITAL, roles, PartyStatus::Suspended));
    let tx = bring(&mut chain, &other_subject(), 1);
    let reason = Inadmissible::PayerSuspended;
    assert_eq!(judged(&chain, &tx, 1_000), Err(Refusal::Inadmissible(reason)));
}

#[test]
fn ending_ones_own_consent_never_waits() {
    let mut chain = exhausted();
    let suspend =
        chain.tx(&subject(), vec![Operation::Suspend(Suspend { consent: consent_id(1) })]);
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let admission = Admission::new(&chain.state, chain.state.time());
    assert_eq!(admission.judge(&suspend.clone().into()).unwrap().weight, Weight::NONE);
    assert_eq!(codes(&chain.commit(vec![suspend])), [0]);
    assert_eq!(chain.outcome(&subject(), vec![withdraw]), 0);
}

#[test]
fn ending_what_does_not_live_is_charged_and_so_ends() {
    let mut chain = exhausted();
    let nothing = |number| Operation::Withdraw(Withdraw { consent: consent_id(number) });
    // What is reserved is as much again as the burst: 64 units, of which each takes 2.
    let many = chain.tx(&subject(), (0..32).map(|_| nothing(9)).collect());
    assert_eq!(codes(&chain.commit(vec![many])), [4012]);
    let more = chain.tx(&subject(), vec![nothing(9), nothing(9), nothing(9)]);
    assert!(waits(&chain, &more, 1_000));
    // And what lives ends all the same.
    assert_eq!(chain.outcome(&subject(), vec![nothing(1)]), 0);
}

#[test]
fn what_lives_ends_for_nothing_once_in_a_transaction_and_once_in_a_block() {
    let mut chain = exhausted();
    let consent = consent_id(1);
    let suspend = || Operation::Suspend(Suspend { consent });
    let withdraw = || Operation::Withdraw(Withdraw { consent });
    // Each of these is rejected by its second operation, so that the consent lives on: for nothing
    // they would come for ever.
    for twice in [[suspend(), suspend()], [withdraw(), withdraw()], [withdraw(), suspend()]] {
        let tx = chain.tx(&subject(), twice.to_vec());
        let admission = Admission::new(&chain.state, chain.state.time());
        assert_eq!(admission.judge(&tx.into()).unwrap().weight.units, 2);
    }
    let [one, other, end] =
        [suspend(), suspend(), withdraw()].map(|what| chain.tx(&subject(), vec![what]));
    let mut admission = Admission::new(&chain.state, chain.state.time());
    assert_eq!(admission.take(&one.clone().into()), Ok(()));
    assert_eq!(admission.take(&other.clone().into()), Err(Refusal::Full(Full::Allowance)));
    assert_eq!(admission.take(&end.clone().into()), Ok(()), "a withdrawal waits for nothing");
    let block = chain.propose(vec![other.clone(), one.clone()]);
    assert!(validate(&chain.state, &block).is_err());
    assert_eq!(codes(&chain.commit(vec![one, end])), [0, 0]);
    let late = Admission::new(&chain.state, chain.state.time());
    assert_eq!(late.judge(&other.into()).unwrap().weight.units, 2, "nothing lives that it ends");
}

#[test]
fn suspending_what_has_expired_is_charged() {
    let mut chain = exhausted();
    let consent = consent_id(1);
    let suspend = chain.tx(&subject(), vec![Operation::Suspend(Suspend { consent })]);
    let expired = Timestamp::from_millis(super::fixture::START + 3_600_000);
    let admission = Admission::new(&chain.state, expired);
    assert_eq!(admission.judge(&suspend.into()).unwrap().weight.units, 2);
}

#[test]
fn narrowing_has_an_allowance_that_nothing_else_takes() {
    let mut chain = exhausted();
    let amend =
        Amend { consent: consent_id(1), changes: vec![], expires: None, use_limit: Some(1) };
    assert_eq!(chain.outcome(&subject(), vec![Operation::Amend(amend)]), 0);
}

#[test]
fn payments_keep_a_share_of_every_block() {
    let mut chain = town_of(Allowance { burst: u32::MAX, per_minute: u32::MAX });
    let notices = |number: u32| {
        let mut each = Vec::new();
        for each_number in number..number + 64 {
            let mut operation = notice(1, Materiality::Material);
            if let Operation::PublishNotice(publish) = &mut operation {
                publish.notice = ledger_types::NoticeId::new(each_number);
            }
            each.push(operation);
        }
        each
    };
    let time = Timestamp::from_millis(chain.state.time().as_millis() + 1_000);
    let mut txs = Vec::new();
    for number in 0..120_u32 {
        txs.push(chain.tx(&hospital(), notices(1_000 + 64 * number)));
    }
    let payment = chain.tx(&akari(), pays(60, &botan()));
    let mut admission = Admission::new(&chain.state, time);
    let mut taken = 0_u64;
    let refused = txs.iter().find_map(|tx| {
        let result = admission.take(&tx.clone().into());
        taken += u64::from(result.is_ok());
        result.err()
    });
    assert_eq!(refused, Some(Refusal::Full(Full::OtherUnits)));
    assert_eq!(taken, BLOCK_OTHER_UNITS_MAX / (64 * 8));
    assert_eq!(admission.take(&payment.into()), Ok(()));
}

#[test]
fn objecting_has_an_allowance_of_its_own_that_neither_money_nor_consents_nor_narrowing_take() {
    let mut chain = exhausted();
    scheme(&mut chain);
    // What narrowing has is used up too.
    let nothing = Operation::Withdraw(Withdraw { consent: consent_id(9) });
    let many = chain.tx(&subject(), vec![nothing; 32]);
    assert_eq!(codes(&chain.commit(vec![many])), [4012]);
    let objections = |from: u8, to: u8| (from..to).map(object).collect::<Vec<_>>();
    let all = chain.tx(&subject(), objections(0, 32));
    assert_eq!(codes(&chain.commit(vec![all])), [0]);
    // No consent is narrowed by less for it.
    let amend =
        Amend { consent: consent_id(1), changes: vec![], expires: None, use_limit: Some(1) };
    assert_eq!(chain.outcome(&subject(), vec![Operation::Amend(amend)]), 0);
    // 32 at once, then one in an hour.
    chain.now += 3_590_000;
    chain.commit(vec![]);
    let more = chain.tx(&subject(), objections(32, 33));
    assert!(waits(&chain, &more, 0));
    assert!(!waits(&chain, &more, 10_000));
    let two = chain.tx(&subject(), objections(32, 34));
    assert!(waits(&chain, &two, 10_000));
}

/// The hospital's scheme, to which people may object.
fn scheme(chain: &mut Chain) {
    chain.must(&world::registrar(), law(OPT_OUT_LAW, 1, Mechanism::OptOut));
    chain.must(&hospital(), opt_out(1, chain.now + 1_000_000));
}

fn object(person: u8) -> Operation {
    let (controller, person) = (HOSPITAL, commitment(person));
    Operation::StopOptOut(StopOptOut { controller, scheme: 1, person, evidence: None })
}

#[test]
fn an_objection_that_is_refused_takes_as_much_and_none_hides_among_what_narrows() {
    let mut chain = exhausted();
    // There is no such scheme.
    let refused = chain.tx(&subject(), (0..32).map(object).collect());
    assert_eq!(codes(&chain.commit(vec![refused])), [4043]);
    let amend =
        Amend { consent: consent_id(1), changes: vec![], expires: None, use_limit: Some(1) };
    let both = chain.tx(&subject(), vec![Operation::Amend(amend), object(40)]);
    assert!(waits(&chain, &both, 1_000));
    let reason = Inadmissible::TooHeavy { weight: 132, most: 128 };
    let heavy = chain.tx(&subject(), (0..33).map(object).collect());
    assert_eq!(judged(&chain, &heavy, 1_000), Err(Refusal::Inadmissible(reason)));
}
