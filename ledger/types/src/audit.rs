//! Entries of the audit log: one a receipt, and one that closes each block.
//!
//! The entries of a block are its receipts', in the order of the block, and then one
//! [`BlockCommit`]'s. The first byte of an entry says which kind it is, so an entry means one thing
//! by itself: 0 and the receipt's canonical bytes, or 1 and the commit's.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::codec::{self, DecodeError};
use crate::hash::Hash;
use crate::height::Height;
use crate::merkle;
use crate::receipt::Receipt;
use crate::time::Timestamp;

/// The most bytes that an entry has: well under what tlog-tiles allows (65,535).
pub const ENTRY_BYTES_MAX: usize = 256;

/// What closes a block in the audit log.
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

/// An entry of the audit log; its canonical bytes are what the log's leaf is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Entry {
    /// What became of a transaction.
    Receipt(Receipt) = 0,
    /// The end of a block; 89 bytes.
    BlockCommit(BlockCommit) = 1,
}

impl Entry {
    /// The entry of these bytes.
    ///
    /// # Errors
    /// [`DecodeError`] where they are too many or no entry's canonical bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, ENTRY_BYTES_MAX)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The entry's leaf in the log (RFC 6962).
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        merkle::leaf_hash(&self.encode())
    }
}
