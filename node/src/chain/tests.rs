//! Two chains over real ledgers, with certificates made by hand in consensus' place.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ledger_types::event::List;
use ledger_types::{
    Block, CommitCertificate, CommitSignature, Genesis, Hash, Height, Lab, LabRate, Round,
    SigningKey, Timestamp, TransactionId, ValidatorAddress, VoteKind,
};
use network_clock::Clock;
use node_consensus::{Application as _, Validity};

use super::{Chain, Recovered, Settings, recover};
use crate::mempool::testing::{World, now, world};
use crate::mempool::{Limits, Mempool, Source};
use crate::store::{Indexing, Place, Source as ListSource};
use crate::telemetry::Telemetry;

mod faults;

struct Fixture {
    world: World,
    clock: Clock,
    runtime: tokio::runtime::Runtime,
}

impl Fixture {
    fn new() -> Self {
        let world = world(8);
        let clock = Clock::of(&world.genesis);
        Self::of(world, clock)
    }

    fn of(world: World, clock: Clock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { world, clock, runtime }
    }

    fn chain(&self, directory: &Path, checkpoint_blocks: u32) -> Arc<Chain> {
        let recovered = recover(directory, &self.world.genesis, [], Indexing::On).unwrap();
        self.chain_of(recovered, checkpoint_blocks)
    }

    fn chain_of(&self, recovered: Recovered, checkpoint_blocks: u32) -> Arc<Chain> {
        let state = Arc::clone(&recovered.state);
        let (mempool, _outlet) =
            Mempool::start(Limits::default(), state, self.clock.clone()).unwrap();
        let settings = Settings {
            proposer: Some(ValidatorAddress::of(&self.world.validators[0].public_key())),
            gather_max: Duration::from_millis(100),
            idle_interval: Duration::from_secs(1),
            clock: self.clock.clone(),
            drift_max: Duration::from_millis(500),
            checkpoint_blocks,
            checkpoint_transactions: 1_000,
        };
        Arc::new(Chain::new(settings, recovered, mempool, Telemetry::default().metrics().clone()))
    }

    fn submit(&self, chain: &Chain, transactions: Vec<Bytes>) -> Vec<TransactionId> {
        let mempool = Arc::clone(chain.mempool());
        let submitted = self.runtime.block_on(mempool.submit(transactions, Source::Client));
        submitted.into_iter().map(Result::unwrap).collect()
    }

    fn certificate(&self, height: Height, block: Hash) -> CommitCertificate {
        let mut certificate =
            CommitCertificate { height, round: Round::new(0), block, signatures: vec![] };
        let sign = |key: &SigningKey| {
            let validator = ValidatorAddress::of(&key.public_key());
            let vote = certificate.precommit(validator);
            assert_eq!(vote.kind, VoteKind::Precommit);
            let signature = key.sign(&vote.signed_bytes(&self.world.genesis_hash));
            CommitSignature { validator, signature }
        };
        let mut signatures: Vec<_> = self.world.validators.iter().take(3).map(sign).collect();
        signatures.sort_by_key(|entry| entry.validator);
        certificate.signatures = signatures;
        certificate
    }

    /// Proposes on the first chain, checks on the others, and commits on all.
    fn step(&self, chains: &[&Arc<Chain>]) -> Height {
        let height = chains[0].tip().height.next().unwrap();
        let proposed = chains[0].propose_block(height).unwrap();
        let certificate = self.certificate(height, proposed.hash);
        for chain in &chains[1..] {
            let verdict = chain.check_block(height, proposed.hash, &proposed.bytes).unwrap();
            assert_eq!(verdict, Validity::Valid);
        }
        for chain in chains {
            chain.commit(certificate.clone()).unwrap();
        }
        height
    }

    fn payments(&self, nonce: u64) -> Vec<Bytes> {
        (0..8).map(|citizen| self.world.signed(citizen, nonce)).collect()
    }
}

fn roots(chain: &Chain) -> [Hash; 4] {
    let state = chain.read();
    [state.header_hash(), state.state_root(), state.receipts_root(), state.audit_log_root()]
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target: PathBuf = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.exists() {
            // RocksDB removes files of its own meanwhile, as it would before a power cut.
            let _ = std::fs::copy(&path, &target);
        }
    }
}

#[test]
fn two_chains_stay_equal_and_so_does_one_after_a_restart() {
    let fixture = Fixture::new();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = fixture.chain(one.path(), 3);
    let mut second = fixture.chain(other.path(), 100);
    for nonce in 0..10 {
        fixture.submit(&first, fixture.payments(nonce));
        fixture.step(&[&first, &second]);
        assert!(first.mempool().is_empty(), "committed transactions leave the mempool");
        assert_eq!(roots(&first), roots(&second));
        if nonce % 4 == 3 {
            second.close().unwrap();
            drop(second);
            second = fixture.chain(other.path(), 100);
            assert_eq!(roots(&first), roots(&second));
            assert_eq!(first.tip_certificate(), second.tip_certificate());
        }
    }
    first.read().conservation().unwrap();
}

#[test]
fn a_copy_of_the_directory_at_any_step_recovers_what_was_decided() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let chain = fixture.chain(directory.path(), 2);
    let mut seen = vec![roots(&chain)];
    let recovers = |seen: &[[Hash; 4]], at_least: usize| {
        let place = tempfile::tempdir().unwrap();
        copy(directory.path(), place.path());
        let copied = fixture.chain(place.path(), 100);
        let height = usize::try_from(copied.tip().height.get()).unwrap();
        assert!(height >= at_least, "height {height} after {at_least} was decided");
        if let Some(expected) = seen.get(height) {
            assert_eq!(roots(&copied), *expected);
        }
    };
    for nonce in 0..6 {
        fixture.submit(&chain, fixture.payments(nonce));
        let height = chain.tip().height.next().unwrap();
        let proposed = chain.propose_block(height).unwrap();
        recovers(&seen, seen.len() - 1);
        let certificate = fixture.certificate(height, proposed.hash);
        chain.store().log().decide(&certificate).unwrap();
        recovers(&seen, seen.len());
        chain.commit(certificate).unwrap();
        seen.push(roots(&chain));
        recovers(&seen, seen.len() - 1);
    }
}

#[test]
fn a_proposal_is_the_same_after_a_restart() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let chain = fixture.chain(directory.path(), 100);
    fixture.submit(&chain, fixture.payments(0));
    let height = Height::new(1);
    let proposed = chain.propose_block(height).unwrap();
    let driven = chain.driven();
    driven.record_proposal(height, Round::new(0), Bytes::from_static(b"init")).unwrap();
    drop((chain, driven));
    let chain = fixture.chain(directory.path(), 100);
    let driven = chain.driven();
    assert_eq!(driven.body(height, proposed.hash), Some(proposed.bytes));
    assert_eq!(driven.proposals(height), [(Round::new(0), Bytes::from_static(b"init"))]);
    chain.commit(fixture.certificate(height, proposed.hash)).unwrap();
    assert_eq!(chain.tip().hash, proposed.hash);
    assert!(driven.proposals(height).is_empty());
}

#[test]
fn bad_proposals_are_invalid_and_each_says_why() {
    let fixture = Fixture::new();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (fixture.chain(one.path(), 9), fixture.chain(other.path(), 9));
    fixture.submit(&first, fixture.payments(0));
    let height = Height::new(1);
    let proposed = first.propose_block(height).unwrap();
    let block = Block::decode(&proposed.bytes).unwrap();
    let check = |block: &Block| {
        let bytes = Bytes::from(block.encode());
        match second.check_block(height, block.header.hash(), &bytes).unwrap() {
            Validity::Valid => "valid".to_owned(),
            Validity::Invalid { reason } | Validity::NotTheBlock { reason } => reason,
        }
    };
    let mut late = block.clone();
    late.header.time = ledger_types::Timestamp::from_millis(now() + 60_000);
    assert!(check(&late).contains("the latest"), "{}", check(&late));
    let mut forged = block.clone();
    let mut spoilt = block.body.transactions[0].clone().into_transaction();
    spoilt.authorisations[0].signature = block.body.transactions[1].authorisations[0].signature;
    forged.body.transactions[0] = spoilt.into();
    forged.header.transactions_root = forged.body.transactions_root();
    assert_eq!(check(&forged), "a transaction's signature does not verify");
    let mut swapped = block.clone();
    swapped.body.transactions.pop();
    for (hash, bytes) in [
        (Hash::ZERO, proposed.bytes.clone()),
        (Hash::ZERO, Bytes::from_static(b"noise")),
        (proposed.hash, Bytes::from(swapped.encode())),
    ] {
        let verdict = second.check_block(height, hash, &bytes).unwrap();
        assert!(matches!(verdict, Validity::NotTheBlock { .. }), "{verdict:?}");
        let certificate = fixture.certificate(height, hash);
        let verdict = second.check_synced_block(&certificate, &bytes).unwrap();
        assert!(matches!(verdict, Validity::NotTheBlock { .. }), "{verdict:?}");
    }
    assert_eq!(check(&block), "valid");
}

#[test]
fn a_decided_block_with_other_roots_is_a_fault_and_not_invalid() {
    let fixture = Fixture::new();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (fixture.chain(one.path(), 9), fixture.chain(other.path(), 9));
    let proposed = first.propose_block(Height::new(1)).unwrap();
    let mut block = Block::decode(&proposed.bytes).unwrap();
    block.header.state_root = Hash::ZERO;
    let certificate = fixture.certificate(Height::new(1), block.header.hash());
    let bytes = Bytes::from(block.encode());
    let fault = second.check_synced_block(&certificate, &bytes).expect_err("a fault");
    assert_eq!(fault.restart(), node_consensus::Restart::DoNot);
}

#[test]
fn a_decision_is_repeated_without_effect_and_a_second_block_is_a_fault() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let chain = fixture.chain(directory.path(), 9);
    let height = fixture.step(&[&chain]);
    let before = roots(&chain);
    chain.commit(fixture.certificate(height, chain.tip().hash)).unwrap();
    assert_eq!(roots(&chain), before);
    let fault = chain.commit(fixture.certificate(height, Hash::ZERO)).expect_err("a fork");
    assert_eq!(fault.restart(), node_consensus::Restart::DoNot);
    let missing = chain.commit(fixture.certificate(height.next().unwrap(), Hash::ZERO));
    assert_eq!(missing.expect_err("no body").restart(), node_consensus::Restart::DoNot);
}

#[test]
fn a_synced_chain_reads_history_and_ends_equal() {
    let fixture = Fixture::new();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (fixture.chain(one.path(), 2), fixture.chain(other.path(), 2));
    for nonce in 0..5 {
        fixture.submit(&first, fixture.payments(nonce));
        fixture.step(&[&first]);
    }
    let driven = first.driven();
    assert_eq!(driven.earliest(), Height::new(1));
    let history = driven.history(Height::new(1), Height::new(99), usize::MAX);
    assert_eq!(history.len(), 5);
    assert_eq!(driven.history(Height::new(2), Height::new(4), 1).len(), 1);
    for (certificate, bytes) in history {
        let verdict = second.check_synced_block(&certificate, &bytes).unwrap();
        assert_eq!(verdict, Validity::Valid);
        second.commit(certificate).unwrap();
    }
    assert_eq!(roots(&first), roots(&second));
}

#[test]
fn the_index_finds_receipts_and_histories_newest_first_and_survives_its_loss() {
    let fixture = Fixture::new();
    let directory = tempfile::tempdir().unwrap();
    let chain = fixture.chain(directory.path(), 2);
    let mut ids = Vec::new();
    for nonce in 0..5 {
        ids.extend(fixture.submit(&chain, fixture.payments(nonce)));
        fixture.step(&[&chain]);
    }
    let before = roots(&chain);
    chain.close().unwrap();
    drop(chain);
    std::fs::remove_dir_all(directory.path().join("index")).unwrap();
    let chain = fixture.chain(directory.path(), 2);
    assert_eq!(roots(&chain), before, "a replay from genesis ends where the checkpoint was");
    let mut indexed = chain.store().indexed();
    let caught_up = indexed.wait_for(|height| *height >= Height::new(5));
    fixture.runtime.block_on(caught_up).unwrap();
    let index = chain.store().index().unwrap();
    for id in &ids {
        let (receipt, offset) = index.receipt(id).unwrap().expect("each has a receipt");
        assert!(receipt.is_committed());
        let bytes = chain.store().log().body_part(receipt.height, offset, 65_536);
        let bytes = bytes.unwrap().unwrap();
        let mut rest = &bytes[..];
        let read: ledger_types::Transaction =
            borsh::BorshDeserialize::deserialize(&mut rest).unwrap();
        assert_eq!(read.id(&fixture.world.genesis_hash), *id);
    }
    // Each citizen pays once and is paid once a block.
    let own = [ListSource::all(List::Account(fixture.world.account(3)))];
    let all = index.list(&own, None, 100).unwrap();
    assert_eq!(all.len(), 10);
    let places: Vec<Place> = all.iter().map(|(place, _)| *place).collect();
    assert!(places.iter().zip(&places[1..]).all(|(newer, older)| newer > older));
    let rest = index.list(&own, Some(places[3]), 100).unwrap();
    assert_eq!(rest, all[4..]);
    fixture.submit(&chain, fixture.payments(5));
    fixture.step(&[&chain]);
}

#[test]
fn in_a_lab_block_time_runs_at_its_rate_and_two_nodes_agree() {
    let start = Timestamp::from_millis(1_000_000);
    let lab = Some(Lab { rate: LabRate::new(1000).unwrap(), start });
    let mut world = world(8);
    world.genesis = Genesis { lab, ..world.genesis };
    world.genesis_hash = world.genesis.hash();
    let clock = Clock::of(&world.genesis).stepped(start);
    let genesis_time = world.genesis.time.as_millis();
    let fixture = Fixture::of(world, clock.clone());
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let chains = [fixture.chain(one.path(), 100), fixture.chain(other.path(), 100)];
    for real_seconds in 1..=5 {
        clock.step(Duration::from_secs(1));
        fixture.step(&[&chains[0], &chains[1]]);
        let passed = chains[0].tip().time.as_millis() - genesis_time;
        assert_eq!(passed, 1_000_000 * real_seconds, "after {real_seconds} real seconds");
        assert_eq!(roots(&chains[0]), roots(&chains[1]));
    }
    // One that lags by more real time than the drift (which is the network's) refuses the block.
    let behind = Clock::of(&fixture.world.genesis).stepped(start);
    behind.step(Duration::from_secs(4));
    let late = Fixture { clock: behind, ..fixture };
    let place = tempfile::tempdir().unwrap();
    copy(other.path(), place.path());
    let lagging = late.chain(place.path(), 100);
    clock.step(Duration::from_secs(1));
    let height = chains[0].tip().height.next().unwrap();
    let proposed = chains[0].propose_block(height).unwrap();
    let verdict = lagging.check_block(height, proposed.hash, &proposed.bytes).unwrap();
    assert!(matches!(verdict, Validity::Invalid { .. }), "{verdict:?}");
}
