//! Keys and signatures, each with a type tag on the wire: ed25519 now, others later in this field.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::newtype::serde_by_text;

/// A public key. The first byte on the wire is its type: 0 is ed25519.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum PublicKey {
    /// An ed25519 key (RFC 8032), judged by ZIP-215.
    Ed25519([u8; 32]) = 0,
}

impl PublicKey {
    /// The type tag.
    #[must_use]
    pub const fn tag(&self) -> u8 {
        match self {
            Self::Ed25519(_) => 0,
        }
    }

    /// The key's bytes without the tag.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        match self {
            Self::Ed25519(bytes) => bytes,
        }
    }

    /// Whether the key may be registered: a canonical point that is not of small order.
    ///
    /// Asked wherever a key enters the state (protocol rule 6).
    #[must_use]
    pub fn is_registrable(&self) -> bool {
        let Self::Ed25519(bytes) = self;
        if !has_canonical_y(bytes) {
            return false;
        }
        // What else is not canonical has x = 0 with its sign set: points of small order too.
        ed25519_dalek::VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak())
    }
}

/// Whether the y of an encoded point is below 2^255 − 19, the field's order (RFC 8032 5.1.3).
fn has_canonical_y(bytes: &[u8; 32]) -> bool {
    let [lowest, between @ .., highest] = bytes;
    // The highest bit is the sign of x.
    *lowest < 0xED || highest & 0x7F != 0x7F || between.iter().any(|byte| *byte != 0xFF)
}

impl core::fmt::Display for PublicKey {
    /// `ed25519:` and 64 hexadecimal digits.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self::Ed25519(bytes) = self;
        write!(f, "ed25519:{}", hex::encode(bytes))
    }
}

impl core::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for PublicKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let digits = text.strip_prefix("ed25519:").ok_or(ParseKeyError)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| ParseKeyError)?;
        Ok(Self::Ed25519(bytes))
    }
}

serde_by_text!(PublicKey);

/// The text is not a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is \"ed25519:\" and 64 hexadecimal digits")]
pub struct ParseKeyError;

/// A signature. The first byte on the wire is its type: 0 is ed25519.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Signature {
    /// An ed25519 signature (RFC 8032).
    Ed25519([u8; 64]) = 0,
}

impl Signature {
    /// The signature's bytes without the tag.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        match self {
            Self::Ed25519(bytes) => bytes,
        }
    }
}

impl core::fmt::Display for Signature {
    /// `ed25519:` and 128 hexadecimal digits.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ed25519:{}", hex::encode(self.as_bytes()))
    }
}

impl core::fmt::Debug for Signature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for Signature {
    type Err = ParseSignatureError;

    fn from_str(text: &str) -> Result<Self, ParseSignatureError> {
        let digits = text.strip_prefix("ed25519:").ok_or(ParseSignatureError)?;
        let mut bytes = [0; 64];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| ParseSignatureError)?;
        // Every signature has one text.
        let signature = Self::Ed25519(bytes);
        if signature.to_string() == text { Ok(signature) } else { Err(ParseSignatureError) }
    }
}

serde_by_text!(Signature);

/// The text is not a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature is \"ed25519:\" and 128 hexadecimal digits")]
pub struct ParseSignatureError;

/// A secret signing key; wiped from memory when dropped, never shown.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key made from a 32-byte seed (RFC 8032's private key).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The seed. Whoever holds it is the signer: store it encrypted.
    #[must_use]
    pub fn seed(&self) -> zeroize::Zeroizing<[u8; 32]> {
        zeroize::Zeroizing::new(self.0.to_bytes())
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.0.verifying_key().to_bytes())
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        use ed25519_dalek::Signer as _;
        Signature::Ed25519(self.0.sign(message).to_bytes())
    }
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SigningKey(of {})", self.public_key())
    }
}
