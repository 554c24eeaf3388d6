//! The order of keys: slots sorted by the keys that they hold, in chunks.
//!
//! An entry is a slot's number alone, four bytes, and is compared through the key in the slot; only
//! the bound of a chunk holds a key of its own. Chunks that grow too long are halved; those that
//! shrink are not joined, so their memory is at most what the order once took.

use std::collections::{BTreeMap, btree_map};

use super::Key;

/// The most slots in a chunk: moving half of them costs less than finding the place among them.
const CHUNK_SLOTS_MAX: usize = 512;

/// Slots in order of key. What each method is given as `key_in` reads the key in a slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Chunks, none empty. A chunk's bound is above all keys in the chunks before it, and not above
    /// any of its own.
    chunks: BTreeMap<Key, Vec<u32>>,
}

impl Order {
    /// The order of slots that are sorted by key.
    pub(super) fn of_sorted<'k>(slots: &[u32], key_in: impl Fn(u32) -> Option<&'k [u8]>) -> Self {
        // Half full, as they are after a split, so that what follows does not split them all.
        let chunks = slots.chunks(CHUNK_SLOTS_MAX >> 1).filter_map(|chunk| {
            let bound = Key::new(key_in(*chunk.first()?)?)?;
            Some((bound, chunk.to_vec()))
        });
        Self { chunks: chunks.collect() }
    }

    /// Enters a slot under its key, which no other slot holds.
    pub(super) fn insert<'k>(
        &mut self,
        key: &Key,
        slot: u32,
        key_in: impl Fn(u32) -> Option<&'k [u8]>,
    ) {
        let bound = self.bound_of(key).unwrap_or_else(|| self.lower_first_bound(key));
        let Some(chunk) = self.chunks.get_mut(&bound) else { return };
        chunk.insert(place(chunk, key, &key_in), slot);
        if chunk.len() > CHUNK_SLOTS_MAX {
            let upper = chunk.split_off(chunk.len() >> 1);
            let first = upper.first().and_then(|first| key_in(*first));
            if let Some(bound) = first.and_then(Key::new) {
                self.chunks.insert(bound, upper);
            }
        }
    }

    /// Takes out the slot of this key, while the slot still holds it.
    pub(super) fn remove<'k>(
        &mut self,
        key: &Key,
        slot: u32,
        key_in: impl Fn(u32) -> Option<&'k [u8]>,
    ) {
        let Some(bound) = self.bound_of(key) else { return };
        let Some(chunk) = self.chunks.get_mut(&bound) else { return };
        let place = place(chunk, key, &key_in);
        if chunk.get(place) == Some(&slot) {
            chunk.remove(place);
        }
        if chunk.is_empty() {
            self.chunks.remove(&bound);
        }
    }

    /// The slot of the last key before this one.
    pub(super) fn before<'k>(
        &self,
        key: &Key,
        key_in: impl Fn(u32) -> Option<&'k [u8]>,
    ) -> Option<u32> {
        // A chunk whose bound is not above the key may yet begin after it.
        self.chunks.range(..=*key).rev().find_map(|(_, chunk)| {
            let (before, _) = chunk.split_at_checked(place(chunk, key, &key_in))?;
            before.last().copied()
        })
    }

    /// The slots in order of key, from this key on where one is given.
    pub(super) fn walk<'k>(
        &self,
        from: Option<&Key>,
        key_in: impl Fn(u32) -> Option<&'k [u8]>,
    ) -> Walk<'_> {
        let Some((bound, key)) = from.and_then(|key| Some((self.bound_of(key)?, key))) else {
            return Walk { chunk: [].iter(), rest: self.chunks.range(..) };
        };
        let mut rest = self.chunks.range(bound..);
        let chunk = rest.next().map_or(&[][..], |(_, chunk)| chunk);
        let from = chunk.get(place(chunk, key, &key_in)..).unwrap_or_default();
        Walk { chunk: from.iter(), rest }
    }

    /// The bound of the chunk that a key belongs to; none where the key comes before all bounds.
    fn bound_of(&self, key: &Key) -> Option<Key> {
        self.chunks.range(..=*key).next_back().map(|(bound, _)| *bound)
    }

    /// Makes a key that comes before all bounds the first chunk's.
    fn lower_first_bound(&mut self, key: &Key) -> Key {
        let first = self.chunks.pop_first().map(|(_, chunk)| chunk).unwrap_or_default();
        self.chunks.insert(*key, first);
        *key
    }
}

/// How many keys of a chunk come before this one.
fn place<'k>(chunk: &[u32], key: &Key, key_in: &impl Fn(u32) -> Option<&'k [u8]>) -> usize {
    chunk.partition_point(|slot| key_in(*slot).is_some_and(|other| other < key.as_bytes()))
}

/// Slots, one after another in order of key.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a> {
    chunk: core::slice::Iter<'a, u32>,
    rest: btree_map::Range<'a, Key, Vec<u32>>,
}

impl Iterator for Walk<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            if let Some(slot) = self.chunk.next() {
                return Some(*slot);
            }
            let (_, chunk) = self.rest.next()?;
            self.chunk = chunk.iter();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Bound;

    use proptest::prelude::*;

    use super::*;

    fn key(number: u32) -> Key {
        Key::of(number.to_be_bytes())
    }

    /// Slots are the keys' numbers, so the key in a slot needs no table but this one.
    struct Table(Vec<[u8; 4]>);

    impl Table {
        fn new() -> Self {
            Self((0..4096_u32).map(u32::to_be_bytes).collect())
        }

        fn key_in<'k>(&'k self) -> impl Fn(u32) -> Option<&'k [u8]> {
            |slot| self.0.get(usize::try_from(slot).ok()?).map(<[u8; 4]>::as_slice)
        }
    }

    fn agrees(order: &Order, model: &BTreeMap<u32, ()>, table: &Table, at: u32) {
        let walk = |from: Option<&Key>| order.walk(from, table.key_in()).collect::<Vec<_>>();
        assert_eq!(walk(None), model.keys().copied().collect::<Vec<_>>());
        let from: Vec<u32> = model.range(at..).map(|(slot, ())| *slot).collect();
        assert_eq!(walk(Some(&key(at))), from);
        let below = (Bound::Unbounded, Bound::Excluded(at));
        let before = model.range(below).next_back().map(|(slot, ())| *slot);
        assert_eq!(order.before(&key(at), table.key_in()), before);
        assert!(order.chunks.values().all(|chunk| (1..=CHUNK_SLOTS_MAX).contains(&chunk.len())));
    }

    proptest! {
        #[test]
        fn an_order_agrees_with_a_map(
            sorted in prop::collection::btree_map(0..4096_u32, Just(()), 0..900),
            // Runs of neighbours, up or down, so that chunks are filled, halved and emptied.
            runs in prop::collection::vec((any::<bool>(), any::<bool>(), 0..4096_u32, 1..900_u32), 1..12),
        ) {
            let table = Table::new();
            let slots: Vec<u32> = sorted.keys().copied().collect();
            let (mut order, mut model) = (Order::of_sorted(&slots, table.key_in()), sorted);
            agrees(&order, &model, &table, 0);
            for (enter, up, from, length) in runs {
                for step in 0..length {
                    let slot = if up { from + step } else { from.abs_diff(step) }.min(4095);
                    if enter && model.insert(slot, ()).is_none() {
                        order.insert(&key(slot), slot, table.key_in());
                    } else if !enter && model.remove(&slot).is_some() {
                        order.remove(&key(slot), slot, table.key_in());
                    }
                }
                agrees(&order, &model, &table, from);
            }
        }
    }
}
