//! The exit codes of every program: scripts rely on them, and the table only grows.

use std::process::ExitCode;

/// With which code a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Anything that has no code of its own; starting again is safe.
    Other = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// A configuration, a file or the environment is wrong.
    Config = 3,
    /// The password is wrong or the reader is not entitled.
    Auth = 4,
    /// What was asked for does not exist.
    NotFound = 5,
    /// The ledger refused.
    Refused = 6,
    /// The balance or a limit does not allow it.
    Balance = 7,
    /// No node answered.
    Unreachable = 8,
    /// No answer in time, the outcome is unknown; the same request can be repeated safely.
    Timeout = 9,
    /// Something that was checked does not hold.
    Verification = 10,
    /// A person, or the absence of one, declined.
    Declined = 11,
    /// Done, but standard output could not take the result.
    Unwritten = 12,
    /// An address that the program is to listen at is taken, or is none of this machine's.
    NoAddress = 69,
    /// Stopped for safety: starting again cannot help or could do harm; somebody must look first.
    DoNotRestart = 70,
    /// Stopped for safety: this validator's key voted elsewhere. Never start again with it before
    /// somebody has found where.
    KeyUsedElsewhere = 71,
    /// A file system is full: the node stopped, has lost nothing, and starts again once space is freed.
    DiskFull = 74,
    /// Interrupted.
    Interrupted = 130,
}

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
