//! Why the store failed: always this machine's matter, and always the end of the process.

use std::path::{Path, PathBuf};

use ledger_types::{Hash, Height};

/// A failure of the store. The node stops; nothing is passed over.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("{}: {doing}: {source}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process has the store.
    #[error(
        "{}: another process runs on this store (a second one could sign two blocks)",
        path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Bytes that were synced are not there any more, or not the same.
    #[error("{}: damaged at byte {at}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        at: u64,
        /// What was met.
        what: &'static str,
    },
    /// The store belongs to another network.
    #[error("the store belongs to genesis {found}, ours is {expected}")]
    OtherGenesis {
        /// Our genesis hash.
        expected: Hash,
        /// The store's.
        found: Hash,
    },
    /// A block was decided whose body is not here (protocol rule 13).
    #[error("block {hash} of height {height} was decided, but its body is not in the store")]
    BodyMissing {
        /// The height.
        height: Height,
        /// The block.
        hash: Hash,
    },
    /// A decision does not follow the last one.
    #[error("height {found} was decided after height {tip}")]
    NotNext {
        /// The last decided height.
        tip: Height,
        /// The one that came.
        found: Height,
    },
    /// A second decision of one height names another block: the network has forked.
    #[error("height {height} was decided as {ours}, and now as {theirs}")]
    Conflict {
        /// The height.
        height: Height,
        /// The block decided here.
        ours: Hash,
        /// The other block.
        theirs: Hash,
    },
    /// An earlier write failed; what is on disk since then is unknown.
    #[error("an earlier write to the block log failed")]
    Poisoned,
    /// `RocksDB` refused.
    #[error("{}: {source}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What it says.
        source: rocksdb::Error,
    },
    /// A database holds what was never written to it.
    #[error("{}: {what}", path.display())]
    Inconsistent {
        /// The database.
        path: PathBuf,
        /// What was met.
        what: String,
    },
    /// The thread behind the commit path ended.
    #[error("the archive thread ended: {reason}")]
    ArchiveEnded {
        /// Why, as far as is known.
        reason: String,
    },
}

impl StoreError {
    /// Whether starting again cannot help, or could do harm.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Poisoned | Self::ArchiveEnded { .. })
    }
}

/// The bytes of a file; none where there is no such file.
pub(crate) fn read_if_there(
    doing: &'static str,
    path: &Path,
) -> Result<Option<Vec<u8>>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io(doing, path)(error)),
    }
}

/// Names the operation and file of a system error.
pub(super) fn io<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> StoreError + 'a {
    move |source| StoreError::Io { doing, path: path.to_owned(), source }
}
