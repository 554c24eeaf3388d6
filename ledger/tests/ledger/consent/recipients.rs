//! A process is for its recipient, and what was permitted is held against what holds now.

use ledger_types::consent::{LeafChange, PartyRoles, PartyStatus, Recipient, TermsLeaf};
use ledger_types::operation::{
    AccessBasis, Amend, ConsentBasis, Grant, NameHolder, Operation, Suspend, Withdraw,
};
use ledger_types::{Hash, PartyId, Rejection, merkle};

use super::world::{AMBULANCE, hospital, joint, registrar, suspend_party, town};
use crate::chain::Chain;
use crate::fixture::{
    Actor, HOSPITAL, NO_PARTY, PHARMACY, access, access_id, akari, ask, asked_on, commitment,
    consent_id, grant_of, holder_salt, received, subject, terms, used,
};
use crate::rejections::refuses;

/// Four processes, one for each of these.
fn leaves(recipients: [Recipient; 4]) -> Vec<TermsLeaf> {
    let leaf = |(number, recipient)| TermsLeaf {
        sensitive: false,
        recipient,
        commitment: commitment(number),
    };
    (60_u8..).zip(recipients).map(leaf).collect()
}

/// Process `place` of consent 2, whose terms these are.
fn process(leaves: &[TermsLeaf], place: usize) -> ConsentBasis {
    let hashes: Vec<Hash> = leaves.iter().map(TermsLeaf::hash).collect();
    ConsentBasis {
        consent: consent_id(2),
        leaf: leaves[place],
        leaf_index: u32::try_from(place).unwrap(),
        path: merkle::inclusion_path(&hashes, place),
        purpose: None,
    }
}

fn consented_to(chain: &mut Chain, leaves: &[TermsLeaf]) {
    let hashes: Vec<Hash> = leaves.iter().map(TermsLeaf::hash).collect();
    let terms_root = merkle::root(&hashes);
    let grant = Grant { terms_root, use_limit: None, ..grant_of(2) };
    chain.must(&subject(), Operation::Grant(grant));
}

#[test]
fn a_stranger_who_copied_a_leaf_and_its_path_is_refused() {
    let mut chain = town();
    chain.must(&hospital(), joint(1, 1, &[PHARMACY]));
    let leaves = leaves([
        Recipient::Party(PHARMACY),
        Recipient::Roles(PartyRoles::EMERGENCY),
        Recipient::JointUse { scheme: 1, version: 1 },
        Recipient::JointUse { scheme: 1, version: 2 },
    ]);
    consented_to(&mut chain, &leaves);
    let (pharmacy, ambulance) = (Actor::party(PHARMACY), Actor::party(AMBULANCE));
    let outcome = |chain: &mut Chain, id, actor: &Actor, place| {
        chain.outcome(actor, vec![ask(id, process(&leaves, place))])
    };
    for (id, actor, place, code) in [
        (1, &pharmacy, 0, 0),
        (2, &ambulance, 0, 4109),
        (3, &ambulance, 1, 0),
        (4, &pharmacy, 1, 4109),
        (5, &pharmacy, 2, 0),
        (6, &ambulance, 2, 4109),
        // There is no such version yet, so nobody is meant.
        (7, &pharmacy, 3, 4109),
    ] {
        assert_eq!(outcome(&mut chain, id, actor, place), code, "access {id}");
    }
    // Whoever joins later was not agreed to under the earlier version.
    let told = crate::fixture::notice(2, ledger_types::consent::Materiality::Minor);
    chain.must(&hospital(), told);
    chain.must(&hospital(), joint(2, 2, &[PHARMACY, AMBULANCE]));
    assert_eq!(outcome(&mut chain, 8, &ambulance, 2), 4109);
    assert_eq!(outcome(&mut chain, 9, &ambulance, 3), 0);
    // The bit and the recipient are the leaf's: another one is another leaf.
    let mut forged = process(&leaves, 0);
    forged.leaf.recipient = Recipient::Party(AMBULANCE);
    assert_eq!(chain.outcome(&ambulance, vec![ask(10, forged)]), 4018);
}

#[test]
fn what_the_subject_narrows_is_seen_when_the_last_use_is_held_against_it() {
    let mut chain = town();
    chain.must(&subject(), Operation::Grant(Grant { use_limit: Some(1), ..grant_of(2) }));
    let basis = || AccessBasis::Consent(access(2, 1));
    chain.must(&Actor::party(PHARMACY), ask(1, access(2, 1)));
    let stands = |chain: &Chain| chain.state.still_permits(&access_id(1), &basis()).map(|_| ());
    assert_eq!(stands(&chain), Ok(()), "it was the last use itself");
    let again = asked_on(access_id(2), basis());
    let denied = chain.state.decide_access(PHARMACY, &again);
    assert_eq!(denied, Err(Rejection::ConsentUsesExhausted));
    let leaf = terms()[1];
    let path = access(2, 1).path;
    let taken_out = LeafChange { index: 1, leaf, path, replacement: None };
    let narrow = |changes, use_limit| {
        Operation::Amend(Amend { consent: consent_id(2), changes, expires: None, use_limit })
    };
    chain.must(&subject(), narrow(vec![taken_out], None));
    assert_eq!(stands(&chain), Err(Rejection::NotInTerms));
}

#[test]
fn a_permit_is_held_against_its_requester_and_every_change_since() {
    let mut chain = town();
    chain.must(&Actor::party(PHARMACY), ask(1, access(1, 1)));
    chain.must(&Actor::party(PHARMACY), ask(2, access(1, 1)));
    let basis = AccessBasis::Consent(access(1, 1));
    let stands = |chain: &Chain| chain.state.still_permits(&access_id(1), &basis).map(|_| ());
    let other = AccessBasis::Consent(access(2, 1));
    let unknown = Err(Rejection::UnknownAccess);
    assert_eq!(chain.state.still_permits(&access_id(9), &basis), unknown);
    assert_eq!(chain.state.still_permits(&access_id(1), &other), unknown);
    // Fewer uses than there were: none of them stands.
    let (consent, changes, expires) = (consent_id(1), vec![], None);
    let amend = Amend { consent, changes, expires, use_limit: Some(1) };
    assert_eq!(stands(&chain), Ok(()));
    chain.must(&subject(), Operation::Amend(amend));
    assert_eq!(stands(&chain), Err(Rejection::ConsentUsesExhausted));
    chain.must(&subject(), Operation::Suspend(Suspend { consent }));
    assert_eq!(stands(&chain), Err(Rejection::ConsentSuspended));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent }));
    assert!(matches!(stands(&chain), Err(Rejection::ConsentEnded { .. })));
    let roles = PartyRoles::RECIPIENT;
    chain.must(&registrar(), suspend_party(PHARMACY, roles, PartyStatus::Suspended));
    assert_eq!(stands(&chain), Err(Rejection::PartySuspended));
}

#[test]
fn a_permit_of_which_both_halves_are_recorded_is_used_up() {
    let mut chain = town();
    let basis = AccessBasis::Consent(access(1, 1));
    let stands = |chain: &Chain| chain.state.still_permits(&access_id(1), &basis).map(|_| ());
    chain.must(&Actor::party(PHARMACY), ask(1, access(1, 1)));
    chain.must(&hospital(), used(1, 160));
    assert_eq!(stands(&chain), Ok(()));
    chain.must(&Actor::party(PHARMACY), received(1, 160));
    assert_eq!(stands(&chain), Err(Rejection::HalfRecorded));
    let other = AccessBasis::Consent(access(2, 1));
    let unknown = Err(Rejection::UnknownAccess);
    assert_eq!(chain.state.still_permits(&access_id(1), &other).map(|_| ()), unknown);
}

#[test]
fn naming_a_holder_is_refused_in_order() {
    let mut chain = town();
    let pharmacy = || Actor::party(PHARMACY);
    for id in 1..=3 {
        chain.must(&pharmacy(), ask(id, access(1, 1)));
    }
    chain.must(&pharmacy(), received(1, 160));
    chain.must(&hospital(), used(2, 160));
    let name = |id, party: PartyId, opened: u32| {
        let (access, salt) = (access_id(id), holder_salt(&access_id(opened)));
        Operation::NameHolder(NameHolder { access, party, salt })
    };
    let rows = vec![
        (4001, akari(), name(9, NO_PARTY, 9)),
        (4078, pharmacy(), name(9, NO_PARTY, 9)),
        (4083, hospital(), name(1, NO_PARTY, 9)),
        (4001, pharmacy(), name(1, NO_PARTY, 9)),
        (4003, pharmacy(), name(1, AMBULANCE, 9)),
        (4110, pharmacy(), name(1, HOSPITAL, 9)),
        (4082, pharmacy(), name(2, HOSPITAL, 2)),
        (4111, pharmacy(), name(3, HOSPITAL, 3)),
    ];
    refuses(&mut chain, rows);
    chain.must(&pharmacy(), name(1, HOSPITAL, 1));
    refuses(&mut chain, vec![(4112, pharmacy(), name(1, HOSPITAL, 1))]);
    let roles = PartyRoles::RECIPIENT;
    chain.must(&registrar(), suspend_party(PHARMACY, roles, PartyStatus::Suspended));
    refuses(&mut chain, vec![(4022, pharmacy(), name(9, NO_PARTY, 9))]);
}
