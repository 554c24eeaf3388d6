//! A bounded memory of hashes: remembers at least the newest `capacity`, at most twice as many.

use std::collections::HashSet;

use ledger_types::Hash;

/// Two generations of hashes; when the younger is full the older is forgotten whole.
///
/// The set's hasher is keyed at random, so nobody can choose hashes that collide in it.
#[derive(Debug)]
pub(super) struct Recent {
    capacity: usize,
    younger: HashSet<Hash>,
    older: HashSet<Hash>,
}

impl Recent {
    /// A memory of at least the newest `capacity` hashes.
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), younger: HashSet::new(), older: HashSet::new() }
    }

    /// Remembers a hash.
    pub(super) fn insert(&mut self, hash: Hash) {
        if self.younger.len() >= self.capacity {
            core::mem::swap(&mut self.younger, &mut self.older);
            self.younger.clear();
        }
        self.younger.insert(hash);
    }

    /// Whether the hash is remembered.
    pub(super) fn contains(&self, hash: &Hash) -> bool {
        self.younger.contains(hash) || self.older.contains(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered_and_the_memory_is_bounded() {
        let mut recent = Recent::new(8);
        let hashes: Vec<Hash> = (0_u8..100).map(|n| Hash::of(&[&[n]])).collect();
        for (inserted, hash) in hashes.iter().enumerate() {
            recent.insert(*hash);
            let newest = hashes.iter().take(inserted + 1).rev().take(8);
            assert!(newest.into_iter().all(|h| recent.contains(h)), "after {inserted}");
            assert!(recent.younger.len() + recent.older.len() <= 16);
        }
        assert!(!recent.contains(&hashes[0]));
    }
}
