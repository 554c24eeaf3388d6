//! A frozen vocabulary as the ledger knows it: one leaf a concept, and narrower in one comparison.
//!
//! Concepts form trees. They stand in preorder, and each carries the interval `[enter, exit]` of
//! the places in its subtree. The leaves stand in the order of `enter` in an RFC 6962 tree, so a
//! leaf's place there is its `enter`.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::json::shape;
use crate::limits::VOCABULARY_PATH_MAX;
use crate::merkle;

shape! {
    /// Places in a vocabulary, both ends included.
    #[derive(Copy, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Interval {
        /// The first place.
        enter: u32,
        /// The last place.
        exit: u32,
    }
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

shape! {
    /// One concept of a frozen vocabulary; its canonical bytes (45) are a leaf of the vocabulary's
    /// tree.
    #[derive(Copy, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct VocabularyNode {
        /// Which concept; the number keeps its meaning from version to version.
        number: u32,
        /// Its place in preorder, from 0, over all trees of the vocabulary.
        enter: u32,
        /// The last place in its subtree; its own where nothing lies under it.
        exit: u32,
        /// Whether it, or a concept above it, is sensitive (要配慮個人情報 or a special category).
        sensitive: bool,
        /// SHA-256 of the concept's IRI.
        iri_hash: Hash,
    }
}

impl VocabularyNode {
    /// The node's hash in the vocabulary's tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&crate::codec::encode(self))
    }

    /// The places of its subtree.
    #[must_use]
    pub const fn interval(&self) -> Interval {
        Interval { enter: self.enter, exit: self.exit }
    }

    /// Whether this concept is `broader` itself or lies under it, in the same vocabulary.
    #[must_use]
    pub const fn is_within(&self, broader: &Self) -> bool {
        self.interval().is_within(broader.interval())
    }

    /// Checks that this node stands in the vocabulary of `size` concepts with this root.
    #[must_use]
    pub fn verify(&self, size: u32, path: &[Hash], root: &Hash) -> bool {
        let ordered = self.enter <= self.exit && self.exit < size;
        let (enter, size) = (u64::from(self.enter), u64::from(size));
        ordered && merkle::verify_inclusion(self.hash(), enter, size, path, root)
    }
}

shape! {
    /// That a purpose stands in a frozen vocabulary.
    pub struct PurposeProof {
        /// The purpose.
        node: VocabularyNode,
        /// Its inclusion path (RFC 6962), bottom first.
        path: Vec<Hash>,
    }
}

/// The vocabulary behind a broad consent, as it was when the consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FrozenVocabulary {
    /// Root of the tree over its nodes.
    pub root: Hash,
    /// How many nodes there are.
    pub nodes: u32,
}

impl FrozenVocabulary {
    /// Checks that the purpose stands in this vocabulary.
    #[must_use]
    pub fn proves(&self, proof: &PurposeProof) -> bool {
        let PurposeProof { node, path } = proof;
        path.len() <= VOCABULARY_PATH_MAX && node.verify(self.nodes, path, &self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: u32, enter: u32, exit: u32) -> VocabularyNode {
        VocabularyNode { number, enter, exit, sensitive: false, iri_hash: Hash::ZERO }
    }

    #[test]
    fn a_concept_lies_within_itself_and_what_is_above_it_only() {
        let (root, left, below, right) =
            (node(1, 0, 3), node(2, 1, 2), node(3, 2, 2), node(4, 3, 3));
        assert!(below.is_within(&root) && below.is_within(&left) && below.is_within(&below));
        assert!(!left.is_within(&below) && !right.is_within(&left) && !below.is_within(&right));
    }

    #[test]
    fn a_node_is_proved_at_its_own_place_only() {
        let nodes = [node(1, 0, 2), node(2, 1, 1), node(3, 2, 2)];
        let leaves: Vec<Hash> = nodes.iter().map(VocabularyNode::hash).collect();
        let root = merkle::root(&leaves);
        for (index, node) in nodes.iter().enumerate() {
            let path = merkle::inclusion_path(&leaves, index);
            assert!(node.verify(3, &path, &root));
            let moved = VocabularyNode { enter: (node.enter + 1) % 3, ..*node };
            let harmless = VocabularyNode { sensitive: true, ..*node };
            assert!(!moved.verify(3, &path, &root) && !harmless.verify(3, &path, &root));
        }
        let past_the_end = node(1, 0, 1);
        assert!(!past_the_end.verify(1, &[], &past_the_end.hash()));
    }
}
