//! Keys of records: short byte strings kept inline, ordered by their bytes.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::{
    AccountId, BankId, ConsentId, InstrumentId, LegalBasisId, MemberId, NoticeId, PartyId,
    ProgrammeId, VocabularyId, ZoneId,
};
use crate::money::ReferenceMark;
use crate::oversight::{Duty, DutyKind, Owed};
use crate::programme::LeafPlace;
use crate::registry::Regime;
use crate::time::Timestamp;

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

/// A key in the making: the number of its record's kind, then the identities it is found by.
pub(super) struct Building {
    padded: [u8; KEY_BYTES_MAX],
    length: u8,
}

impl Building {
    pub(super) const fn new(kind: u8) -> Self {
        let mut padded = [0; KEY_BYTES_MAX];
        padded[0] = kind;
        Self { padded, length: 1 }
    }

    pub(super) fn add(&mut self, part: &impl KeyPart) {
        part.add_to(self);
    }

    /// Adds bytes. No row of the table makes a key longer than its room: a test makes each once.
    fn bytes(&mut self, bytes: &[u8]) {
        let end = usize::from(self.length).saturating_add(bytes.len());
        if let Some(room) = self.padded.get_mut(usize::from(self.length)..end) {
            room.copy_from_slice(bytes);
            self.length = u8::try_from(end).unwrap_or(self.length);
        }
    }

    pub(super) const fn key(self) -> Key {
        Key { padded: self.padded, length: self.length }
    }
}

/// A part of a key: numbers are big-endian, so that their order is that of the bytes.
pub(super) trait KeyPart {
    fn add_to(&self, building: &mut Building);
}

macro_rules! parts {
    ($($type:ty: |$part:ident| $bytes:expr;)+) => { $(
        impl KeyPart for $type {
            fn add_to(&self, building: &mut Building) {
                let $part = self;
                building.bytes(&$bytes);
            }
        }
    )+ };
}

parts! {
    u16: |number| number.to_be_bytes();
    u32: |number| number.to_be_bytes();
    InstrumentId: |instrument| instrument.get().to_be_bytes();
    ProgrammeId: |programme| programme.get().to_be_bytes();
    AccountId: |account| *account.as_bytes();
    Hash: |hash| *hash.as_bytes();
    ReferenceMark: |mark| *mark.as_bytes();
    ConsentId: |consent| *consent.get().as_bytes();
    BankId: |bank| bank.get().to_be_bytes();
    ZoneId: |zone| zone.get().to_be_bytes();
    MemberId: |member| member.get().to_be_bytes();
    PartyId: |party| party.get().to_be_bytes();
    NoticeId: |notice| notice.get().to_be_bytes();
    VocabularyId: |vocabulary| vocabulary.get().to_be_bytes();
    LegalBasisId: |basis| basis.get().to_be_bytes();
    Timestamp: |time| time.as_millis().to_be_bytes();
    Regime: |regime| [match regime {
        Regime::Private => 0,
        Regime::PublicBody => 1,
        Regime::HospitalOrUniversity => 2,
    }];
}

impl<T: KeyPart> KeyPart for &T {
    fn add_to(&self, building: &mut Building) {
        (*self).add_to(building);
    }
}

impl KeyPart for LeafPlace {
    fn add_to(&self, building: &mut Building) {
        building.add(&self.list);
        building.add(&self.index);
    }
}

impl KeyPart for Owed {
    /// Reviews before all else, then by debtor, so that each has its turn.
    fn add_to(&self, building: &mut Building) {
        building.bytes(&[u8::from(self.duty.kind() != DutyKind::Review)]);
        building.add(&self.debtor);
        building.add(&self.deadline);
        building.add(&self.duty);
    }
}

impl KeyPart for Duty {
    /// The duty's number and 32 bytes that tell it from others of its number.
    fn add_to(&self, building: &mut Building) {
        let (number, id) = match self {
            Self::Acknowledge(consent) => (0, consent.get()),
            Self::Answer(request) => (1, *request),
            Self::Match(access) => (2, *access),
            Self::MatchHour { holder, recipient, hour } => {
                building.bytes(&[3]);
                building.add(holder);
                building.add(recipient);
                building.add(hour);
                return building.bytes(&[0; 20]);
            }
            Self::Review(glass) => (4, *glass),
            Self::Notify(glass) => (5, *glass),
        };
        building.bytes(&[number]);
        building.add(&id);
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
