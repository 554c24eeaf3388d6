//! Keys of records: short byte strings kept inline, ordered by their bytes.

use borsh::{BorshDeserialize, BorshSerialize};

/// The most bytes that a key has.
pub const KEY_BYTES_MAX: usize = 48;

const _: () = assert!(KEY_BYTES_MAX <= 255, "a key's length is one byte in its leaf");

/// The key of a record: 1 to 48 bytes. The empty key is the sentinel's alone.
///
/// Ordered as its bytes are: padding with zeros keeps that order, and the length settles ties.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    padded: [u8; KEY_BYTES_MAX],
    length: u8,
}

impl Key {
    /// A key, or `None` where there are no bytes or more than [`KEY_BYTES_MAX`].
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let length = u8::try_from(bytes.len()).ok().filter(|length| *length > 0)?;
        let mut padded = [0; KEY_BYTES_MAX];
        padded.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { padded, length })
    }

    /// A key of these bytes, whose count is checked when the program is compiled.
    #[must_use]
    pub fn of<const N: usize>(bytes: [u8; N]) -> Self {
        const { assert!(N > 0 && N <= KEY_BYTES_MAX, "a key has 1 to 48 bytes") };
        let mut padded = [0; KEY_BYTES_MAX];
        let mut length = 0_u8;
        for ((place, byte), count) in padded.iter_mut().zip(bytes).zip(1_u8..) {
            *place = byte;
            length = count;
        }
        Self { padded, length }
    }

    /// The key's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.padded.get(..usize::from(self.length)).unwrap_or(&self.padded)
    }
}

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl BorshSerialize for Key {
    /// One byte of length, then the bytes.
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
        writer.write_all(&[self.length])?;
        writer.write_all(self.as_bytes())
    }
}

impl BorshDeserialize for Key {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        let malformed = || borsh::io::Error::new(borsh::io::ErrorKind::InvalidData, "bad key");
        let length = u8::deserialize_reader(reader)?;
        let mut padded = [0; KEY_BYTES_MAX];
        let bytes = padded.get_mut(..usize::from(length)).ok_or_else(malformed)?;
        reader.read_exact(bytes)?;
        Self::new(bytes).ok_or_else(malformed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_ordered_as_their_bytes(
            a in prop::collection::vec(0..3_u8, 1..6),
            b in prop::collection::vec(0..3_u8, 1..6),
        ) {
            let (one, other) = (Key::new(&a).unwrap(), Key::new(&b).unwrap());
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
            prop_assert_eq!(one.as_bytes(), a.as_slice());
        }
    }

    #[test]
    fn a_key_has_1_to_48_bytes() {
        assert_eq!(Key::new(&[]), None);
        assert_eq!(Key::new(&[7; 49]), None);
        assert_eq!(Key::new(&[7; 300]), None);
        assert_eq!(Key::new(&[7; 48]).unwrap().as_bytes(), [7; 48]);
    }

    #[test]
    fn encoding_is_one_form_alone() {
        let key = Key::new(b"key").unwrap();
        assert_eq!(borsh::to_vec(&key).unwrap(), b"\x03key");
        assert_eq!(borsh::from_slice::<Key>(b"\x03key").unwrap(), key);
        for wrong in [&b"\x00"[..], b"\x04key", b"\x02key", &[49; 50], &[255; 256]] {
            assert!(borsh::from_slice::<Key>(wrong).is_err(), "{wrong:?}");
        }
    }
}
