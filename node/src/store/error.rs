//! Why the store failed: always this machine's matter, and always the end of the process.

use std::path::{Path, PathBuf};

use kyojo_cli::Exit;
use ledger_types::{Hash, Height};

/// A failure of the store. The node stops; nothing is passed over.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("{}: {doing}: {source}; {}", path.display(), mend(source))]
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
        "{}: another process runs on this store (a second one could sign two blocks); stop that one \
         first, or give this one a home of its own (kyojo-node init)",
        path.display()
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Bytes that were synced are not there any more, or not the same.
    #[error(
        "{}: damaged at byte {at}: {what}; put the home back from its backup, or found it again from \
         its keys: the other members have every block (OPERATING.md, Restore)",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        at: u64,
        /// What was met.
        what: &'static str,
    },
    /// The store belongs to another network.
    #[error(
        "{}: the store is of the network {found}, this home is of {expected}; put this node's own \
         store back, or move that one away: the node then fetches every block from the others",
        path.display()
    )]
    OtherGenesis {
        /// The file.
        path: PathBuf,
        /// Our genesis hash.
        expected: Hash,
        /// The store's.
        found: Hash,
    },
    /// A block was decided whose body is not here (protocol rule 13).
    #[error(
        "block {hash} of height {height} was decided, but its body is not in the store: the store was \
         rolled back; put the newer one back, or found the home again from its keys (OPERATING.md, \
         Restore)"
    )]
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
    /// The disk has no room, or a limit allows no more.
    #[error(
        "{}: {doing}: {reason}; nothing that was acknowledged is lost: free space on that file system \
         (move away what is not this node's, or make it larger; nothing under `store` or `consensus` \
         may be deleted) and start the node again; `kyojo-node prune` then takes old entries of the \
         audit log out",
        path.display()
    )]
    Full {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// An earlier write failed; what is on disk since then is unknown.
    #[error("an earlier write to the block log failed")]
    Poisoned {
        /// Whether the disk was full.
        is_full: bool,
    },
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
        !self.is_full()
            && !matches!(self, Self::Io { .. } | Self::ArchiveEnded { .. } | Self::Poisoned { .. })
    }

    /// Whether the disk was full: starting again helps once there is room.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Poisoned { is_full: true })
    }

    /// The code of a process that ends because of it.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        if self.is_full() {
            Exit::DiskFull
        } else if self.is_lasting() {
            Exit::DoNotRestart
        } else {
            Exit::Other
        }
    }

    /// A database's refusal.
    pub(super) fn of_database(path: &Path, source: rocksdb::Error) -> Self {
        let (path, reason) = (path.to_owned(), source.to_string());
        if kyojo_disk::says_full(&reason) {
            return Self::Full { doing: "writing a database", path, reason };
        }
        Self::Database { path, source }
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

/// What to do about what the system says.
fn mend(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    let kind = error.kind();
    if kind == ErrorKind::PermissionDenied {
        "the user that runs the node must own it: chown it to that user"
    } else if kind == ErrorKind::ReadOnlyFilesystem {
        "its disk takes no writes: look at the system's log, and mount it for writing"
    } else if [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::AlreadyExists]
        .contains(&kind)
    {
        "where it lies on a disk of its own, mount that disk; what is in its place goes elsewhere"
    } else {
        "look at the disk and at the system's log, then start the node again"
    }
}

/// Names the operation and file of a system error.
pub(super) fn io<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> StoreError + 'a {
    move |source| {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::UnexpectedEof {
            // A file ends before what was synced to it: no other start will find it there.
            return StoreError::Damaged { path, at: 0, what: "it ends before what it should hold" };
        }
        if kyojo_disk::is_full(&source) {
            return StoreError::Full { doing, path, reason: source.to_string() };
        }
        StoreError::Io { doing, path, source }
    }
}
