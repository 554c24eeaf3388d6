//! Why a transaction did not enter the mempool: numbered, by the ledger's rules or this node's.
//!
//! 1xxx are the ledger's ([`Inadmissible`]); the others are this node's own, numbered with the
//! API's ([`ApiCode`]), and hold for now: the same bytes may be sent again later, or to another
//! node.

use ledger_types::{Inadmissible, TransactionId};
use node_api::ApiCode;

/// Why a transaction was not taken. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// No valid block may hold the transaction.
    #[error("{reason}")]
    Inadmissible {
        /// The transaction, where the bytes are one; a receipt may exist under it when the nonce
        /// was used.
        transaction: Option<TransactionId>,
        /// Which rule.
        reason: Inadmissible,
    },
    /// The pool holds all it may.
    #[error("the mempool is full")]
    PoolFull,
    /// One account, or everything sent through one source, has too much in the pool.
    #[error("{pooled} transactions of this {quota} wait already, the most is {most}")]
    QuotaExceeded {
        /// Whose quota.
        quota: Quota,
        /// How many wait.
        pooled: usize,
        /// How many may.
        most: usize,
    },
    /// What its payer may have done is used up, with what waits already.
    #[error("the payer's allowance is used up; it will do in {seconds} s")]
    OverAllowance {
        /// In how many seconds it can be taken, where nothing more is sent meanwhile.
        seconds: u64,
    },
    /// Another transaction with the same account and nonce waits; the first is kept.
    #[error("transaction {pooled} with this nonce waits already")]
    NonceTaken {
        /// The one that waits.
        pooled: TransactionId,
    },
    /// Too much waits for verification.
    #[error("too many transactions wait for verification")]
    Busy,
    /// The peer sent too many that were wrong.
    #[error("the peer sent too many bad transactions and must wait")]
    Throttled,
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

/// Whose quota was used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// The account's.
    Account,
    /// The source's: local clients together, or one peer.
    Source,
}

impl core::fmt::Display for Quota {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::Source => "source",
        })
    }
}

impl SubmitError {
    /// The stable number.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Inadmissible { reason, .. } => reason.code(),
            Self::PoolFull => ApiCode::MempoolFull.number(),
            Self::QuotaExceeded { quota: Quota::Account, .. } => {
                ApiCode::AccountQuotaReached.number()
            }
            Self::QuotaExceeded { quota: Quota::Source, .. } => {
                ApiCode::SourceQuotaReached.number()
            }
            Self::OverAllowance { .. } => ApiCode::AllowanceUsed.number(),
            Self::NonceTaken { .. } => ApiCode::NonceTaken.number(),
            Self::Busy => ApiCode::Busy.number(),
            Self::Throttled => ApiCode::TooManyRequests.number(),
            Self::Stopping => ApiCode::ShuttingDown.number(),
        }
    }

    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Inadmissible { reason, .. } => reason.name(),
            Self::PoolFull
            | Self::QuotaExceeded { .. }
            | Self::OverAllowance { .. }
            | Self::NonceTaken { .. }
            | Self::Busy
            | Self::Throttled
            | Self::Stopping => ApiCode::from_number(self.code()).map_or("Unknown", ApiCode::name),
        }
    }

    /// Whether it speaks of the sender's own bytes: no honest peer passes such a transaction on.
    ///
    /// What depends on the state (a used nonce, an expiry) may differ between two honest nodes.
    #[must_use]
    pub const fn is_senders_fault(&self) -> bool {
        let Self::Inadmissible { reason, .. } = self else { return false };
        matches!(
            reason,
            Inadmissible::Malformed { .. }
                | Inadmissible::TooLarge { .. }
                | Inadmissible::WrongNetwork { .. }
                | Inadmissible::BadSignature
                | Inadmissible::BadOperationCount
                | Inadmissible::BadAuthorisations
        )
    }
}
