//! One rule decides on the ledger and offline: for each denial, both give an answer of their own.

use std::collections::BTreeSet;

use ledger_proof::bundle::Code;
use ledger_types::consent::Denial;
use ledger_types::consent::{Materiality, PartyStatus};
use ledger_types::operation::{ConsentBasis, Grant, Suspend, Withdraw};
use ledger_types::{Height, Operation, PartyRoles, Timestamp};

use super::fixture::{
    Actor, PHARMACY, START, access, akari, ask, chika, consent_id, grant_of, notice, subject,
};
use super::happy::transfer;
use super::proofs::{Logged, granted_in_town};
use crate::consent::world;

const DAY_MS: u64 = 24 * 3_600_000;

/// A denial as a receipt numbers it and as a verifier of bundles names it.
const fn answers(denial: Denial) -> (u16, Code) {
    match denial {
        Denial::PartySuspended => (4022, Code::RequesterSuspended),
        Denial::PartyRoleMissing => (4003, Code::RoleMissing),
        Denial::ReviewOverdue => (4081, Code::ReviewOverdue),
        Denial::ConsentEnded { .. } => (4014, Code::ConsentEnded),
        Denial::ConsentExpired { .. } => (4015, Code::ConsentExpired),
        Denial::ConsentNotYetValid { .. } => (4016, Code::ConsentNotYetValid),
        Denial::ConsentSuspended => (4051, Code::ConsentSuspended),
        Denial::UnknownNotice => (4004, Code::NoticeUnknown),
        Denial::ConsentRenewalDue => (4020, Code::ConsentRenewalDue),
        Denial::EmergencyNotInForce => (4080, Code::EmergencyUnproved),
        Denial::ConsentUsesExhausted => (4017, Code::ConsentUsesExhausted),
        Denial::NotInTerms => (4018, Code::NotInTerms),
        Denial::NotTheRecipient => (4109, Code::NotTheRecipient),
        Denial::PurposeNotCovered => (4079, Code::PurposeNotCovered),
    }
}

/// A denial, what brings it about, and what is then asked.
type Row = (Denial, fn(&mut Logged), ConsentBasis);

fn update_pharmacy(logged: &mut Logged, roles: PartyRoles, status: PartyStatus) {
    logged.commit(&world::registrar(), &[], vec![world::suspend_party(PHARMACY, roles, status)]);
}

/// A block at this instant and a second.
fn pass_until(logged: &mut Logged, millis: u64) {
    logged.chain.now = millis;
    logged.commit(&akari(), &[], vec![transfer(&chika(), 40)]);
}

/// Consent 4 of the subject's, changed.
fn grant(logged: &mut Logged, change: impl FnOnce(&mut Grant)) {
    let mut grant = grant_of(4);
    change(&mut grant);
    logged.commit(&subject(), &[], vec![Operation::Grant(grant)]);
}

fn of_requesters() -> Vec<Row> {
    vec![
        (
            Denial::PartySuspended,
            |l| update_pharmacy(l, PartyRoles::RECIPIENT, PartyStatus::Suspended),
            access(2, 1),
        ),
        (
            Denial::PartyRoleMissing,
            |l| update_pharmacy(l, PartyRoles::AUDITOR, PartyStatus::Active),
            access(2, 1),
        ),
        (
            Denial::ReviewOverdue,
            |l| {
                let roles = PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY);
                update_pharmacy(l, roles, PartyStatus::Active);
                let opened = l.chain.now + 1000;
                l.commit(&Actor::party(PHARMACY), &[], vec![world::glass(140, opened)]);
                grant(l, |g| g.expires = Timestamp::from_millis(START + 30 * DAY_MS));
                pass_until(l, START + 8 * DAY_MS);
            },
            access(4, 1),
        ),
    ]
}

fn of_consents() -> Vec<Row> {
    let no_time = Timestamp::from_millis(0);
    let withdraw = |l: &mut Logged| {
        let consent = consent_id(1);
        l.commit(&subject(), &[], vec![Operation::Withdraw(Withdraw { consent })]);
    };
    vec![
        (Denial::ConsentEnded { ended: Height::new(0) }, withdraw, access(1, 1)),
        (
            Denial::ConsentExpired { expired: no_time },
            |l| pass_until(l, START + 3_600_000),
            access(1, 1),
        ),
        (
            Denial::ConsentNotYetValid { begins: no_time },
            |l| grant(l, |g| g.valid_from = Timestamp::from_millis(START + 1_800_000)),
            access(4, 1),
        ),
        (
            Denial::ConsentSuspended,
            |l| {
                let consent = consent_id(1);
                l.commit(&subject(), &[], vec![Operation::Suspend(Suspend { consent })]);
            },
            access(1, 1),
        ),
        (
            Denial::ConsentRenewalDue,
            |l| l.commit(&world::hospital(), &[], vec![notice(2, Materiality::Material)]),
            access(1, 1),
        ),
        (Denial::EmergencyNotInForce, |_| (), access(3, 1)),
        (
            Denial::ConsentUsesExhausted,
            |l| {
                let asked = |id| vec![ask(id, access(2, 1))];
                (0..3).for_each(|id| l.commit(&Actor::party(PHARMACY), &[], asked(id)));
            },
            access(2, 1),
        ),
        (Denial::NotInTerms, |_| (), ConsentBasis { leaf_index: 0, ..access(2, 1) }),
        (Denial::NotTheRecipient, |_| (), access(2, 3)),
        (Denial::PurposeNotCovered, |_| (), access(1, 1)),
    ]
}

#[test]
fn each_denial_is_the_same_on_the_ledger_and_offline() {
    let mut seen = BTreeSet::new();
    for (denial, bring_about, asked) in of_requesters().into_iter().chain(of_consents()) {
        let mut logged = granted_in_town(START + 20 * DAY_MS);
        bring_about(&mut logged);
        let on_ledger = logged.decided(asked.clone()).map_err(|reason| reason.code().get());
        let (number, code) = answers(denial);
        assert_eq!((on_ledger, logged.judged(asked)), (Err(number), Err(code)), "{denial:?}");
        seen.insert(code);
    }
    // A grant names a notice that there is, and no notice ever goes: only bundles deny by it.
    let (_, unreachable) = answers(Denial::UnknownNotice);
    assert_eq!(Code::from(Denial::UnknownNotice), unreachable);
    assert_eq!((seen.len(), seen.contains(&unreachable)), (13, false));
}
