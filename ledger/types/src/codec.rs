//! Canonical encoding (borsh) and total, bounded decoding.
//!
//! Decoding refuses trailing bytes, lengths past the caller's limit, and every non-canonical form,
//! so two different byte strings never mean the same value.

use borsh::{BorshDeserialize, BorshSerialize};

/// The canonical bytes of a value.
#[must_use]
pub fn encode<T: BorshSerialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    append(value, &mut bytes);
    bytes
}

/// Appends the canonical bytes of a value.
pub fn append<T: BorshSerialize>(value: &T, bytes: &mut Vec<u8>) {
    // Writing to memory fails only for lengths over u32, which every type here excludes by its
    // limits; the length is then visibly short and nothing decodes from it.
    let _ = value.serialize(bytes);
}

/// Why bytes do not decode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than this kind of value may have.
    #[error("{length} bytes, the most is {most}")]
    TooLarge {
        /// How many bytes there were.
        length: usize,
        /// The most that are allowed.
        most: usize,
    },
    /// The bytes are not the canonical encoding of any value of this kind.
    #[error("not a canonical encoding: {reason}")]
    Malformed {
        /// What the decoder met.
        reason: String,
    },
}

/// Decodes exactly one value from at most `most` bytes.
///
/// # Errors
/// [`DecodeError`] where the bytes are too many or not canonical.
pub fn decode<T: BorshDeserialize>(bytes: &[u8], most: usize) -> Result<T, DecodeError> {
    if bytes.len() > most {
        return Err(DecodeError::TooLarge { length: bytes.len(), most });
    }
    borsh::from_slice(bytes).map_err(|error| DecodeError::Malformed { reason: error.to_string() })
}
