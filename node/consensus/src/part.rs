//! Blocks in parts: the signed opening of a proposal, and the pieces of the block's bytes.
//!
//! The opening carries the proposer's signature, so whoever relays or repeats a proposal can add
//! nothing to it (rule 14). Small blocks fit into the first part whole.

use borsh::{BorshDeserialize, BorshSerialize};
use bytes::Bytes;
#[cfg(test)]
use ledger_types::SigningKey;
use ledger_types::limits::BLOCK_BYTES_MAX;
use ledger_types::signed::Domain;
use ledger_types::verify::verify;
use ledger_types::{Hash, Height, PublicKey, Round, Signature, ValidatorAddress};

/// How many of the block's bytes a part carries; only a proposal's last part carries fewer.
pub(crate) const PART_BYTES: usize = 256 * 1024;
/// The most parts of one proposal.
pub(crate) const PARTS_MAX: usize = BLOCK_BYTES_MAX.div_ceil(PART_BYTES);

const _: () = assert!(PART_BYTES <= 1024 * 1024, "a part stays well below the pubsub limit");

/// What a proposer says of a round, without its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Claim {
    /// The height.
    pub(crate) height: Height,
    /// The round.
    pub(crate) round: Round,
    /// The round in which a quorum already prevoted for the block, where there is one.
    pub(crate) valid_round: Option<Round>,
    /// The block.
    pub(crate) block: Hash,
}

impl Claim {
    /// The bytes that the proposer signs, here and in its proposal message alike.
    pub(crate) fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        Domain::PROPOSAL.signed_bytes(genesis, self)
    }
}

/// A claim with its proposer's signature: what opens a proposal, and what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Init {
    /// What is claimed.
    pub(crate) claim: Claim,
    /// Who claims it.
    pub(crate) proposer: ValidatorAddress,
    /// Its signature over the claim.
    pub(crate) signature: Signature,
}

impl Init {
    /// Signs a claim.
    #[cfg(test)]
    pub(crate) fn sign(claim: Claim, key: &SigningKey, genesis: &Hash) -> Self {
        Self {
            claim,
            proposer: ValidatorAddress::of(&key.public_key()),
            signature: key.sign(&claim.signed_bytes(genesis)),
        }
    }

    /// Whether `key` signed it.
    pub(crate) fn is_signed_by(&self, key: &PublicKey, genesis: &Hash) -> bool {
        verify(key, &self.claim.signed_bytes(genesis), &self.signature)
    }
}

/// A part of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The first: the signed claim, the block's length, and its first bytes.
    First {
        /// The signed claim.
        init: Init,
        /// How many bytes the block has.
        length: u32,
        /// The first of them.
        bytes: Bytes,
    },
    /// A further one.
    Further {
        /// The bytes.
        bytes: Bytes,
    },
}

/// How many parts a block of this many bytes has.
pub(crate) const fn part_count(length: usize) -> usize {
    let count = length.div_ceil(PART_BYTES);
    if count == 0 { 1 } else { count }
}

/// A block's parts in order; empty where the block is larger than any may be.
pub(crate) fn split(init: Init, block: &Bytes) -> Vec<Part> {
    let Some(length) = u32::try_from(block.len()).ok().filter(|_| block.len() <= BLOCK_BYTES_MAX)
    else {
        return Vec::new();
    };
    let piece = |index: usize| {
        let start = index.saturating_mul(PART_BYTES);
        let end = start.saturating_add(PART_BYTES).min(block.len());
        block.slice(start..end)
    };
    let first = Part::First { init, length, bytes: piece(0) };
    let further = (1..part_count(block.len())).map(|index| Part::Further { bytes: piece(index) });
    core::iter::once(first).chain(further).collect()
}
