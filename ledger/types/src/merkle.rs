//! Merkle trees over lists, as RFC 6962 section 2.1 defines them: roots, paths, and their checking.
//!
//! Leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), empty = SHA-256("").

use crate::hash::Hash;

/// The hash of one entry as a leaf.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash::of(&[&[0x00], entry])
}

/// The hash of an inner node over its two children.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// The root over leaf hashes, in order.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    frontier.root()
}

/// The right edge of a growing list's tree: enough to append and to know the root at each size.
#[derive(Clone, Debug, Default, PartialEq, Eq, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub struct Frontier {
    size: u64,
    /// Roots of the full subtrees that make up the list, largest first.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// How many leaves were appended.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Whether there is one peak for each full subtree (decoding alone does not say so).
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        u32::try_from(self.peaks.len()).is_ok_and(|peaks| peaks == self.size.count_ones())
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut carried = leaf;
        let merges = self.size.trailing_ones();
        for _ in 0..merges {
            if let Some(left) = self.peaks.pop() {
                carried = node_hash(&left, &carried);
            }
        }
        self.peaks.push(carried);
        // A list of 2^64 leaves cannot be held by any machine; the count stays exact below that.
        self.size = self.size.saturating_add(1);
    }

    /// The root over all leaves appended so far.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Hash::of(&[]) };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// Checks that `leaf` stands at `index` in a full binary tree of depth `path.len()` with `root`.
///
/// Used for terms trees, whose leaf count is padded to a power of two.
#[must_use]
pub fn verify_fixed_path(leaf: Hash, index: u64, path: &[Hash], root: &Hash) -> bool {
    fixed_root(leaf, index, path) == Some(*root)
}

/// The root of the full binary tree of depth `path.len()` in which `leaf` stands at `index`; `None`
/// where the tree has no such place.
#[must_use]
pub fn fixed_root(leaf: Hash, index: u64, path: &[Hash]) -> Option<Hash> {
    let mut carried = leaf;
    let mut position = index;
    for sibling in path {
        carried = if position & 1 == 0 {
            node_hash(&carried, sibling)
        } else {
            node_hash(sibling, &carried)
        };
        position >>= 1;
    }
    (position == 0).then_some(carried)
}

/// The inclusion path of leaf `index` among `leaves` (RFC 6962 section 2.1.1), bottom first.
///
/// Empty where `index` is out of range.
#[must_use]
pub fn inclusion_path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if index >= leaves.len() || leaves.len() < 2 {
        return Vec::new();
    }
    let split = leaves.len().next_power_of_two() >> 1;
    let (left, right) = leaves.split_at(split);
    let (mut path, sibling) = if index < split {
        (inclusion_path(left, index), root(right))
    } else {
        (inclusion_path(right, index.abs_diff(split)), root(left))
    };
    path.push(sibling);
    path
}

/// Checks an inclusion path (RFC 9162 section 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let mut first = index;
    let mut last = size.abs_diff(1);
    let mut carried = leaf;
    for sibling in path {
        if last == 0 {
            return false;
        }
        if first & 1 == 1 || first == last {
            carried = node_hash(sibling, &carried);
            while first & 1 == 0 && first != 0 {
                first >>= 1;
                last >>= 1;
            }
        } else {
            carried = node_hash(&carried, sibling);
        }
        first >>= 1;
        last >>= 1;
    }
    last == 0 && carried == *root
}

/// Checks that the tree of the first `old_size` leaves grew into that of `size` (RFC 9162 section
/// 2.1.4.2).
///
/// Between equal sizes the path is empty and the roots are the same. From no leaves the path is
/// empty and `old_root` is the hash of nothing, as RFC 6962 defines it.
#[must_use]
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    size: u64,
    root: &Hash,
    path: &[Hash],
) -> bool {
    if old_size == size {
        return path.is_empty() && old_root == root;
    }
    if old_size == 0 {
        return path.is_empty() && *old_root == Hash::of(&[]);
    }
    if old_size > size {
        return false;
    }
    // A whole left subtree is not repeated in the path: its root is the old root.
    let (start, rest) = if old_size.is_power_of_two() {
        (*old_root, path)
    } else {
        let Some((first, rest)) = path.split_first() else { return false };
        (*first, rest)
    };
    let skipped = old_size.abs_diff(1).trailing_ones();
    let mut old = old_size.abs_diff(1).checked_shr(skipped).unwrap_or(0);
    let mut last = size.abs_diff(1).checked_shr(skipped).unwrap_or(0);
    let (mut carried_old, mut carried) = (start, start);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if old & 1 == 1 || old == last {
            carried_old = node_hash(sibling, &carried_old);
            carried = node_hash(sibling, &carried);
            while old & 1 == 0 && old != 0 {
                old >>= 1;
                last >>= 1;
            }
        } else {
            carried = node_hash(&carried, sibling);
        }
        old >>= 1;
        last >>= 1;
    }
    last == 0 && carried_old == *old_root && carried == *root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|number| leaf_hash(&[number])).collect()
    }

    #[test]
    fn empty_list_has_the_hash_of_nothing() {
        assert_eq!(
            root(&[]).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn every_path_of_every_small_list_verifies_and_no_other_leaf_does() {
        for count in 1..=40_u8 {
            let list = leaves(count);
            let whole = root(&list);
            for (index, leaf) in list.iter().enumerate() {
                let path = inclusion_path(&list, index);
                let index = index as u64;
                assert!(verify_inclusion(*leaf, index, u64::from(count), &path, &whole));
                assert!(!verify_inclusion(Hash::ZERO, index, u64::from(count), &path, &whole));
                assert!(!verify_inclusion(*leaf, index + 1, u64::from(count), &path, &whole));
            }
        }
    }

    #[test]
    fn fixed_path_binds_the_index() {
        let list = leaves(4);
        let whole = root(&list);
        let path = inclusion_path(&list, 2);
        assert!(verify_fixed_path(list[2], 2, &path, &whole));
        assert!(!verify_fixed_path(list[2], 3, &path, &whole));
        assert!(!verify_fixed_path(list[2], 6, &path, &whole));
    }
}
