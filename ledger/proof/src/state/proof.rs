//! Proofs that a key has a value, or has none, under a state root.
//!
//! A leaf names its key and the next key in order, so the leaf of the key before shows a gap.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::Hash;
use ledger_types::merkle::verify_fixed_path;

use ledger_types::record::Key;

/// How many levels lie between a leaf and the root.
pub const DEPTH: usize = 32;

/// What stands in a slot without a record: no leaf is known to hash to it.
pub const EMPTY_LEAF: Hash = Hash::ZERO;

/// The most bytes that an encoded proof has: no record is larger than a transaction.
pub const PROOF_BYTES_MAX: usize = 2 * ledger_types::limits::TRANSACTION_BYTES_MAX;

/// A proof about one key: a leaf and its way to the root.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Proof {
    /// The leaf's slot: bit `i` says on which side of its sibling the node at level `i` stands.
    pub slot: u32,
    /// What the leaf says.
    pub evidence: Evidence,
    /// The siblings on the way to the root, bottom first.
    pub path: [Hash; DEPTH],
}

/// What the leaf of a proof says of the key.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Evidence {
    /// The leaf is the key's own.
    Present {
        /// The next key; none after the last.
        next: Option<Key>,
        /// The canonical bytes of the record.
        value: Vec<u8>,
    } = 0,
    /// The leaf is that of the key before, whose next key is past this one.
    Absent {
        /// The key before; none where the leaf is the sentinel's.
        before: Option<Key>,
        /// The key after; none after the last.
        next: Option<Key>,
        /// SHA-256 of the record of the key before, which the proof does not disclose.
        value_hash: Hash,
    } = 1,
}

/// Why a proof shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The gap that the proof shows is not around the key.
    #[error("the key does not lie in the gap that the proof shows")]
    NotInGap,
    /// The leaf is not under the root.
    #[error("the proof does not lead to the root")]
    RootMismatch,
}

impl Proof {
    /// The value that `key` has under `root`, as canonical bytes; `None` where it has none.
    ///
    /// # Errors
    /// [`ProofError`] where the proof shows neither.
    pub fn verify(&self, root: &Hash, key: &Key) -> Result<Option<Vec<u8>>, ProofError> {
        let (leaf, value) = match &self.evidence {
            Evidence::Present { next, value } => {
                let leaf = leaf_hash(Some(key), next.as_ref(), &Hash::of(&[value]));
                (leaf, Some(value.clone()))
            }
            Evidence::Absent { before, next, value_hash } => {
                let after_before = before.is_none_or(|before| before < *key);
                if !after_before || next.is_some_and(|next| next <= *key) {
                    return Err(ProofError::NotInGap);
                }
                (leaf_hash(before.as_ref(), next.as_ref(), value_hash), None)
            }
        };
        if verify_fixed_path(leaf, u64::from(self.slot), &self.path, root) {
            Ok(value)
        } else {
            Err(ProofError::RootMismatch)
        }
    }
}

/// The hash of a leaf: `SHA-256(0x00 ‖ len key ‖ key ‖ len next ‖ next ‖ SHA-256(value))`.
///
/// Lengths are one byte. The sentinel's key and the key after the last have length 0.
#[must_use]
pub fn leaf_hash(key: Option<&Key>, next: Option<&Key>, value_hash: &Hash) -> Hash {
    let key = key.map_or(&[][..], Key::as_bytes);
    let next = next.map_or(&[][..], Key::as_bytes);
    // A key has at most 48 bytes, so its length always fits.
    let length = |bytes: &[u8]| [u8::try_from(bytes.len()).unwrap_or(u8::MAX)];
    Hash::of(&[&[0x00], &length(key), key, &length(next), next, value_hash.as_bytes()])
}
