//! Every rejection of subjects' transactions and people's requests, in published order.

use ledger_types::consent::{
    Breadth, Interval, LeafChange, LegalBasisId, Materiality, PartyRoles, PartyStatus, VocabularyId,
};
use ledger_types::limits::RECONSENT_AHEAD_MS_MAX;
use ledger_types::operation::{
    Amend, Answer, AnswerSubjectRequest, Delegate, EndByController, EndDelegation, ExecuteRecovery,
    Grant, GuardianPowers, Invalidate, KeyLoss, Operation, ProposeRecovery, ReconsentAnswer,
    RegisterContact, RequestKind, RequestOutcome, RequestReconsent, RespondReconsent, Resume,
    StopOptOut, SubjectRequest, Suspend, VetoRecovery, Widen, Withdraw, WithdrawFor,
};
use ledger_types::{AccountId, NoticeId, PublicKey};

use super::world::{
    CLINIC, COUNTER, WORDS, at, child, city, guardianship, hospital, opt_out, registrar, renew,
    suspend_party, town,
};
use crate::chain::Chain;
use crate::fixture::{
    Actor, HOSPITAL, NO_PARTY, NOTICE, PHARMACY, access, akari, commitment, consent_id, grant_of,
    japanese, nobody, notice, subject, terms, text_hash,
};
use crate::rejections::refuses;

fn pharmacy() -> Actor {
    Actor::party(PHARMACY)
}

fn counter() -> Actor {
    Actor::party(COUNTER)
}

/// The clinic, suspended.
fn suspended(chain: &mut Chain) -> Actor {
    let roles = PartyRoles::CONTROLLER.with(PartyRoles::COUNTER).with(PartyRoles::DATA_HOLDER);
    chain.must(&registrar(), suspend_party(CLINIC, roles, PartyStatus::Suspended));
    Actor::party(CLINIC)
}

#[test]
fn grants_beyond_the_specific() {
    let mut chain = town();
    let off = suspended(&mut chain);
    let grant = |change: &dyn Fn(&mut Grant)| {
        let mut grant = grant_of(2);
        grant.compensation = Some(9);
        change(&mut grant);
        Operation::Grant(grant)
    };
    let broad = |vocabulary, (enter, exit), excludes: &[(u32, u32)]| Breadth::Broad {
        vocabulary,
        version: 1,
        purposes: Interval { enter, exit },
        excludes: excludes
            .iter()
            .map(|(enter, exit)| Interval { enter: *enter, exit: *exit })
            .collect(),
    };
    let none = VocabularyId::new(9);
    let of_child = |grant: &mut Grant| grant.on_behalf_of = Some(child().account);
    let with = |breadth: Breadth| grant(&move |grant| grant.breadth = breadth.clone());
    let rows = vec![
        (4011, akari(), grant(&of_child)),
        (4050, subject(), grant(&of_child)),
        (4022, off, grant(&of_child)),
        (4003, pharmacy(), grant(&of_child)),
        (4022, subject(), grant(&|grant| grant.controller = CLINIC)),
        (4049, subject(), with(broad(none, (2, 1), &[]))),
        (4049, subject(), with(broad(none, (0, 3), &[(2, 1)]))),
        (4049, subject(), with(broad(none, (0, 1), &[(1, 2)]))),
        (4049, subject(), with(broad(none, (0, 1), &[(1, 1); 17]))),
        (4026, subject(), with(broad(none, (0, 3), &[]))),
        (4049, subject(), with(broad(WORDS, (0, 4), &[]))),
        (4048, subject(), with(broad(WORDS, (0, 3), &[(1, 1); 16]))),
    ];
    refuses(&mut chain, rows);
}

/// The subject's consents: 1 goes on, 2 was withdrawn, 3 has expired; the child is known.
fn three_consents() -> Chain {
    let mut chain = town();
    chain.must(&subject(), Operation::Grant(grant_of(2)));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
    let mut short = grant_of(3);
    short.expires = at(chain.now + 4000);
    chain.must(&subject(), Operation::Grant(short));
    chain.must(&Actor::party(COUNTER), guardianship(chain.now + 1_000_000));
    chain.now += 5000;
    chain
}

#[test]
fn amendments_of_a_consent() {
    let mut chain = three_consents();
    let now = chain.now;
    let change = |sensitive, path_of: u32| LeafChange {
        index: 1,
        leaf: terms()[1],
        path: access(1, path_of).path,
        replacement: Some(ledger_types::consent::TermsLeaf { sensitive, ..terms()[1] }),
    };
    let amend = |number, changes: Vec<LeafChange>, expires: Option<u64>, use_limit| {
        let (consent, expires) = (consent_id(number), expires.map(at));
        Operation::Amend(Amend { consent, changes, expires, use_limit })
    };
    let end = ledger_types::Timestamp::as_millis(grant_of(1).expires);
    let rows = vec![
        (4011, hospital(), amend(9, vec![], None, None)),
        (4012, subject(), amend(9, vec![], None, None)),
        (4013, child(), amend(1, vec![], None, None)),
        (4014, subject(), amend(2, vec![], None, None)),
        (4015, subject(), amend(3, vec![], None, None)),
        (4054, subject(), amend(1, vec![], None, None)),
        (4054, subject(), amend(1, vec![change(true, 0); 17], Some(0), Some(0))),
        (4018, subject(), amend(1, vec![change(true, 0)], Some(0), Some(0))),
        (4055, subject(), amend(1, vec![change(true, 1)], Some(0), Some(0))),
        (4055, subject(), amend(1, vec![change(false, 1)], Some(end), Some(0))),
        (4010, subject(), amend(1, vec![], Some(now), Some(0))),
        (4055, subject(), amend(1, vec![], None, Some(3))),
        (4019, subject(), amend(1, vec![], None, Some(0))),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn widenings_and_renewals_of_a_consent() {
    let mut chain = three_consents();
    chain.must(&hospital(), notice(2, Materiality::Minor));
    let widen = |change: &dyn Fn(&mut Widen)| {
        let mut widen = Widen {
            consent: consent_id(1),
            terms_root: commitment(1),
            notice: NOTICE,
            notice_version: 2,
            language: japanese(),
            notice_hash: text_hash(2),
            presentation_commitment: commitment(70),
            expires: at(0),
            use_limit: Some(0),
        };
        change(&mut widen);
        Operation::Widen(widen)
    };
    let fresh = |widen: &mut Widen| widen.presentation_commitment = commitment(71);
    let rows = vec![
        (4013, child(), widen(&|_| {})),
        (4004, subject(), widen(&|widen| widen.notice = NoticeId::new(9))),
        (4006, subject(), widen(&|widen| widen.notice_version = 1)),
        (4007, subject(), widen(&|widen| widen.notice_hash = text_hash(1))),
        (4057, subject(), widen(&|_| {})),
        (4010, subject(), widen(&|widen| fresh(widen))),
        (
            4019,
            subject(),
            widen(&|widen| {
                fresh(widen);
                widen.expires = at(u64::MAX);
            }),
        ),
        (4011, hospital(), renew(1, 1, 70)),
        (4014, subject(), renew(2, 1, 70)),
        (4015, subject(), renew(3, 1, 70)),
        (4006, subject(), renew(1, 1, 70)),
        (4057, subject(), renew(1, 2, 70)),
    ];
    refuses(&mut chain, rows);
    chain.must(&subject(), renew(1, 2, 72));
    refuses(&mut chain, vec![(4056, subject(), widen(&|_| {}))]);
}

#[test]
fn ends_and_suspensions() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&counter(), guardianship(chain.now + 1_000_000));
    chain.must(&subject(), Operation::Grant(grant_of(2)));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
    let (evidence, ground) = (commitment(1), commitment(2));
    let withdraw_for =
        |number| Operation::WithdrawFor(WithdrawFor { consent: consent_id(number), evidence });
    let revoke = |number| {
        Operation::EndByController(EndByController { consent: consent_id(number), ground })
    };
    let invalidate =
        |number| Operation::Invalidate(Invalidate { consent: consent_id(number), ground });
    let suspend = |number| Operation::Suspend(Suspend { consent: consent_id(number) });
    let resume = |number| Operation::Resume(Resume { consent: consent_id(number) });
    let rows = vec![
        (4011, akari(), withdraw_for(9)),
        (4012, counter(), withdraw_for(9)),
        (4003, pharmacy(), withdraw_for(2)),
        (4050, child(), withdraw_for(2)),
        (4014, hospital(), withdraw_for(2)),
        (4001, akari(), revoke(9)),
        (4022, off, revoke(9)),
        (4003, pharmacy(), revoke(9)),
        (4012, hospital(), revoke(9)),
        (4014, hospital(), revoke(2)),
        (5001, akari(), invalidate(9)),
        (4012, city(), invalidate(9)),
        (4014, city(), invalidate(2)),
        (4013, child(), suspend(1)),
        (4014, subject(), suspend(2)),
        (4052, subject(), resume(1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&subject(), suspend(1));
    refuses(&mut chain, vec![(4051, subject(), suspend(1))]);
    // A suspended counter does nothing, not even this.
    refuses(&mut chain, vec![(4022, Actor::party(CLINIC), withdraw_for(1))]);
    let update = suspend_party(CLINIC, PartyRoles::CONTROLLER, PartyStatus::Active);
    chain.must(&registrar(), update);
    refuses(&mut chain, vec![(4053, Actor::party(CLINIC), revoke(2))]);
}

#[test]
fn requests_for_renewals() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&counter(), guardianship(chain.now + 1_000_000));
    chain.must(&subject(), Operation::Grant(grant_of(2)));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
    let ask = |number, notice, version, deadline| {
        let (request, reason, deadline) = (commitment(number), commitment(1), at(deadline));
        Operation::RequestReconsent(RequestReconsent { request, notice, version, reason, deadline })
    };
    let none = NoticeId::new(9);
    let soon = chain.now + 60_000;
    chain.must(&hospital(), ask(10, NOTICE, 1, soon));
    let far = chain.now + 2 * RECONSENT_AHEAD_MS_MAX;
    let rows = vec![
        (4001, akari(), ask(10, none, 9, 0)),
        (4022, off, ask(10, none, 9, 0)),
        (4003, pharmacy(), ask(10, none, 9, 0)),
        (4058, hospital(), ask(10, none, 9, 0)),
        (4004, hospital(), ask(11, none, 9, 0)),
        (4006, hospital(), ask(11, NOTICE, 9, 0)),
        (4042, hospital(), ask(11, NOTICE, 1, 0)),
        (4042, hospital(), ask(11, NOTICE, 1, far)),
    ];
    refuses(&mut chain, rows);
    for number in 11..14 {
        chain.must(&hospital(), ask(number, NOTICE, 1, soon));
    }
    let month = ledger_types::limits::RECONSENT_PERIOD_MS;
    refuses(&mut chain, vec![(4059, hospital(), ask(14, NOTICE, 1, soon))]);
    let accept = |version, shown| Answer::Accept {
        language: japanese(),
        notice_hash: text_hash(version),
        presentation_commitment: commitment(shown),
    };
    let respond = |request, answers: &[(u8, Answer)]| {
        let answers = answers.iter();
        let answers = answers
            .map(|(number, answer)| ReconsentAnswer {
                consent: consent_id(*number),
                answer: *answer,
            })
            .collect();
        let request = commitment(request);
        Operation::RespondReconsent(RespondReconsent { request, answers })
    };
    let rows = vec![
        (4011, akari(), respond(90, &[])),
        (4060, subject(), respond(90, &[])),
        (4062, subject(), respond(10, &[])),
        (4062, subject(), respond(10, &[(9, Answer::Defer); 2])),
        (4062, subject(), respond(10, &[(9, Answer::Defer), (1, Answer::Defer)])),
        (4012, subject(), respond(10, &[(9, Answer::Defer)])),
        (4013, child(), respond(10, &[(1, Answer::Defer)])),
        (4014, subject(), respond(10, &[(2, Answer::Defer)])),
        (4007, subject(), respond(10, &[(1, accept(2, 70))])),
        (4057, subject(), respond(10, &[(1, accept(1, 70))])),
    ];
    refuses(&mut chain, rows);
    chain.now = soon - 1000;
    refuses(&mut chain, vec![(4061, subject(), respond(10, &[(1, accept(1, 71))]))]);
    chain.now += month;
    let soon = chain.now + 60_000;
    chain.must(&hospital(), ask(14, NOTICE, 1, soon));
}

#[test]
fn people_and_their_requests() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&hospital(), opt_out(1, chain.now + 60_000));
    let stop = |scheme, person| {
        let (controller, person) = (HOSPITAL, commitment(person));
        Operation::StopOptOut(StopOptOut { controller, scheme, person, evidence: None })
    };
    chain.must(&subject(), stop(1, 130));
    let ask = |number, controller, on_behalf_of: Option<AccountId>| {
        Operation::SubjectRequest(SubjectRequest {
            request: commitment(number),
            controller,
            kind: RequestKind::Stop,
            commitment: commitment(1),
            on_behalf_of,
        })
    };
    chain.must(&subject(), ask(10, HOSPITAL, None));
    chain.must(&subject(), ask(11, HOSPITAL, None));
    let answer = |number, outcome| {
        let (request, commitment) = (commitment(number), commitment(2));
        Operation::AnswerSubjectRequest(AnswerSubjectRequest { request, outcome, commitment })
    };
    chain.must(&hospital(), answer(10, RequestOutcome::Done));
    let refused = RequestOutcome::Refused { basis: LegalBasisId::new(9) };
    let of_child = Some(child().account);
    let contact = Operation::RegisterContact(RegisterContact { mailbox: commitment(3) });
    let rows = vec![
        (4011, akari(), contact),
        (4011, akari(), stop(9, 130)),
        (4022, off.clone(), stop(9, 130)),
        (4003, pharmacy(), stop(9, 130)),
        (4043, counter(), stop(9, 130)),
        (4045, counter(), stop(1, 130)),
        (4011, akari(), ask(10, NO_PARTY, None)),
        (4011, subject(), ask(10, NO_PARTY, of_child)),
        (4022, off, ask(10, NO_PARTY, of_child)),
        (4003, pharmacy(), ask(10, NO_PARTY, of_child)),
        (4064, subject(), ask(10, NO_PARTY, None)),
        (4001, subject(), ask(12, NO_PARTY, None)),
        (4003, counter(), ask(12, PHARMACY, of_child)),
        (4001, akari(), answer(90, refused)),
        (4065, pharmacy(), answer(90, refused)),
        (4067, pharmacy(), answer(10, refused)),
        (4066, hospital(), answer(10, refused)),
        (4029, hospital(), answer(11, refused)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn guardians_and_recovery() {
    let mut chain = town();
    let off = suspended(&mut chain);
    let until = chain.now + 1_000_000;
    chain.must(&counter(), guardianship(until));
    let delegate = |change: &dyn Fn(&mut Delegate)| {
        let Operation::Delegate(mut delegate) = guardianship(until) else { panic!("a delegation") };
        change(&mut delegate);
        Operation::Delegate(delegate)
    };
    let weak = PublicKey::Ed25519([0; 32]);
    let end = |guardian: &Actor| {
        let (subject, guardian) = (child().account, guardian.account);
        Operation::EndDelegation(EndDelegation { subject, guardian })
    };
    let propose = |subject: &Actor, key| {
        let (subject, evidence, loss) = (subject.account, commitment(1), KeyLoss::Lost);
        Operation::ProposeRecovery(ProposeRecovery { subject, key, evidence, loss })
    };
    let execute =
        |subject: &Actor| Operation::ExecuteRecovery(ExecuteRecovery { subject: subject.account });
    let good = crate::fixture::seeded(77).public_key();
    let unknown_powers = borsh::from_slice::<GuardianPowers>(&[17]).unwrap();
    let mut rows = vec![
        (4011, akari(), delegate(&|one| one.subject_key = Some(weak))),
        (4011, subject(), delegate(&|one| one.subject_key = Some(weak))),
        (4022, off.clone(), delegate(&|one| one.subject_key = Some(weak))),
        (4003, pharmacy(), delegate(&|one| one.subject_key = Some(weak))),
        (4071, counter(), delegate(&|one| one.subject_key = Some(weak))),
        (4071, child(), delegate(&|_| {})),
        (4069, counter(), delegate(&|one| one.guardian = one.subject)),
        (4069, counter(), delegate(&|one| one.powers = GuardianPowers::default())),
        (4069, counter(), delegate(&|one| one.powers = unknown_powers)),
        (4069, counter(), delegate(&|one| one.until = at(0))),
        (4068, counter(), delegate(&|_| {})),
        (4011, akari(), end(&akari())),
        (4022, off.clone(), end(&akari())),
        (4003, pharmacy(), end(&akari())),
        (4070, counter(), end(&akari())),
    ];
    rows.extend([
        (4001, akari(), propose(&nobody(), weak)),
        (4022, off, propose(&nobody(), weak)),
        (4003, pharmacy(), propose(&nobody(), weak)),
        (4072, counter(), propose(&nobody(), weak)),
        (4071, counter(), propose(&subject(), weak)),
        (4074, counter(), execute(&subject())),
        (4011, akari(), Operation::VetoRecovery(VetoRecovery { on_behalf_of: None })),
        (4074, subject(), Operation::VetoRecovery(VetoRecovery { on_behalf_of: None })),
    ]);
    refuses(&mut chain, rows);
    chain.must(&counter(), propose(&subject(), good));
    let roles = PartyRoles::CONTROLLER.with(PartyRoles::COUNTER);
    chain.must(&registrar(), suspend_party(CLINIC, roles, PartyStatus::Active));
    let rows = vec![
        (4073, counter(), propose(&subject(), good)),
        (4076, Actor::party(CLINIC), execute(&subject())),
        (4076, counter(), execute(&subject())),
    ];
    refuses(&mut chain, rows);
}
