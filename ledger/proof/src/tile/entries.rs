//! Entry bundles: up to 256 entries, each after its length as a big-endian u16.

use super::TILE_WIDTH;
use ledger_types::refuse_if;

/// The most bytes that an entry of a log has.
pub const ENTRY_LENGTH_MAX: usize = 65_535;

const _: () = assert!(ledger_types::audit::ENTRY_BYTES_MAX <= ENTRY_LENGTH_MAX, "entries fit");

/// Why bytes are no entry bundle, or entries make none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry has more bytes than a length says.
    #[error("an entry has at most {ENTRY_LENGTH_MAX} bytes")]
    EntryTooLong,
    /// More entries than a bundle has.
    #[error("a bundle has at most {TILE_WIDTH} entries")]
    TooManyEntries,
    /// The bytes end inside an entry.
    #[error("the bundle ends inside an entry")]
    Truncated,
}

/// The bundle of these entries.
///
/// # Errors
/// [`BundleError`] where they are too many or one is too long.
pub fn encode_entries<'a>(
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    for (count, entry) in entries.into_iter().enumerate() {
        refuse_if(count >= usize::from(TILE_WIDTH), BundleError::TooManyEntries)?;
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// [`BundleError`] where the bytes are no bundle.
pub fn decode_entries(mut bytes: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        refuse_if(entries.len() >= usize::from(TILE_WIDTH), BundleError::TooManyEntries)?;
        let (length, rest) = bytes.split_first_chunk::<2>().ok_or(BundleError::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, rest) = rest.split_at_checked(length).ok_or(BundleError::Truncated)?;
        entries.push(entry);
        bytes = rest;
    }
    Ok(entries)
}
