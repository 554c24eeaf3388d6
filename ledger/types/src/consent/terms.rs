//! What a consent covers: its terms' leaves, its breadth, and when it applies.

use borsh::{BorshDeserialize, BorshSerialize};

use super::basis::VocabularyId;
use crate::hash::{Hash, TAG_TOMBSTONE};

/// One process that a consent covers, as it shows on the ledger: a salted commitment and one bit.
///
/// The opening (data category, purpose, recipients, operations, retention, region, period) stays
/// with the subject and the data holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TermsLeaf {
    /// Whether the process concerns sensitive data (要配慮個人情報).
    pub sensitive: bool,
    /// SHA-256(tag ‖ salt ‖ canonical JSON) of the process.
    pub commitment: Hash,
}

impl TermsLeaf {
    /// The leaf's hash in the terms tree (RFC 6962 leaves).
    #[must_use]
    pub fn hash(&self) -> Hash {
        crate::merkle::leaf_hash(&crate::codec::encode(self))
    }
}

/// The hash that stands in a terms tree where a process was taken out: no leaf has it, because its
/// preimage is not a leaf's canonical bytes.
#[must_use]
pub fn tombstone() -> Hash {
    crate::merkle::leaf_hash(TAG_TOMBSTONE)
}

/// One change to a consent's terms: a process is taken out, or its recipients change.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LeafChange {
    /// The leaf's place among the terms.
    pub index: u32,
    /// The leaf as it is.
    pub leaf: TermsLeaf,
    /// Its path to the root as the changes before leave it, bottom first.
    pub path: Vec<Hash>,
    /// What stands there afterwards; none takes the process out.
    pub replacement: Option<TermsLeaf>,
}

/// Places in a vocabulary, both ends included.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// The first place.
    pub enter: u32,
    /// The last place.
    pub exit: u32,
}

impl Interval {
    /// Whether all of this lies in `other`.
    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        other.enter <= self.enter && self.exit <= other.exit
    }

    /// Whether any place lies in both.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.enter <= other.exit && other.enter <= self.exit
    }
}

/// How broad a consent is.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Breadth {
    /// The purposes in its terms and no others.
    Specific = 0,
    /// Every purpose under one concept of a vocabulary, frozen when the consent was given.
    Broad {
        /// The vocabulary.
        vocabulary: VocabularyId,
        /// Its version.
        version: u32,
        /// The concept's subtree.
        purposes: Interval,
        /// Subtrees of it that are left out.
        excludes: Vec<Interval>,
    } = 1,
}

/// When a consent applies.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[repr(u8)]
pub enum Profile {
    /// Always.
    Ordinary = 0,
    /// Only while an emergency is in force in an area.
    Disaster {
        /// The area.
        area: u32,
    } = 1,
}
