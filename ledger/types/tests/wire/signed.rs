//! What is signed: its bytes, kind by kind, and that the bytes of before are not taken for it.

use ledger_types::signed::Domain;
use ledger_types::{CommitCertificate, Inadmissible, Validator, ValidatorSet};
use ledger_types::{CommitSignature, Transaction, certificate::CertificateError, codec};

use crate::sample;

/// Length of the namespace and domain tag, kind by kind; the genesis hash of the samples follows.
const PREFIXES: [(Domain, &str); 5] = [
    (Domain::TRANSACTION, "346b796f6a6f2f7472616e73616374696f6e2f7631"),
    (Domain::VOTE, "2d6b796f6a6f2f766f74652f7631"),
    (Domain::PROPOSAL, "316b796f6a6f2f70726f706f73616c2f7631"),
    (Domain::ACCESS_REQUEST, "376b796f6a6f2f6163636573732d726571756573742f7631"),
    (Domain::DIRECTORY, "326b796f6a6f2f6469726563746f72792f7631"),
];

/// The bytes that were signed before a length stood in front of them.
fn of_before(bytes: &[u8]) -> &[u8] {
    &bytes[1..]
}

#[test]
fn every_kind_is_signed_behind_its_pinned_prefix() {
    for (domain, pinned) in PREFIXES {
        let prefix = [pinned, &"9e".repeat(32)].concat();
        let signed = domain.signed_bytes(&sample::genesis(), &0x0102_u16);
        assert_eq!(hex::encode(&signed), format!("{prefix}0201"));
        assert_eq!(usize::from(signed[0]), prefix.len() / 2 - 1);
        let mut appended = b"before".to_vec();
        domain.append_prefix(&sample::genesis(), &mut appended);
        assert_eq!(hex::encode(appended), format!("{}{prefix}", hex::encode("before")));
    }
}

#[test]
fn a_message_is_its_canonical_bytes_behind_the_prefix() {
    let transaction = sample::transaction().unsigned;
    let mut expected = Domain::TRANSACTION.signed_bytes(&sample::genesis(), &());
    expected.extend(codec::encode(&transaction));
    assert_eq!(transaction.signed_bytes(&sample::genesis()), expected);
    let [vote, _] = sample::votes();
    let mut expected = Domain::VOTE.signed_bytes(&sample::genesis(), &());
    expected.extend(codec::encode(&vote));
    assert_eq!(vote.signed_bytes(&sample::genesis()), expected);
}

#[test]
fn a_transaction_signed_as_before_is_inadmissible() {
    let mut transaction: Transaction = sample::transaction();
    let message = transaction.unsigned.signed_bytes(&sample::genesis());
    for (authorisation, seed) in transaction.authorisations.iter_mut().zip([1, 2]) {
        authorisation.signature = sample::key(seed).sign(&message);
    }
    assert_eq!(transaction.verify(&sample::genesis()), Ok(()));
    transaction.authorisations[1].signature = sample::key(2).sign(of_before(&message));
    assert_eq!(transaction.verify(&sample::genesis()), Err(Inadmissible::BadSignature));
}

#[test]
fn a_certificate_of_votes_signed_as_before_proves_nothing() {
    let keys = [1, 2, 3].map(sample::key);
    let validators = keys.iter().map(|key| Validator { key: key.public_key(), power: 1 });
    let set = ValidatorSet::new(validators.collect()).expect("three validators");
    let resigned = |old: usize| {
        let certificate = sample::certificate();
        let sign = |(at, entry): (usize, &CommitSignature)| {
            let named = |key: &&ledger_types::SigningKey| {
                Some(key.public_key()) == set.get(&entry.validator).map(|one| one.key)
            };
            let key = keys.iter().find(named).expect("a validator of the three");
            let message = certificate.precommit(entry.validator).signed_bytes(&sample::genesis());
            let message = if at < old { of_before(&message) } else { &message };
            CommitSignature { validator: entry.validator, signature: key.sign(message) }
        };
        let signatures = certificate.signatures.iter().enumerate().map(sign).collect();
        CommitCertificate { signatures, ..certificate }
    };
    assert_eq!(resigned(0).verify(&set, &sample::genesis()), Ok(()));
    for old in 1..=3 {
        let refused = resigned(old).verify(&set, &sample::genesis());
        assert_eq!(refused, Err(CertificateError::BadSignature), "{old} of them as before");
    }
}
