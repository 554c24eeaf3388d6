//! What outlives the process: block log, checkpoints of the state, the index and the audit log.
//!
//! The block log alone is synced on the commit path; the rest follows behind it and can be made
//! again from it. A restart loads the last checkpoint and replays the blocks after it.

mod archive;
mod audit_log;
mod block_log;
mod checkpoint;
mod committed;
mod database;
mod error;
mod frame;
mod index;
mod lock;
mod segment;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use borsh::BorshDeserialize as _;
use ledger::{State, StoredRecord};
use ledger_types::{Day, Hash, Header, Height, Timestamp};
use tokio::sync::watch;

pub use archive::{Due, INTERVAL_MS, Seen, is_due};
pub(crate) use audit_log::replace;
#[cfg(test)]
pub(crate) use audit_log::tests as testing;
pub use audit_log::{AuditLog, Head, Pruned};
pub use block_log::{BlockLog, CERTIFICATE_BYTES_MAX, Decided, Roots, SEGMENT_BYTES};
pub use committed::Committed;
pub use error::StoreError;
pub(crate) use error::read_if_there;
pub use index::{
    Change, Counted, DutyChange, EndedAccess, Got, Index, Item, MerchantMonth, MonthChange, Owed,
    Place, Source, Told, VersionFees, ZoneMonth,
};
#[cfg(test)]
pub(crate) use tests::fresh_directory;

use archive::Archive;
use audit_log::Writer;
use checkpoint::Checkpoints;

/// More than a header's canonical bytes.
pub const HEADER_BYTES_MAX: usize = 1024;

/// The store's directory under the home directory.
pub const DIRECTORY: &str = "store";

/// The audit log's directory in the store's.
pub const AUDIT_LOG: &str = "audit";

/// Whether receipts, histories and consents are indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    /// They are.
    On,
    /// They are not: the node answers no such question.
    Off,
}

/// See the module.
#[derive(Debug)]
pub struct Store {
    log: BlockLog,
    index: Option<Arc<Index>>,
    audit_log: Arc<AuditLog>,
    indexed: watch::Receiver<Height>,
    due: watch::Receiver<Option<Due>>,
    archive: Mutex<Option<Archive>>,
    _lock: lock::Lock,
}

/// A store that is open, and not yet written to.
#[derive(Debug)]
pub struct Opened {
    log: BlockLog,
    index: Option<Arc<Index>>,
    audit_log: Arc<AuditLog>,
    audit: Writer,
    checkpoints: Checkpoints,
    lock: lock::Lock,
}

/// The block log of a node that does not run, with its lock.
#[derive(Debug)]
pub struct Offline {
    directory: std::path::PathBuf,
    log: BlockLog,
    _lock: lock::Lock,
}

impl Offline {
    /// Opens the block log in a store's directory and locks the store.
    ///
    /// # Errors
    /// [`StoreError`] where another process has it, it is damaged, or it is another network's.
    pub fn open(directory: &Path, genesis: Hash) -> Result<Self, StoreError> {
        let path = directory.join("LOCK");
        // A lock is there since the node's first start; without one this is no store.
        std::fs::metadata(&path).map_err(error::io("looking for a store", directory))?;
        let lock = lock::Lock::take(&path)?;
        let log = BlockLog::open(&directory.join("blocks"), genesis, SEGMENT_BYTES)?;
        Ok(Self { directory: directory.to_owned(), log, _lock: lock })
    }

    /// The block log.
    #[must_use]
    pub const fn log(&self) -> &BlockLog {
        &self.log
    }

    /// The first height of which everything is kept, where accesses are served for so many days: as
    /// the last block's time has it, an access may have been asked for there that is served still.
    ///
    /// # Errors
    /// [`StoreError`] where a block that is stored cannot be read.
    pub fn served_from(&self, days: u32) -> Result<Height, StoreError> {
        let (mut from, mut to) = (self.log.earliest(), self.log.tip());
        let Some(tip) = self.time(to)? else { return Ok(from) };
        // An identity's day may be the one after its block's.
        let first = Day::of(tip).before(days.saturating_add(1));
        // Times only grow: the first block of that day or later lies in what is left.
        while from < to {
            let middle = Height::new(from.get().midpoint(to.get()));
            match self.time(middle)? {
                Some(time) if Day::of(time) < first => from = Height::new(middle.get() + 1),
                Some(_) | None => to = middle,
            }
        }
        Ok(from)
    }

    /// The time of a decided block, where it is stored.
    fn time(&self, height: Height) -> Result<Option<Timestamp>, StoreError> {
        let Some(bytes) = self.log.body_part(height, 0, HEADER_BYTES_MAX)? else { return Ok(None) };
        let header = Header::deserialize(&mut bytes.as_ref());
        let (path, what) = (self.directory.clone(), format!("block {height} has no header"));
        let header = header.map_err(|_| StoreError::Inconsistent { path, what })?;
        Ok(Some(header.time))
    }

    /// Takes the audit log's entries of blocks before `height` out; what is gone then.
    ///
    /// Bundles of 256 go whole, so up to 255 entries before the height stay.
    ///
    /// # Errors
    /// [`StoreError`] where the log does not reach to the height, or the system refuses.
    pub fn prune_audit_log(&self, height: Height) -> Result<Pruned, StoreError> {
        audit_log::prune(&self.directory.join(AUDIT_LOG), height)
    }
}

impl Opened {
    /// Opens the store in a directory, or begins one, and locks it.
    ///
    /// # Errors
    /// [`StoreError`] where another process has it, it is damaged, or it is another network's.
    pub fn open(directory: &Path, genesis: Hash, indexing: Indexing) -> Result<Self, StoreError> {
        let making = error::io("making a directory", directory);
        kyojo_disk::create_directory(directory).map_err(making)?;
        let lock = lock::Lock::take(&directory.join("LOCK"))?;
        let log = BlockLog::open(&directory.join("blocks"), genesis, SEGMENT_BYTES)?;
        let checkpoints = Checkpoints::open(&directory.join("state"))?;
        let index = match indexing {
            Indexing::On => Some(Arc::new(Index::open(&directory.join("index"))?)),
            Indexing::Off => None,
        };
        let (audit_log, audit) = AuditLog::open(&directory.join(AUDIT_LOG))?;
        Ok(Self { log, index, audit_log, audit, checkpoints, lock })
    }

    /// The block log.
    #[must_use]
    pub const fn log(&self) -> &BlockLog {
        &self.log
    }

    /// The audit log.
    #[must_use]
    pub const fn audit_log(&self) -> &Arc<AuditLog> {
        &self.audit_log
    }

    /// Height and tip of the checkpoint to begin from; none where to begin from genesis, which is
    /// also so where the index or the audit log needs receipts of blocks before the checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] where the checkpoint is unreadable, or ahead of the block log.
    pub fn checkpoint(&self) -> Result<Option<(Height, Vec<u8>)>, StoreError> {
        let Some((height, tip)) = self.checkpoints.tip()? else { return Ok(None) };
        let log_tip = self.log.tip();
        if height > log_tip {
            let what = format!("a checkpoint of height {height}, but the log ends at {log_tip}");
            return Err(StoreError::Inconsistent { path: "store/state".into(), what });
        }
        let indexed = self.index.as_ref().map_or(Ok(height), |index| index.height())?;
        let entered = self.audit_log.head().borrow().height;
        Ok((indexed >= height && entered >= height).then_some((height, tip)))
    }

    /// Gives all records of the checkpoint to `build`.
    ///
    /// # Errors
    /// [`StoreError`] where they cannot be read.
    pub fn with_records<T>(
        &self,
        build: impl FnOnce(&mut dyn Iterator<Item = StoredRecord>) -> T,
    ) -> Result<T, StoreError> {
        self.checkpoints.with_records(build)
    }

    /// Writes the first checkpoint: the state at genesis. Nothing where there is one.
    ///
    /// # Errors
    /// [`StoreError`] where it could not be made durable.
    pub fn write_first(
        &self,
        records: impl Iterator<Item = StoredRecord>,
        height: Height,
        tip: &[u8],
    ) -> Result<(), StoreError> {
        if self.checkpoints.tip()?.is_some() {
            return Ok(());
        }
        self.checkpoints.write_first(records, height, tip)
    }

    /// Enters what stands in the state at genesis into an index that begins; nothing into others.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses.
    pub fn begin_index(&self, state: &State) -> Result<(), StoreError> {
        self.index.as_ref().map_or(Ok(()), |index| index.enter_genesis(state))
    }

    /// Starts the thread behind the commit path.
    ///
    /// # Errors
    /// [`StoreError`] where it does not start.
    pub fn start(self) -> Result<Store, StoreError> {
        let Self { log, index, audit_log, audit, checkpoints, lock } = self;
        let archive = Archive::start(checkpoints, index.clone(), audit)?;
        let (indexed, due) = (archive.indexed(), archive.due());
        let archive = Mutex::new(Some(archive));
        Ok(Store { log, index, audit_log, indexed, due, archive, _lock: lock })
    }
}

impl Store {
    /// The block log.
    #[must_use]
    pub const fn log(&self) -> &BlockLog {
        &self.log
    }

    /// The index, where the node keeps one.
    #[must_use]
    pub const fn index(&self) -> Option<&Arc<Index>> {
        self.index.as_ref()
    }

    /// The audit log.
    #[must_use]
    pub const fn audit_log(&self) -> &Arc<AuditLog> {
        &self.audit_log
    }

    /// The last head of the audit log that every validator cosigns.
    #[must_use]
    pub fn due(&self) -> watch::Receiver<Option<Due>> {
        self.due.clone()
    }

    /// The last height in the index, as it grows.
    #[must_use]
    pub fn indexed(&self) -> watch::Receiver<Height> {
        self.indexed.clone()
    }

    /// Hands a committed block to the index and, with the state's tip, a checkpoint; `seen` says how
    /// the block came here.
    ///
    /// # Errors
    /// [`StoreError`] where the thread behind the commit path ended.
    pub fn archive(
        &self,
        committed: Arc<Committed>,
        seen: Seen,
        tip: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let mut archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        match archive.as_mut() {
            Some(archive) => archive.put(committed, seen, tip),
            None => Err(StoreError::ArchiveEnded { reason: "the node is stopping".to_owned() }),
        }
    }

    /// Writes out what is on its way, and a checkpoint of the last block given. Nothing can be
    /// archived afterwards.
    ///
    /// # Errors
    /// [`StoreError`] where something could not be made durable.
    pub fn close(&self, height: Height, tip: Vec<u8>) -> Result<(), StoreError> {
        let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner).take();
        archive.map_or(Ok(()), |archive| archive.close(height, tip))?;
        self.log.sync()
    }

    /// Ends with nothing more written: after a fault what is in memory may not be what was decided,
    /// and a restart makes it again from the last checkpoint and the block log.
    ///
    /// # Errors
    /// [`StoreError`] where the thread behind the commit path had failed.
    pub fn abandon(&self) -> Result<(), StoreError> {
        let archive = self.archive.lock().unwrap_or_else(PoisonError::into_inner).take();
        archive.map_or(Ok(()), Archive::abandon)
    }
}
