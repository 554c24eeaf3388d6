//! What a suspended party still may do, and that a guardian's powers are asked for each act.

use ledger_types::consent::{Materiality, PartyRoles, PartyStatus};
use ledger_types::operation::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, Answer, AnswerSubjectRequest, Delegate,
    Deletion, EndDelegation, Finding, Grant, GuardianPowers, KeyLoss, NotifySubject, Operation,
    ProposeRecovery, ReconsentAnswer, RequestKind, RequestOutcome, RequestReconsent,
    RespondReconsent, ReviewBreakGlass, RotateKeys, StopOptOut, SubjectRequest, Withdraw,
    WithdrawFor,
};
use ledger_types::record::RequestAnswer;
use ledger_types::{Inadmissible, PartyId, Timestamp};

use crate::chain::{Chain, admit};
use crate::consent::world::{
    AMBULANCE, COUNTER, ask_on, at, child, glass, hospital, opt_out, registrar, suspend_party, town,
};
use crate::fixture::{
    AUDITOR, Actor, HOSPITAL, PHARMACY, commitment, consent_id, grant_of, keys_of, notice,
    other_subject, seeded, subject,
};
use crate::rejections::refuses;

const SUSPENDED: PartyStatus = PartyStatus::Suspended;

fn suspend(chain: &mut Chain, party: PartyId) -> Actor {
    let roles = chain.state.party(party).unwrap().roles;
    chain.must(&registrar(), suspend_party(party, roles, SUSPENDED));
    Actor::party(party)
}

fn withdraw_for(number: u8) -> Operation {
    let (consent, evidence) = (consent_id(number), commitment(1));
    Operation::WithdrawFor(WithdrawFor { consent, evidence })
}

fn rotate(actor: &Actor) -> Operation {
    let keys = keys_of(&Actor { account: actor.account, key: seeded(250) });
    Operation::RotateKeys(RotateKeys { keys, threshold: 1 })
}

fn shred(number: u8) -> Operation {
    let (consent, digest) = (consent_id(number), commitment(1));
    Operation::AcknowledgeShred(AcknowledgeShred { consent, digest })
}

fn delegate(guardian: &Actor, powers: GuardianPowers, until: u64) -> Operation {
    Operation::Delegate(Delegate {
        subject: child().account,
        subject_key: Some(child().key.public_key()),
        guardian: guardian.account,
        powers,
        from: Timestamp::from_millis(0),
        until: at(until),
        evidence: commitment(159),
    })
}

/// Consent number `number` of the child, given for it.
fn grant_for_child(number: u8) -> Operation {
    Operation::Grant(Grant { on_behalf_of: Some(child().account), ..grant_of(number) })
}

#[test]
fn a_suspended_controller_still_acknowledges_answers_shreds_notifies_and_ends_for_a_subject() {
    let mut chain = town();
    for number in 2..=3 {
        chain.must(&subject(), Operation::Grant(grant_of(number)));
    }
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
    chain.must(
        &subject(),
        Operation::SubjectRequest(SubjectRequest {
            request: commitment(20),
            controller: HOSPITAL,
            kind: RequestKind::Erase,
            commitment: commitment(21),
            on_behalf_of: None,
        }),
    );
    let opened = chain.now;
    chain.must(&Actor::party(AMBULANCE), glass(140, opened));
    let ambulance = suspend(&mut chain, AMBULANCE);
    let hospital = suspend(&mut chain, HOSPITAL);
    let acknowledge = AcknowledgeWithdrawal {
        consent: consent_id(2),
        stopped_at: Timestamp::from_millis(1),
        deletion: Deletion::Done,
        propagated_to: vec![],
    };
    chain.must(&hospital, Operation::AcknowledgeWithdrawal(acknowledge));
    let (request, outcome) = (commitment(20), RequestOutcome::Done);
    let answer = AnswerSubjectRequest { request, outcome, commitment: commitment(22) };
    chain.must(&hospital, Operation::AnswerSubjectRequest(answer));
    let answered: Option<RequestAnswer> = chain.state.subject_request(&request).unwrap().answer;
    assert!(answered.is_some());
    chain.must(&hospital, shred(2));
    chain.must(&hospital, withdraw_for(3));
    let (glass, evidence) = (commitment(140), commitment(23));
    chain.must(&ambulance, Operation::NotifySubject(NotifySubject { glass, evidence }));
}

#[test]
fn a_suspended_controller_grants_and_admits_nothing() {
    let mut chain = town();
    let hospital = suspend(&mut chain, HOSPITAL);
    refuses(&mut chain, vec![(4022, subject(), Operation::Grant(grant_of(2)))]);
    // A new subject would be a record for ever: the transaction is no part of any block.
    let newcomer = other_subject();
    let tx = chain.cosigned(&newcomer, &[&hospital], vec![Operation::Grant(grant_of(3))]);
    let now = Timestamp::from_millis(chain.now + 1000);
    assert_eq!(admit(&chain.state, &tx, now), Err(Inadmissible::PayerSuspended));
    let rows = vec![
        (4022, hospital.clone(), notice(2, Materiality::Minor)),
        (4022, hospital.clone(), opt_out(9, chain.now + 1_000_000)),
        (4022, hospital.clone(), ask_on(9, AccessBasis::BreakGlass { glass: commitment(1) })),
        (4022, hospital.clone(), rotate(&hospital)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn a_suspended_counter_does_nothing() {
    let mut chain = town();
    chain.must(&hospital(), opt_out(1, chain.now + 1_000_000));
    let counter = suspend(&mut chain, COUNTER);
    let propose = ProposeRecovery {
        subject: subject().account,
        key: seeded(5).public_key(),
        evidence: commitment(1),
        loss: KeyLoss::Lost,
    };
    let stop = StopOptOut {
        controller: HOSPITAL,
        scheme: 1,
        person: commitment(1),
        evidence: Some(commitment(1)),
    };
    let end = EndDelegation { subject: child().account, guardian: subject().account };
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(1) }));
    let until = chain.now + 1_000_000;
    let rows = vec![
        (4022, counter.clone(), withdraw_for(1)),
        (4022, counter.clone(), grant_for_child(2)),
        (4022, counter.clone(), delegate(&subject(), GuardianPowers::ALL, until)),
        (4022, counter.clone(), Operation::EndDelegation(end)),
        (4022, counter.clone(), Operation::ProposeRecovery(propose)),
        (4022, counter.clone(), Operation::StopOptOut(stop)),
        (4022, counter.clone(), shred(1)),
        (4022, counter.clone(), rotate(&counter)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn a_suspended_auditor_does_nothing() {
    let mut chain = town();
    let opened = chain.now;
    chain.must(&Actor::party(AMBULANCE), glass(140, opened));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(1) }));
    let auditor = suspend(&mut chain, AUDITOR);
    let review = ReviewBreakGlass {
        glass: commitment(140),
        finding: Finding::Justified,
        commitment: commitment(2),
    };
    let rows = vec![
        (4022, auditor.clone(), Operation::ReviewBreakGlass(review)),
        (4022, auditor.clone(), shred(1)),
        (4022, auditor.clone(), rotate(&auditor)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn overdue_reviews_are_not_suspension() {
    let mut chain = town();
    let roles = PartyRoles::ALL;
    chain.must(&registrar(), suspend_party(AMBULANCE, roles, PartyStatus::Active));
    let (ambulance, opened) = (Actor::party(AMBULANCE), chain.now);
    chain.must(&ambulance, glass(140, opened));
    let mut long = grant_of(2);
    long.expires = at(chain.now + 100 * 86_400_000);
    chain.must(&subject(), Operation::Grant(long));
    chain.now += 30 * 86_400_000;
    chain.commit(vec![]);
    assert_eq!(chain.state.party(AMBULANCE).unwrap().overdue_reviews, 1);
    chain.must(&ambulance, notice(1, Materiality::Minor));
    chain.must(&ambulance, withdraw_for(2));
    chain.must(&ambulance, rotate(&ambulance));
}

#[test]
fn a_guardians_powers_are_asked_for_each_act() {
    let mut chain = town();
    let (until, guardian) = (chain.now + 1_000_000, subject());
    let counter = Actor::party(COUNTER);
    let may = |chain: &mut Chain, powers| {
        let (subject, guardian) = (child().account, guardian.account);
        if chain.state.delegation(&subject, &guardian).is_some() {
            chain.must(&counter, Operation::EndDelegation(EndDelegation { subject, guardian }));
        }
        chain.must(&counter, delegate(&self::subject(), powers, until));
    };
    let ask = RequestReconsent {
        request: commitment(30),
        notice: crate::fixture::NOTICE,
        version: 1,
        reason: commitment(31),
        deadline: at(until),
    };
    chain.must(&hospital(), Operation::RequestReconsent(ask));
    let respond = |answer| {
        let answers = vec![ReconsentAnswer { consent: consent_id(2), answer }];
        Operation::RespondReconsent(RespondReconsent { request: commitment(30), answers })
    };
    may(&mut chain, GuardianPowers::GRANT);
    chain.must(&subject(), grant_for_child(2));
    let rows = vec![(4050, subject(), withdraw_for(2)), (4013, subject(), respond(Answer::Defer))];
    refuses(&mut chain, rows);
    may(&mut chain, GuardianPowers::RESPOND);
    let rows = vec![(4050, subject(), withdraw_for(2)), (4050, subject(), grant_for_child(3))];
    refuses(&mut chain, rows);
    chain.must(&subject(), respond(Answer::Defer));
    may(&mut chain, GuardianPowers::READ);
    let rows = vec![
        (4050, subject(), withdraw_for(2)),
        (4050, subject(), grant_for_child(3)),
        (4013, subject(), respond(Answer::Defer)),
    ];
    refuses(&mut chain, rows);
    may(&mut chain, GuardianPowers::WITHDRAW);
    chain.must(&subject(), withdraw_for(2));
}

#[test]
fn a_guardian_that_is_a_party_acts_by_its_powers_and_does_nothing_suspended() {
    let mut chain = town();
    let (until, guardian) = (chain.now + 1_000_000, Actor::party(PHARMACY));
    chain.must(&Actor::party(COUNTER), delegate(&guardian, GuardianPowers::ALL, until));
    chain.must(&guardian, grant_for_child(2));
    let given = chain.state.consent(&consent_id(2)).unwrap().guardian.unwrap();
    assert_eq!((given.account, given.until), (guardian.account, at(until)));
    let guardian = suspend(&mut chain, PHARMACY);
    let end = EndDelegation { subject: child().account, guardian: guardian.account };
    let rows = vec![
        (4022, guardian.clone(), grant_for_child(3)),
        (4022, guardian.clone(), withdraw_for(2)),
        (4022, guardian.clone(), Operation::EndDelegation(end)),
    ];
    refuses(&mut chain, rows);
    let active = PartyStatus::Active;
    chain.must(&registrar(), suspend_party(PHARMACY, PartyRoles::RECIPIENT, active));
    chain.must(&guardian, withdraw_for(2));
}
