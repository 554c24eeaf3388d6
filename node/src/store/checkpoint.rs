//! Checkpoints of the state: its records and tip as they were after some block.
//!
//! Only records that changed since the last checkpoint are written, sorted, in one batch with the
//! tip. Under `r` and its key lies each record (slot, then value); under `m` the tip's height and
//! bytes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use ledger::{Change, StoredRecord};
use ledger_types::Height;
use rocksdb::WriteBatch;

use super::database::Database;
use super::error::StoreError;

const RECORD: u8 = b'r';
const TIP_KEY: &[u8] = b"m/tip";
const WRITE_BUFFER_BYTES: usize = 64 * 1024 * 1024;

/// The records that changed since the last checkpoint.
pub(super) type Dirty = BTreeMap<Vec<u8>, (u32, Option<Vec<u8>>)>;

/// Notes what a block changed.
pub(super) fn note(dirty: &mut Dirty, changes: &[Change]) {
    for change in changes {
        dirty.insert(change.key.clone(), (change.slot, change.value.clone()));
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Checkpoints {
    database: Database,
}

impl Checkpoints {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: Database::open(path, WRITE_BUFFER_BYTES)? })
    }

    /// Height and bytes of the tip of the checkpoint, or none where there is none yet.
    pub(super) fn tip(&self) -> Result<Option<(Height, Vec<u8>)>, StoreError> {
        let Some(value) = self.database.get(TIP_KEY)? else { return Ok(None) };
        let Some((height, tip)) = value.split_first_chunk::<8>() else {
            return Err(self.database.inconsistent("the tip is too short"));
        };
        Ok(Some((Height::new(u64::from_le_bytes(*height)), tip.to_vec())))
    }

    /// Gives all records to `build`, in order of key.
    pub(super) fn with_records<T>(
        &self,
        build: impl FnOnce(&mut dyn Iterator<Item = StoredRecord>) -> T,
    ) -> Result<T, StoreError> {
        let failure = RefCell::new(None);
        let fail = |error| {
            *failure.borrow_mut() = Some(error);
            None
        };
        let mut records = self
            .database
            .scan_from(&[RECORD])
            .take_while(|item| {
                item.as_ref().is_ok_and(|(key, _)| key.first() == Some(&RECORD)) || item.is_err()
            })
            .map_while(|item| match item {
                Err(error) => fail(error),
                Ok((key, value)) => match parse(&key, &value) {
                    Some(record) => Some(record),
                    None => fail(self.database.inconsistent("a record without its slot")),
                },
            });
        let built = build(&mut records);
        drop(records);
        match failure.into_inner() {
            Some(error) => Err(error),
            None => Ok(built),
        }
    }

    /// Writes a whole state, its records in order of key and the tip last: without it there is no
    /// checkpoint.
    pub(super) fn write_first(
        &self,
        records: impl Iterator<Item = StoredRecord>,
        height: Height,
        tip: &[u8],
    ) -> Result<(), StoreError> {
        let pairs = records
            .map(|record| (record_key(&record.key), record_value(record.slot, &record.value)));
        self.database.bring_in(pairs)?;
        let mut batch = WriteBatch::default();
        batch.put(TIP_KEY, tip_value(height, tip));
        self.database.write(batch)?;
        self.database.flush()
    }

    /// Writes what changed since the last checkpoint, durable when this returns.
    pub(super) fn write(
        &self,
        dirty: &Dirty,
        height: Height,
        tip: &[u8],
    ) -> Result<(), StoreError> {
        let mut batch = WriteBatch::default();
        for (key, (slot, value)) in dirty {
            match value {
                Some(value) => batch.put(record_key(key), record_value(*slot, value)),
                None => batch.delete(record_key(key)),
            }
        }
        batch.put(TIP_KEY, tip_value(height, tip));
        self.database.write(batch)?;
        self.database.flush()
    }
}

fn record_key(key: &[u8]) -> Vec<u8> {
    [&[RECORD], key].concat()
}

fn record_value(slot: u32, value: &[u8]) -> Vec<u8> {
    [&slot.to_le_bytes(), value].concat()
}

fn tip_value(height: Height, tip: &[u8]) -> Vec<u8> {
    [&height.get().to_le_bytes(), tip].concat()
}

fn parse(key: &[u8], value: &[u8]) -> Option<StoredRecord> {
    let (_, key) = key.split_first()?;
    let (slot, value) = value.split_first_chunk::<4>()?;
    let slot = u32::from_le_bytes(*slot);
    Some(StoredRecord { slot, key: key.to_vec(), value: value.to_vec() })
}
