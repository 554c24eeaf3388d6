//! Restoring from a checkpoint, what a spoilt one is refused for, and what invariants see in it.

use ledger::record::{Record, RedeemStatus};
use ledger::state::keys;
use ledger::{InvariantViolation, RestoreError, State, StoredRecord};
use ledger_types::operation::{Operation, Withdraw};
use ledger_types::{ConsentStatus, Genesis, Height, Position, Yen, codec};

use super::chain::Chain;
use super::fixture::{
    AIZU, BANDAI, TOWN, akari, botan, commitment, consent_id, genesis, shop, subject, yen,
};
use super::happy::{charged, request, transfer};
use super::happy_consents::consented;

/// A chain with something of everything.
fn busy() -> Chain {
    let mut chain = consented();
    charged(&mut chain, 30);
    chain.must(&akari(), transfer(&botan(), 10));
    chain.must(&akari(), request(commitment(51), 20));
    chain
}

fn restored(
    chain: &Chain,
    change: impl FnMut(&mut Vec<StoredRecord>),
) -> Result<State, RestoreError> {
    let mut change = change;
    let mut records: Vec<StoredRecord> = chain.state.records().collect();
    change(&mut records);
    State::restore(&genesis(), &chain.state.tip_bytes(), records)
}

/// The chain's state with one record replaced.
fn tampered(chain: &Chain, key: ledger::Key, change: impl Fn(&mut Record)) -> State {
    restored(chain, |records| {
        let stored = records.iter_mut().find(|stored| stored.key == key.as_bytes()).unwrap();
        let mut record: Record = borsh::from_slice(&stored.value).unwrap();
        change(&mut record);
        stored.value = codec::encode(&record);
    })
    .unwrap()
}

#[test]
fn a_checkpoint_in_any_order_gives_the_same_state() {
    let chain = busy();
    let state = restored(&chain, |records| records.reverse()).unwrap();
    assert_eq!(state.state_root(), chain.state.state_root());
    assert_eq!(state.tip_bytes(), chain.state.tip_bytes());
    assert_eq!(state.header_hash(), chain.state.header_hash());
    assert_eq!(state.rotation(), chain.state.rotation());
    assert_eq!(state.audit_log_root(), chain.state.audit_log_root());
    assert!(state.records().eq(chain.state.records()));
    assert_eq!(state.conservation(), chain.state.conservation());
}

#[test]
fn spoilt_checkpoints_are_refused() {
    let chain = busy();
    let records = || chain.state.records();
    let tip = chain.state.tip_bytes();
    for length in 0..tip.len() {
        let cut = State::restore(&genesis(), &tip[..length], records());
        assert!(matches!(cut, Err(RestoreError::MalformedTip { .. })), "{length} bytes");
    }
    let mut longer = tip.clone();
    longer.push(0);
    let longer = State::restore(&genesis(), &longer, records());
    assert!(matches!(longer, Err(RestoreError::MalformedTip { .. })));
    let other = Genesis { name: "other".to_owned(), ..genesis() };
    let foreign = State::restore(&other, &tip, records());
    assert!(matches!(foreign, Err(RestoreError::OtherGenesis { .. })));
    let twice = restored(&chain, |records| records.push(records[0].clone()));
    assert!(matches!(twice, Err(RestoreError::Records(_))));
    let garbled = restored(&chain, |records| records[0].value.push(0));
    assert!(matches!(garbled, Err(RestoreError::Records(_))));
    let misplaced = restored(&chain, |records| {
        let value = records[0].value.clone();
        records.last_mut().unwrap().value = value;
    });
    assert!(matches!(misplaced, Err(RestoreError::MisplacedRecord { .. })));
}

#[test]
fn a_log_whose_peaks_do_not_fit_its_size_is_refused() {
    let chain = Chain::new();
    let tip = chain.state.tip_bytes();
    // genesis hash, height, time, header hash, receipts root, then the log's size.
    let size_at = 32 + 8 + 8 + 32 + 32;
    let mut spoilt = tip;
    spoilt[size_at] = 1;
    let refused = State::restore(&genesis(), &spoilt, chain.state.records()).unwrap_err();
    assert!(refused.to_string().contains("peaks"), "{refused}");
}

#[test]
fn invariants_see_books_that_do_not_balance() {
    let chain = busy();
    let of_akari = keys::account(&akari().account);
    let violation = |key, change: &dyn Fn(&mut Record)| {
        tampered(&chain, key, change).conservation().unwrap_err()
    };
    let balance = violation(of_akari, &|record| {
        let Record::Account(record) = record else { panic!("an account") };
        record.balance = record.balance.checked_add(yen(1)).unwrap();
    });
    assert!(matches!(balance, InvariantViolation::Liability { bank: AIZU, .. }), "{balance}");
    let held = violation(of_akari, &|record| {
        let Record::Account(record) = record else { panic!("an account") };
        record.held = yen(21);
    });
    assert!(matches!(held, InvariantViolation::Held { .. }), "{held}");
    let released = violation(of_akari, &|record| {
        let Record::Account(record) = record else { panic!("an account") };
        record.held = Yen::ZERO;
    });
    assert!(matches!(released, InvariantViolation::Held { .. }), "{released}");
    let zone = violation(keys::zone(TOWN), &|record| {
        let Record::Zone(record) = record else { panic!("a zone") };
        record.total = yen(31);
    });
    assert!(matches!(zone, InvariantViolation::Zone { zone: TOWN, .. }), "{zone}");
    let pair = violation(keys::pair_position(AIZU, BANDAI), &|record| {
        let Record::PairPosition(record) = record else { panic!("a pair") };
        record.position = Position::new(-11);
    });
    assert!(matches!(pair, InvariantViolation::Positions { bank: AIZU, .. }), "{pair}");
    let issued = violation(keys::bank(AIZU), &|record| {
        let Record::Bank(record) = record else { panic!("a bank") };
        record.issued = yen(201);
    });
    assert_eq!(issued, InvariantViolation::Bank { bank: AIZU });
    let consent = violation(keys::consent(&consent_id(1)), &|record| {
        let Record::Consent(record) = record else { panic!("a consent") };
        record.status = ConsentStatus::Withdrawn;
    });
    assert_eq!(consent, InvariantViolation::Consent);
    let uses = violation(keys::consent(&consent_id(1)), &|record| {
        let Record::Consent(record) = record else { panic!("a consent") };
        record.uses = 4;
    });
    assert_eq!(uses, InvariantViolation::Consent);
}

#[test]
fn totals_are_what_the_books_say() {
    let totals = busy().state.conservation().unwrap();
    assert_eq!(totals.supply, yen(400));
    assert_eq!(totals.in_zones, yen(30));
    assert_eq!(totals.held, yen(20));
}

#[test]
fn proofs_show_a_consent_as_given_then_as_withdrawn_and_another_as_absent() {
    let mut chain = consented();
    let key = keys::consent(&consent_id(1));
    let status = |chain: &Chain| {
        let value = chain.state.prove(&key).verify(&chain.state.state_root(), &key).unwrap();
        match borsh::from_slice(&value.unwrap()).unwrap() {
            Record::Consent(record) => (record.status, record.ended),
            other => panic!("not a consent: {other:?}"),
        }
    };
    assert_eq!(status(&chain), (ConsentStatus::Given, None));
    let (proof_before, root_before) = (chain.state.prove(&key), chain.state.state_root());
    let withdraw = Withdraw { consent: consent_id(1) };
    chain.must(&subject(), Operation::Withdraw(withdraw));
    let ended = Some(Height::new(3));
    assert_eq!(status(&chain), (ConsentStatus::Withdrawn, ended));
    // The old proof still holds against the old root, and against no other.
    assert!(proof_before.verify(&root_before, &key).is_ok());
    assert!(proof_before.verify(&chain.state.state_root(), &key).is_err());
    let absent = keys::consent(&consent_id(2));
    let proof = chain.state.prove(&absent);
    assert_eq!(proof.verify(&chain.state.state_root(), &absent), Ok(None));
    let merchant = keys::merchant(TOWN, &shop().account);
    assert!(chain.state.record(&merchant).is_some());
    let open = busy();
    let redeem = open.state.redeem(&commitment(51)).unwrap();
    assert_eq!(redeem.status, RedeemStatus::Open);
}
