//! The thread behind the commit path: it enters blocks into the index and the audit log, and writes
//! checkpoints.
//!
//! At a checkpoint index and audit log are made durable first, so that no block between them and
//! the checkpoint is ever without a replay that produces its receipts again. Once the node has met a
//! fault the thread writes nothing more: what it holds may not be what was decided.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use ledger_types::{Hash, Height, Timestamp};
use tokio::sync::watch;

use super::audit_log::Writer;
use super::checkpoint::{Checkpoints, Dirty, note};
use super::committed::Committed;
use super::error::StoreError;
use super::index::Index;

/// How many blocks the thread may be behind before it holds up the commit path.
const BEHIND_MAX: usize = 64;

/// How often the log is cosigned, in milliseconds of block time.
pub const INTERVAL_MS: u64 = 500;

/// Whether the log is cosigned after a block of this time, whose parent was of that time.
#[must_use]
pub const fn is_due(parent: Timestamp, time: Timestamp) -> bool {
    time.as_millis() / INTERVAL_MS > parent.as_millis() / INTERVAL_MS
}

/// A head of the audit log that every validator cosigns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// How many entries the log has.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// How a block came to be committed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was decided before this node's eyes: the node is where the network is.
    Live,
    /// It was read again from this node's log or from a peer's history: the node catches up, and
    /// cosigns nothing that the network has long gone past.
    Behind,
}

/// What the thread is handed.
enum Item {
    /// A block that was applied.
    Block { committed: Arc<Committed>, seen: Seen },
    /// The state's tip after the last block handed over: a checkpoint is due.
    Checkpoint { height: Height, tip: Vec<u8> },
}

/// The commit path's end of the thread.
#[derive(Debug)]
pub(super) struct Archive {
    /// There until the end.
    items: Option<SyncSender<Item>>,
    /// There until it is joined.
    thread: Option<JoinHandle<Result<(), StoreError>>>,
    /// Nothing more is to be written.
    is_abandoned: Arc<AtomicBool>,
    indexed: watch::Receiver<Height>,
    due: watch::Receiver<Option<Due>>,
}

impl Archive {
    /// Starts the thread.
    pub(super) fn start(
        checkpoints: Checkpoints,
        index: Option<Arc<Index>>,
        audit: Writer,
    ) -> Result<Self, StoreError> {
        let (items, received) = sync_channel(BEHIND_MAX);
        let height = index.as_ref().map_or(Ok(Height::GENESIS), |index| index.height())?;
        let (tell, indexed) = watch::channel(height);
        let (tell_due, due) = watch::channel(None);
        let dirty = Dirty::new();
        let last = Timestamp::from_millis(0);
        let is_abandoned = Arc::new(AtomicBool::new(false));
        let abandoned = Arc::clone(&is_abandoned);
        let worker = Worker { checkpoints, index, audit, tell, tell_due, last, dirty, abandoned };
        let thread = std::thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || worker.run(&received))
            .map_err(|error| StoreError::ArchiveEnded { reason: error.to_string() })?;
        Ok(Self { items: Some(items), thread: Some(thread), is_abandoned, indexed, due })
    }

    /// Hands a block over; waits where the thread is far behind.
    pub(super) fn put(
        &mut self,
        committed: Arc<Committed>,
        seen: Seen,
        tip: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let height = committed.applied.height;
        self.send(Item::Block { committed, seen })?;
        tip.map_or(Ok(()), |tip| self.send(Item::Checkpoint { height, tip }))
    }

    fn send(&mut self, item: Item) -> Result<(), StoreError> {
        let sent = self.items.as_ref().is_some_and(|items| items.send(item).is_ok());
        if sent {
            return Ok(());
        }
        // The thread has ended, and whoever hears of it first hears why.
        self.join()?;
        let reason = "see the error logged before this one".to_owned();
        Err(StoreError::ArchiveEnded { reason })
    }

    /// The last block in the index, as it grows.
    pub(super) fn indexed(&self) -> watch::Receiver<Height> {
        self.indexed.clone()
    }

    /// The last head of the audit log that is to be cosigned.
    pub(super) fn due(&self) -> watch::Receiver<Option<Due>> {
        self.due.clone()
    }

    /// Lets the thread finish what it has and write a last checkpoint, and waits for it.
    pub(super) fn close(mut self, height: Height, tip: Vec<u8>) -> Result<(), StoreError> {
        self.send(Item::Checkpoint { height, tip })?;
        self.join()
    }

    /// Ends the thread with nothing more written, and waits for it.
    pub(super) fn abandon(mut self) -> Result<(), StoreError> {
        self.is_abandoned.store(true, Ordering::Release);
        self.join()
    }

    fn join(&mut self) -> Result<(), StoreError> {
        self.items = None;
        let panicked = || StoreError::ArchiveEnded { reason: "it panicked".to_owned() };
        match self.thread.take() {
            Some(thread) => thread.join().unwrap_or_else(|_| Err(panicked())),
            None => Ok(()),
        }
    }
}

impl Drop for Archive {
    /// Nothing may write to the database while the process takes it down.
    fn drop(&mut self) {
        if let Err(error) = self.join() {
            tracing::error!(%error, "the archive thread ended with an error");
        }
    }
}

struct Worker {
    checkpoints: Checkpoints,
    index: Option<Arc<Index>>,
    audit: Writer,
    tell: watch::Sender<Height>,
    tell_due: watch::Sender<Option<Due>>,
    /// The last block's time; none has been seen at the start, and then one that is cosigned here
    /// alone does no harm.
    last: Timestamp,
    dirty: Dirty,
    abandoned: Arc<AtomicBool>,
}

impl Worker {
    fn run(mut self, items: &Receiver<Item>) -> Result<(), StoreError> {
        while let Ok(item) = items.recv() {
            if self.abandoned.load(Ordering::Acquire) {
                return Ok(());
            }
            let done = match item {
                Item::Block { committed, seen } => self.enter(&committed, seen),
                Item::Checkpoint { height, tip } => self.checkpoint(height, &tip),
            };
            if let Err(error) = done {
                tracing::error!(%error, "the archive thread failed; the node stops");
                return Err(error);
            }
        }
        if self.abandoned.load(Ordering::Acquire) { Ok(()) } else { self.flush() }
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.index.as_ref().map_or(Ok(()), |index| index.flush())?;
        self.audit.flush()
    }

    fn enter(&mut self, committed: &Committed, seen: Seen) -> Result<(), StoreError> {
        let Committed { block, applied, changes, .. } = committed;
        if let Some(index) = &self.index {
            index.enter(block, &applied.receipts, &applied.events, changes)?;
            self.tell.send_replace(applied.height);
        }
        let size = self.audit.enter(committed)?.size;
        let before = core::mem::replace(&mut self.last, block.header.time);
        if seen == Seen::Live && is_due(before, block.header.time) {
            self.tell_due.send_replace(Some(Due { size, root: applied.audit_log_root }));
        }
        note(&mut self.dirty, &applied.changes);
        Ok(())
    }

    fn checkpoint(&mut self, height: Height, tip: &[u8]) -> Result<(), StoreError> {
        // A replay may pass heights before the last checkpoint: records would run ahead of a tip.
        let last = self.checkpoints.tip()?.map_or(Height::GENESIS, |(height, _)| height);
        if height <= last {
            return Ok(());
        }
        self.flush()?;
        self.checkpoints.write(&self.dirty, height, tip)?;
        self.dirty.clear();
        tracing::debug!(%height, "checkpoint written");
        Ok(())
    }
}
