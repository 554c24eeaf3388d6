//! Walking the records in order of key: the sealed ones under the block's writes.

use core::iter::Peekable;
use std::collections::btree_map;

use super::Key;
use super::Slot;
use super::tree::position;
use super::writes::Write;

/// Records in order of key, as they stand now.
pub(super) struct Iter<'a, V> {
    pub(super) slots: &'a [Option<Slot<V>>],
    pub(super) sealed: Peekable<btree_map::Range<'a, Key, u32>>,
    pub(super) written: Peekable<btree_map::Range<'a, Key, Write<V>>>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a Key, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let written_first = match (self.sealed.peek(), self.written.peek()) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some((sealed, _)), Some((written, _))) => written <= sealed,
            };
            if !written_first {
                let (key, slot) = self.sealed.next()?;
                let record = self.slots.get(position(*slot))?.as_ref()?;
                return Some((key, &record.value));
            }
            let (key, write) = self.written.next()?;
            self.sealed.next_if(|(sealed, _)| *sealed == key);
            if let Some(value) = write.value() {
                return Some((key, value));
            }
        }
    }
}
