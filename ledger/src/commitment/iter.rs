//! Walking the records in order of key: the sealed ones under the block's writes.

use core::cmp::Ordering;
use core::iter::Peekable;
use std::collections::btree_map;

use super::Key;
use super::order::Walk;
use super::slot::Slot;
use super::tree::position;
use super::writes::Write;

/// Records in order of key, as they stand now.
pub(super) struct Iter<'a, V> {
    pub(super) slots: &'a [Option<Slot<V>>],
    pub(super) sealed: Peekable<Walk<'a>>,
    pub(super) written: Peekable<btree_map::Range<'a, Key, Write<V>>>,
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (Key, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = self.sealed.peek().and_then(|slot| self.slots.get(position(*slot)));
            let sealed = record.and_then(Option::as_ref);
            let order = match (sealed, self.written.peek()) {
                (None, None) => return None,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(sealed), Some((written, _))) => sealed.key.as_bytes().cmp(written.as_bytes()),
            };
            if order.is_le() {
                self.sealed.next();
            }
            if order.is_lt() {
                let record = sealed?;
                return Some((record.key.to_key()?, &record.value));
            }
            let (key, write) = self.written.next()?;
            if let Some(value) = write.value() {
                return Some((*key, value));
            }
        }
    }
}
