//! Every rejection of registries, subjects' transactions and people's requests, in published order.

use ledger_types::PartyId;
use ledger_types::consent::{
    Breadth, CorporateNumber, Interval, LeafChange, LegalBasisId, Materiality, Mechanism,
    PartyRoles, PartyStatus, Regime, RegimeRules, Regimes, TermsLeaf, VocabularyId,
};
use ledger_types::limits::RECONSENT_AHEAD_MS_MAX;
use ledger_types::operation::{
    Amend, Answer, AnswerSubjectRequest, Delegate, EndDelegation, ExecuteRecovery, Grant,
    GuardianPowers, Invalidate, Operation, ProposeRecovery, PublishJointUse, PublishLegalBasis,
    PublishRegime, PublishTerms, PublishVocabulary, ReconsentAnswer, RegisterContact, RequestKind,
    RequestOutcome, RequestReconsent, RespondReconsent, Resume, Revoke, StopOptOut, SubjectRequest,
    Suspend, UpdateParty, VetoRecovery, Widen, Withdraw, WithdrawFor,
};
use ledger_types::{AccountId, NoticeId, PublicKey, ZoneId};

use super::world::{
    AMBULANCE, CLINIC, COUNTER, LIFE_LAW, OPT_OUT_LAW, WORDS, at, child, city, guardianship,
    hospital, joint, law, opt_out, registrar, renew, suspend_party, town, words,
};
use crate::chain::Chain;
use crate::fixture::{
    Actor, HOSPITAL, NO_PARTY, NO_ZONE, NOTICE, PHARMACY, access, akari, commitment, consent_id,
    grant_of, japanese, nobody, notice, subject, terms, text_hash,
};
use crate::rejections::{Row, refuses};

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
fn updates_of_parties() {
    let wrong: Option<CorporateNumber> = borsh::from_slice(&[1, 1, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    let update = |party, roles, corporate_number| {
        let (regime, status) = (Regime::Private, PartyStatus::Active);
        Operation::UpdateParty(UpdateParty { party, roles, regime, corporate_number, status })
    };
    let none = PartyRoles::default();
    let register = |corporate_number| {
        Operation::RegisterParty(ledger_types::operation::RegisterParty {
            party: NO_PARTY,
            roles: PartyRoles::RECIPIENT,
            regime: Regime::Private,
            corporate_number,
            keys: vec![],
            threshold: 1,
        })
    };
    let rows = vec![
        (5001, akari(), update(NO_PARTY, none, wrong)),
        (4021, registrar(), update(NO_PARTY, none, wrong)),
        (4001, registrar(), update(NO_PARTY, PartyRoles::ALL, wrong)),
        (4023, registrar(), update(HOSPITAL, PartyRoles::ALL, wrong)),
        (4023, registrar(), register(wrong)),
        (2013, registrar(), register(None)),
    ];
    refuses(&mut town(), rows);
}

#[test]
fn vocabularies_and_law() {
    let vocabulary = |version, nodes| {
        Operation::PublishVocabulary(PublishVocabulary {
            vocabulary: WORDS,
            version,
            root: commitment(1),
            nodes,
            content_hash: commitment(2),
        })
    };
    let basis = |change: &dyn Fn(&mut PublishLegalBasis)| {
        let Operation::PublishLegalBasis(mut publish) = law(LIFE_LAW, 2, Mechanism::OptOut) else {
            panic!("a legal basis")
        };
        change(&mut publish);
        Operation::PublishLegalBasis(publish)
    };
    let regime = |version, statute_date, match_within_ms| {
        let rules = RegimeRules { match_within_ms, ..RegimeRules::INITIAL };
        let regime = Regime::Private;
        Operation::PublishRegime(PublishRegime { regime, version, statute_date, rules })
    };
    let rows = vec![
        (5001, akari(), vocabulary(3, 0)),
        (4024, registrar(), vocabulary(0, 0)),
        (4024, registrar(), vocabulary(1, 0)),
        (4024, registrar(), vocabulary(3, 0)),
        (4025, registrar(), vocabulary(2, 0)),
        (5001, akari(), basis(&|basis| basis.version = 3)),
        (4027, registrar(), basis(&|basis| (basis.version, basis.code) = (3, String::new()))),
        (4028, registrar(), basis(&|basis| basis.code = String::new())),
        (4028, registrar(), basis(&|basis| basis.code = "x".repeat(65))),
        (4028, registrar(), basis(&|basis| basis.statute_date = 20_231_301)),
        (4028, registrar(), basis(&|basis| basis.statute_date = 20_231_200)),
        (4028, registrar(), basis(&|basis| basis.regimes = Regimes::default())),
        (4028, registrar(), basis(&|basis| basis.regimes = borsh::from_slice(&[8]).unwrap())),
        (4028, registrar(), basis(&|basis| basis.sensitive_allowed = true)),
        (5001, akari(), regime(2, 0, 0)),
        (4033, registrar(), regime(2, 0, 0)),
        (4034, registrar(), regime(1, 0, 1)),
        (4034, registrar(), regime(1, 20_230_401, 0)),
        (4034, registrar(), regime(1, 20_230_401, u64::MAX)),
    ];
    let mut chain = town();
    refuses(&mut chain, rows);
    chain.must(&registrar(), regime(1, 20_230_401, 1));
    chain.must(&registrar(), words(2));
}

#[test]
fn schemes_and_terms() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&hospital(), joint(1, 1, &[PHARMACY]));
    let soon = chain.now + 600_000;
    chain.must(&hospital(), opt_out(1, soon));
    let terms = |terms, payer: &Actor, zone| {
        let (payer, unit_hash) = (payer.account, commitment(1));
        Operation::PublishTerms(PublishTerms { terms, payer, unit_hash, zone })
    };
    chain.must(&hospital(), terms(1, &akari(), None));
    let joint_by = |change: &dyn Fn(&mut PublishJointUse)| {
        let Operation::PublishJointUse(mut publish) = joint(2, 1, &[PHARMACY]) else {
            panic!("a scheme of joint use")
        };
        change(&mut publish);
        Operation::PublishJointUse(publish)
    };
    let many: Vec<PartyId> = (1..=65).map(PartyId::new).collect();
    let under = |basis: LegalBasisId, scheme, wait_until| {
        let Operation::NotifyOptOut(mut notify) = opt_out(scheme, wait_until) else {
            panic!("an opt-out")
        };
        notify.basis = basis;
        Operation::NotifyOptOut(notify)
    };
    let no_law = LegalBasisId::new(9);
    let mut rows: Vec<Row> = vec![
        (4001, akari(), joint(1, 9, &[])),
        (4022, off.clone(), joint(1, 9, &[])),
        (4003, pharmacy(), joint(1, 9, &[])),
        (4035, hospital(), joint(0, 9, &[])),
        (4035, hospital(), joint(1, 9, &[])),
        (4035, hospital(), joint(3, 9, &[])),
        (4036, hospital(), joint(2, 9, &[])),
        (4036, hospital(), joint(2, 9, &[PHARMACY, PHARMACY])),
        (4036, hospital(), joint(2, 9, &[PHARMACY, HOSPITAL])),
        (4036, hospital(), joint(2, 9, &[NO_PARTY])),
        (4036, hospital(), joint(2, 9, &many)),
        (4036, hospital(), joint_by(&|publish| publish.responsible = NO_PARTY)),
        (4004, hospital(), joint_by(&|publish| publish.notice = NoticeId::new(9))),
        (4006, hospital(), joint_by(&|publish| publish.notice_version = 2)),
        (4037, hospital(), joint(2, 1, &[PHARMACY, AMBULANCE])),
    ];
    rows.extend([
        (4001, akari(), under(no_law, 1, 0)),
        (4022, off.clone(), under(no_law, 1, 0)),
        (4003, pharmacy(), under(no_law, 1, 0)),
        (4040, hospital(), under(no_law, 1, 0)),
        (4029, hospital(), under(no_law, 2, 0)),
        (4031, hospital(), under(LIFE_LAW, 2, 0)),
        (4042, hospital(), under(OPT_OUT_LAW, 2, 0)),
        (4001, akari(), terms(1, &nobody(), Some(NO_ZONE))),
        (4022, off, terms(1, &nobody(), Some(NO_ZONE))),
        (4003, pharmacy(), terms(1, &nobody(), Some(NO_ZONE))),
        (4047, hospital(), terms(1, &nobody(), Some(NO_ZONE))),
        (2002, hospital(), terms(2, &nobody(), Some(NO_ZONE))),
        (3001, hospital(), terms(2, &akari(), Some(ZoneId::new(9)))),
    ]);
    refuses(&mut chain, rows);
    let roles = PartyRoles::CONTROLLER;
    let update = UpdateParty {
        party: CLINIC,
        roles,
        regime: Regime::PublicBody,
        corporate_number: None,
        status: PartyStatus::Active,
    };
    chain.must(&registrar(), Operation::UpdateParty(update));
    refuses(&mut chain, vec![(4041, Actor::party(CLINIC), under(no_law, 1, 0))]);
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
        replacement: Some(TermsLeaf { sensitive, commitment: commitment(1) }),
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
    let revoke = |number| Operation::Revoke(Revoke { consent: consent_id(number), ground });
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
    // A suspended party still narrows: the clinic serves at a counter.
    chain.must(&Actor::party(CLINIC), withdraw_for(1));
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
        let (subject, evidence) = (subject.account, commitment(1));
        Operation::ProposeRecovery(ProposeRecovery { subject, key, evidence })
    };
    let execute =
        |subject: &Actor| Operation::ExecuteRecovery(ExecuteRecovery { subject: subject.account });
    let good = crate::fixture::seeded(77).public_key();
    let unknown_powers = borsh::from_slice::<GuardianPowers>(&[9]).unwrap();
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
        (4011, akari(), Operation::VetoRecovery(VetoRecovery)),
        (4074, subject(), Operation::VetoRecovery(VetoRecovery)),
    ]);
    refuses(&mut chain, rows);
    chain.must(&counter(), propose(&subject(), good));
    let roles = PartyRoles::CONTROLLER.with(PartyRoles::COUNTER);
    chain.must(&registrar(), suspend_party(CLINIC, roles, PartyStatus::Active));
    let rows = vec![
        (4073, counter(), propose(&subject(), good)),
        (4075, Actor::party(CLINIC), execute(&subject())),
        (4076, counter(), execute(&subject())),
    ];
    refuses(&mut chain, rows);
}
