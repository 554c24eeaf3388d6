//! The state's records under one root: an indexed Merkle tree over dense slots (protocol rule 22).
//!
//! Each record owns a slot, which is the place of its leaf in a binary tree of depth 32. How leaves
//! and nodes are hashed, and what a proof is, [`ledger_proof::state`] says.
//!
//! Writes of a block lie over the sealed records until [`Records::seal`]. Sealing first frees the
//! slots of deleted keys, then gives new keys, in order of key, the lowest free slots each. A key
//! removed and put again within one block keeps its slot. So slots follow from the records and
//! their slots before, and `next` follows from the keys alone.

mod index;
mod iter;
mod load;
mod order;
mod restore;
mod seal;
mod slot;
#[cfg(test)]
mod tests;
mod tree;
mod writes;

use core::ops::Bound;
use std::collections::BTreeSet;

use borsh::BorshSerialize;
use ledger_types::{Hash, codec};

pub use ledger_proof::state::{DEPTH, Evidence, KEY_BYTES_MAX, Key, Proof, ProofError};
pub use load::{KeyRepeated, Load};
pub use restore::{RestoreError, StoredRecord};
pub use seal::Change;

use index::{Index, Tag};
use iter::Iter;
use ledger_proof::state::leaf_hash;
use order::Order;
use slot::Slot;
use tree::{Tree, position};
use writes::{Write, Writes};

/// The slot of the sentinel. As a `next` it means the end, since nothing comes before the sentinel.
const SENTINEL: u32 = 0;

/// Records by key, their slots, and the tree over them.
#[derive(Clone, Debug)]
pub struct Records<V> {
    /// By slot; the sentinel's and free slots hold nothing.
    slots: Vec<Option<Slot<V>>>,
    /// The slot of the first key.
    first: u32,
    /// Slots by key: the order for walks and links, the index for finding one key fast.
    order: Order,
    index: Index,
    /// Free slots below the last one in use.
    free: BTreeSet<u32>,
    tree: Tree,
    writes: Writes<V>,
}

impl<V> Records<V> {
    /// No records.
    #[must_use]
    pub fn new() -> Self {
        let sentinel = leaf_hash(None, None, &Hash::of(&[]));
        Self {
            slots: vec![None],
            first: SENTINEL,
            order: Order::default(),
            index: Index::with_capacity(0),
            free: BTreeSet::new(),
            tree: Tree::new(vec![sentinel]),
            writes: Writes::new(),
        }
    }

    /// How many records there were at the last seal.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there were no records at the last seal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    /// The root as of the last seal.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.tree.root()
    }

    /// The value of a key now, the block's writes included.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&V> {
        if let Some(write) = self.writes.by_key().get(key) {
            return write.value();
        }
        self.slot(self.slot_of(key, Tag::of(key.as_bytes()))?).map(|record| &record.value)
    }

    /// Gives a key a value.
    pub fn put(&mut self, key: Key, value: V) {
        self.writes.write(key, Write::Put(value));
    }

    /// Deletes a key's record, where it has one.
    pub fn remove(&mut self, key: &Key) {
        self.writes.write(*key, Write::Remove);
    }

    /// Opens a transaction. One that was still open is kept.
    pub fn begin(&mut self) {
        self.writes.begin();
    }

    /// Ends the transaction: what it wrote stays.
    pub fn keep(&mut self) {
        self.writes.keep();
    }

    /// Ends the transaction: everything is as [`Records::begin`] saw it.
    pub fn rollback(&mut self) {
        self.writes.rollback();
    }

    /// The records now, in order of key.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &V)> {
        self.from(None)
    }

    /// The records now whose keys begin with `prefix`, in order of key.
    pub fn iter_prefix<'a>(&'a self, prefix: &'a [u8]) -> impl Iterator<Item = (Key, &'a V)> {
        // No bytes are a prefix of every key; bytes longer than any key are a prefix of none.
        let from = Key::new(prefix);
        self.from(from.as_ref()).take_while(move |(key, _)| key.as_bytes().starts_with(prefix))
    }

    /// As [`Records::iter_prefix`], but only those from `from` on: the next page of a walk.
    pub fn range<'a>(
        &'a self,
        from: &Key,
        prefix: &'a [u8],
    ) -> impl Iterator<Item = (Key, &'a V)> + use<'a, V> {
        let from = Key::new(prefix).map_or(*from, |first| first.max(*from));
        self.from(Some(&from)).take_while(move |(key, _)| key.as_bytes().starts_with(prefix))
    }

    fn from(&self, from: Option<&Key>) -> Iter<'_, V> {
        let written = from.map_or(Bound::Unbounded, |from| Bound::Included(*from));
        Iter {
            slots: &self.slots,
            sealed: self.order.walk(from, key_in(&self.slots)).peekable(),
            written: self.writes.by_key().range((written, Bound::Unbounded)).peekable(),
        }
    }

    fn slot(&self, slot: u32) -> Option<&Slot<V>> {
        self.slots.get(position(slot))?.as_ref()
    }

    fn slot_mut(&mut self, slot: u32) -> Option<&mut Slot<V>> {
        self.slots.get_mut(position(slot))?.as_mut()
    }

    /// The key in a slot.
    fn key_of(&self, slot: u32) -> Option<Key> {
        self.slot(slot)?.key.to_key()
    }

    /// The slot of a key.
    fn slot_of(&self, key: &Key, tag: Tag) -> Option<u32> {
        let is =
            |slot| self.slot(slot).is_some_and(|record| record.key.as_bytes() == key.as_bytes());
        self.index.get(tag, is)
    }

    /// The slot of the last key before `key`: the sentinel's where there is none.
    fn slot_before(&self, key: &Key) -> u32 {
        self.order.before(key, key_in(&self.slots)).unwrap_or(SENTINEL)
    }

    fn next_of(&self, slot: u32) -> u32 {
        self.slot(slot).map_or(self.first, |record| record.next)
    }

    fn set_next(&mut self, slot: u32, next: u32) {
        match self.slot_mut(slot) {
            Some(record) => record.next = next,
            None => self.first = next,
        }
    }
}

impl<V: BorshSerialize> Records<V> {
    /// The proof of a key's value, or that it has none, under the root of the last seal.
    #[must_use]
    pub fn prove(&self, key: &Key) -> Proof {
        let own = self.slot_of(key, Tag::of(key.as_bytes()));
        let slot = own.unwrap_or_else(|| self.slot_before(key));
        let next = self.key_of(self.next_of(slot));
        let record = self.slot(slot);
        let value = record.map(|record| codec::encode(&record.value)).unwrap_or_default();
        let evidence = if own.is_some() {
            Evidence::Present { next, value }
        } else {
            Evidence::Absent { before: self.key_of(slot), next, value_hash: Hash::of(&[&value]) }
        };
        Proof { slot, evidence, path: self.tree.path(slot) }
    }
}

/// What reads the key in each of these slots.
fn key_in<'s, V>(slots: &'s [Option<Slot<V>>]) -> impl Fn(u32) -> Option<&'s [u8]> {
    |slot| Some(slots.get(position(slot))?.as_ref()?.key.as_bytes())
}

impl<V> Default for Records<V> {
    fn default() -> Self {
        Self::new()
    }
}
