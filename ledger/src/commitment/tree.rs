//! The dense tree over slots: depth 32, of which only the nodes that have a leaf are stored.
//!
//! Everything to the right of the last slot is an empty subtree, whose hash depends on its level
//! alone; so the tree grows without changing the shape of any proof.

use ledger_proof::state::{DEPTH, EMPTY_LEAF};
use ledger_types::Hash;
use ledger_types::merkle::node_hash;

/// The hashes of all nodes that have a leaf under them.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// The hash of an empty subtree by its level, from a leaf's to the root's.
    empty: Vec<Hash>,
    /// The nodes by level, leaves first, up to the first level with one node.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

impl Tree {
    /// The tree over these leaves, in order of slot.
    pub(super) fn new(leaves: Vec<Hash>) -> Self {
        let double = |below: &Hash| Some(node_hash(below, below));
        let empty = core::iter::successors(Some(EMPTY_LEAF), double).take(33).collect();
        let mut tree = Self { empty, levels: vec![leaves], root: EMPTY_LEAF };
        while let Some(above) = tree.level_above() {
            tree.levels.push(above);
        }
        tree.settle_root();
        tree
    }

    /// The level above the highest one; none where that has one node.
    fn level_above(&self) -> Option<Vec<Hash>> {
        let below = self.levels.last().filter(|below| below.len() > 1)?;
        let empty = self.empty.get(self.levels.len().checked_sub(1)?)?;
        let parent = |children: &[Hash]| match children {
            [left, right] => node_hash(left, right),
            [left] => node_hash(left, empty),
            _ => *empty,
        };
        Some(below.chunks(2).map(parent).collect())
    }

    /// The root.
    pub(super) const fn root(&self) -> Hash {
        self.root
    }

    /// Puts leaves into slots, in ascending order of slot, and rehashes what lies above them.
    pub(super) fn update(&mut self, leaves: impl IntoIterator<Item = (u32, Hash)>) {
        let Some(stored) = self.levels.first_mut() else { return };
        let mut dirty = Vec::new();
        for (slot, leaf) in leaves {
            let position = position(slot);
            put(stored, position, leaf, EMPTY_LEAF);
            dirty.push(position);
        }
        self.rehash(dirty);
    }

    /// The siblings of the nodes from a slot's leaf to the root, bottom first.
    pub(super) fn path(&self, slot: u32) -> [Hash; DEPTH] {
        let mut path = [EMPTY_LEAF; DEPTH];
        let mut position = position(slot);
        for ((level, sibling), empty) in path.iter_mut().enumerate().zip(&self.empty) {
            let stored = self.levels.get(level).and_then(|nodes| nodes.get(position ^ 1));
            *sibling = *stored.unwrap_or(empty);
            position >>= 1;
        }
        path
    }

    /// Rehashes every node above the leaves at these ascending positions, level by level.
    fn rehash(&mut self, mut dirty: Vec<usize>) {
        for level in 1..=DEPTH {
            if self.levels.len() == level {
                if self.levels.last().is_none_or(|below| below.len() <= 1) {
                    break;
                }
                self.levels.push(Vec::new());
            }
            halve(&mut dirty);
            self.rehash_level(level, &dirty);
        }
        self.settle_root();
    }

    /// Hashes the one node of the highest level up to the root, empty subtrees beside it.
    fn settle_root(&mut self) {
        let top = self.levels.last().and_then(|nodes| nodes.first()).unwrap_or(&EMPTY_LEAF);
        let beside = self.empty.iter().take(DEPTH).skip(self.levels.len().abs_diff(1));
        self.root = beside.fold(*top, |node, empty| node_hash(&node, empty));
    }

    /// Rehashes the nodes of one level at these positions from the level below.
    fn rehash_level(&mut self, level: usize, positions: &[usize]) {
        let Some((below, above)) = self.levels.split_at_mut_checked(level) else { return };
        let (Some(below), Some(above)) = (below.last(), above.first_mut()) else { return };
        let (Some(empty_below), Some(empty)) =
            (level.checked_sub(1).and_then(|child| self.empty.get(child)), self.empty.get(level))
        else {
            return;
        };
        for position in positions {
            let left = position << 1;
            let child = |at: usize| below.get(at).unwrap_or(empty_below);
            put(above, *position, node_hash(child(left), child(left | 1)), *empty);
        }
    }
}

/// A slot as a place in memory; a slot that no memory reaches has no place.
pub(super) fn position(slot: u32) -> usize {
    usize::try_from(slot).unwrap_or(usize::MAX)
}

/// Replaces ascending positions by those of their parents, each once.
fn halve(positions: &mut Vec<usize>) {
    for position in positions.iter_mut() {
        *position >>= 1;
    }
    positions.dedup();
}

/// Sets a node, growing the level with empty subtrees up to it.
fn put(nodes: &mut Vec<Hash>, position: usize, node: Hash, empty: Hash) {
    while nodes.len() <= position {
        nodes.push(empty);
    }
    if let Some(place) = nodes.get_mut(position) {
        *place = node;
    }
}
