//! The parts of keys, read back.

use ledger_types::record::{Key, ReferenceMark};
use ledger_types::{AccountId, Day, Hash, PartyId, Timestamp};

/// The 20 bytes after `prefix` in a key.
pub(crate) fn account_after(prefix: usize, key: &Key) -> Option<AccountId> {
    let bytes: [u8; 20] = key.as_bytes().get(prefix..)?.try_into().ok()?;
    Some(AccountId::new(bytes))
}

/// The number right after the kind.
pub(crate) fn number(key: &Key) -> Option<u16> {
    number_at(key, 1)
}

/// The number that begins at byte `start`.
pub(crate) fn number_at(key: &Key, start: usize) -> Option<u16> {
    let rest = key.as_bytes().get(start..)?;
    rest.first_chunk::<2>().copied().map(u16::from_be_bytes)
}

/// The day with which an identity right after the kind begins.
pub(crate) fn day(key: &Key) -> Option<Day> {
    let rest = key.as_bytes().get(1..)?;
    rest.first_chunk::<4>().copied().map(u32::from_be_bytes).map(Day::new)
}

/// The 32 bytes right after the kind.
pub(crate) fn hash(key: &Key) -> Option<Hash> {
    key.as_bytes().get(1..)?.try_into().ok().map(Hash::new)
}

/// The four-byte number right after the kind.
pub(crate) fn long_number(key: &Key) -> Option<u32> {
    long_number_at(key, 1)
}

/// The four-byte number that begins at byte `start`.
pub(crate) fn long_number_at(key: &Key, start: usize) -> Option<u32> {
    let rest = key.as_bytes().get(start..)?;
    rest.first_chunk::<4>().copied().map(u32::from_be_bytes)
}

/// The mark up to which the run of references with this key goes.
pub(crate) fn reference_mark(key: &Key) -> Option<ReferenceMark> {
    key.as_bytes().get(3..)?.try_into().ok().map(ReferenceMark::new)
}

/// The byte of a due's key that says which are taken first.
pub(crate) fn urgency(key: &Key) -> Option<u8> {
    key.as_bytes().get(1).copied()
}

/// Who owes the due with this key.
pub(crate) fn debtor(key: &Key) -> Option<PartyId> {
    let rest = key.as_bytes().get(2..)?;
    rest.first_chunk::<4>().copied().map(u32::from_be_bytes).map(PartyId::new)
}

/// By when the due with this key is.
pub(crate) fn deadline(key: &Key) -> Option<Timestamp> {
    let rest = key.as_bytes().get(6..)?;
    rest.first_chunk::<8>().copied().map(u64::from_be_bytes).map(Timestamp::from_millis)
}
