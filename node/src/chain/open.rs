//! From disk to a state: the last checkpoint, then the blocks after it, every root compared.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Instant;

use kyojo_cli::Exit;
use ledger::{GenesisError, RestoreError, State};
use ledger_proof::tile::TileReader;
use ledger_types::genesis::GenesisAccount;
use ledger_types::{Block, CommitCertificate, Entry, Genesis, Height};

use super::SinceCheckpoint;
use super::commit::{decode, roots_in};
use crate::store::{Committed, Decided, Indexing, Opened, Roots, Seen, Store, StoreError};

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
    /// The code of a process that ends because of it.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Store(error) => error.exit(),
            Self::Genesis(_) => Exit::Config,
            Self::Restore(_) | Self::Replay { .. } | Self::Roots { .. } => Exit::DoNotRestart,
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
    compare_tip(&state, &store)?;
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
    compare_with_audit_log(opened, &state)?;
    Ok(state)
}

/// Compares a checkpoint's state with the audit log, which is on disk before the checkpoint is: its
/// tree, and the entry that closes the block with the state's root.
fn compare_with_audit_log(opened: &Opened, state: &State) -> Result<(), OpenError> {
    let (log, height, now) = (opened.audit_log(), state.height(), roots_in(state));
    let Some(last) = log.size_after(height)?.and_then(|size| size.checked_sub(1)) else {
        return Ok(());
    };
    let unreadable = |reason: String| OpenError::Replay { height, reason };
    let root = TileReader::new(log.as_ref(), last + 1).root();
    let audit_log = root.map_err(|error| unreadable(error.to_string()))?;
    let entry = log.entry(last)?.and_then(|bytes| Entry::decode(&bytes).ok());
    let state_root = match entry {
        Some(Entry::BlockCommit(commit)) if commit.height == height => commit.state_root,
        // It was taken out.
        None if log.pruned().entries > last => now.state,
        Some(_) | None => {
            return Err(unreadable("the audit log has no entry that closes it".to_owned()));
        }
    };
    compare(height, &Roots { state: state_root, audit_log, ..now }, &now)
}

/// Compares the tip with what was said of it where its roots were not written: every body kept for
/// the next height was made or judged here, on the state that the tip left, and names its roots.
/// Where they are not on record they are put there, so that the next start compares them.
fn compare_tip(state: &State, store: &Store) -> Result<(), OpenError> {
    let (height, now) = (state.height(), roots_in(state));
    let next = height.next().unwrap_or(height);
    for (hash, bytes) in store.log().undecided(next)? {
        let block = decode(next, hash, &bytes);
        let Block { header, .. } = block.map_err(|reason| OpenError::Replay { height, reason })?;
        let (state, receipts) = (header.state_root, header.receipts_root);
        compare(height, &Roots { state, receipts, audit_log: header.audit_log_root }, &now)?;
    }
    let decided = store.log().decided(height)?;
    if decided.is_some_and(|decided| decided.roots.is_none()) {
        store.log().put_roots(height, &now)?;
    }
    Ok(())
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
    store.archive(Arc::new(committed), Seen::Behind, None)?;
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
