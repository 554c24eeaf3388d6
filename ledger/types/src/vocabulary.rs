//! A frozen vocabulary as the ledger knows it: one leaf a concept, and "is narrower than" in one comparison.
//!
//! The concepts of a vocabulary form trees (purposes, categories of data). They are numbered in
//! preorder, and each carries the interval `[enter, exit]` of the numbers in its subtree, so that
//! a concept lies under another exactly where its `enter` lies in the other's interval. The leaves
//! stand in the order of `enter` in an RFC 6962 tree: a leaf's place in the tree is its `enter`,
//! and a proof about two concepts is two inclusion paths and no walk from one to the other.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::numbered_id;
use crate::merkle;

numbered_id!(
    /// A concept of a vocabulary; its number never changes its meaning between versions.
    ConceptId, u32
);

/// One concept of a frozen vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct VocabularyNode {
    /// Which concept.
    pub concept: ConceptId,
    /// The concept above it; none for the root of a tree.
    pub parent: Option<ConceptId>,
    /// Its place in preorder, from 0, over all trees of the vocabulary.
    pub enter: u32,
    /// The last place in its subtree; its own where nothing lies under it.
    pub exit: u32,
    /// Whether it, or a concept above it, is sensitive (要配慮個人情報 or a special category).
    pub sensitive: bool,
}

impl VocabularyNode {
    /// The node's hash in the vocabulary's tree.
    #[must_use]
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(&crate::codec::encode(self))
    }

    /// Whether this concept is `broader` itself or lies under it, in the same vocabulary.
    #[must_use]
    pub const fn is_within(&self, broader: &Self) -> bool {
        broader.enter <= self.enter && self.enter <= broader.exit
    }

    /// Checks that this node stands in the vocabulary of `size` concepts with this root.
    #[must_use]
    pub fn verify(&self, size: u32, path: &[Hash], root: &Hash) -> bool {
        let ordered = self.enter <= self.exit && self.exit < size;
        let (enter, size) = (u64::from(self.enter), u64::from(size));
        ordered && merkle::verify_inclusion(self.hash(), enter, size, path, root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(concept: u32, parent: Option<u32>, enter: u32, exit: u32) -> VocabularyNode {
        let (concept, parent) = (ConceptId::new(concept), parent.map(ConceptId::new));
        VocabularyNode { concept, parent, enter, exit, sensitive: false }
    }

    #[test]
    fn a_concept_lies_within_itself_and_what_is_above_it_only() {
        let root = node(1, None, 0, 3);
        let left = node(2, Some(1), 1, 2);
        let below = node(3, Some(2), 2, 2);
        let right = node(4, Some(1), 3, 3);
        assert!(below.is_within(&root) && below.is_within(&left) && below.is_within(&below));
        assert!(!left.is_within(&below) && !right.is_within(&left) && !below.is_within(&right));
    }

    #[test]
    fn a_node_is_proved_at_its_own_place_only() {
        let nodes = [node(1, None, 0, 2), node(2, Some(1), 1, 1), node(3, Some(1), 2, 2)];
        let leaves: Vec<Hash> = nodes.iter().map(VocabularyNode::hash).collect();
        let root = merkle::root(&leaves);
        for (index, node) in nodes.iter().enumerate() {
            let path = merkle::inclusion_path(&leaves, index);
            assert!(node.verify(3, &path, &root));
            let moved = VocabularyNode { enter: (node.enter + 1) % 3, ..*node };
            let wider = VocabularyNode { exit: 2, enter: 0, ..*node };
            let harmless = VocabularyNode { sensitive: true, ..*node };
            assert!(!moved.verify(3, &path, &root));
            assert!(wider == *node || !wider.verify(3, &path, &root));
            assert!(!harmless.verify(3, &path, &root));
            assert!(!node.verify(4, &path, &root) || index < 2, "another size, another tree");
        }
    }

    #[test]
    fn an_interval_past_the_end_or_backwards_is_refused() {
        for bad in [node(1, None, 0, 1), node(1, None, 1, 0)] {
            assert!(!bad.verify(1, &[], &bad.hash()));
        }
    }
}
