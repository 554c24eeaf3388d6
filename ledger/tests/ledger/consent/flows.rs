//! What happens when all goes well: one flow a topic, each over several operations.

use ledger_types::consent::{
    Breadth, LeafChange, Materiality, Profile, Recipient, TermsLeaf, tombstone,
};
use ledger_types::event::{DividendPaid, Happened, List};
use ledger_types::limits::RECOVERY_DELAY_MS;
use ledger_types::operation::{
    AcknowledgeShred, Amend, Answer, AnswerSubjectRequest, AuditScope, DeclareEmergency,
    DividendRow, EndAuditView, EndByController, EndDelegation, EndEmergency, ExecuteRecovery,
    Grant, GrantAuditView, Half, Invalidate, KeyLoss, Operation, PayDividend, ProposeRecovery,
    PublishCompensation, ReadAccessLog, ReadRight, ReconsentAnswer, RegisterContact, RequestKind,
    RequestOutcome, RequestReconsent, RespondReconsent, Resume, StopOptOut, SubjectRequest,
    Suspend, VetoRecovery, Widen, Withdraw, WithdrawFor,
};
use ledger_types::{AccountId, ConsentStanding, ConsentStatus, Inadmissible, Timestamp, merkle};

use super::world::{
    AMBULANCE, COUNTER, ask_on, at, audit_member, care, child, city, glass_of, guardianship,
    hospital, joint, opt_out, purpose, renew, town, under_joint, under_law, under_opt_out,
    university, words,
};
use crate::chain::{Chain, admit, codes};
use crate::fixture::{
    AIZU, AUDITOR, Actor, DELTA_MS, HOSPITAL, NOTICE, PHARMACY, TOWN, access, akari, ask, botan,
    chika, commitment, consent_id, grant_of, hourly, japanese, later, notice, seeded, shop,
    subject, terms, text_hash, yen,
};

fn pharmacy() -> Actor {
    Actor::party(PHARMACY)
}

fn standing(chain: &Chain, number: u8) -> ConsentStanding {
    chain.state.consent_standing(chain.state.consent(&consent_id(number)).unwrap())
}

#[test]
fn an_amendment_takes_a_process_out_and_a_widening_needs_new_evidence() {
    let mut chain = town();
    let asked = access(1, 1);
    let change = |index: u32, path, replacement| LeafChange {
        index,
        leaf: terms()[usize::try_from(index).unwrap()],
        path,
        replacement,
    };
    let hashes: Vec<_> = terms().iter().map(TermsLeaf::hash).collect();
    let after: Vec<_> = [hashes[0], tombstone(), hashes[2], hashes[3]].to_vec();
    let recipient = Recipient::Party(HOSPITAL);
    let other = TermsLeaf { sensitive: false, recipient, commitment: commitment(99) };
    let changes = vec![
        change(1, asked.path.clone(), None),
        change(2, merkle::inclusion_path(&after, 2), Some(other)),
    ];
    let expires = Some(at(chain.now + 500_000));
    let consent = consent_id(1);
    let amend = Amend { consent, changes, expires, use_limit: Some(2) };
    chain.must(&subject(), Operation::Amend(amend));
    let record = chain.state.consent(&consent).unwrap();
    let root = merkle::root(&[hashes[0], tombstone(), other.hash(), hashes[3]]);
    assert_eq!((record.terms_root, record.revision, record.use_limit), (root, 1, Some(2)));
    assert_eq!(Some(record.expires), expires);
    // The process that was taken out is denied, with either tree's path.
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(1, asked)]), 4018);
    chain.must(&hospital(), notice(2, Materiality::Minor));
    chain.must(
        &subject(),
        Operation::Widen(Widen {
            consent,
            terms_root: merkle::root(&hashes),
            notice: NOTICE,
            notice_version: 2,
            language: japanese(),
            notice_hash: text_hash(2),
            presentation_commitment: commitment(71),
            expires: at(chain.now + 900_000),
            use_limit: None,
        }),
    );
    chain.must(&pharmacy(), ask(2, access(1, 1)));
}

#[test]
fn a_suspended_consent_permits_nothing_until_it_is_resumed() {
    let mut chain = town();
    let consent = consent_id(1);
    chain.must(&subject(), Operation::Suspend(Suspend { consent }));
    assert_eq!(standing(&chain, 1), ConsentStanding::Suspended);
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(1, access(1, 1))]), 4051);
    chain.must(&subject(), Operation::Resume(Resume { consent }));
    chain.must(&pharmacy(), ask(1, access(1, 1)));
    chain.must(&subject(), Operation::Suspend(Suspend { consent }));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent }));
    assert_eq!(standing(&chain, 1), ConsentStanding::Withdrawn);
}

#[test]
fn a_consent_ends_in_five_ways_and_each_is_its_own_word() {
    let mut chain = town();
    for number in 2..=5 {
        chain.must(&subject(), Operation::Grant(grant_of(number)));
    }
    let (evidence, ground) = (commitment(90), commitment(91));
    let consent = consent_id;
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent(1) }));
    let by_counter = WithdrawFor { consent: consent(2), evidence };
    chain.must(&Actor::party(COUNTER), Operation::WithdrawFor(by_counter));
    chain.must(
        &hospital(),
        Operation::EndByController(EndByController { consent: consent(3), ground }),
    );
    chain.must(&city(), Operation::Invalidate(Invalidate { consent: consent(4), ground }));
    let (request, reason) = (commitment(92), commitment(93));
    let deadline = at(chain.now + 100_000);
    let asked = RequestReconsent { request, notice: NOTICE, version: 1, reason, deadline };
    chain.must(&hospital(), Operation::RequestReconsent(asked));
    let answers = vec![ReconsentAnswer { consent: consent(5), answer: Answer::Refuse }];
    let respond = RespondReconsent { request, answers };
    chain.must(&subject(), Operation::RespondReconsent(respond));
    let expected = [
        ConsentStanding::Withdrawn,
        ConsentStanding::Withdrawn,
        ConsentStanding::Revoked,
        ConsentStanding::Invalidated,
        ConsentStanding::Refused,
    ];
    for (number, standing_then) in (1..=5).zip(expected) {
        assert_eq!(standing(&chain, number), standing_then);
        assert!(chain.state.acknowledgement(&consent(number)).is_some());
        let shred = AcknowledgeShred { consent: consent(number), digest: commitment(94) };
        chain.must(&pharmacy(), Operation::AcknowledgeShred(shred));
        let code = chain.outcome(&pharmacy(), vec![ask(u32::from(number), access(number, 1))]);
        assert_eq!(code, 4014);
    }
    // A new consent is always possible, under a new identity.
    chain.must(&subject(), Operation::Grant(grant_of(6)));
}

#[test]
fn renewals_are_asked_for_and_answered_in_bulk() {
    let mut chain = town();
    chain.must(&subject(), Operation::Grant(grant_of(2)));
    chain.must(&subject(), Operation::RegisterContact(RegisterContact { mailbox: commitment(95) }));
    chain.must(&hospital(), notice(2, Materiality::Material));
    assert_eq!(standing(&chain, 1), ConsentStanding::RenewalDue);
    let (request, reason) = (commitment(92), commitment(93));
    let deadline = at(chain.now + 100_000);
    let asked = RequestReconsent { request, notice: NOTICE, version: 2, reason, deadline };
    chain.must(&hospital(), Operation::RequestReconsent(asked));
    let accept = Answer::Accept {
        language: japanese(),
        notice_hash: text_hash(2),
        presentation_commitment: commitment(71),
    };
    let mut answers = vec![
        ReconsentAnswer { consent: consent_id(1), answer: accept },
        ReconsentAnswer { consent: consent_id(2), answer: Answer::Defer },
    ];
    answers.sort_by_key(|answer| answer.consent);
    let respond = RespondReconsent { request, answers };
    chain.must(&subject(), Operation::RespondReconsent(respond));
    assert_eq!(standing(&chain, 1), ConsentStanding::Renewed);
    assert_eq!(standing(&chain, 2), ConsentStanding::RenewalDue);
    chain.must(&subject(), renew(2, 2, 72));
    assert_eq!(standing(&chain, 2), ConsentStanding::Renewed);
}

#[test]
fn a_guardians_consent_is_the_subjects_to_renew_from_the_age_boundary_on() {
    let mut chain = town();
    let boundary = chain.now + 50_000;
    chain.must(&Actor::party(COUNTER), guardianship(boundary));
    let mut given = grant_of(2);
    given.on_behalf_of = Some(child().account);
    chain.must(&subject(), Operation::Grant(given.clone()));
    let guardian = chain.state.consent(&consent_id(2)).unwrap().guardian.unwrap();
    assert_eq!((guardian.account, guardian.until), (subject().account, at(boundary)));
    let valid_until = |chain: &mut Chain, id| {
        let tx = chain.tx(&pharmacy(), vec![ask(id, access(2, 1))]);
        let applied = chain.commit(vec![tx]);
        assert_eq!(codes(&applied), [0]);
        chain.state.access(&crate::fixture::access_id(id)).unwrap().valid_until
    };
    assert_eq!(valid_until(&mut chain, 1), at(boundary), "no decision outlives the authority");
    chain.now = boundary - 1000;
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(2, access(2, 1))]), 4020);
    given.consent = consent_id(3);
    assert_eq!(chain.outcome(&subject(), vec![Operation::Grant(given)]), 4050);
    chain.must(&child(), renew(2, 1, 73));
    assert_eq!(valid_until(&mut chain, 3), at(chain.now + DELTA_MS));
}

#[test]
fn a_delegation_ends_early_and_a_counter_acts_for_people_without_phones() {
    let mut chain = town();
    chain.must(&Actor::party(COUNTER), guardianship(chain.now + 50_000));
    let (subject_account, guardian) = (child().account, subject().account);
    let end = EndDelegation { subject: subject_account, guardian };
    chain.must(&child(), Operation::EndDelegation(end));
    let mut given = grant_of(2);
    given.on_behalf_of = Some(crate::fixture::nobody().account);
    chain.must(&Actor::party(COUNTER), Operation::Grant(given));
    let record = chain.state.consent(&consent_id(2)).unwrap();
    assert_eq!(record.subject, crate::fixture::nobody().account);
    assert_eq!(record.guardian, None);
}

#[test]
fn a_recovered_subject_keeps_its_account_its_consents_and_its_nonces() {
    let mut chain = town();
    let new_key = seeded(77);
    let propose = ProposeRecovery {
        subject: subject().account,
        key: new_key.public_key(),
        evidence: commitment(96),
        loss: KeyLoss::Lost,
    };
    let counter = Actor::party(COUNTER);
    chain.must(&counter, Operation::ProposeRecovery(propose.clone()));
    chain.must(&subject(), Operation::VetoRecovery(VetoRecovery { on_behalf_of: None }));
    chain.must(&counter, Operation::ProposeRecovery(propose));
    chain.now += RECOVERY_DELAY_MS;
    let execute = ExecuteRecovery { subject: subject().account };
    chain.must(&counter, Operation::ExecuteRecovery(execute));
    let withdraw = vec![Operation::Withdraw(Withdraw { consent: consent_id(1) })];
    let lost = chain.tx(&subject(), withdraw.clone());
    let time = Timestamp::from_millis(chain.now + 1000);
    assert_eq!(admit(&chain.state, &lost, time), Err(Inadmissible::KeyNotAuthorised));
    let found = Actor { account: subject().account, key: new_key };
    assert_eq!(chain.outcome(&found, withdraw), 0);
}

#[test]
fn a_broad_consent_covers_what_lay_under_its_concept_when_it_was_given() {
    let mut chain = town();
    let mut given = grant_of(2);
    given.breadth = care();
    chain.must(&subject(), Operation::Grant(given));
    chain.must(&super::world::registrar(), words(2));
    let with = |version, place| {
        let mut asked = access(2, 1);
        asked.purpose = Some(purpose(version, place));
        asked
    };
    let rows = [((1, 1), 0), ((1, 2), 0), ((1, 3), 4079), ((1, 0), 4079), ((2, 1), 4079)];
    for (id, ((version, place), code)) in (0..).zip(rows) {
        let operations = vec![ask(id, with(version, place))];
        assert_eq!(chain.outcome(&pharmacy(), operations), code, "{version} {place}");
    }
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(90, access(2, 1))]), 4079);
}

#[test]
fn opt_outs_joint_use_and_law_permit_without_a_consent() {
    let mut chain = town();
    let wait_until = chain.now + 10_000;
    chain.must(&hospital(), opt_out(1, wait_until));
    let person = 130;
    let under = || under_opt_out(1, person, false);
    assert_eq!(chain.outcome(&pharmacy(), vec![ask_on(1, under())]), 4044);
    chain.now = wait_until - 1000;
    chain.must(&pharmacy(), ask_on(1, under()));
    assert_eq!(chain.outcome(&pharmacy(), vec![ask_on(2, under_opt_out(1, person, true))]), 4046);
    let (controller, evidence) = (HOSPITAL, Some(commitment(97)));
    let stop = StopOptOut { controller, scheme: 1, person: commitment(person), evidence };
    chain.must(&Actor::party(COUNTER), Operation::StopOptOut(stop));
    assert_eq!(chain.outcome(&pharmacy(), vec![ask_on(2, under())]), 4045);
    chain.must(&pharmacy(), ask_on(2, under_opt_out(1, person + 1, false)));
    chain.must(&hospital(), joint(1, 1, &[PHARMACY]));
    chain.must(&pharmacy(), ask_on(3, under_joint(1)));
    chain.must(&hospital(), notice(2, Materiality::Minor));
    chain.must(&hospital(), joint(2, 2, &[PHARMACY, AMBULANCE]));
    let ambulance = Actor::party(AMBULANCE);
    assert_eq!(chain.outcome(&ambulance, vec![ask_on(4, under_joint(1))]), 4039);
    chain.must(&ambulance, ask_on(4, under_joint(2)));
    chain.must(&pharmacy(), ask_on(5, under_law(1, Some(commitment(98)), false)));
}

#[test]
fn a_disaster_profile_applies_while_two_members_say_so() {
    let mut chain = town();
    let mut given = grant_of(2);
    given.profile = Profile::Disaster { area: 7 };
    chain.must(&subject(), Operation::Grant(given));
    let declare = |until| {
        let (area, ground) = (7, commitment(99));
        Operation::DeclareEmergency(DeclareEmergency { area, until: at(until), ground })
    };
    let (first, second) = (chain.now + 30_000, chain.now + 60_000);
    chain.must(&city(), declare(second));
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(1, access(2, 1))]), 4080);
    chain.must(&university(), declare(first));
    chain.must(&pharmacy(), ask(1, access(2, 1)));
    let record = chain.state.access(&crate::fixture::access_id(1)).unwrap();
    assert_eq!(record.valid_until, at(first), "no decision outlives the emergency");
    chain.must(&city(), Operation::EndEmergency(EndEmergency { area: 7 }));
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(2, access(2, 1))]), 4080);
    // Without the city there is none, however many say so.
    chain.must(&university(), declare(chain.now + 60_000));
    chain.must(&audit_member(), declare(chain.now + 60_000));
    assert_eq!(chain.outcome(&pharmacy(), vec![ask(2, access(2, 1))]), 4080);
}

#[test]
fn dividends_are_paid_in_bulk_once_a_part() {
    let mut chain = town();
    let (terms, unit_hash) = (1, commitment(100));
    let payer = akari().account;
    let publish = PublishCompensation { terms, payer, unit_hash, zone: None };
    chain.must(&hospital(), Operation::PublishCompensation(publish));
    let rows = vec![
        DividendRow { to: chika().account, amount: yen(30) },
        DividendRow { to: botan().account, amount: yen(20) },
    ];
    let pay = PayDividend { controller: HOSPITAL, terms, month: 202_611, chunk: 0, rows };
    let tx = chain.tx(&akari(), vec![Operation::PayDividend(pay.clone())]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(codes(&applied), [0]);
    let last = applied.events.last().unwrap();
    let event = DividendPaid { controller: HOSPITAL, terms, month: 202_611, chunk: 0, rows: 2 };
    let event = event.into();
    assert_eq!(*last, Happened { transaction: Some(0), operation: 0, event });
    let balance = |actor: &Actor| chain.state.account(&actor.account).unwrap().balance;
    assert_eq!([balance(&akari()), balance(&chika()), balance(&botan())], [50, 130, 120].map(yen));
    assert_eq!(chain.outcome(&akari(), vec![Operation::PayDividend(pay.clone())]), 4100);
    // One row too many for the balance: nobody is paid.
    let mut next = PayDividend { chunk: 1, ..pay };
    next.rows.push(DividendRow { to: shop().account, amount: yen(1) });
    assert_eq!(chain.outcome(&akari(), vec![Operation::PayDividend(next)]), 2004);
    assert_eq!(chain.state.account(&chika().account).unwrap().balance, yen(130));
}

#[test]
fn an_auditor_reads_within_its_view_and_every_read_is_logged() {
    let mut chain = town();
    let view = commitment(101);
    let scope = AuditScope::Controller { controller: HOSPITAL };
    let (auditor, until, ground) = (AUDITOR, at(chain.now + 50_000), commitment(102));
    let grant = GrantAuditView { view, auditor, scope, until, ground };
    chain.must(&university(), Operation::GrantAuditView(grant));
    let read = |number, right| {
        let (read, subject) = (commitment(number), subject().account);
        Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
    };
    let consent = Some(consent_id(1));
    let by_view = || ReadRight::View { view, consent };
    let auditing = Actor::party(AUDITOR);
    chain.must(&auditing, read(103, by_view()));
    let outside = ReadRight::View { view, consent: None };
    assert_eq!(chain.outcome(&auditing, vec![read(104, outside)]), 4104);
    chain.must(&hospital(), read(105, ReadRight::Consent { consent: consent_id(1) }));
    assert_eq!(chain.state.log_read(&commitment(103)).unwrap().reader, AUDITOR);
    assert_eq!(chain.state.log_read(&commitment(105)).unwrap().reader, HOSPITAL);
    chain.must(&city(), Operation::EndAuditView(EndAuditView { view }));
    assert_eq!(chain.outcome(&auditing, vec![read(106, by_view())]), 4103);
}

#[test]
fn a_read_of_accounts_names_the_account_the_bank_or_the_zones_operator_and_all_are_told() {
    let mut chain = town();
    let operator = chain.state.zone(TOWN).unwrap().operator;
    let (account, bank) = (akari().account, chain.state.bank(AIZU).unwrap().account);
    let scopes = [
        (AuditScope::Account { account }, account, vec![]),
        (AuditScope::Bank { bank: AIZU }, bank, vec![List::Bank(AIZU)]),
        (AuditScope::Zone { zone: TOWN }, operator, vec![List::Zone(TOWN)]),
    ];
    let (auditing, until, ground) = (Actor::party(AUDITOR), at(chain.now + 50_000), commitment(9));
    for ((scope, subject, all), number) in scopes.into_iter().zip(120..) {
        let (view, read) = (commitment(number), commitment(number + 10));
        let grant = GrantAuditView { view, auditor: AUDITOR, scope, until, ground };
        chain.must(&university(), Operation::GrantAuditView(grant));
        let right = ReadRight::View { view, consent: None };
        let reading = |subject| Operation::ReadAccessLog(ReadAccessLog { read, subject, right });
        assert_eq!(chain.outcome(&auditing, vec![reading(chika().account)]), 4104, "{scope:?}");
        let tx = chain.tx(&auditing, vec![reading(subject)]);
        let applied = chain.commit(vec![tx]);
        assert_eq!(codes(&applied), [0], "{scope:?}");
        let told = [subject, AccountId::of_party(AUDITOR)].map(List::Account);
        let mut expected: Vec<List> = told.into_iter().chain(all).collect();
        expected.sort_unstable();
        assert_eq!(applied.events.last().unwrap().event.enters(), expected, "{scope:?}");
    }
}

#[test]
fn requests_are_answered_and_hours_are_matched() {
    let mut chain = town();
    let (request, controller) = (commitment(107), HOSPITAL);
    let ask = SubjectRequest {
        request,
        controller,
        kind: RequestKind::Access,
        commitment: commitment(108),
        on_behalf_of: Some(crate::fixture::nobody().account),
    };
    chain.must(&Actor::party(COUNTER), Operation::SubjectRequest(ask));
    let (outcome, commitment_) = (RequestOutcome::Partly, commitment(109));
    let answer = AnswerSubjectRequest { request, outcome, commitment: commitment_ };
    chain.must(&hospital(), Operation::AnswerSubjectRequest(answer));
    assert!(chain.state.subject_request(&request).unwrap().answer.is_some());
    chain.must(&pharmacy(), crate::fixture::ask(1, access(1, 1)));
    let hour = 0;
    chain.now = 2 * 3_600_000;
    let half = |half, counterparty, count| {
        Operation::RecordDisclosures(hourly(1, half, counterparty, hour, count))
    };
    chain.must(&hospital(), half(Half::Holder, PHARMACY, 4));
    chain.must(&pharmacy(), half(Half::Recipient, HOSPITAL, 5));
    let record = chain.state.disclosures(HOSPITAL, PHARMACY, hour).unwrap();
    assert_eq!(record.pairing(), ledger::record::Pairing::Mismatched);
}

#[test]
fn glass_broken_offline_is_recorded_within_the_hours_that_the_regime_allows() {
    let mut chain = town();
    let ambulance = Actor::party(AMBULANCE);
    let within = ledger_types::consent::RegimeRules::INITIAL.break_glass_backdate_ms_max;
    chain.now = 2 * within;
    let earliest = chain.now + 1000 - within;
    let today = later(chain.now, 140);
    assert_eq!(chain.outcome(&ambulance, vec![glass_of(today, earliest - 1)]), 4090);
    // The block's time does not move with a refused transaction's: one second later.
    chain.must(&ambulance, glass_of(today, earliest + 1000));
    assert!(matches!(chain.state.consent(&consent_id(1)).unwrap().status, ConsentStatus::Given));
    assert_eq!(chain.state.consent(&consent_id(1)).unwrap().breadth, Breadth::Specific);
}

#[test]
fn what_a_counter_gave_on_paper_is_withdrawn_by_the_persons_own_key_alone() {
    let mut chain = town();
    let counter = Actor::party(COUNTER);
    let (person, stranger) = (Actor::subject(77), Actor::subject(78));
    let served = super::world::served(&chain, &person);
    chain.must(&counter, served);
    for number in [20, 21] {
        let on_behalf_of = Some(person.account);
        chain.must(&counter, Operation::Grant(Grant { on_behalf_of, ..grant_of(number) }));
    }
    let withdraw = |number| Operation::Withdraw(Withdraw { consent: consent_id(number) });
    let judged = |chain: &mut Chain, actor: &Actor, others: &[&Actor], operations| {
        let tx = chain.cosigned(actor, others, operations);
        let judged = admit(&chain.state, &tx, at(chain.now + 1_000));
        judged.map_or_else(|reason| reason.code(), |()| 0)
    };
    // Nobody begins with what is another's, with more than withdrawals, or with others' signatures.
    assert_eq!(judged(&mut chain, &stranger, &[], vec![withdraw(20)]), 1015);
    assert_eq!(judged(&mut chain, &person, &[], vec![withdraw(1)]), 1015);
    let mixed = vec![withdraw(20), Operation::Suspend(Suspend { consent: consent_id(21) })];
    assert_eq!(judged(&mut chain, &person, &[], mixed), 1015);
    assert_eq!(judged(&mut chain, &person, &[&hospital()], vec![withdraw(20)]), 1010);
    assert_eq!(chain.outcome(&person, vec![withdraw(20)]), 0);
    assert_eq!(standing(&chain, 20), ConsentStanding::Withdrawn);
    assert!(chain.state.subject(&person.account).is_some());
    assert_eq!(chain.outcome(&person, vec![withdraw(21)]), 0);
    assert_eq!(chain.outcome(&person, vec![withdraw(20)]), 4014);
}
