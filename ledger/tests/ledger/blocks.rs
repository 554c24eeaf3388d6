//! Blocks that may not follow the tip, the certificate of the parent, and whose turn it is.

use ledger::{Fault, Full, InvalidBlock, apply, propose, validate};
use ledger_types::certificate::CertificateError;
use ledger_types::genesis::GenesisAccount;
use ledger_types::limits::{
    BLOCK_BYTES_MAX, BLOCK_SIGNATURES_MAX, BLOCK_TRANSACTIONS_BYTES_MAX, NONCE_WINDOW,
};
use ledger_types::operation::{OpenAccount, Operation, WeightedKey};
use ledger_types::transaction::Authorisation;
use ledger_types::{
    AccountId, Block, Enveloped, Hash, Header, Height, Inadmissible, NetworkId, PublicKey,
    Rotation, Round, Signature, Timestamp, Transaction, ValidatorAddress, Yen,
};

use super::chain::{Chain, certify, picture};
use super::fixture::{AIZU, akari, chika, commitment, genesis_with, seeded, validator_keys};
use super::happy::transfer;

/// Four validators, two blocks on.
fn chain() -> Chain {
    let mut chain = Chain::of(&genesis_with(4));
    for _ in 0..2 {
        let tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
        chain.commit(vec![tx]);
    }
    chain
}

#[test]
fn a_header_must_say_what_the_tip_says_in_order() {
    type Break = fn(&mut Header);
    let breaks: [(&str, Break); 12] = [
        ("the block belongs to another network", |h| h.network = NetworkId::new([0; 4])),
        ("the block has height 9, the next is after 2", |h| h.height = Height::new(9)),
        ("the block's parent is", |h| h.parent = Hash::ZERO),
        ("is not after its parent's", |h| h.time = Timestamp::from_millis(0)),
        ("the block's proposer is not a validator", |h| {
            h.proposer = ValidatorAddress::of(&seeded(1).public_key());
        }),
        ("the block's state root is", |h| h.state_root = Hash::ZERO),
        ("the block's receipts root is", |h| h.receipts_root = Hash::ZERO),
        ("the block's audit log root is", |h| h.audit_log_root = Hash::ZERO),
        ("the block's validators hash is", |h| h.validators_hash = Hash::ZERO),
        ("the block's rotation hash is", |h| h.rotation_hash = Hash::ZERO),
        ("the body's certificate is not", |h| h.certificate_hash = Hash::ZERO),
        ("the block's transactions root is", |h| h.transactions_root = Hash::ZERO),
    ];
    let mut chain = chain();
    let before = picture(&chain.state);
    let mut block = chain.propose(vec![]);
    assert_eq!(validate(&chain.state, &block), Ok(()));
    for (expected, break_rule) in breaks.iter().rev() {
        break_rule(&mut block.header);
        let found = validate(&chain.state, &block).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}: {expected}");
        if !expected.contains("transactions root") {
            let fault = apply(&mut chain.state, &block).unwrap_err();
            assert!(matches!(fault, Fault::NotNext { .. }), "{fault}");
        }
    }
    assert_eq!(picture(&chain.state), before);
    assert_eq!(chain.state.height(), Height::new(2));
}

#[test]
fn a_parent_at_the_same_time_is_too_late() {
    let chain = chain();
    let mut block = chain.propose(vec![]);
    block.header.time = chain.state.time();
    let (parent, found) = (chain.state.time(), block.header.time);
    let expected = InvalidBlock::TimeNotAfterParent { parent, found };
    assert_eq!(validate(&chain.state, &block), Err(expected));
    block.header.time = chain.state.time().checked_add_millis(1).unwrap();
    assert_eq!(validate(&chain.state, &block), Ok(()));
}

/// A block with another certificate, named by its header.
fn with_certificate(
    chain: &Chain,
    change: impl FnOnce(&mut ledger_types::CommitCertificate),
) -> Block {
    let mut certificate = chain.certificate.clone().unwrap();
    change(&mut certificate);
    let time = Timestamp::from_millis(chain.now + 1000);
    let proposer = ValidatorAddress::of(&validator_keys(4)[0].public_key());
    propose(&chain.state, vec![], time, proposer, Some(certificate))
}

#[test]
fn the_parents_certificate_is_the_parents_and_a_quorums() {
    let chain = chain();
    let judged = |block: &Block| validate(&chain.state, block);
    let wrong = Err(InvalidBlock::WrongCertificate);
    assert_eq!(judged(&with_certificate(&chain, |c| c.height = Height::new(1))), wrong);
    assert_eq!(judged(&with_certificate(&chain, |c| c.block = Hash::ZERO)), wrong);
    let time = Timestamp::from_millis(chain.now + 1000);
    let proposer = ValidatorAddress::of(&validator_keys(4)[0].public_key());
    assert_eq!(judged(&propose(&chain.state, vec![], time, proposer, None)), wrong);
    let bad = |error| Err(InvalidBlock::BadCertificate(error));
    let three = with_certificate(&chain, |c| c.signatures.truncate(3));
    assert_eq!(judged(&three), Ok(()));
    let two = with_certificate(&chain, |c| c.signatures.truncate(2));
    assert_eq!(judged(&two), bad(CertificateError::NoQuorum));
    let unordered = with_certificate(&chain, |c| c.signatures.reverse());
    assert_eq!(judged(&unordered), bad(CertificateError::Signers));
    let another_round = with_certificate(&chain, |c| c.round = Round::new(1));
    assert_eq!(judged(&another_round), bad(CertificateError::BadSignature));
}

#[test]
fn the_first_block_carries_no_certificate() {
    let mut chain = Chain::of(&genesis_with(4));
    let block = chain.propose(vec![]);
    chain.certificate = Some(chain.certify(&block.header, 0));
    let with = chain.propose(vec![]);
    assert_eq!(validate(&chain.state, &with), Err(InvalidBlock::WrongCertificate));
    assert_eq!(validate(&chain.state, &block), Ok(()));
}

#[test]
fn a_block_holds_an_account_and_nonce_once() {
    let mut chain = chain();
    let tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    let other = chain.tx(&chika(), vec![transfer(&akari(), 1)]);
    let mut same_nonce = tx.clone();
    same_nonce.unsigned.purpose = 1;
    let block = chain.propose(vec![tx.clone(), other.clone(), same_nonce]);
    let reason = Inadmissible::NonceRepeated;
    let expected = InvalidBlock::Inadmissible { index: 2, reason };
    assert_eq!(validate(&chain.state, &block), Err(expected));
    let block = chain.propose(vec![tx, other]);
    assert_eq!(validate(&chain.state, &block), Ok(()));
}

#[test]
fn the_same_transaction_is_committed_once() {
    let mut chain = chain();
    let tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    chain.commit(vec![tx.clone()]);
    let nonce = tx.unsigned.nonce;
    let block = chain.propose(vec![tx]);
    let reason = Inadmissible::NonceUsed { nonce };
    let expected = InvalidBlock::Inadmissible { index: 0, reason };
    assert_eq!(validate(&chain.state, &block), Err(expected));
    let fault = apply(&mut chain.state, &block).unwrap_err();
    assert_eq!(fault, Fault::NotAdmitted { height: Height::new(4), index: 0 });
}

/// An operation that takes nearly all of a transaction's bytes.
pub(crate) fn large_operation() -> Operation {
    let keys = vec![WeightedKey::plain(akari().key.public_key(), 1); 1700];
    Operation::OpenAccount(OpenAccount {
        holder_commitment: commitment(1),
        kind: ledger_types::operation::AccountKind::Citizen,
        kyc_level: ledger_types::operation::KycLevel::K2,
        keys,
        threshold: 1,
    })
}

#[test]
fn a_block_is_bounded_in_bytes() {
    let mut chain = chain();
    let large = large_operation();
    let txs: Vec<_> = (0..75).map(|_| chain.tx(&akari(), vec![large.clone()])).collect();
    let block = chain.propose(txs.clone());
    assert!(block.encode().len() > BLOCK_BYTES_MAX);
    let one = Enveloped::from(txs[0].clone()).length();
    let most = BLOCK_TRANSACTIONS_BYTES_MAX / one;
    let expected = InvalidBlock::Full { index: most, full: Full::Bytes };
    assert_eq!(validate(&chain.state, &block), Err(expected));
    let block = chain.propose(txs[..most].to_vec());
    assert!(block.encode().len() <= BLOCK_BYTES_MAX);
    assert_eq!(validate(&chain.state, &block), Ok(()));
}

/// Sixteen accounts of eight keys: what they may sign in one block is as much as it may hold.
fn crowd() -> (Chain, Vec<Transaction>) {
    let keys: Vec<PublicKey> = (200..208).map(|seed| seeded(seed).public_key()).collect();
    let mut genesis = genesis_with(4);
    let first = genesis.accounts[0].clone();
    let accounts: Vec<AccountId> =
        (0..16).map(|number| AccountId::opened_by(AIZU, &commitment(220 + number))).collect();
    genesis.accounts.extend(accounts.iter().zip(220..).map(|(account, number)| GenesisAccount {
        account: *account,
        custodian: AIZU,
        holder_commitment: commitment(number),
        keys: keys.iter().map(|key| WeightedKey::plain(*key, 1)).collect(),
        threshold: 1,
        balance: Yen::ZERO,
        ..first.clone()
    }));
    let chain = Chain::of(&genesis);
    // Signatures are not checked here, only counted.
    let signature = Signature::Ed25519([7; 64]);
    let authorisations: Vec<Authorisation> =
        keys.iter().map(|key| Authorisation { key: *key, signature }).collect();
    let places = accounts.iter().flat_map(|account| (0..NONCE_WINDOW).map(move |at| (account, at)));
    let txs = places.map(|(account, nonce)| Transaction {
        unsigned: chain.unsigned(*account, nonce, vec![transfer(&chika(), 1)]),
        authorisations: authorisations.clone(),
    });
    let txs = txs.collect();
    (chain, txs)
}

#[test]
fn a_block_is_bounded_in_signatures() {
    let (mut chain, mut txs) = crowd();
    let block = chain.propose(txs.clone());
    let count: usize = txs.iter().map(|tx| tx.authorisations.len()).sum();
    assert_eq!(count, BLOCK_SIGNATURES_MAX);
    assert_eq!(validate(&chain.state, &block), Ok(()));
    txs.push(chain.tx(&akari(), vec![transfer(&chika(), 1)]));
    let expected = InvalidBlock::Full { index: txs.len() - 1, full: Full::Signatures };
    let block = chain.propose(txs);
    assert_eq!(validate(&chain.state, &block), Err(expected));
}

#[test]
fn a_missed_turn_is_blamed_on_whoever_had_it_and_known_two_blocks_later() {
    let mut chain = Chain::of(&genesis_with(4));
    let set = chain.state.validators().clone();
    let first = Rotation::default();
    // Block 1 takes round 2: whoever had rounds 0 and 1 missed. Its certificate lies in block 2.
    let order = first.order(&set, Height::new(1));
    let block = chain.propose(vec![]);
    chain.decide(block, 2);
    assert_eq!(chain.state.rotation(), &first);
    // Block 2 takes round 1; nobody knows of block 1's misses while it is decided.
    let order_at_two = first.order(&set, Height::new(2));
    let block = chain.propose(vec![]);
    chain.decide(block, 1);
    let mut missed: Vec<ValidatorAddress> = order[..2].to_vec();
    missed.sort();
    let known = |chain: &Chain| -> Vec<ValidatorAddress> {
        chain.state.rotation().missed().iter().map(|entry| entry.validator).collect()
    };
    assert_eq!(known(&chain), missed);
    // Block 3: block 2's miss is judged by the rotation that held at height 2, not by today's.
    let block = chain.propose(vec![]);
    chain.decide(block, 0);
    let (late, made) = (order_at_two[0], order_at_two[1]);
    missed.retain(|validator| *validator != made);
    if !missed.contains(&late) {
        missed.push(late);
    }
    missed.sort();
    assert_eq!(known(&chain), missed);
}

#[test]
fn a_validator_that_never_proposes_is_asked_after_a_minute_and_ever_more_rarely() {
    let mut chain = Chain::of(&genesis_with(4));
    let set = chain.state.validators().clone();
    let dead = ValidatorAddress::of(&validator_keys(4)[2].public_key());
    let mut asked = Vec::new();
    // A block a second, for an hour.
    for second in 1..=3600_u64 {
        let order = chain.state.rotation().order(&set, Height::new(second));
        let round = u32::from(order[0] == dead);
        if round == 1 {
            asked.push(second);
        }
        let block = chain.propose(vec![]);
        chain.decide(block, round);
    }
    // Its turn comes up to four blocks after its pause, and is known to be missed one block later.
    let pauses: Vec<u64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let expected = [60, 120, 240, 480, 960, 960];
    assert_eq!(pauses.len(), expected.len(), "{pauses:?}");
    for (pause, least) in pauses.into_iter().zip(expected) {
        assert!((least..=least + 5).contains(&pause), "{pause} s, at least {least}");
    }
}

#[test]
fn whoever_proposes_again_is_in_turn_at_once() {
    let mut chain = Chain::of(&genesis_with(4));
    let set = chain.state.validators().clone();
    let late = chain.state.rotation().order(&set, Height::new(1))[0];
    let block = chain.propose(vec![]);
    chain.decide(block, 1);
    chain.commit(vec![]);
    let turns = |chain: &Chain, height| {
        chain.state.rotation().order(&set, Height::new(height)).iter().position(|a| *a == late)
    };
    let is_last = |chain: &Chain| (3..7).all(|height| turns(chain, height) == Some(3));
    assert!(is_last(&chain), "passed over");
    // All of the others miss a turn, so that it is asked and proposes.
    let block = chain.propose(vec![]);
    chain.decide(block, 3);
    chain.commit(vec![]);
    assert!(!chain.state.rotation().missed().iter().any(|missed| missed.validator == late));
    assert_eq!(turns(&chain, 5), Some(0), "nobody else is in good standing");
}

#[test]
fn certificates_of_another_network_prove_nothing() {
    let chain = chain();
    let header = chain.blocks.last().unwrap().header.clone();
    let foreign = certify(&validator_keys(4), &Hash::ZERO, &header, 0);
    let block = with_certificate(&chain, |certificate| *certificate = foreign);
    let expected = InvalidBlock::BadCertificate(CertificateError::BadSignature);
    assert_eq!(validate(&chain.state, &block), Err(expected));
}
