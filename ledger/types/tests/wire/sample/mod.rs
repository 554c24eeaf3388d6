//! One fixed value of every kind that goes over the wire.

use ledger_types::block::transactions_root;
use ledger_types::codec;
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, Block, BlockCommit, Body, CommitCertificate, CommitSignature, Entry, Enveloped,
    Hash, Header, Height, Nonce, Operation, Outcome, Receipt, Round, SigningKey, Timestamp,
    Transaction, TransactionId, Unsigned, ValidatorAddress, Vote, VoteKind,
};

/// The genesis hash of the network that the samples belong to.
pub(crate) fn genesis() -> Hash {
    Hash::new([0x9e; 32])
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

/// Every operation with the name that the goldens know it by, in the order of the wire's tags.
pub(crate) fn operations() -> Vec<(String, Operation)> {
    let mut named: Vec<(String, Operation)> = Vec::new();
    for operation in Operation::samples() {
        let base = format!("operation/{}", operation.name());
        let same = named.iter().filter(|(other, _)| other.split('#').next() == Some(&base)).count();
        let name = if same == 0 { base } else { format!("{base}#{same}") };
        named.push((name, operation));
    }
    named
}

/// A transaction of two operations under two signatures.
pub(crate) fn transaction() -> Transaction {
    let pick = |wanted: &str| {
        operations().into_iter().find(|(name, _)| name == wanted).expect("a sample").1
    };
    let unsigned = Unsigned {
        network: genesis().network(),
        account: account(0x41),
        nonce: Nonce::new(0x0a0b),
        valid_until: Timestamp::from_millis(1_700_000_060_000),
        purpose: 0x0c0d,
        operations: vec![pick("operation/transfer"), pick("operation/charge")],
    };
    unsigned.sign(&genesis(), &[&key(1), &key(2)])
}

pub(crate) fn receipts() -> [Receipt; 2] {
    let receipt = |outcome| Receipt {
        transaction: TransactionId::new(hash(0x51)),
        height: Height::new(0x0102),
        index: 0x0304,
        outcome,
    };
    let rejected = Outcome::Rejected { code: RejectionCode::new(2004), operation: 1 };
    [receipt(Outcome::Committed), receipt(rejected)]
}

pub(crate) fn block_commit() -> Entry {
    Entry::BlockCommit(BlockCommit {
        height: Height::new(0x0102),
        time: Timestamp::from_millis(1_700_000_001_000),
        state_root: hash(0x52),
        validators_hash: hash(0x53),
        first_index: 0x0506,
    })
}

pub(crate) fn votes() -> [Vote; 2] {
    let vote = |kind, block| Vote {
        kind,
        height: Height::new(0x0102),
        round: Round::new(3),
        block,
        validator: ValidatorAddress::of(&key(1).public_key()),
    };
    [vote(VoteKind::Prevote, None), vote(VoteKind::Precommit, Some(hash(0x61)))]
}

pub(crate) fn certificate() -> CommitCertificate {
    let mut certificate = CommitCertificate {
        height: Height::new(0x0102),
        round: Round::new(3),
        block: hash(0x61),
        signatures: Vec::new(),
    };
    let mut signatures: Vec<CommitSignature> = [key(1), key(2), key(3)]
        .iter()
        .map(|key| {
            let validator = ValidatorAddress::of(&key.public_key());
            let message = certificate.precommit(validator).signed_bytes(&genesis());
            CommitSignature { validator, signature: key.sign(&message) }
        })
        .collect();
    signatures.sort_by_key(|entry| entry.validator);
    certificate.signatures = signatures;
    certificate
}

pub(crate) fn block() -> Block {
    let transactions = vec![Enveloped::from(transaction())];
    let envelopes: Vec<Hash> = transactions.iter().map(Enveloped::envelope_hash).collect();
    let header = Header {
        network: genesis().network(),
        height: Height::new(0x0103),
        time: Timestamp::from_millis(1_700_000_001_000),
        proposer: ValidatorAddress::of(&key(2).public_key()),
        parent: hash(0x61),
        transactions_root: transactions_root(&envelopes),
        state_root: hash(0x71),
        receipts_root: hash(0x72),
        audit_log_root: hash(0x73),
        certificate_hash: certificate().hash(),
        validators_hash: hash(0x74),
        rotation_hash: hash(0x75),
    };
    Block { header, body: Body { parent_certificate: Some(certificate()), transactions } }
}

/// The canonical bytes of every sample by name, and what is derived from them.
pub(crate) fn encodings() -> Vec<(String, Vec<u8>)> {
    let transaction = transaction();
    let [committed, rejected] = receipts();
    let [nil, precommit] = votes();
    let mut encodings: Vec<(String, Vec<u8>)> =
        operations().into_iter().map(|(name, value)| (name, codec::encode(&value))).collect();
    let others = [
        ("transaction/envelope", codec::encode(&transaction)),
        ("transaction/signed_bytes", transaction.unsigned.signed_bytes(&genesis())),
        ("transaction/id", transaction.id(&genesis()).get().as_bytes().to_vec()),
        ("transaction/envelope_hash", transaction.envelope_hash().as_bytes().to_vec()),
        ("receipt/committed", codec::encode(&committed)),
        ("receipt/rejected", codec::encode(&rejected)),
        ("entry/receipt", Entry::Receipt(rejected).encode()),
        ("entry/block_commit", block_commit().encode()),
        ("vote/nil_prevote", codec::encode(&nil)),
        ("vote/precommit", codec::encode(&precommit)),
        ("vote/signed_bytes", precommit.signed_bytes(&genesis())),
        ("certificate", codec::encode(&certificate())),
        ("certificate/hash", certificate().hash().as_bytes().to_vec()),
        ("header", codec::encode(&block().header)),
        ("header/hash", block().header.hash().as_bytes().to_vec()),
        ("block", block().encode()),
    ];
    encodings.extend(others.map(|(name, bytes)| (name.to_owned(), bytes)));
    encodings
}
