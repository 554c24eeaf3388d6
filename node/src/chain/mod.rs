//! The chain: proposes, validates and commits blocks; the only writer of the state.
//!
//! A block's way: [`Chain::propose_block`] or [`Chain::check_block`] makes its body durable; its
//! decision makes hash and certificate durable, applies it, and publishes what it did. Readers hold
//! the state's lock for moments; a block is applied under the write lock, everything around it is
//! not.

mod application;
mod commit;
mod open;
mod pace;
mod prover;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use ledger::State;
use ledger_types::{Block, CommitCertificate, Hash, Height, Timestamp, ValidatorAddress};
use network_clock::Clock;
use tokio::sync::{broadcast, watch};

use crate::mempool::Mempool;
use crate::store::{Committed, Store};
use crate::telemetry::Metrics;

use pace::Pace;

pub use open::{OpenError, Recovered, recover};
pub use prover::{Prover, StateProofs, Subject};

/// How many committed blocks a slow subscriber may be behind before it misses some.
const SUBSCRIBER_BLOCKS_MAX: usize = 256;

/// The last block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its height.
    pub height: Height,
    /// Its hash.
    pub hash: Hash,
    /// Its time.
    pub time: Timestamp,
}

impl Tip {
    /// The tip of a state.
    fn of(state: &State) -> Self {
        Self { height: state.height(), hash: state.header_hash(), time: state.time() }
    }
}

/// What a chain is set to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// This validator; none for an observer.
    pub proposer: Option<ValidatorAddress>,
    /// How long waiting transactions are gathered at most, from genesis.
    pub gather_max: Duration,
    /// How long an empty mempool delays the next block.
    pub idle_interval: Duration,
    /// The network's clock.
    pub clock: Clock,
    /// How far ahead of this clock a block's time may be, in the network's time, from genesis.
    pub drift_max: Duration,
    /// A checkpoint is due after so many blocks.
    pub checkpoint_blocks: u32,
    /// And after so many transactions.
    pub checkpoint_transactions: u32,
}

/// How much happened since the last checkpoint.
#[derive(Clone, Copy, Debug, Default)]
struct SinceCheckpoint {
    blocks: u32,
    transactions: u32,
}

/// The certificate and the instant of the last commit.
#[derive(Clone, Debug)]
struct Last {
    certificate: Option<CommitCertificate>,
    at: Instant,
}

/// See the module.
#[derive(Debug)]
pub struct Chain {
    settings: Settings,
    pace: Pace,
    state: Arc<RwLock<State>>,
    store: Arc<Store>,
    mempool: Arc<Mempool>,
    metrics: Metrics,
    /// Decoded bodies of the height after the tip, by hash; all are durable.
    pending: Mutex<HashMap<Hash, Arc<Block>>>,
    last: Mutex<Last>,
    since_checkpoint: Mutex<SinceCheckpoint>,
    commits: broadcast::Sender<Arc<Committed>>,
    tip: watch::Sender<Tip>,
    prover: Arc<Prover>,
    /// Held while a block is committed, so that commits never overlap.
    committing: Mutex<()>,
    /// Something failed: what is in memory is not to be written any more.
    faulted: AtomicBool,
    /// The last height that came from a peer's history, 0 where none did.
    synced: AtomicU64,
    closed: AtomicBool,
}

impl Chain {
    /// A chain over what [`recover`] found, with a mempool over the same state.
    #[must_use]
    pub fn new(
        settings: Settings,
        recovered: Recovered,
        mempool: Arc<Mempool>,
        metrics: Metrics,
    ) -> Self {
        let Recovered { state, store, certificate, replayed } = recovered;
        let tip = Tip::of(&state.read().unwrap_or_else(PoisonError::into_inner));
        metrics.height.set(i64::try_from(tip.height.get()).unwrap_or(i64::MAX));
        let pace = Pace::new(settings.gather_max, settings.idle_interval);
        Self {
            settings,
            pace,
            state,
            store: Arc::new(store),
            mempool,
            metrics,
            pending: Mutex::default(),
            last: Mutex::new(Last { certificate, at: Instant::now() }),
            since_checkpoint: Mutex::new(replayed),
            commits: broadcast::channel(SUBSCRIBER_BLOCKS_MAX).0,
            tip: watch::channel(tip).0,
            prover: Arc::default(),
            committing: Mutex::new(()),
            faulted: AtomicBool::new(false),
            synced: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// The state after the tip. Hold it for moments only: a commit waits for it.
    pub fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state itself, for those that outlive a borrow of the chain.
    #[must_use]
    pub const fn state(&self) -> &Arc<RwLock<State>> {
        &self.state
    }

    /// Blocks as they are committed. One that falls behind misses blocks and is told so.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Committed>> {
        self.commits.subscribe()
    }

    /// The last committed block, without waiting for a commit in progress.
    #[must_use]
    pub fn tip(&self) -> Tip {
        *self.tip.borrow()
    }

    /// The certificate that decided the tip; none at genesis.
    #[must_use]
    pub fn tip_certificate(&self) -> Option<CommitCertificate> {
        lock(&self.last).certificate.clone()
    }

    /// How long ago the last block was committed here, or the node started.
    #[must_use]
    pub fn last_commit_age(&self) -> Duration {
        lock(&self.last).at.elapsed()
    }

    /// Block log and index.
    #[must_use]
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The node has met a fault: nothing in memory is to be written any more.
    pub fn fault(&self) {
        self.faulted.store(true, Ordering::Release);
    }

    /// The mempool.
    #[must_use]
    pub const fn mempool(&self) -> &Arc<Mempool> {
        &self.mempool
    }

    /// Where proofs from the state are asked for.
    #[must_use]
    pub const fn prover(&self) -> &Arc<Prover> {
        &self.prover
    }

    /// Writes a last checkpoint and everything that is on its way; nothing is committed afterwards.
    ///
    /// After a fault nothing is written: a commit may have failed between applying a block and
    /// handing over what it changed, and a checkpoint would then have the tip without the records.
    ///
    /// # Errors
    /// [`crate::store::StoreError`] where something could not be made durable.
    pub fn close(&self) -> Result<(), crate::store::StoreError> {
        let _committing = lock(&self.committing);
        if self.closed.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        if self.faulted.load(Ordering::Acquire) {
            return self.store.abandon();
        }
        let (height, tip) = {
            let state = self.read();
            // No part of a checkpoint, and made anew from it: the fault is worth saying, no more.
            if let Err(violation) = state.recount() {
                tracing::error!(height = %state.height(), %violation, "the kept sums are wrong");
            }
            (state.height(), state.tip_bytes())
        };
        self.store.close(height, tip)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Every value behind these locks is replaced whole, so a panic leaves none half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
