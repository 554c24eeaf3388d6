//! A slot in use: a record, its key in few bytes, and where the next key is.

use core::num::NonZeroU8;

use super::Key;

/// The most bytes of a key that lie in the slot itself: those of all keys of which there may be
/// millions, an account's and a sub-account's.
const SHORT_BYTES_MAX: usize = 23;

/// A slot in use.
#[derive(Clone, Debug)]
pub(super) struct Slot<V> {
    pub(super) key: SlotKey,
    /// The slot of the next key.
    pub(super) next: u32,
    pub(super) value: V,
}

/// A key as a slot holds it: half of what a [`Key`] takes. Equal keys are held alike.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum SlotKey {
    /// In the slot: the bytes, padded with zeros, and how many of them are the key's.
    Short { padded: [u8; SHORT_BYTES_MAX], length: NonZeroU8 },
    /// Elsewhere.
    Long(Box<Key>),
}

const _: () = assert!(size_of::<SlotKey>() <= 24, "the length says which form a key is in");

impl SlotKey {
    /// The form of a key.
    pub(super) fn new(key: &Key) -> Self {
        let bytes = key.as_bytes();
        let length = u8::try_from(bytes.len()).ok().and_then(NonZeroU8::new);
        let mut padded = [0; SHORT_BYTES_MAX];
        match (padded.get_mut(..bytes.len()), length) {
            (Some(place), Some(length)) => {
                place.copy_from_slice(bytes);
                Self::Short { padded, length }
            }
            _ => Self::Long(Box::new(*key)),
        }
    }

    /// The key's bytes.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { padded, length } => {
                padded.get(..usize::from(length.get())).unwrap_or(padded)
            }
            Self::Long(key) => key.as_bytes(),
        }
    }

    /// The key.
    pub(super) fn to_key(&self) -> Option<Key> {
        match self {
            Self::Short { .. } => Key::new(self.as_bytes()),
            Self::Long(key) => Some(**key),
        }
    }
}

impl core::fmt::Debug for SlotKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:?}", self.to_key())
    }
}

#[cfg(test)]
mod tests {
    use super::super::KEY_BYTES_MAX;
    use super::*;

    #[test]
    fn a_key_of_any_length_is_held_whole() {
        for length in 1..=KEY_BYTES_MAX {
            let key = Key::new(&vec![7; length]).unwrap();
            let held = SlotKey::new(&key);
            assert_eq!(matches!(held, SlotKey::Long(_)), length > SHORT_BYTES_MAX);
            assert_eq!(held.as_bytes(), key.as_bytes());
            assert_eq!(held.to_key(), Some(key));
        }
    }
}
