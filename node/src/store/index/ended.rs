//! Accesses of which both halves came and match: the record as it was then, for nothing changes it
//! any more.
//!
//! The state lets such a record go after some days; here it stays, and what is read of it is what the
//! state held. It is written with the block that brought the second half.
//!
//! ```text
//! x access → the record
//! ```

use ledger::State;
use ledger_types::access::Pairing;
use ledger_types::event::HalfRecorded;
use ledger_types::record::Access;
use ledger_types::{Hash, codec};
use rocksdb::WriteBatch;

use super::Index;
use crate::store::error::StoreError;

const ENDED: u8 = b'x';

/// An access that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedAccess {
    /// The access.
    pub access: Hash,
    /// Its record.
    pub record: Box<Access>,
}

/// The access that a half ended, if it did.
pub(super) fn by_half(state: &State, half: &HalfRecorded) -> Option<EndedAccess> {
    let record = state.access(&half.access).filter(|record| record.pairing() == Pairing::Matched);
    record.map(|record| EndedAccess { access: half.access, record: record.clone().into() })
}

pub(super) fn enter(batch: &mut WriteBatch, ended: &EndedAccess) {
    batch.put(key(&ended.access), codec::encode(&*ended.record));
}

fn key(access: &Hash) -> Vec<u8> {
    [&[ENDED], &access.as_bytes()[..]].concat()
}

impl Index {
    /// The record of an access of which both halves came and match; none of any other.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn ended(&self, access: &Hash) -> Result<Option<Access>, StoreError> {
        let Some(value) = self.database.get(&key(access))? else { return Ok(None) };
        let malformed = |_| self.database.inconsistent("an access's record is malformed");
        borsh::from_slice(&value).map(Some).map_err(malformed)
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::record::{BasisKind, HolderHalf};
    use ledger_types::{PartyId, Timestamp};

    use super::super::tests::index;
    use super::*;

    #[test]
    fn an_access_that_ended_is_read_as_it_was_written() {
        let (_directory, index) = index();
        let (access, disclosure) = (Hash::new([3; 32]), Hash::new([4; 32]));
        let record = Access {
            requester: PartyId::new(2),
            basis: BasisKind::Exemption,
            consent: None,
            subject: None,
            holder: Hash::new([5; 32]),
            named: None,
            at: Timestamp::from_millis(1),
            valid_until: Timestamp::from_millis(2),
            holder_half: Some(HolderHalf { holder: PartyId::new(4), disclosure }),
            recipient_half: Some(disclosure),
            deadline: Some(Timestamp::from_millis(3)),
            overdue: None,
        };
        let mut batch = WriteBatch::default();
        enter(&mut batch, &EndedAccess { access, record: record.clone().into() });
        index.database.write(batch).unwrap();
        assert_eq!(index.ended(&access).unwrap(), Some(record));
        assert_eq!(index.ended(&Hash::ZERO).unwrap(), None);
    }
}
