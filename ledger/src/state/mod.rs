//! The state after some height: the books (records under keys) and the tip (what is beside them).
//!
//! Only `apply` changes it. Everything in the tip is vouched for by the next header, as the books'
//! root is.

mod books;
pub(crate) mod parts;
mod reads;
mod sums;
mod tip;

use borsh::BorshDeserialize;
use ledger_types::genesis::Parameters;
use ledger_types::{
    AddressPrefix, Genesis, Hash, Height, NetworkId, PublicKey, Rotation, Timestamp, ValidatorSet,
};

pub use ledger_types::record::keys;

pub(crate) use books::{Accounts, Books};
pub(crate) use sums::Sums;
pub(crate) use tip::Tip;

use crate::commitment::{Key, Proof, StoredRecord};
use ledger_types::record::Record;

/// What genesis fixes for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) genesis_hash: Hash,
    pub(crate) address_prefix: AddressPrefix,
    pub(crate) parameters: Parameters,
    pub(crate) directory_keys: Vec<PublicKey>,
}

impl Fixed {
    pub(crate) fn of(genesis: &Genesis) -> Self {
        Self {
            genesis_hash: genesis.hash(),
            address_prefix: genesis.address_prefix.clone(),
            parameters: genesis.parameters.clone(),
            directory_keys: genesis.directory_keys.clone(),
        }
    }
}

/// Everything after some height, in memory.
pub struct State {
    pub(crate) fixed: Fixed,
    pub(crate) tip: Tip,
    pub(crate) books: Books,
}

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State")
            .field("tip", &self.tip)
            .field("state_root", &self.state_root())
            .finish_non_exhaustive()
    }
}

/// Why a checkpoint is not the state of this network.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The tip's bytes do not decode, or hold what no state has.
    #[error("the checkpoint's tip is malformed: {reason}")]
    MalformedTip {
        /// What is wrong.
        reason: String,
    },
    /// The checkpoint is another network's.
    #[error("the checkpoint belongs to genesis {found}, ours is {expected}")]
    OtherGenesis {
        /// Our genesis hash.
        expected: Hash,
        /// The checkpoint's.
        found: Hash,
    },
    /// The records do not make a tree.
    #[error("the checkpoint's records do not make a tree")]
    Records(#[source] crate::commitment::RestoreError),
    /// A record lies under a key of another kind.
    #[error("a record of kind {kind} lies under key {key:?}")]
    MisplacedRecord {
        /// The key.
        key: Key,
        /// The record's kind.
        kind: u8,
    },
}

impl State {
    /// The state of a checkpoint: its records and the bytes that [`State::tip_bytes`] gave.
    ///
    /// The caller compares the roots with the header that vouches for them.
    ///
    /// # Errors
    /// [`RestoreError`] where these are not the records and tip of a state of this network.
    pub fn restore(
        genesis: &Genesis,
        tip: &[u8],
        records: impl IntoIterator<Item = StoredRecord>,
    ) -> Result<Self, RestoreError> {
        let fixed = Fixed::of(genesis);
        let malformed = |reason: String| RestoreError::MalformedTip { reason };
        let tip = Tip::try_from_slice(tip).map_err(|error| malformed(error.to_string()))?;
        if tip.genesis_hash != fixed.genesis_hash {
            let (expected, found) = (fixed.genesis_hash, tip.genesis_hash);
            return Err(RestoreError::OtherGenesis { expected, found });
        }
        tip.check().map_err(|reason| malformed(reason.to_owned()))?;
        let books = Books::restore(records)?;
        Ok(Self { fixed, tip, books })
    }

    /// What [`State::restore`] needs beside the records.
    #[must_use]
    pub fn tip_bytes(&self) -> Vec<u8> {
        ledger_types::codec::encode(&self.tip)
    }

    /// All records with their slots, as a checkpoint keeps them.
    pub fn records(&self) -> impl Iterator<Item = StoredRecord> {
        self.books.stored()
    }

    /// How many records there are.
    #[must_use]
    pub fn record_count(&self) -> usize {
        self.books.count()
    }

    /// The genesis hash: the network's identity.
    #[must_use]
    pub const fn genesis_hash(&self) -> Hash {
        self.fixed.genesis_hash
    }

    /// The network's name on the wire.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.fixed.genesis_hash.network()
    }

    /// The prefix of addresses.
    #[must_use]
    pub const fn address_prefix(&self) -> &AddressPrefix {
        &self.fixed.address_prefix
    }

    /// Keys that sign directories of public names.
    #[must_use]
    pub fn directory_keys(&self) -> &[PublicKey] {
        &self.fixed.directory_keys
    }

    /// Rules with numbers in them.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.fixed.parameters
    }

    /// The tip's height; 0 at genesis.
    #[must_use]
    pub const fn height(&self) -> Height {
        self.tip.height
    }

    /// The tip's time; genesis time at genesis.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.tip.time
    }

    /// The hash of the tip's header; the genesis hash at genesis.
    #[must_use]
    pub const fn header_hash(&self) -> Hash {
        self.tip.header_hash
    }

    /// The root of the records after the tip.
    #[must_use]
    pub fn state_root(&self) -> Hash {
        self.books.root()
    }

    /// The root over the tip's receipts.
    #[must_use]
    pub const fn receipts_root(&self) -> Hash {
        self.tip.receipts_root
    }

    /// The root of the audit log after the tip.
    #[must_use]
    pub fn audit_log_root(&self) -> Hash {
        self.tip.audit_log.root()
    }

    /// How many entries the audit log has after the tip.
    #[must_use]
    pub const fn audit_log_size(&self) -> u64 {
        self.tip.audit_log.size()
    }

    /// The validators of the next height.
    #[must_use]
    pub const fn validators(&self) -> &ValidatorSet {
        &self.tip.validators
    }

    /// Whose turn it is at the next height.
    #[must_use]
    pub const fn rotation(&self) -> &Rotation {
        &self.tip.rotation
    }

    /// A proof of what the state holds under a key, or that it holds nothing there.
    #[must_use]
    pub fn prove(&self, key: &Key) -> Proof {
        self.books.prove(key)
    }

    /// The record under a key.
    #[must_use]
    pub fn record(&self, key: &Key) -> Option<&Record> {
        self.books.record(key)
    }
}
