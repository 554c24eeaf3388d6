//! Which slot a key is in: a hash table that finds it with a probe of memory or two.
//!
//! Its order is never walked, so nothing depends on it. Keys are placed by their SHA-256, because
//! users choose some of them, and a weaker hash would let them choose collisions too.

use core::num::NonZeroU32;

use ledger_types::Hash;

use super::Key;
use super::tree::position;

/// The binary logarithm of the fewest buckets.
const BITS_MIN: u32 = 4;

/// What places a key in the table: the first four bytes of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag(u32);

impl Tag {
    /// The tag of a key.
    pub(super) fn of(key: &Key) -> Self {
        let [a, b, c, d, ..] = *Hash::of(&[key.as_bytes()]).as_bytes();
        Self(u32::from_be_bytes([a, b, c, d]))
    }
}

/// Slots by the tags of their keys: open addressing, linear probing, at most three quarters full.
///
/// An entry stands at its tag's home or after it, wrapping around, with no empty bucket between.
#[derive(Clone, Debug)]
pub(super) struct Index {
    buckets: Vec<Option<Entry>>,
    /// The binary logarithm of the number of buckets.
    bits: u32,
    used: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    tag: Tag,
    slot: NonZeroU32,
}

impl Index {
    /// A table that takes `count` slots without growing.
    pub(super) fn with_capacity(count: usize) -> Self {
        let fits = |bits: &u32| buckets(*bits).is_none_or(|buckets| room(buckets) >= count);
        let bits = (BITS_MIN..u32::BITS).find(fits).unwrap_or(u32::BITS);
        Self { buckets: vec![None; buckets(bits).unwrap_or(0)], bits, used: 0 }
    }

    /// The slot under this tag that `is` says is the one.
    pub(super) fn get(&self, tag: Tag, is: impl Fn(u32) -> bool) -> Option<u32> {
        let (before, from) = self.buckets.split_at_checked(self.home(tag))?;
        let mut run = from.iter().chain(before).map_while(|bucket| *bucket);
        run.find(|entry| entry.tag == tag && is(entry.slot.get())).map(|entry| entry.slot.get())
    }

    /// Enters a slot that is not in the table. The sentinel's never is.
    pub(super) fn insert(&mut self, tag: Tag, slot: u32) {
        let Some(slot) = NonZeroU32::new(slot) else { return };
        if self.used >= room(self.buckets.len()) {
            self.grow();
        }
        self.place(Entry { tag, slot });
    }

    /// Takes a slot out of the table.
    pub(super) fn remove(&mut self, tag: Tag, slot: u32) {
        let mut hole = self.home(tag);
        loop {
            match self.buckets.get(hole) {
                Some(Some(entry)) if entry.slot.get() == slot => break,
                Some(Some(_)) => hole = self.after(hole),
                _ => return,
            }
        }
        // What stands after the hole moves into it, unless that would be before its home.
        let mut from = self.after(hole);
        while let Some(Some(entry)) = self.buckets.get(from).copied() {
            if self.distance(self.home(entry.tag), from) >= self.distance(hole, from) {
                self.set(hole, Some(entry));
                hole = from;
            }
            from = self.after(from);
        }
        self.set(hole, None);
        self.used = self.used.abs_diff(1);
    }

    fn grow(&mut self) {
        let bits = self.bits.checked_add(1).unwrap_or(self.bits);
        let larger = Self { buckets: vec![None; buckets(bits).unwrap_or(0)], bits, used: 0 };
        let smaller = core::mem::replace(self, larger);
        for entry in smaller.buckets.into_iter().flatten() {
            self.place(entry);
        }
    }

    /// Puts an entry into the first empty bucket from its home on; a quarter of all are empty.
    fn place(&mut self, entry: Entry) {
        let home = self.home(entry.tag);
        let Some((before, from)) = self.buckets.split_at_mut_checked(home) else { return };
        if let Some(empty) = from.iter_mut().chain(before).find(|bucket| bucket.is_none()) {
            *empty = Some(entry);
            self.used = self.used.checked_add(1).unwrap_or(self.used);
        }
    }

    fn set(&mut self, at: usize, entry: Option<Entry>) {
        if let Some(bucket) = self.buckets.get_mut(at) {
            *bucket = entry;
        }
    }

    /// The bucket where a tag's entries begin: by its highest bits, so that growing keeps order.
    fn home(&self, tag: Tag) -> usize {
        let low = u32::BITS.abs_diff(self.bits);
        position(tag.0.checked_shr(low).unwrap_or(0))
    }

    fn after(&self, bucket: usize) -> usize {
        bucket.checked_add(1).filter(|after| *after < self.buckets.len()).unwrap_or(0)
    }

    /// How many steps forward, wrapping around, lead from one bucket to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        let back = || self.buckets.len().abs_diff(from.abs_diff(to));
        to.checked_sub(from).unwrap_or_else(back)
    }
}

/// How many buckets have this binary logarithm; `None` where no memory holds them.
fn buckets(bits: u32) -> Option<usize> {
    1_usize.checked_shl(bits)
}

/// How many of so many buckets may be used: three quarters.
const fn room(buckets: usize) -> usize {
    buckets.abs_diff(buckets >> 2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_slot_entered_and_not_taken_out_is_found(
            steps in prop::collection::vec((any::<bool>(), 1..60_u32, 0..8_u32), 0..300),
        ) {
            let (mut index, mut model) = (Index::with_capacity(0), BTreeMap::new());
            for (enter, slot, home) in steps {
                // Few homes, the last bucket among them, so that runs collide and wrap around.
                let tag = Tag(home.wrapping_sub(2) << 28);
                match (enter, model.get(&slot).copied()) {
                    (true, None) => {
                        index.insert(tag, slot);
                        model.insert(slot, tag);
                    }
                    (false, Some(tag)) => {
                        index.remove(tag, slot);
                        model.remove(&slot);
                    }
                    _ => {}
                }
                for slot in 1..60 {
                    let found = [0, 1, 2, 3, 4, 5, 14, 15]
                        .map(|home| index.get(Tag(home << 28), |at| at == slot));
                    let expected = model.get(&slot).map(|_| slot);
                    prop_assert_eq!(found.into_iter().flatten().next(), expected);
                }
                prop_assert_eq!(index.used, model.len());
            }
        }
    }

    #[test]
    fn a_table_with_capacity_does_not_grow() {
        for count in [0, 1, 11, 12, 13, 1000] {
            let mut index = Index::with_capacity(count);
            let buckets = index.buckets.len();
            for slot in (1..).take(count) {
                index.insert(Tag(u32::wrapping_mul(slot, 0x9E37_79B9)), slot);
            }
            assert_eq!(index.buckets.len(), buckets, "for {count}");
        }
    }
}
