//! Names and verifier keys of those who sign notes.

use ledger_types::{Hash, PublicKey, refuse_if};

use crate::text::{base64, from_base64};

/// The most bytes that a key's name has.
const NAME_BYTES_MAX: usize = 255;

/// The name of a key, a log or a witness: 1 to 255 bytes without spaces of any kind, plus signs and
/// control characters. A URL without its scheme is usual.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// A name, or `None` where the text is none.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let bad = |c: char| c.is_whitespace() || c == '+' || c < ' ';
        let sized = !name.is_empty() && name.len() <= NAME_BYTES_MAX;
        (sized && !name.contains(bad)).then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for KeyName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::fmt::Debug for KeyName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a key signs: its type byte tells the two apart, so one key's id differs between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SignatureKind {
    /// The text of a note (type 0x01): a log's own signature.
    Ed25519,
    /// A checkpoint at a time (type 0x04): a witness's cosignature/v1.
    Cosignature,
}

impl SignatureKind {
    /// The type byte.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }

    const fn from_number(number: u8) -> Option<Self> {
        match number {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::Cosignature),
            _ => None,
        }
    }
}

/// What verifies one signer's signatures: `name+hex(key id)+base64(type ‖ key)` as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    /// The signer's name.
    pub name: KeyName,
    /// What the key signs.
    pub kind: SignatureKind,
    /// The key.
    pub key: PublicKey,
}

/// Why a text is no verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not three parts with a plus sign between them, or a part is malformed.
    #[error("a verifier key is a name, 8 hexadecimal digits and base64, joined by plus signs")]
    Malformed,
    /// A type of signature that is not supported.
    #[error("a verifier key of type {number:#04x} is not supported")]
    UnknownKind {
        /// The type byte.
        number: u8,
    },
    /// The id in the text is not the key's.
    #[error("the key id is not that of the name and the key")]
    WrongId,
    /// The key is no canonical point, or of small order.
    #[error("the key is no canonical point of large order")]
    BadKey,
}

impl VerifierKey {
    /// The key's id: `SHA-256(name ‖ newline ‖ type ‖ key)`, the first 4 bytes.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let Self { name, kind, key } = self;
        let whole = Hash::of(&[name.0.as_bytes(), b"\n", &[kind.number()], key.as_bytes()]);
        *whole.network().as_bytes()
    }

    /// Reads a verifier key.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let mut part = || parts.next().ok_or(KeyError::Malformed);
        let (name, id, key) = (part()?, part()?, part()?);
        let name = KeyName::new(name).ok_or(KeyError::Malformed)?;
        let bytes = from_base64(key).ok_or(KeyError::Malformed)?;
        let (number, key) = bytes.split_first().ok_or(KeyError::Malformed)?;
        let kind =
            SignatureKind::from_number(*number).ok_or(KeyError::UnknownKind { number: *number })?;
        let key: [u8; 32] = key.try_into().map_err(|_| KeyError::Malformed)?;
        let verifier = Self { name, kind, key: PublicKey::Ed25519(key) };
        refuse_if(id != hex::encode(verifier.id()), KeyError::WrongId)?;
        if verifier.key.is_registrable() { Ok(verifier) } else { Err(KeyError::BadKey) }
    }
}

impl core::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let bytes = [&[self.kind.number()], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), base64(&bytes))
    }
}
