//! From disk to a state: the last checkpoint, then the blocks after it, every root compared.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Instant;

use ledger::{GenesisError, RestoreError, State};
use ledger_types::genesis::GenesisAccount;
use ledger_types::{CommitCertificate, Genesis, Height};

use super::SinceCheckpoint;
use super::commit::{decode, roots_in};
use crate::store::{Committed, Decided, Indexing, Opened, Roots, Store, StoreError};

/// Why the chain could not be recovered.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The genesis document contradicts itself.
    #[error("the genesis document is not sound: {0}")]
    Genesis(#[from] GenesisError),
    /// The checkpoint is not one of a state.
    #[error("the checkpoint cannot be restored: {0}")]
    Restore(#[from] RestoreError),
    /// A decided block does not apply to the state before it.
    #[error("decided block {height} does not replay: {reason}")]
    Replay {
        /// The block.
        height: Height,
        /// What is wrong.
        reason: String,
    },
    /// A replayed block led to other roots than it did when it was committed.
    #[error("block {height} now leads to other roots\n  then: {then:?}\n  now:  {now:?}")]
    Roots {
        /// The block.
        height: Height,
        /// When it was committed.
        then: Box<Roots>,
        /// Now.
        now: Box<Roots>,
    },
}

impl OpenError {
    /// Whether starting again cannot help, or could do harm.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::Store(error) => error.is_lasting(),
            Self::Genesis(_) | Self::Restore(_) | Self::Replay { .. } | Self::Roots { .. } => true,
        }
    }
}

/// What was on disk.
#[derive(Debug)]
pub struct Recovered {
    /// The state after the last decided block.
    pub state: Arc<RwLock<State>>,
    /// The store, its thread running.
    pub store: Store,
    /// The certificate of the last decided block; none at genesis.
    pub certificate: Option<CommitCertificate>,
    pub(super) replayed: SinceCheckpoint,
}

/// Recovers state and store from a directory, or begins them from genesis.
///
/// # Errors
/// [`OpenError`] where the store is damaged, locked, of another network, or does not replay to the
/// roots that were agreed on.
pub fn recover(
    directory: &Path,
    genesis: &Genesis,
    further: impl IntoIterator<Item = GenesisAccount>,
    indexing: Indexing,
) -> Result<Recovered, OpenError> {
    let began = Instant::now();
    let opened = Opened::open(directory, genesis.hash(), indexing)?;
    let mut state = restore(&opened, genesis, further)?;
    let from = state.height();
    // An index that holds no block lets only a state at genesis be restored.
    opened.begin_index(&state)?;
    let store = opened.start()?;
    let mut replayed = SinceCheckpoint::default();
    let mut certificate = certificate_of(&store, from)?;
    while state.height() < store.log().tip() {
        certificate = Some(replay_next(&mut state, &store, &mut replayed)?);
    }
    let records = state.record_count();
    tracing::info!(
        checkpoint = %from, height = %state.height(), records, took = ?began.elapsed(),
        "state recovered"
    );
    Ok(Recovered { state: Arc::new(RwLock::new(state)), store, certificate, replayed })
}

fn restore(
    opened: &Opened,
    genesis: &Genesis,
    further: impl IntoIterator<Item = GenesisAccount>,
) -> Result<State, OpenError> {
    let Some((height, tip)) = opened.checkpoint()? else {
        let state = State::from_genesis(genesis, further)?;
        opened.write_first(state.records(), state.height(), &state.tip_bytes())?;
        return Ok(state);
    };
    let state = opened.with_records(|records| State::restore(genesis, &tip, records))??;
    if state.height() != height {
        let reason = format!("its tip is of height {}", state.height());
        return Err(OpenError::Replay { height, reason });
    }
    // Where a block follows, its header vouches for the roots; else what was written beside it.
    if let Some(then) = opened.log().decided(height)?.and_then(|decided| decided.roots) {
        compare(height, &then, &roots_in(&state))?;
    }
    Ok(state)
}

fn certificate_of(store: &Store, height: Height) -> Result<Option<CommitCertificate>, OpenError> {
    Ok(store.log().decided(height)?.map(|decided| decided.certificate))
}

fn replay_next(
    state: &mut State,
    store: &Store,
    replayed: &mut SinceCheckpoint,
) -> Result<CommitCertificate, OpenError> {
    let height = state.height().next().unwrap_or(state.height());
    let failed = |reason: String| OpenError::Replay { height, reason };
    let decided = store.log().decided(height)?;
    let Decided { certificate, bytes, roots } =
        decided.ok_or_else(|| failed("it is not in the block log".to_owned()))?;
    let block = Arc::new(decode(height, certificate.block, &bytes).map_err(failed)?);
    let applied = ledger::apply(state, &block).map_err(|fault| failed(fault_text(&fault)))?;
    if let Some(then) = roots {
        compare(height, &then, &roots_in(state))?;
    }
    replayed.blocks = replayed.blocks.saturating_add(1);
    let transactions = u32::try_from(applied.receipts.len()).unwrap_or(u32::MAX);
    replayed.transactions = replayed.transactions.saturating_add(transactions);
    let committed = Committed::new(block, certificate.clone(), applied, state);
    store.archive(Arc::new(committed), None)?;
    Ok(certificate)
}

fn fault_text(fault: &ledger::Fault) -> String {
    use std::error::Error as _;
    fault.source().map_or_else(|| fault.to_string(), |source| format!("{fault}: {source}"))
}

fn compare(height: Height, then: &Roots, now: &Roots) -> Result<(), OpenError> {
    if then == now {
        return Ok(());
    }
    Err(OpenError::Roots { height, then: Box::new(*then), now: Box::new(*now) })
}
