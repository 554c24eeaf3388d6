//! What became of a transaction: one canonical receipt each, an entry of the audit log.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::height::Height;
use crate::rejection::RejectionCode;
use crate::transaction::TransactionId;

/// How an authenticated transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Outcome {
    /// Every operation was applied.
    Committed = 0,
    /// Nothing was applied but the nonce.
    Rejected {
        /// Which rule was broken.
        code: RejectionCode,
        /// By which operation, counted from 0.
        operation: u16,
    } = 1,
}

/// The receipt of one transaction; [`Entry`](crate::Entry) makes it one of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Receipt {
    /// The transaction.
    pub transaction: TransactionId,
    /// The block.
    pub height: Height,
    /// Its place in the block, counted from 0.
    pub index: u32,
    /// How it ended.
    pub outcome: Outcome,
}

impl Receipt {
    /// Whether the transaction was applied.
    #[must_use]
    pub const fn is_committed(&self) -> bool {
        matches!(self.outcome, Outcome::Committed)
    }
}
