//! The state tree built plainly from its definition, to make proofs with.

use std::collections::BTreeMap;

use ledger_proof::state::{DEPTH, EMPTY_LEAF, Evidence, Key, Proof, leaf_hash};
use ledger_types::Hash;
use ledger_types::merkle::node_hash;

/// Records by key; the record with the nth key has slot n, counted from 1.
#[derive(Clone, Default)]
pub(crate) struct Tree(pub(crate) BTreeMap<Key, Vec<u8>>);

impl Tree {
    fn leaves(&self) -> Vec<Hash> {
        let keys: Vec<&Key> = self.0.keys().collect();
        let mut leaves = vec![leaf_hash(None, keys.first().copied(), &Hash::of(&[]))];
        for (place, (key, value)) in self.0.iter().enumerate() {
            let next = keys.get(place + 1).copied();
            leaves.push(leaf_hash(Some(key), next, &Hash::of(&[value])));
        }
        leaves
    }

    /// The root, and the siblings of a slot's way to it.
    fn climb(&self, slot: usize) -> (Hash, [Hash; DEPTH]) {
        let (mut nodes, mut empty, mut at) = (self.leaves(), EMPTY_LEAF, slot);
        let mut path = [EMPTY_LEAF; DEPTH];
        for sibling in &mut path {
            *sibling = nodes.get(at ^ 1).copied().unwrap_or(empty);
            let join = |pair: &[Hash]| node_hash(&pair[0], pair.get(1).unwrap_or(&empty));
            nodes = nodes.chunks(2).map(join).collect();
            empty = node_hash(&empty, &empty);
            at /= 2;
        }
        (nodes[0], path)
    }

    pub(crate) fn root(&self) -> Hash {
        self.climb(0).0
    }

    pub(crate) fn prove(&self, key: &Key) -> Proof {
        let before = self.0.range(..key).count();
        let next = self.0.range(key..).find(|(next, _)| *next != key).map(|(next, _)| *next);
        let (slot, evidence) = match self.0.get(key) {
            Some(value) => (before + 1, Evidence::Present { next, value: value.clone() }),
            None => {
                let last = self.0.range(..key).next_back();
                let value_hash = Hash::of(&[last.map_or(&[][..], |(_, value)| value)]);
                let evidence = Evidence::Absent { before: last.map(|(k, _)| *k), next, value_hash };
                (before, evidence)
            }
        };
        Proof { slot: u32::try_from(slot).unwrap(), evidence, path: self.climb(slot).1 }
    }
}
