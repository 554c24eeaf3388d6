//! Any bytes decode to one value that encodes to those bytes, or are refused; nothing panics.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::{BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX};
use ledger_types::{
    Block, CommitCertificate, Entry, Enveloped, Genesis, Header, Inadmissible, Operation, Receipt,
    Transaction, Vote,
};
use proptest::prelude::*;

use crate::random::Random;
use crate::sample;

/// Decodes as one kind; what is accepted must encode to the same bytes.
fn accepts<T: BorshSerialize + BorshDeserialize>(bytes: &[u8]) -> bool {
    let Ok(value) = codec::decode::<T>(bytes, BLOCK_BYTES_MAX) else { return false };
    assert_eq!(codec::encode(&value), bytes, "{} has two encodings", core::any::type_name::<T>());
    true
}

/// How many kinds accept the bytes, each of them canonically.
fn accepting(bytes: &[u8]) -> usize {
    let mut accepting = [
        accepts::<Operation>,
        accepts::<Receipt>,
        accepts::<Entry>,
        accepts::<Vote>,
        accepts::<CommitCertificate>,
        accepts::<Header>,
        accepts::<Block>,
        accepts::<Transaction>,
        accepts::<Enveloped>,
        accepts::<Genesis>,
    ]
    .map(|accepts| usize::from(accepts(bytes)))
    .iter()
    .sum();
    let enveloped = Enveloped::decode(bytes);
    assert_eq!(enveloped.clone().map(Enveloped::into_transaction), Transaction::decode(bytes));
    if let Ok(enveloped) = enveloped {
        assert_eq!(codec::encode(&enveloped.clone().into_transaction()), bytes);
        assert_eq!(enveloped.bytes().as_ref(), bytes);
        accepting += 1;
    }
    accepting
}

/// One change to some bytes.
#[derive(Clone, Debug)]
enum Damage {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Append(Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => at().prop_map(Damage::Cut),
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        1 => prop::collection::vec(any::<u8>(), 1..40).prop_map(Damage::Append),
    ]
}

fn damaged(mut bytes: Vec<u8>, damage: Vec<Damage>) -> Vec<u8> {
    for one in damage {
        match one {
            Damage::Set(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Damage::Cut(at) if !bytes.is_empty() => bytes.truncate(at.index(bytes.len())),
            Damage::Insert(at, byte) => bytes.insert(at.index(bytes.len() + 1), byte),
            Damage::Append(more) => bytes.extend(more),
            _ => {}
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_bytes_are_decoded_canonically_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        accepting(&bytes);
    }

    #[test]
    fn damaged_samples_are_decoded_canonically_or_refused(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec(damage(), 1..4),
    ) {
        let samples = sample::encodings();
        let (_, bytes) = samples[which.index(samples.len())].clone();
        accepting(&damaged(bytes, damage));
    }

    #[test]
    fn what_is_encoded_decodes_to_itself(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let operation = random.operation();
        let bytes = codec::encode(&operation);
        prop_assert_eq!(codec::decode::<Operation>(&bytes, bytes.len()).unwrap(), operation);
        let transaction = random.transaction();
        let bytes = codec::encode(&transaction);
        prop_assert_eq!(Transaction::decode(&bytes).unwrap(), transaction.clone());
        read_off_its_bytes(&transaction, &bytes);
        let certificate = random.certificate();
        let bytes = codec::encode(&certificate);
        prop_assert_eq!(
            codec::decode::<CommitCertificate>(&bytes, bytes.len()).unwrap(),
            certificate.clone()
        );
        let mut block = sample::block();
        block.body.transactions.push(transaction.into());
        block.body.parent_certificate = Some(certificate);
        prop_assert_eq!(Block::decode(&block.encode()).unwrap(), block);
    }

    #[test]
    fn a_byte_more_or_less_is_refused(seed in any::<u64>(), byte in any::<u8>()) {
        let mut bytes = codec::encode(&Random::new(seed).transaction());
        bytes.push(byte);
        prop_assert!(Transaction::decode(&bytes).is_err());
        bytes.truncate(bytes.len() - 2);
        prop_assert!(Transaction::decode(&bytes).is_err());
    }
}

/// Read or made, an envelope's parts are what encoding the transaction's parts gives.
fn read_off_its_bytes(transaction: &Transaction, bytes: &[u8]) {
    let read = Enveloped::decode(bytes).expect("what was encoded decodes");
    let made = Enveloped::from(transaction.clone());
    let genesis = sample::genesis();
    for one in [&read, &made] {
        assert_eq!((one.bytes().as_ref(), one.length()), (bytes, bytes.len()));
        assert_eq!(codec::encode(one), bytes);
        assert_eq!(one.envelope_hash(), transaction.envelope_hash());
        assert_eq!(one.id(&genesis), transaction.id(&genesis));
        let mut signed = Vec::new();
        let spans = one.append_signed_bytes(&genesis, &mut signed);
        let claims: Vec<_> = spans.claims(one, &signed).collect();
        assert_eq!(claims.len(), one.signatures());
        let own = transaction.unsigned.signed_bytes(&genesis);
        let own_claims = claims.iter().take(transaction.authorisations.len());
        assert!(own_claims.into_iter().all(|claim| claim.message == own));
        assert_eq!(&**one, transaction);
        assert!(one.memory_bytes() > bytes.len() + size_of::<Transaction>());
    }
    assert_eq!(read, made);
}

#[test]
fn every_sample_is_accepted_by_its_kind() {
    let kinds = ["operation/", "receipt/", "vote/nil", "vote/pre", "block", "transaction/envelope"];
    for (name, bytes) in sample::encodings() {
        let is_value = kinds.iter().any(|kind| name.starts_with(kind)) && !name.ends_with("hash");
        assert!(!is_value || accepting(&bytes) >= 1, "{name} is not accepted");
    }
}

#[test]
fn a_transaction_past_its_limit_is_refused_before_it_is_read() {
    let bytes = vec![0; TRANSACTION_BYTES_MAX + 1];
    let expected = Inadmissible::TooLarge { length: bytes.len(), most: TRANSACTION_BYTES_MAX };
    assert_eq!(Transaction::decode(&bytes), Err(expected));
    let bytes = vec![0; BLOCK_BYTES_MAX + 1];
    let expected = DecodeError::TooLarge { length: bytes.len(), most: BLOCK_BYTES_MAX };
    assert_eq!(Block::decode(&bytes), Err(expected));
}

#[test]
fn counts_beyond_the_bytes_are_refused_without_allocating_for_them() {
    // network, account, nonce, valid_until, purpose, then a count of 2^32 - 1 operations.
    let mut bytes = vec![0; 4 + 20 + 8 + 8 + 2];
    bytes.extend([0xff; 4]);
    bytes.extend([0x0f; 600]);
    assert_eq!(accepting(&bytes), 0);
}

#[test]
fn operations_and_authorisations_are_counted() {
    let good = sample::transaction();
    let refused = |transaction: &Transaction| Transaction::decode(&codec::encode(transaction));
    let mut none = good.clone();
    none.unsigned.operations.clear();
    assert_eq!(refused(&none), Err(Inadmissible::BadOperationCount));
    let mut many = good.clone();
    many.unsigned.operations = vec![good.unsigned.operations[0].clone(); 65];
    assert_eq!(refused(&many), Err(Inadmissible::BadOperationCount));
    let mut unsigned = good.clone();
    unsigned.authorisations.clear();
    assert_eq!(refused(&unsigned), Err(Inadmissible::BadAuthorisations));
    let mut twice = good.clone();
    twice.authorisations[1] = twice.authorisations[0];
    assert_eq!(refused(&twice), Err(Inadmissible::BadAuthorisations));
    let mut nine = good.clone();
    nine.authorisations = (0..9)
        .map(|seed| {
            let mut authorisation = good.authorisations[0];
            authorisation.key = sample::key(seed).public_key();
            authorisation
        })
        .collect();
    assert_eq!(refused(&nine), Err(Inadmissible::BadAuthorisations));
    assert_eq!(refused(&good), Ok(good));
}
