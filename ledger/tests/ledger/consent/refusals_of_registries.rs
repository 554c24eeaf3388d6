//! Every rejection of parties, vocabularies, law, schemes and terms, in published order.

use ledger_types::PartyId;
use ledger_types::consent::{
    CorporateNumber, LegalBasisId, Mechanism, PartyRoles, PartyStatus, Regime, RegimeRules, Regimes,
};
use ledger_types::operation::{
    Operation, PublishCompensation, PublishJointUse, PublishLegalBasis, PublishRegime,
    PublishVocabulary, UpdateParty,
};
use ledger_types::{NoticeId, ZoneId};

use super::world::{
    AMBULANCE, CLINIC, LIFE_LAW, OPT_OUT_LAW, WORDS, hospital, joint, law, opt_out, registrar,
    suspend_party, town, words,
};
use crate::chain::Chain;
use crate::fixture::{Actor, HOSPITAL, NO_PARTY, NO_ZONE, PHARMACY, akari, commitment, nobody};
use crate::rejections::{Row, refuses};

fn pharmacy() -> Actor {
    Actor::party(PHARMACY)
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
        Operation::PublishCompensation(PublishCompensation { terms, payer, unit_hash, zone })
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
