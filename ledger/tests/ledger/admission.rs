//! What may not stand in a block, in the order that is published; and who may begin as a subject.

use ledger::{Admission, validate};
use ledger_types::consent::Materiality;
use ledger_types::limits::{
    BLOCK_TRANSACTIONS_BYTES_MAX, NONCE_WINDOW, TRANSACTION_BYTES_MAX, VALID_UNTIL_AHEAD_MS_MAX,
};
use ledger_types::operation::{OpenAccount, Operation, WeightedKey, Withdraw};
use ledger_types::{
    Enveloped, Hash, Inadmissible, NetworkId, Nonce, SigningKey, Timestamp, Transaction,
};
use proptest::prelude::*;

use super::blocks::large_operation;
use super::chain::{Chain, admit, codes, picture};
use super::fixture::{
    AIZU, Actor, HOSPITAL, PHARMACY, akari, chika, commitment, consent_id, grant_of, keys_of,
    nobody, notice, other_subject, seeded, subject,
};
use super::happy::transfer;
use super::happy_consents::consented;

fn code(chain: &Chain, tx: &Transaction) -> u16 {
    let now = Timestamp::from_millis(chain.now + 1000);
    admit(&chain.state, tx, now).map_or_else(|reason| reason.code(), |()| 0)
}

type Break = (u16, &'static str, fn(&mut Transaction, u64));

/// Each row breaks one rule; they are applied from the last to the first, so that each is met
/// while all later ones are broken too.
const BREAKS: [Break; 9] = [
    (1013, "no operation", |tx, _| tx.unsigned.operations.clear()),
    (1014, "no signature", |tx, _| tx.authorisations.clear()),
    (1002, "too many bytes", |tx, _| tx.unsigned.operations.resize(64, large())),
    (1003, "another network", |tx, _| tx.unsigned.network = NetworkId::new([0; 4])),
    (1005, "expired", |tx, now| tx.unsigned.valid_until = Timestamp::from_millis(now)),
    (1006, "too far ahead", |tx, now| {
        let furthest = now + VALID_UNTIL_AHEAD_MS_MAX;
        tx.unsigned.valid_until = Timestamp::from_millis(furthest + 1);
    }),
    (1009, "unknown sender", |tx, _| tx.unsigned.account = nobody().account),
    (1008, "nonce too far ahead", |tx, _| tx.unsigned.nonce = Nonce::new(NONCE_WINDOW)),
    (1010, "another's key", |tx, _| tx.authorisations[0].key = chika().key.public_key()),
];

/// An operation of more than 1 KiB.
fn large() -> Operation {
    let keys = vec![WeightedKey::plain(akari().key.public_key(), 1); 64];
    Operation::OpenAccount(OpenAccount {
        holder_commitment: commitment(1),
        kind: ledger_types::operation::AccountKind::Citizen,
        kyc_level: ledger_types::operation::KycLevel::K2,
        keys,
        threshold: 1,
    })
}

#[test]
fn every_rule_in_order() {
    let mut chain = Chain::new();
    let mut tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    assert_eq!(code(&chain, &tx), 0);
    let now = chain.now + 1000;
    for (expected, name, break_rule) in BREAKS.iter().rev() {
        break_rule(&mut tx, now);
        assert_eq!(code(&chain, &tx), *expected, "{name}");
    }
}

#[test]
fn a_transaction_of_the_most_bytes_is_not_too_large() {
    let mut chain = Chain::new();
    let mut tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    tx.unsigned.operations.resize(64, large());
    let length = ledger_types::codec::encode(&tx).len();
    assert!(length > TRANSACTION_BYTES_MAX);
    let expected = Inadmissible::TooLarge { length, most: TRANSACTION_BYTES_MAX };
    let now = Timestamp::from_millis(chain.now);
    assert_eq!(admit(&chain.state, &tx, now), Err(expected));
}

#[test]
fn the_bounds_of_valid_until_are_exact() {
    let mut chain = Chain::new();
    let mut tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    let now = chain.now + 1000;
    let ahead = VALID_UNTIL_AHEAD_MS_MAX;
    for (valid_until, expected) in [(now, 1005), (now + 1, 0), (now + ahead, 0)] {
        tx.unsigned.valid_until = Timestamp::from_millis(valid_until);
        assert_eq!(code(&chain, &tx), expected);
    }
}

#[test]
fn a_nonce_is_used_once_in_any_order_within_the_window() {
    let mut chain = Chain::new();
    let with_nonce = |chain: &Chain, nonce| {
        let unsigned = chain.unsigned(akari().account, nonce, vec![transfer(&chika(), 1)]);
        unsigned.sign(&chain.state.genesis_hash(), &[&akari().key])
    };
    let txs = [127, 3, 0].map(|nonce| with_nonce(&chain, nonce)).to_vec();
    assert_eq!(codes(&chain.commit(txs)), [0, 0, 0]);
    for (nonce, expected) in [(0, 1007), (3, 1007), (127, 1007), (1, 0), (128, 0), (129, 1008)] {
        assert_eq!(code(&chain, &with_nonce(&chain, nonce)), expected, "nonce {nonce}");
    }
}

#[test]
fn a_threshold_is_met_by_distinct_keys_of_the_account() {
    let mut chain = Chain::new();
    let keys: Vec<SigningKey> = [21, 22, 23].map(seeded).to_vec();
    let weights = [1, 1, 2];
    let weighted = keys.iter().zip(weights);
    let open = OpenAccount {
        holder_commitment: commitment(20),
        kind: ledger_types::operation::AccountKind::Citizen,
        kyc_level: ledger_types::operation::KycLevel::K2,
        keys: weighted.map(|(k, weight)| WeightedKey::plain(k.public_key(), weight)).collect(),
        threshold: 3,
    };
    chain.must(&Actor::bank(AIZU), Operation::OpenAccount(open));
    let account = Actor::holder(AIZU, 20).account;
    let signed_by = |indices: &[usize]| {
        let signers: Vec<&SigningKey> = indices.iter().map(|index| &keys[*index]).collect();
        let unsigned = chain.unsigned(account, 0, vec![transfer(&chika(), 1)]);
        unsigned.sign(&chain.state.genesis_hash(), &signers)
    };
    for (signers, expected) in
        [(&[0][..], 1011), (&[2], 1011), (&[0, 1], 1011), (&[0, 2], 0), (&[0, 1, 2], 0)]
    {
        assert_eq!(code(&chain, &signed_by(signers)), expected, "{signers:?}");
    }
    assert_eq!(code(&chain, &signed_by(&[2, 2])), 1014);
    let mut stranger = signed_by(&[0, 2]);
    stranger.authorisations[0].key = chika().key.public_key();
    assert_eq!(code(&chain, &stranger), 1010);
}

/// The hospital's notice is out; nobody consented yet.
fn with_notice() -> Chain {
    let mut chain = Chain::new();
    chain.must(&Actor::party(HOSPITAL), notice(1, Materiality::Minor));
    chain
}

#[test]
fn a_new_subject_begins_with_one_cosigned_grant_and_nothing_else() {
    let mut chain = with_notice();
    let hospital = Actor::party(HOSPITAL);
    let grant = || Operation::Grant(grant_of(1));
    let withdraw = || Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let mut to_nobody = grant_of(1);
    to_nobody.controller = super::fixture::NO_PARTY;
    let rows: Vec<(u16, Vec<&Actor>, Vec<Operation>)> = vec![
        (1015, vec![], vec![grant()]),
        (1015, vec![&hospital], vec![withdraw()]),
        (1015, vec![&hospital], vec![grant(), grant()]),
        (1015, vec![&hospital], vec![transfer(&akari(), 1)]),
        (1015, vec![&hospital], vec![Operation::Grant(to_nobody)]),
    ];
    for (expected, others, operations) in rows {
        let unsigned = chain.unsigned(subject().account, 0, operations.clone());
        let subject = subject();
        let mut keys = vec![&subject.key];
        keys.extend(others.iter().map(|other| &other.key));
        let tx = unsigned.sign(&chain.state.genesis_hash(), &keys);
        assert_eq!(code(&chain, &tx), expected, "{operations:?}");
    }
    let pharmacy = Actor::party(PHARMACY);
    let by_another = chain.cosigned(&subject(), &[&pharmacy], vec![grant()]);
    assert_eq!(code(&chain, &by_another), 1010);
    let without_subject = {
        let unsigned = chain.unsigned(subject().account, 0, vec![grant()]);
        unsigned.sign(&chain.state.genesis_hash(), &[&hospital.key])
    };
    assert_eq!(code(&chain, &without_subject), 1009);
    let cosigned = chain.cosigned(&subject(), &[&hospital], vec![grant()]);
    assert_eq!(code(&chain, &cosigned), 0);
}

#[test]
fn a_weak_key_makes_no_subject() {
    let chain = with_notice();
    let weak = ledger_types::PublicKey::Ed25519([0; 32]);
    let account = ledger_types::AccountId::of_subject(&weak);
    let unsigned = chain.unsigned(account, 0, vec![Operation::Grant(grant_of(1))]);
    let keys = [&seeded(1), &Actor::party(HOSPITAL).key];
    let mut tx = unsigned.sign(&chain.state.genesis_hash(), &keys);
    tx.authorisations[0].key = weak;
    assert_eq!(code(&chain, &tx), 1010);
}

#[test]
fn a_new_subject_whose_grant_is_rejected_is_known_by_its_used_nonce_alone() {
    let mut chain = with_notice();
    let before = picture(&chain.state);
    let mut grant = grant_of(1);
    grant.use_limit = Some(0);
    let operations = vec![Operation::Grant(grant)];
    let tx = chain.cosigned(&subject(), &[&Actor::party(HOSPITAL)], operations);
    assert_eq!(codes(&chain.commit(vec![tx.clone()])), [4019]);
    assert_eq!(code(&chain, &tx), 1007);
    let mut after = picture(&chain.state);
    let key = ledger::state::keys::subject(&subject().account);
    assert!(after.remove(key.as_bytes()).is_some());
    assert_eq!(after, before);
}

#[test]
fn two_first_grants_of_one_subject_may_share_a_block_or_follow() {
    let mut chain = with_notice();
    let hospital = Actor::party(HOSPITAL);
    let txs: Vec<Transaction> = [1, 2, 3]
        .map(|number| {
            chain.cosigned(&subject(), &[&hospital], vec![Operation::Grant(grant_of(number))])
        })
        .to_vec();
    let (first, last) = txs.split_at(2);
    assert_eq!(codes(&chain.commit(first.to_vec())), [0, 0]);
    assert_eq!(codes(&chain.commit(last.to_vec())), [0]);
}

#[test]
fn a_known_subject_signs_alone_and_its_controller_never_alone() {
    let mut chain = consented();
    let hospital = Actor::party(HOSPITAL);
    let alone = chain.tx(&subject(), vec![Operation::Grant(grant_of(2))]);
    assert_eq!(code(&chain, &alone), 0);
    let by_controller = {
        let unsigned = chain.unsigned(subject().account, 5, vec![Operation::Grant(grant_of(2))]);
        unsigned.sign(&chain.state.genesis_hash(), &[&hospital.key])
    };
    assert_eq!(code(&chain, &by_controller), 1011);
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let cosigned = chain.cosigned(&subject(), &[&hospital], vec![withdraw]);
    assert_eq!(code(&chain, &cosigned), 1010);
    let strange = chain.tx(&other_subject(), vec![Operation::Grant(grant_of(3))]);
    assert_eq!(code(&chain, &strange), 1015);
    assert_eq!(keys_of(&subject()).len(), 1);
}

/// A transaction of akari's: its nonce, whether it is large, and whether it has expired.
type Sent = (u64, bool, bool);

fn sent(chain: &Chain, (nonce, is_large, is_expired): Sent) -> Transaction {
    let operation = if is_large { large_operation() } else { transfer(&chika(), 1) };
    let mut unsigned = chain.unsigned(akari().account, nonce, vec![operation]);
    if is_expired {
        unsigned.valid_until = Timestamp::from_millis(chain.now);
    }
    unsigned.sign(&chain.state.genesis_hash(), &[&akari().key])
}

fn takes_all(chain: &Chain, txs: &[Transaction]) -> bool {
    let mut admission = Admission::new(&chain.state, Timestamp::from_millis(chain.now + 1000));
    txs.iter().all(|tx| admission.take(&tx.clone().into()).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    /// Some sets repeat a nonce, some reach past the window, some do not fit, some hold an expired
    /// one; whatever the reason, it is one of the set and not of its order.
    #[test]
    fn a_set_is_taken_in_every_order_or_in_none_and_a_block_of_it_is_valid_or_not(
        count in prop_oneof![1..20_u64, 66..76_u64],
        larges in 0..90_u64,
        fault in prop_oneof![3 => Just(None), 1 => (0..3_u8).prop_map(Some)],
        order in any::<u64>(),
    ) {
        let chain = Chain::new();
        let mut set: Vec<Sent> = (0..count).map(|nonce| (nonce, nonce < larges, false)).collect();
        match fault {
            None => {}
            Some(0) => set.push((0, false, false)),
            Some(1) => set.push((NONCE_WINDOW, false, false)),
            Some(_) => set.push((count, false, true)),
        }
        let txs: Vec<Transaction> = set.iter().map(|one| sent(&chain, *one)).collect();
        let bytes: usize = txs.iter().map(|tx| Enveloped::from(tx.clone()).length()).sum();
        let expected = fault.is_none() && bytes <= BLOCK_TRANSACTIONS_BYTES_MAX;
        let mut shuffled = txs.clone();
        shuffled.sort_by_key(|tx| {
            Hash::of(&[&order.to_le_bytes(), tx.envelope_hash().as_bytes()])
        });
        for txs in [&txs, &shuffled] {
            prop_assert_eq!(takes_all(&chain, txs), expected);
            let block = chain.propose(txs.clone());
            prop_assert_eq!(validate(&chain.state, &block).is_ok(), expected);
        }
    }
}
