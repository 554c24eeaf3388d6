//! Records of an empty state, entered all at once: no key is looked up or placed one by one.

use borsh::BorshSerialize;

use super::Key;
use super::slot::{Slot, SlotKey};
use super::{Records, SENTINEL};

/// Records that are gathered, in any order, to become the first of a state.
#[derive(Debug)]
pub struct Load<V> {
    slots: Vec<Option<Slot<V>>>,
}

/// Two records have one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two records have key {key:?}")]
pub struct KeyRepeated {
    /// The key.
    pub key: Key,
}

impl<V> Load<V> {
    /// No records yet.
    #[must_use]
    pub fn new() -> Self {
        Self { slots: vec![None] }
    }

    /// Adds a record. That its key is not another's too is seen when all are there.
    pub fn add(&mut self, key: &Key, value: V) {
        self.slots.push(Some(Slot { key: SlotKey::new(key), next: SENTINEL, value }));
    }
}

impl<V> Default for Load<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: BorshSerialize> Load<V> {
    /// The records as they are after a first seal of all of them: in slots from 1, in order of key.
    ///
    /// # Errors
    /// [`KeyRepeated`] names the first key, in order, that two records have.
    pub fn seal(self) -> Result<Records<V>, KeyRepeated> {
        let Self { mut slots } = self;
        // The sentinel's slot has no key, and so stays the first.
        slots.sort_unstable_by(|one, other| key_of(one).cmp(&key_of(other)));
        let repeated = slots.windows(2).find_map(|pair| match pair {
            [Some(one), Some(other)] if one.key == other.key => one.key.to_key(),
            _ => None,
        });
        if let Some(key) = repeated {
            return Err(KeyRepeated { key });
        }
        let sorted: Vec<u32> = (1..).zip(slots.iter().skip(1)).map(|(slot, _)| slot).collect();
        Ok(Records::from_parts(slots, &sorted))
    }
}

fn key_of<V>(slot: &Option<Slot<V>>) -> Option<&[u8]> {
    slot.as_ref().map(|record| record.key.as_bytes())
}
