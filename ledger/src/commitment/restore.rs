//! Records in their stored form, and the whole rebuilt from it.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec;

use super::Key;
use super::index::{Index, Tag};
use super::tree::{Tree, position};
use super::writes::Writes;
use super::{Records, SENTINEL, Slot};

/// A record as checkpoints and snapshots hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its slot, from 1.
    pub slot: u32,
    /// Its key.
    pub key: Vec<u8>,
    /// Its canonical bytes.
    pub value: Vec<u8>,
}

/// Why stored records are not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A key is empty or too long.
    #[error("the key in slot {slot} is not of 1 to 48 bytes")]
    BadKey {
        /// The record's slot.
        slot: u32,
    },
    /// A value is not the canonical encoding of a record.
    #[error("the value in slot {slot} is not a record's canonical encoding")]
    BadValue {
        /// The record's slot.
        slot: u32,
    },
    /// A slot is the sentinel's, or two records are in it.
    #[error("slot {slot} is the sentinel's or holds two records")]
    SlotTaken {
        /// The slot.
        slot: u32,
    },
    /// Two records have one key.
    #[error("the key in slot {slot} is another record's too")]
    KeyTaken {
        /// The slot of the second.
        slot: u32,
    },
}

impl<V: BorshSerialize + BorshDeserialize + PartialEq> Records<V> {
    /// The records of the last seal in their stored form, in order of key.
    pub fn stored(&self) -> impl Iterator<Item = StoredRecord> {
        self.by_key.iter().filter_map(|(key, slot)| {
            let value = codec::encode(&self.slot(*slot)?.value);
            Some(StoredRecord { slot: *slot, key: key.as_bytes().to_vec(), value })
        })
    }

    /// The whole from its stored records, in any order (in order of key it is fastest).
    ///
    /// Memory grows with the highest slot: bound it first where the records are a stranger's. What
    /// vouches for them is the root that results.
    ///
    /// # Errors
    /// [`RestoreError`] names the first record that cannot be part of a state.
    pub fn restore(records: impl IntoIterator<Item = StoredRecord>) -> Result<Self, RestoreError> {
        let mut keys = Vec::new();
        let mut slots: Vec<Option<Slot<V>>> = vec![None];
        let mut buffer = Vec::new();
        for stored in records {
            let record = parse(&stored, &mut buffer)?;
            keys.push((record.key, stored.slot));
            let place = position(stored.slot);
            while slots.len() <= place {
                slots.push(None);
            }
            match slots.get_mut(place) {
                Some(free @ None) if stored.slot != SENTINEL => *free = Some(record),
                _ => return Err(RestoreError::SlotTaken { slot: stored.slot }),
            }
        }
        keys.sort_unstable();
        let mut repeated = keys.windows(2).filter_map(|pair| match pair {
            [(one, _), (other, slot)] if one == other => Some(*slot),
            _ => None,
        });
        if let Some(slot) = repeated.next() {
            return Err(RestoreError::KeyTaken { slot });
        }
        Ok(Self::from_parts(slots, &keys))
    }

    /// Derives links, free slots and the tree from records in slots and their sorted keys.
    fn from_parts(slots: Vec<Option<Slot<V>>>, keys: &[(Key, u32)]) -> Self {
        let free = (1..).zip(slots.iter().skip(1));
        let free = free.filter(|(_, record)| record.is_none()).map(|(slot, _)| slot).collect();
        let by_key: BTreeMap<Key, u32> = keys.iter().copied().collect();
        let mut index = Index::with_capacity(keys.len());
        for (key, slot) in keys {
            index.insert(Tag::of(key), *slot);
        }
        let tree = Tree::new(Vec::new());
        let mut whole =
            Self { slots, first: SENTINEL, by_key, index, free, tree, writes: Writes::new() };
        let mut next = SENTINEL;
        for (_, slot) in keys.iter().rev() {
            whole.set_next(*slot, next);
            next = *slot;
        }
        whole.first = next;
        let mut buffer = Vec::with_capacity(512);
        let leaves = (0..).zip(&whole.slots).map(|(slot, _)| whole.leaf(slot, None, &mut buffer));
        let leaves = leaves.collect();
        whole.tree = Tree::new(leaves);
        whole
    }
}

/// Reads a stored record; the buffer is only to be used again.
fn parse<V: BorshSerialize + BorshDeserialize>(
    stored: &StoredRecord,
    buffer: &mut Vec<u8>,
) -> Result<Slot<V>, RestoreError> {
    let slot = stored.slot;
    let key = Key::new(&stored.key).ok_or(RestoreError::BadKey { slot })?;
    let value: V = codec::decode(&stored.value, stored.value.len())
        .map_err(|_| RestoreError::BadValue { slot })?;
    buffer.clear();
    codec::append(&value, buffer);
    if *buffer != stored.value {
        return Err(RestoreError::BadValue { slot });
    }
    Ok(Slot { key, next: SENTINEL, value })
}
