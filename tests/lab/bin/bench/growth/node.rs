//! One validator of the city without its network: everything that a node does with a block.
//!
//! Transactions enter the mempool as their clients send them, a block is proposed from it, decided
//! by certificates that are made here in consensus' place, committed, and put into the block log,
//! the index, the audit log and the checkpoints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use bytes::Bytes;
use kyojo_node::chain::{Chain, Settings, recover};
use kyojo_node::mempool::{Limits, Mempool, Source};
use kyojo_node::store::{Committed, Indexing};
use kyojo_node::telemetry::Telemetry;
use kyojo_tests::measure::disk_bytes;
use ledger::State;
use ledger_types::{
    CommitCertificate, CommitSignature, Genesis, Hash, Height, Outcome, Round, SigningKey,
    Timestamp, ValidatorAddress,
};
use network_clock::Clock;
use tokio::runtime::Handle;
use tokio::sync::broadcast;

/// As a node's configuration has them where it says nothing.
const CHECKPOINT_BLOCKS: u32 = 512;
const CHECKPOINT_TRANSACTIONS: u32 = 500_000;

/// See the module.
pub(super) struct Node {
    folder: PathBuf,
    genesis_hash: Hash,
    validators: Vec<SigningKey>,
    clock: Clock,
    chain: Chain,
    commits: broadcast::Receiver<Arc<Committed>>,
    runtime: Handle,
    /// What was committed.
    pub totals: Totals,
}

/// What blocks held.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub blocks: u64,
    pub transactions: u64,
    pub rejected: BTreeMap<u16, u64>,
}

impl Node {
    /// Begins a chain in an empty folder.
    pub(super) fn begin(
        folder: &Path,
        genesis: &Genesis,
        validators: &[SigningKey],
        runtime: Handle,
    ) -> anyhow::Result<Self> {
        let recovered = recover(folder, genesis, [], Indexing::On)?;
        let start = genesis.lab.context("a lab's genesis")?.start;
        let clock = Clock::of(genesis).stepped(start);
        let state = Arc::clone(&recovered.state);
        let (mempool, _) = Mempool::start(Limits::default(), state, clock.clone())?;
        let proposer = validators.first().map(|key| ValidatorAddress::of(&key.public_key()));
        let settings = Settings {
            proposer,
            gather_max: Duration::from_millis(genesis.parameters.gather_ms_max),
            idle_interval: Duration::from_secs(1),
            clock: clock.clone(),
            drift_max: Duration::from_millis(genesis.parameters.drift_ms_max),
            checkpoint_blocks: CHECKPOINT_BLOCKS,
            checkpoint_transactions: CHECKPOINT_TRANSACTIONS,
        };
        let metrics = Telemetry::default().metrics().clone();
        let chain = Chain::new(settings, recovered, mempool, metrics);
        let commits = chain.subscribe();
        let (genesis_hash, folder) = (genesis.hash(), folder.to_owned());
        let (validators, totals) = (validators.to_vec(), Totals::default());
        Ok(Self { folder, genesis_hash, validators, clock, chain, commits, runtime, totals })
    }

    /// Moves the network's time on.
    pub(super) fn pass(&self, network_ms: u64) {
        let rate = self.clock.lab().map_or(1, |time| u64::from(time.lab.rate.get()));
        self.clock.step(Duration::from_millis(network_ms / rate));
    }

    /// The network's time.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Takes these in and commits the block that holds all of them.
    pub(super) fn block(&mut self, transactions: Vec<Bytes>) -> anyhow::Result<()> {
        let count = transactions.len();
        let mempool = Arc::clone(self.chain.mempool());
        for taken in self.runtime.block_on(mempool.submit(transactions, Source::Client)) {
            taken?;
        }
        let height = self.chain.tip().height.next().context("heights do not end")?;
        let proposed = self.chain.propose_block(height).map_err(|fault| anyhow!("{fault}"))?;
        let certificate = self.certificate(height, proposed.hash);
        self.chain.commit(certificate).map_err(|fault| anyhow!("{fault}"))?;
        let committed = self.commits.try_recv()?;
        let receipts = &committed.applied.receipts;
        ensure!(receipts.len() == count, "{} of {count} came into the block", receipts.len());
        self.totals.blocks += 1;
        self.totals.transactions += receipts.len() as u64;
        for receipt in receipts {
            match receipt.outcome {
                Outcome::Committed => {}
                Outcome::Rejected { code, .. } => {
                    *self.totals.rejected.entry(code.get()).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// Reads the state.
    pub(super) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.chain.read())
    }

    /// Writes a last checkpoint; how many bytes of disk the node's folder takes then.
    pub(super) fn close(self) -> anyhow::Result<u64> {
        self.chain.close()?;
        let Self { folder, chain, .. } = self;
        drop(chain);
        Ok(disk_bytes(&folder))
    }

    /// What a quorum of the validators signs.
    fn certificate(&self, height: Height, block: Hash) -> CommitCertificate {
        let mut certificate =
            CommitCertificate { height, round: Round::new(0), block, signatures: Vec::new() };
        let quorum = self.validators.len() * 2 / 3 + 1;
        let sign = |key: &SigningKey| {
            let validator = ValidatorAddress::of(&key.public_key());
            let vote = certificate.precommit(validator);
            let signature = key.sign(&vote.signed_bytes(&self.genesis_hash));
            CommitSignature { validator, signature }
        };
        let mut signatures: Vec<_> = self.validators.iter().take(quorum).map(sign).collect();
        signatures.sort_by_key(|entry| entry.validator);
        certificate.signatures = signatures;
        certificate
    }
}
