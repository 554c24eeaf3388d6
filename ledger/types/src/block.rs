//! Blocks: a header that vouches for the state before it, and a body of transactions.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::certificate::CommitCertificate;
use crate::codec::{self, DecodeError};
use crate::enveloped::Enveloped;
use crate::hash::{Hash, NetworkId, TAG_HEADER};
use crate::height::Height;
use crate::limits::BLOCK_BYTES_MAX;
use crate::merkle;
use crate::time::Timestamp;
use crate::validator::ValidatorAddress;

/// A block's header (protocol rule 7). Its hash is what validators vote for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Header {
    /// The network.
    pub network: NetworkId,
    /// The height.
    pub height: Height,
    /// The block's time: after its parent's.
    pub time: Timestamp,
    /// Who made the block (not always who proposed it in the deciding round).
    pub proposer: ValidatorAddress,
    /// The hash of the header before; the genesis hash at height 1.
    pub parent: Hash,
    /// Root over the envelope hashes of the body's transactions (RFC 6962).
    pub transactions_root: Hash,
    /// Root of the state after the parent.
    pub state_root: Hash,
    /// Root over the parent's receipts (RFC 6962 over their entries of the audit log).
    pub receipts_root: Hash,
    /// Root of the audit log after the parent.
    pub audit_log_root: Hash,
    /// Hash of the parent's commit certificate in the body; zero at height 1.
    pub certificate_hash: Hash,
    /// Hash of this height's validator set.
    pub validators_hash: Hash,
    /// Hash of this height's rotation.
    pub rotation_hash: Hash,
}

impl Header {
    /// The block's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&[TAG_HEADER, &codec::encode(self)])
    }
}

/// A block's body. Its transactions are on the wire what they are outside of blocks.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Body {
    /// The certificate of the parent; none at height 1.
    pub parent_certificate: Option<CommitCertificate>,
    /// The transactions in order.
    pub transactions: Vec<Enveloped>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// The body.
    pub body: Body,
}

impl Block {
    /// Decodes a block; limits on transactions inside are checked with the block's validity.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are too many or not canonical.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, BLOCK_BYTES_MAX)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }
}

impl Body {
    /// The root over the transactions' envelope hashes, as the header carries it.
    #[must_use]
    pub fn transactions_root(&self) -> Hash {
        let envelopes = self.transactions.iter().map(Enveloped::envelope_hash);
        transactions_root(&envelopes.collect::<Vec<_>>())
    }
}

/// The root over transactions as a header carries it.
#[must_use]
pub fn transactions_root(envelope_hashes: &[Hash]) -> Hash {
    let leaves: Vec<Hash> =
        envelope_hashes.iter().map(|hash| merkle::leaf_hash(hash.as_bytes())).collect();
    merkle::root(&leaves)
}
