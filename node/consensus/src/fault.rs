//! Local failures: what stops a node, and whether starting it again could do harm.

use std::path::{Path, PathBuf};

use ledger_types::{Height, Round};

/// A local failure (disk, corruption, a state that contradicts a decided block): the node stops.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    reason: String,
    restart: Restart,
}

/// Whether a service manager may start the node again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Starting again is safe and may help.
    MayHelp,
    /// Starting again helps as soon as the disk has room, and does no harm before.
    OnceFreed,
    /// Starting again is unsafe or cannot help: somebody must look first.
    DoNot,
}

impl Fault {
    /// A failure after which starting again is safe.
    #[must_use]
    pub fn new(reason: impl core::fmt::Display) -> Self {
        Self { reason: reason.to_string(), restart: Restart::MayHelp }
    }

    /// A full disk: somebody must free space.
    #[must_use]
    pub fn full(reason: impl core::fmt::Display) -> Self {
        Self { reason: reason.to_string(), restart: Restart::OnceFreed }
    }

    /// A failure that starting again cannot mend, such as a decided block whose root is not ours.
    #[must_use]
    pub fn lasting(reason: impl core::fmt::Display) -> Self {
        Self { reason: reason.to_string(), restart: Restart::DoNot }
    }

    /// Whether to start again.
    #[must_use]
    pub const fn restart(&self) -> Restart {
        self.restart
    }
}

/// A file that is part of the memory of what was signed could not be written.
pub(crate) fn unwritten(path: &Path, error: &std::io::Error) -> ConsensusFault {
    let (path, reason) = (path.to_owned(), error.to_string());
    if kyojo_disk::is_full(error) {
        return ConsensusFault::Full { path, reason };
    }
    ConsensusFault::UnreadableLog { path, reason }
}

/// Why consensus stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum ConsensusFault {
    /// The configuration cannot be used.
    #[error("{what} in the consensus configuration: {reason}")]
    Configuration {
        /// Which setting.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The write-ahead log is ahead of the chain: the store was rolled back. Voting again at
    /// heights that were already voted on could sign two blocks.
    #[error(
        "the write-ahead log {path} is at height {wal_height}, but the chain's next height is \
         {next}: the store was rolled back; restore the newer store or retire this validator"
    )]
    StoreRolledBack {
        /// The log.
        path: PathBuf,
        /// The height that the log is at.
        wal_height: Height,
        /// The chain's next height.
        next: Height,
    },
    /// The write-ahead log, or our mark beside it, cannot be read. It is never deleted: it is the
    /// memory of what was signed.
    #[error("{path} cannot be read ({reason}); do not delete it: it is what was signed")]
    UnreadableLog {
        /// The file.
        path: PathBuf,
        /// What was met.
        reason: String,
    },
    /// The engine holds because going on, or starting again, could sign two blocks.
    #[error("consensus holds for safety: {reason}")]
    SafetyHang {
        /// What is known of the cause.
        reason: String,
    },
    /// The disk has no room. What the engine could not log it has not sent, so that it may start
    /// again as soon as there is.
    #[error(
        "{path}: {reason}; nothing that was signed is forgotten: free space on that file system \
         (nothing under `store` or `consensus` may be deleted), then start the node again"
    )]
    Full {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Our key signed a vote that this node did not sign: another node runs with it, or somebody
    /// has it.
    #[error(
        "this validator's key signed a vote of height {height}, round {round} that this node did not \
         sign: another node runs with the key, or somebody has it; find it, or replace the key, \
         before this node is started again"
    )]
    KeyUsedElsewhere {
        /// The vote's height.
        height: Height,
        /// The vote's round.
        round: Round,
    },
    /// The engine stopped by itself.
    #[error("the consensus engine stopped: {reason}")]
    EngineStopped {
        /// What is known of the cause.
        reason: String,
    },
    /// The application reported a failure.
    #[error(transparent)]
    Application(#[from] Fault),
}

impl ConsensusFault {
    /// Whether to start again.
    #[must_use]
    pub const fn restart(&self) -> Restart {
        match self {
            Self::EngineStopped { .. } => Restart::MayHelp,
            Self::Full { .. } => Restart::OnceFreed,
            Self::Application(fault) => fault.restart(),
            Self::Configuration { .. }
            | Self::StoreRolledBack { .. }
            | Self::UnreadableLog { .. }
            | Self::SafetyHang { .. }
            | Self::KeyUsedElsewhere { .. } => Restart::DoNot,
        }
    }

    /// Whether a service manager must not start the node again by itself.
    #[must_use]
    pub const fn do_not_restart(&self) -> bool {
        matches!(self.restart(), Restart::DoNot)
    }
}
