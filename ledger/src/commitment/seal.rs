//! The end of a block: slots and links are settled, and what is dirty is hashed, each node once.

use borsh::BorshSerialize;
use ledger_proof::state::{EMPTY_LEAF, leaf_hash};
use ledger_types::{Hash, codec};

use super::Key;
use super::index::Tag;
use super::slot::{Slot, SlotKey};
use super::tree::position;
use super::writes::Write;
use super::{Records, SENTINEL, key_in};

/// What a block did to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record's slot: where it is now, or where it was.
    pub slot: u32,
    /// The record's key.
    pub key: Vec<u8>,
    /// The record's canonical bytes; `None` where it was deleted.
    pub value: Option<Vec<u8>>,
}

/// What sealing has found so far.
struct Sealing {
    changes: Vec<Change>,
    /// Slots whose leaves change, with the hash of the value where that is known already.
    dirty: Vec<(u32, Option<Hash>)>,
    /// Room for encoding, used again and again.
    buffer: Vec<u8>,
}

impl<V: BorshSerialize + PartialEq> Records<V> {
    /// Ends the block: settles slots and links, rehashes, and says what changed, in order of key.
    ///
    /// A transaction that was still open is kept. Records put with the value that they had are no
    /// change.
    pub fn seal(&mut self) -> Vec<Change> {
        let writes = self.writes.take();
        let mut sealing = Sealing {
            changes: Vec::with_capacity(writes.len()),
            dirty: Vec::with_capacity(writes.len()),
            buffer: Vec::new(),
        };
        for (key, write) in &writes {
            if matches!(write, Write::Remove) {
                self.delete(key, &mut sealing);
            }
        }
        for (key, write) in writes {
            if let Write::Put(value) = write {
                self.settle(key, value, &mut sealing);
            }
        }
        // Two runs, each in order, so this is a merge.
        sealing.changes.sort_by(|one, other| one.key.cmp(&other.key));
        self.rehash(sealing.dirty, &mut sealing.buffer);
        sealing.changes
    }

    /// Frees a key's slot, where it has one, and closes the gap in the list.
    fn delete(&mut self, key: &Key, sealing: &mut Sealing) {
        let tag = Tag::of(key.as_bytes());
        let Some(slot) = self.slot_of(key, tag) else { return };
        self.order.remove(key, slot, key_in(&self.slots));
        let record = self.slots.get_mut(position(slot)).and_then(Option::take);
        let before = self.slot_before(key);
        self.set_next(before, record.map_or(SENTINEL, |record| record.next));
        self.index.remove(tag, slot);
        self.free.insert(slot);
        sealing.dirty.extend([(slot, None), (before, None)]);
        sealing.changes.push(Change { slot, key: key.as_bytes().to_vec(), value: None });
    }

    /// Replaces a key's value, or gives a new key a slot and a place in the list.
    fn settle(&mut self, key: Key, value: V, sealing: &mut Sealing) {
        sealing.buffer.clear();
        codec::append(&value, &mut sealing.buffer);
        let tag = Tag::of(key.as_bytes());
        let own = self.slot_of(&key, tag);
        let slot = match own.and_then(|slot| Some((slot, self.slot_mut(slot)?))) {
            Some((_, record)) if record.value == value => return,
            Some((slot, record)) => {
                record.value = value;
                slot
            }
            None => {
                let before = self.slot_before(&key);
                let next = self.next_of(before);
                let Some(slot) = self.occupy(Slot { key: SlotKey::new(&key), next, value }) else {
                    return;
                };
                self.set_next(before, slot);
                self.order.insert(&key, slot, key_in(&self.slots));
                self.index.insert(tag, slot);
                sealing.dirty.push((before, None));
                slot
            }
        };
        sealing.dirty.push((slot, Some(Hash::of(&[&sealing.buffer]))));
        let (key, value) = (key.as_bytes().to_vec(), Some(sealing.buffer.clone()));
        sealing.changes.push(Change { slot, key, value });
    }

    /// Puts a record into the lowest free slot. There are 2^32, more than any memory holds.
    fn occupy(&mut self, record: Slot<V>) -> Option<u32> {
        if let Some(slot) = self.free.pop_first() {
            *self.slots.get_mut(position(slot))? = Some(record);
            return Some(slot);
        }
        let slot = u32::try_from(self.slots.len()).ok()?;
        self.slots.push(Some(record));
        Some(slot)
    }

    /// Rehashes the leaves in these slots, each once, and the nodes above them.
    fn rehash(&mut self, mut dirty: Vec<(u32, Option<Hash>)>, buffer: &mut Vec<u8>) {
        // Where a slot is there twice, the entry that knows the value's hash comes first and stays.
        dirty.sort_unstable_by_key(|(slot, value_hash)| (*slot, value_hash.is_none()));
        dirty.dedup_by_key(|(slot, _)| *slot);
        let leaves: Vec<_> = dirty
            .into_iter()
            .map(|(slot, value_hash)| (slot, self.leaf(slot, value_hash, buffer)))
            .collect();
        self.tree.update(leaves);
    }
}

impl<V: BorshSerialize> Records<V> {
    /// The hash of what stands in a slot; the buffer is only to be used again.
    pub(super) fn leaf(&self, slot: u32, value_hash: Option<Hash>, buffer: &mut Vec<u8>) -> Hash {
        let record = self.slot(slot);
        if record.is_none() && slot != SENTINEL {
            return EMPTY_LEAF;
        }
        let (key, next) = (self.key_of(slot), self.key_of(self.next_of(slot)));
        let value_hash = value_hash.unwrap_or_else(|| {
            buffer.clear();
            if let Some(record) = record {
                codec::append(&record.value, buffer);
            }
            Hash::of(&[buffer])
        });
        leaf_hash(key.as_ref(), next.as_ref(), &value_hash)
    }
}
