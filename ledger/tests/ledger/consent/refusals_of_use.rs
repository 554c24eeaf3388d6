//! Every rejection of uses, their records and oversight, in published order.

use ledger_types::consent::{Mechanism, PartyRoles, PartyStatus};
use ledger_types::limits::{AUDIT_VIEW_AHEAD_MS_MAX, EMERGENCY_AHEAD_MS_MAX};
use ledger_types::operation::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, AuditScope, BreakGlass, DeclareEmergency,
    Deletion, DividendRow, EndAuditView, EndEmergency, Finding, GrantAuditView, Half,
    NotifySubject, Operation, PayDividend, PublishCompensation, ReadAccessLog, ReadRight,
    RequestAccess, ReviewBreakGlass, Withdraw,
};
use ledger_types::{LegalBasisId, PartyId};

use super::world::{
    AMBULANCE, CLINIC, COUNTER, INSIDER, LIFE_LAW, ask_on, at, audit_member, care, child, city,
    glass, hospital, joint, law, opt_out, purpose, registrar, suspend_party, town, under_joint,
    under_law, under_opt_out, university,
};
use crate::chain::Chain;
use crate::fixture::{
    AUDITOR, Actor, HOSPITAL, NO_PARTY, PHARMACY, access, akari, ask, asked_on, commitment,
    consent_id, grant_of, hourly, kenji, nobody, received, subject, used, yen,
};
use crate::rejections::refuses;

fn pharmacy() -> Actor {
    Actor::party(PHARMACY)
}

fn ambulance() -> Actor {
    Actor::party(AMBULANCE)
}

fn counter() -> Actor {
    Actor::party(COUNTER)
}

/// The clinic with every role, suspended.
fn suspended(chain: &mut Chain) -> Actor {
    chain.must(&registrar(), suspend_party(CLINIC, PartyRoles::ALL, PartyStatus::Suspended));
    Actor::party(CLINIC)
}

#[test]
fn accesses_without_consent() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&hospital(), opt_out(1, chain.now + 600_000));
    chain.must(&hospital(), joint(1, 1, &[PHARMACY]));
    chain.must(&pharmacy(), ask(1, access(1, 1)));
    let evidence = Some(commitment(1));
    let no_law = AccessBasis::Exemption {
        basis: LegalBasisId::new(9),
        version: 9,
        person: commitment(1),
        evidence: None,
        sensitive: true,
    };
    let rows = vec![
        (4001, akari(), ask_on(1, under_opt_out(9, 130, true))),
        (4022, off, ask_on(1, under_opt_out(9, 130, true))),
        (4077, counter(), ask_on(1, under_opt_out(9, 130, true))),
        (4003, counter(), ask_on(2, under_opt_out(9, 130, true))),
        (4043, pharmacy(), ask_on(2, under_opt_out(9, 130, true))),
        (4046, pharmacy(), ask_on(2, under_opt_out(1, 130, true))),
        (4044, pharmacy(), ask_on(2, under_opt_out(1, 130, false))),
        (4003, counter(), ask_on(2, under_joint(9))),
        (4038, pharmacy(), ask_on(2, under_joint(9))),
        (4039, ambulance(), ask_on(2, under_joint(1))),
        (4003, counter(), ask_on(2, no_law.clone())),
        (4029, pharmacy(), ask_on(2, no_law)),
        (4030, pharmacy(), ask_on(2, under_law(2, None, true))),
        (4046, pharmacy(), ask_on(2, under_law(1, None, true))),
        (4032, pharmacy(), ask_on(2, under_law(1, None, false))),
    ];
    refuses(&mut chain, rows);
    // The law changes to another mechanism: what rested on it is permitted no more.
    chain.must(&registrar(), law(LIFE_LAW, 2, Mechanism::JointUse));
    refuses(&mut chain, vec![(4031, pharmacy(), ask_on(2, under_law(2, evidence, false)))]);
    chain.must(&registrar(), law(super::world::OPT_OUT_LAW, 2, Mechanism::Consent));
    refuses(&mut chain, vec![(4031, pharmacy(), ask_on(2, under_opt_out(1, 130, true)))]);
    // A suspended controller's schemes permit nothing.
    let roles = PartyRoles::CONTROLLER;
    chain.must(&registrar(), suspend_party(HOSPITAL, roles, PartyStatus::Suspended));
    let rows = vec![
        (4022, pharmacy(), ask_on(2, under_opt_out(1, 130, true))),
        (4022, pharmacy(), ask_on(2, under_joint(1))),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn purposes_of_broad_consents() {
    let mut chain = town();
    let mut broad = grant_of(2);
    broad.breadth = care();
    chain.must(&subject(), Operation::Grant(broad));
    let with = |number, place, change: &dyn Fn(&mut ledger_types::operation::ConsentBasis)| {
        let mut asked = access(number, 1);
        asked.purpose = Some(purpose(1, place));
        change(&mut asked);
        ask(9, asked)
    };
    let rows = vec![
        (4018, pharmacy(), with(1, 3, &|asked| asked.leaf_index = 0)),
        (4079, pharmacy(), with(1, 1, &|_| {})),
        (4079, pharmacy(), with(2, 1, &|asked| asked.purpose = None)),
        (4079, pharmacy(), with(2, 3, &|_| {})),
        (
            4079,
            pharmacy(),
            with(2, 1, &|asked| {
                asked.purpose.as_mut().unwrap().node.sensitive = true;
            }),
        ),
        (
            4079,
            pharmacy(),
            with(2, 1, &|asked| {
                asked.purpose.as_mut().unwrap().path = vec![commitment(1); 33];
            }),
        ),
    ];
    refuses(&mut chain, rows);
    chain.must(&pharmacy(), with(2, 1, &|_| {}));
}

#[test]
fn halves_and_hours() {
    let mut chain = town();
    let off = suspended(&mut chain);
    chain.must(&pharmacy(), ask(1, access(1, 1)));
    let elsewhere = RequestAccess {
        holder: commitment(1),
        ..asked_on(crate::fixture::access_id(2), AccessBasis::Consent(access(1, 1)))
    };
    chain.must(&pharmacy(), Operation::RequestAccess(elsewhere));
    let used = |id| used(id, 1);
    let received = |id| received(id, 1);
    chain.must(&hospital(), used(1));
    chain.must(&pharmacy(), received(1));
    chain.now = 2 * 3_600_000;
    let hour = |half, counterparty, hour, count| {
        Operation::RecordDisclosures(hourly(1, half, counterparty, hour, count))
    };
    chain.must(&hospital(), hour(Half::Holder, PHARMACY, 0, 1));
    let of = |id, half, counterparty, hour| {
        Operation::RecordDisclosures(hourly(id, half, counterparty, hour, 1))
    };
    let rows = vec![
        (4001, akari(), used(9)),
        (4022, off.clone(), used(9)),
        (4003, pharmacy(), used(9)),
        (4078, hospital(), used(9)),
        (4110, hospital(), used(2)),
        (4082, hospital(), used(1)),
        (4001, akari(), received(9)),
        (4022, off.clone(), received(9)),
        (4078, hospital(), received(9)),
        (4083, hospital(), received(1)),
        (4082, pharmacy(), received(1)),
        (4001, akari(), hour(Half::Holder, NO_PARTY, 2, 0)),
        (4022, off, hour(Half::Holder, NO_PARTY, 2, 0)),
        (4003, pharmacy(), hour(Half::Holder, NO_PARTY, 2, 0)),
        (4001, hospital(), hour(Half::Holder, NO_PARTY, 2, 0)),
        (4084, hospital(), hour(Half::Holder, PHARMACY, 2, 1)),
        (4084, hospital(), hour(Half::Holder, PHARMACY, u32::MAX, 1)),
        (4084, hospital(), hour(Half::Holder, PHARMACY, 1, 0)),
        (4084, hospital(), hour(Half::Holder, HOSPITAL, 1, 1)),
        (4078, hospital(), of(9, Half::Holder, PHARMACY, 1)),
        (4083, hospital(), of(1, Half::Holder, AMBULANCE, 1)),
        (4110, hospital(), of(2, Half::Holder, PHARMACY, 1)),
        (4113, hospital(), of(1, Half::Holder, PHARMACY, 1)),
        (4082, hospital(), hour(Half::Holder, PHARMACY, 0, 1)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn what_follows_an_end() {
    let mut chain = town();
    for number in 2..=3 {
        chain.must(&subject(), Operation::Grant(grant_of(number)));
        let consent = consent_id(number);
        chain.must(&subject(), Operation::Withdraw(Withdraw { consent }));
    }
    let acknowledge = |number, stopped_at, deletion, told: &[PartyId]| {
        Operation::AcknowledgeWithdrawal(AcknowledgeWithdrawal {
            consent: consent_id(number),
            stopped_at: at(stopped_at),
            deletion,
            propagated_to: told.to_vec(),
        })
    };
    let kept = Deletion::Retained { basis: LegalBasisId::new(9) };
    chain.must(&hospital(), acknowledge(2, 1, Deletion::Done, &[]));
    let shred = |number| {
        let (consent, digest) = (consent_id(number), commitment(1));
        Operation::AcknowledgeShred(AcknowledgeShred { consent, digest })
    };
    chain.must(&pharmacy(), shred(2));
    let many: Vec<PartyId> = (1..=33).map(PartyId::new).collect();
    let rows = vec![
        (4001, akari(), acknowledge(9, u64::MAX, kept, &many)),
        (4012, pharmacy(), acknowledge(9, u64::MAX, kept, &many)),
        (4053, pharmacy(), acknowledge(2, u64::MAX, kept, &many)),
        (4085, hospital(), acknowledge(1, u64::MAX, kept, &many)),
        (4086, hospital(), acknowledge(2, u64::MAX, kept, &many)),
        (4087, hospital(), acknowledge(3, u64::MAX, kept, &[])),
        (4087, hospital(), acknowledge(3, 1, kept, &many)),
        (4087, hospital(), acknowledge(3, 1, kept, &[NO_PARTY])),
        (4087, hospital(), acknowledge(3, 1, kept, &[PHARMACY, HOSPITAL])),
        (4029, hospital(), acknowledge(3, 1, kept, &[HOSPITAL, PHARMACY])),
        (4001, akari(), shred(9)),
        (4012, pharmacy(), shred(9)),
        (4085, pharmacy(), shred(1)),
        (4101, pharmacy(), shred(2)),
    ];
    refuses(&mut chain, rows);
    chain.now = grant_of(1).expires.as_millis();
    chain.must(&pharmacy(), shred(1));
}

#[test]
fn broken_glass() {
    let mut chain = town();
    let off = suspended(&mut chain);
    let opened = chain.now + 1000;
    chain.must(&ambulance(), glass(140, opened));
    let broken = |number, opened, duration_ms| {
        Operation::BreakGlass(BreakGlass {
            glass: commitment(number),
            person: commitment(1),
            scope: commitment(2),
            ground: commitment(3),
            opened: at(opened),
            duration_ms,
        })
    };
    let review = |number, finding| {
        let (glass, commitment) = (commitment(number), commitment(4));
        Operation::ReviewBreakGlass(ReviewBreakGlass { glass, finding, commitment })
    };
    let notify = |number| {
        let (glass, evidence) = (commitment(number), commitment(5));
        Operation::NotifySubject(NotifySubject { glass, evidence })
    };
    let under = |number| ask_on(9, AccessBasis::BreakGlass { glass: commitment(number) });
    let auditor = || Actor::party(AUDITOR);
    let now = chain.now;
    let day = 24 * 3_600_000;
    let rows = vec![
        (4001, akari(), broken(140, u64::MAX, 0)),
        (4022, off, broken(140, u64::MAX, 0)),
        (4003, pharmacy(), broken(140, u64::MAX, 0)),
        (4088, ambulance(), broken(140, u64::MAX, 0)),
        (4090, ambulance(), broken(141, u64::MAX, 1)),
        (4090, ambulance(), broken(141, now, 0)),
        (4090, ambulance(), broken(141, now, day + 1)),
        (4089, counter(), under(141)),
        (4091, pharmacy(), under(140)),
        (4001, akari(), review(141, Finding::Justified)),
        (4003, pharmacy(), review(141, Finding::Justified)),
        (4089, auditor(), review(141, Finding::Justified)),
        (4094, Actor::party(INSIDER), review(140, Finding::Justified)),
        (4001, akari(), notify(141)),
        (4089, pharmacy(), notify(141)),
        (4091, pharmacy(), notify(140)),
    ];
    refuses(&mut chain, rows);
    chain.must(&ambulance(), notify(140));
    chain.must(&ambulance(), broken(142, now, day));
    chain.must(&auditor(), review(142, Finding::Unjustified));
    let rows = vec![
        (4095, ambulance(), notify(140)),
        (4093, auditor(), review(142, Finding::Justified)),
        (4093, ambulance(), under(142)),
    ];
    refuses(&mut chain, rows);
    chain.now = opened + 60_000 - 1000;
    refuses(&mut chain, vec![(4092, ambulance(), under(140))]);
}

#[test]
fn emergencies_and_dividends() {
    let mut chain = town();
    let now = chain.now;
    let declare = |until| {
        let (area, ground) = (7, commitment(1));
        Operation::DeclareEmergency(DeclareEmergency { area, until: at(until), ground })
    };
    let end = |area| Operation::EndEmergency(EndEmergency { area });
    chain.must(&city(), declare(now + 600_000));
    let publish = PublishCompensation {
        terms: 1,
        payer: akari().account,
        unit_hash: commitment(1),
        zone: None,
    };
    chain.must(&hospital(), Operation::PublishCompensation(publish));
    let pay = |terms, month, rows: Vec<(Actor, u64)>| {
        let rows = rows.into_iter();
        let rows =
            rows.map(|(to, amount)| DividendRow { to: to.account, amount: yen(amount) }).collect();
        let controller = HOSPITAL;
        Operation::PayDividend(PayDividend { controller, terms, month, chunk: 0, rows })
    };
    let rows = vec![
        (5001, nobody_of_the_members(), declare(0)),
        (5001, hospital(), declare(0)),
        (4042, city(), declare(0)),
        (4042, city(), declare(now + 2 * EMERGENCY_AHEAD_MS_MAX)),
        (4096, city(), declare(now + 700_000)),
        (5001, university(), end(9)),
        (4097, city(), end(9)),
        (2018, hospital(), pay(9, 0, vec![])),
        (4048, akari(), pay(9, 0, vec![])),
        (4098, city(), pay(1, 0, vec![])),
        (4099, akari(), pay(1, 202_613, vec![(city(), 1)])),
        (4099, akari(), pay(1, 202_611, vec![])),
        (4099, akari(), pay(1, 202_611, vec![(city(), 1); 1001])),
        (2001, akari(), pay(1, 202_611, vec![(city(), 1), (city(), 0)])),
        (2003, akari(), pay(1, 202_611, vec![(city(), 1), (akari(), 1)])),
        (2002, akari(), pay(1, 202_611, vec![(city(), 1), (nobody(), 1)])),
        (2012, akari(), pay(1, 202_611, vec![(city(), 1), (kenji(), 1)])),
        (2004, akari(), pay(1, 202_611, vec![(city(), 60), (city(), 60)])),
    ];
    refuses(&mut chain, rows);
}

/// A holder through whom no member acts.
fn nobody_of_the_members() -> Actor {
    akari()
}

#[test]
fn audit_views_and_reads() {
    let mut chain = town();
    let off = suspended(&mut chain);
    let now = chain.now;
    let grant = |number, auditor, scope, until| {
        let (view, ground, until) = (commitment(number), commitment(1), at(until));
        Operation::GrantAuditView(GrantAuditView { view, auditor, scope, until, ground })
    };
    let of_child = AuditScope::Subject { subject: child().account };
    chain.must(&city(), grant(101, AUDITOR, of_child, now + 600_000));
    let end = |number| Operation::EndAuditView(EndAuditView { view: commitment(number) });
    let read = |number, right| {
        let (read, subject) = (commitment(number), subject().account);
        Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
    };
    let by = |number| ReadRight::Consent { consent: consent_id(number) };
    let by_view =
        |number| ReadRight::View { view: commitment(number), consent: Some(consent_id(1)) };
    chain.must(&hospital(), read(110, by(1)));
    let of_other = ReadAccessLog {
        read: commitment(111),
        subject: child().account,
        right: ReadRight::Consent { consent: consent_id(1) },
    };
    let auditor = || Actor::party(AUDITOR);
    let far = now + 2 * AUDIT_VIEW_AHEAD_MS_MAX;
    let all = AuditScope::All;
    let rows = vec![
        (5001, akari(), grant(101, NO_PARTY, all, 0)),
        (5001, audit_member(), grant(101, NO_PARTY, all, 0)),
        (4102, university(), grant(101, NO_PARTY, all, 0)),
        (4001, university(), grant(102, NO_PARTY, all, 0)),
        (4003, university(), grant(102, PHARMACY, all, 0)),
        (4042, university(), grant(102, AUDITOR, all, 0)),
        (4042, university(), grant(102, AUDITOR, all, far)),
        (5001, akari(), end(9)),
        (4103, university(), end(9)),
        (4001, akari(), read(110, by(9))),
        (4022, off, read(110, by(9))),
        (4105, pharmacy(), read(110, by(9))),
        (4012, pharmacy(), read(111, by(9))),
        (4053, pharmacy(), read(111, by(1))),
        (4013, hospital(), Operation::ReadAccessLog(of_other)),
        (4103, pharmacy(), read(111, by_view(9))),
        (4104, pharmacy(), read(111, by_view(101))),
        (4104, auditor(), read(111, by_view(101))),
    ];
    refuses(&mut chain, rows);
    chain.must(&city(), end(101));
    refuses(&mut chain, vec![(4103, city(), end(101)), (4103, auditor(), read(111, by_view(101)))]);
}

/// The university audits too: it may not let auditors read.
#[test]
fn a_member_that_audits_lets_nobody_read() {
    let mut genesis = super::world::genesis();
    let audits = ledger_types::genesis::MemberRole::Auditor;
    let member = genesis.members.iter_mut().find(|member| member.account == university().account);
    member.unwrap().roles.push(audits);
    let mut chain = Chain::of(&genesis);
    let (view, ground, until) = (commitment(101), commitment(1), at(0));
    let (auditor, scope) = (NO_PARTY, AuditScope::All);
    let grant = GrantAuditView { view, auditor, scope, until, ground };
    refuses(&mut chain, vec![(4106, university(), Operation::GrantAuditView(grant))]);
}
