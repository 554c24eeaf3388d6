//! What stops this machine: never a transaction's fault, never in a receipt.

use ledger_types::{Height, Rejection};

use crate::block::InvalidBlock;

/// The block could not be applied. The state is no longer to be used; the node stops.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The block does not follow the tip.
    #[error("block {height} does not follow the tip")]
    NotNext {
        /// The block's height.
        height: Height,
        /// In what it does not.
        #[source]
        source: InvalidBlock,
    },
    /// The block holds what validation refuses: it was never validated.
    #[error("transaction {index} of block {height} was not admitted")]
    NotAdmitted {
        /// The block's height.
        height: Height,
        /// The transaction's place.
        index: u32,
    },
    /// Records contradict each other.
    #[error("the books contradict themselves: {what}")]
    Contradiction {
        /// What does not hold.
        what: &'static str,
    },
}

/// Why an operation stopped: by a rule, or because the machine is broken.
#[derive(Debug)]
pub(crate) enum Stop {
    Rejected(Rejection),
    Broken(Fault),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Broken(fault)
    }
}

/// The value that records elsewhere say must be there.
pub(crate) fn must<T>(value: Option<T>, what: &'static str) -> Result<T, Fault> {
    value.ok_or(Fault::Contradiction { what })
}
