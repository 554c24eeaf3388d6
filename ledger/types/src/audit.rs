//! Entries of the audit log: one a receipt, and one that closes each block.
//!
//! The entries of a block are its receipts' canonical bytes, in the order of the block, and then
//! one [`BlockCommit`]'s. The two kinds differ in length, so an entry is never taken for the other.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::height::Height;
use crate::time::Timestamp;

/// What closes a block in the audit log; its canonical bytes (88) are the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BlockCommit {
    /// The block's height.
    pub height: Height,
    /// The block's time.
    pub time: Timestamp,
    /// Root of the state after the block.
    pub state_root: Hash,
    /// Hash of the validator set that decided the block.
    pub validators_hash: Hash,
    /// The place in the log of the block's first entry, counted from 0.
    pub first_index: u64,
}
