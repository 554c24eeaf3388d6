//! Core banking references, each with the issue that a bank used it for.
//!
//! The state knows that a reference was used and nothing more; this is what it was used for.
//!
//! ```text
//! i bank mark → height, the event's number among those kept   2 and 16 bytes; 8 and 4
//! ```

use ledger_types::event::{Happened, Issued};
use ledger_types::record::ReferenceMark;
use ledger_types::{BankId, Hash, Height, Operation, Timestamp};
use rocksdb::WriteBatch;

use super::Index;
use super::kept::Told;
use super::list::At;
use crate::store::error::StoreError;

const REFERENCE: u8 = b'i';

fn key(bank: BankId, reference: &Hash) -> [u8; 19] {
    let mut key = [REFERENCE; 19];
    key[1..3].copy_from_slice(&bank.get().to_be_bytes());
    key[3..].copy_from_slice(ReferenceMark::of_issue(reference).as_bytes());
    key
}

/// Enters the reference of an operation that issued.
pub(super) fn enter(
    batch: &mut WriteBatch,
    height: Height,
    operation: Option<&Operation>,
    happened: &Happened,
    at: &At,
) {
    if let (Some(issue), Some(issued), At::Kept(number)) =
        (operation.and_then(Operation::as_issue), Issued::of(&happened.event), at)
    {
        let value = [&height.get().to_be_bytes()[..], &number.to_be_bytes()].concat();
        batch.put(key(issued.bank, &issue.core_banking_ref), value);
    }
}

impl Index {
    /// What a bank used a reference for, at which height and when.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn reference(
        &self,
        bank: BankId,
        reference: &Hash,
    ) -> Result<Option<(Height, Timestamp, Told)>, StoreError> {
        let Some(value) = self.database.get(&key(bank, reference))? else { return Ok(None) };
        let malformed = || self.database.inconsistent("a reference's place is malformed");
        let (height, number) = value.split_first_chunk::<8>().ok_or_else(malformed)?;
        let number: [u8; 4] = number.try_into().map_err(|_| malformed())?;
        let height = Height::new(u64::from_be_bytes(*height));
        let (time, told) = self.kept(height, u32::from_be_bytes(number))?;
        Ok(Some((height, time, told)))
    }
}
