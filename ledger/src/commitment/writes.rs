//! The writes of the block that is being applied, over the sealed records, and their undoing.

use std::collections::BTreeMap;

use super::Key;

/// What a block does to one key.
#[derive(Clone, Debug)]
pub(super) enum Write<V> {
    /// The key gets this value.
    Put(V),
    /// The key loses its record.
    Remove,
}

impl<V> Write<V> {
    /// The value after the write.
    pub(super) const fn value(&self) -> Option<&V> {
        match self {
            Self::Put(value) => Some(value),
            Self::Remove => None,
        }
    }
}

/// The last write to each key since the last seal, and how to undo those of one transaction.
#[derive(Clone, Debug)]
pub(super) struct Writes<V> {
    last: BTreeMap<Key, Write<V>>,
    /// What each write of the open transaction replaced, oldest first; `None` outside of one.
    replaced: Option<Vec<(Key, Option<Write<V>>)>>,
}

impl<V> Writes<V> {
    /// No writes.
    pub(super) const fn new() -> Self {
        Self { last: BTreeMap::new(), replaced: None }
    }

    /// The last writes by key.
    pub(super) const fn by_key(&self) -> &BTreeMap<Key, Write<V>> {
        &self.last
    }

    /// Writes to a key.
    pub(super) fn write(&mut self, key: Key, write: Write<V>) {
        let before = self.last.insert(key, write);
        if let Some(replaced) = &mut self.replaced {
            replaced.push((key, before));
        }
    }

    /// Opens a transaction, keeping the one before.
    pub(super) fn begin(&mut self) {
        let mut replaced = self.replaced.take().unwrap_or_default();
        replaced.clear();
        self.replaced = Some(replaced);
    }

    /// Ends the transaction; its writes stay.
    pub(super) fn keep(&mut self) {
        self.replaced = None;
    }

    /// Ends the transaction; its writes are undone, the newest first.
    pub(super) fn rollback(&mut self) {
        for (key, before) in self.replaced.take().into_iter().flatten().rev() {
            match before {
                Some(write) => self.last.insert(key, write),
                None => self.last.remove(&key),
            };
        }
    }

    /// Ends the block: its writes in order of key, and none are left.
    pub(super) fn take(&mut self) -> BTreeMap<Key, Write<V>> {
        self.replaced = None;
        core::mem::take(&mut self.last)
    }
}
