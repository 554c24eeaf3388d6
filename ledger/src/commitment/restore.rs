//! Records in their stored form, and the whole rebuilt from it.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::{codec, refuse_if};

use super::Key;
use super::index::{Index, Tag};
use super::order::Order;
use super::slot::{Slot, SlotKey};
use super::tree::{Tree, position};
use super::writes::Writes;
use super::{Records, SENTINEL, key_in};

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
        self.order.walk(None, key_in(&self.slots)).filter_map(|slot| {
            let record = self.slot(slot)?;
            let value = codec::encode(&record.value);
            Some(StoredRecord { slot, key: record.key.as_bytes().to_vec(), value })
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
        let mut slots: Vec<Option<Slot<V>>> = vec![None];
        let mut sorted = Vec::new();
        let mut buffer = Vec::new();
        for stored in records {
            let record = parse(&stored, &mut buffer)?;
            let place = position(stored.slot);
            while slots.len() <= place {
                slots.push(None);
            }
            match slots.get_mut(place) {
                Some(free @ None) if stored.slot != SENTINEL => *free = Some(record),
                _ => return Err(RestoreError::SlotTaken { slot: stored.slot }),
            }
            sorted.push(stored.slot);
        }
        let key = key_in(&slots);
        sorted.sort_unstable_by(|one, other| (key(*one), one).cmp(&(key(*other), other)));
        let mut repeated = sorted.windows(2).filter_map(|pair| match pair {
            [one, other] if key(*one) == key(*other) => Some(*other),
            _ => None,
        });
        if let Some(slot) = repeated.next() {
            return Err(RestoreError::KeyTaken { slot });
        }
        drop(key);
        Ok(Self::from_parts(slots, &sorted))
    }
}

impl<V: BorshSerialize> Records<V> {
    /// Derives all else from records in slots and the slots sorted by key.
    pub(super) fn from_parts(slots: Vec<Option<Slot<V>>>, sorted: &[u32]) -> Self {
        let free = (1..).zip(slots.iter().skip(1));
        let free = free.filter(|(_, record)| record.is_none()).map(|(slot, _)| slot).collect();
        let order = Order::of_sorted(sorted, key_in(&slots));
        let index = Index::with_capacity(sorted.len());
        let tree = Tree::new(Vec::new());
        let mut whole =
            Self { slots, first: SENTINEL, order, index, free, tree, writes: Writes::new() };
        let mut next = SENTINEL;
        for slot in sorted.iter().rev() {
            whole.set_next(*slot, next);
            next = *slot;
        }
        whole.first = next;
        whole.fill_index();
        let mut buffer = Vec::with_capacity(512);
        let leaves = (0..).zip(&whole.slots).map(|(slot, _)| whole.leaf(slot, None, &mut buffer));
        let leaves = leaves.collect();
        whole.tree = Tree::new(leaves);
        whole
    }

    fn fill_index(&mut self) {
        for (slot, record) in (0..).zip(&self.slots) {
            if let Some(record) = record {
                self.index.insert(Tag::of(record.key.as_bytes()), slot);
            }
        }
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
    refuse_if(*buffer != stored.value, RestoreError::BadValue { slot })?;
    Ok(Slot { key: SlotKey::new(&key), next: SENTINEL, value })
}
