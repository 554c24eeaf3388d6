//! The events of a block that are kept: one value a height, written once.
//!
//! ```text
//! e height → time, count, where each event ends (8, 4 and 4 bytes each, big-endian), the events
//! ```
//!
//! An event that follows from an operation in the block is not here. What is here outlives the
//! pruning of its block, so it says when it happened and in which transaction.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::{Event, Height, Timestamp, TransactionId};

use super::Index;
use crate::store::error::StoreError;

const EVENTS: u8 = b'e';

/// An event with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Told {
    /// The transaction's place in the block, and its identity; none where consensus itself raised
    /// the event.
    pub transaction: Option<(u32, TransactionId)>,
    /// The operation's place in the transaction.
    pub operation: u16,
    /// What happened.
    pub event: Event,
}

/// The key of what is kept of a block.
pub(super) fn key(height: Height) -> [u8; 9] {
    let mut key = [EVENTS; 9];
    key[1..].copy_from_slice(&height.get().to_be_bytes());
    key
}

/// What is kept of a block.
pub(super) fn value(time: Timestamp, kept: &[Told]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let mut events = Vec::new();
    let mut value = time.as_millis().to_be_bytes().to_vec();
    value.extend_from_slice(&length(kept.len()));
    for told in kept {
        events.extend_from_slice(&ledger_types::codec::encode(told));
        value.extend_from_slice(&length(events.len()));
    }
    value.extend_from_slice(&events);
    value
}

/// What is kept of a block, as it was read.
struct Value<'a> {
    time: Timestamp,
    ends: &'a [[u8; 4]],
    events: &'a [u8],
}

impl<'a> Value<'a> {
    fn read(value: &'a [u8]) -> Option<Self> {
        let (time, rest) = value.split_first_chunk::<8>()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
        let (ends, events) = rest.split_at_checked(count.checked_mul(4)?)?;
        let time = Timestamp::from_millis(u64::from_be_bytes(*time));
        Some(Self { time, ends: ends.as_chunks().0, events })
    }

    fn told(&self, number: usize) -> Option<Told> {
        let end = |number: usize| {
            let end = self.ends.get(number).copied().map(u32::from_be_bytes);
            end.and_then(|end| usize::try_from(end).ok())
        };
        let begins = number.checked_sub(1).map_or(Some(0), end)?;
        borsh::from_slice(self.events.get(begins..end(number)?)?).ok()
    }
}

impl Index {
    /// An event that is kept of a block, with the block's time.
    pub(super) fn kept(
        &self,
        height: Height,
        number: u32,
    ) -> Result<(Timestamp, Told), StoreError> {
        let bytes = self.database.get(&key(height))?;
        let value = bytes.as_deref().and_then(Value::read);
        let told =
            value.and_then(|value| Some((value.time, value.told(usize::try_from(number).ok()?)?)));
        told.ok_or_else(|| self.database.inconsistent("an event is missing or malformed"))
    }

    /// What is kept of a transaction's events, in order.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn kept_of(&self, height: Height, index: u32) -> Result<Vec<Told>, StoreError> {
        let Some(bytes) = self.database.get(&key(height))? else { return Ok(vec![]) };
        let malformed = || self.database.inconsistent("an event is malformed");
        let value = Value::read(&bytes).ok_or_else(malformed)?;
        let mut all = Vec::new();
        for number in 0..value.ends.len() {
            let told = value.told(number).ok_or_else(malformed)?;
            if told.transaction.is_some_and(|(place, _)| place == index) {
                all.push(told);
            }
        }
        Ok(all)
    }
}
