//! Salted commitments: what the ledger shows of a text that stays with the parties.
//!
//! Commitment = SHA-256(tag ‖ salt of 32 bytes ‖ data); structured data is RFC 8785 canonical
//! JSON. A fresh salt each time keeps two commitments to one text apart, and destroying the salt
//! erases what the ledger could ever prove.

pub use ledger_types::hash::TAG_TERMS;
use ledger_types::{Day, Hash, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::canonical::{NotCanonical, canonical_document};
use crate::entropy;

/// Tag of the evidence that a notice was presented.
pub const TAG_PRESENTATION: &[u8] = b"kyojo/presentation/v1";

/// 32 random bytes that keep a commitment from being guessed; wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Salt(#[serde(with = "hex::serde")] [u8; 32]);

impl Salt {
    /// A fresh salt from the operating system's generator.
    #[must_use]
    pub fn fresh() -> Self {
        Self(entropy::fresh())
    }

    /// A salt kept elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a sweep that looks for them where they must not be.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The commitment to `data` under `tag`.
    #[must_use]
    pub fn commit(&self, tag: &[u8], data: &[u8]) -> Hash {
        Hash::of(&[tag, &self.0, data])
    }
}

impl core::fmt::Debug for Salt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// A document with the salt of its commitment: whoever has both can show what was committed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening<T> {
    /// What was committed to.
    pub document: T,
    /// The salt.
    pub salt: Salt,
}

impl<T: Serialize> Opening<T> {
    /// The document under a fresh salt.
    #[must_use]
    pub fn fresh(document: T) -> Self {
        Self { document, salt: Salt::fresh() }
    }

    /// The commitment that this opens.
    ///
    /// # Errors
    /// [`NotCanonical`] where the document has a number that is not whole or too large.
    pub fn commitment(&self, tag: &[u8]) -> Result<Hash, NotCanonical> {
        Ok(self.salt.commit(tag, canonical_document(&self.document)?.as_bytes()))
    }

    /// Checks that this opens `commitment`.
    ///
    /// # Errors
    /// [`DoesNotOpen`] where document, salt or tag is another.
    pub fn check(&self, tag: &[u8], commitment: &Hash) -> Result<(), DoesNotOpen> {
        match self.commitment(tag) {
            Ok(found) if found == *commitment => Ok(()),
            _ => Err(DoesNotOpen),
        }
    }
}

/// A random identity: a consent's, a view's.
#[must_use]
pub fn random_id() -> Hash {
    Hash::new(entropy::fresh())
}

/// An identity of what ends: the day of `now`, in the network's time, then random bytes.
#[must_use]
pub fn dated_id(now: Timestamp) -> Hash {
    Day::of(now).id(random_id())
}

/// The document and the salt are not what was committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document and its salt are not what was committed to")]
pub struct DoesNotOpen;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_bytes_are_pinned() {
        let opening =
            Opening { document: json!({ "b": 1, "a": "同意" }), salt: Salt::from_bytes([7; 32]) };
        assert_eq!(
            opening.commitment(TAG_TERMS).unwrap(),
            Hash::of(&[b"kyojo/terms/v1", &[7; 32], "{\"a\":\"同意\",\"b\":1}".as_bytes()])
        );
        assert_eq!(opening.commitment(TAG_TERMS).unwrap().to_string(), PINNED);
    }

    // Worked out with another SHA-256: sha256(b"kyojo/terms/v1" + b"\x07"*32 + text).
    const PINNED: &str = "702e02ed237c3698f202f6510121319e0a86ffae3a8275505699d5bc6ad18adf";

    #[test]
    fn an_opening_opens_its_own_commitment_only() {
        let opening = Opening::fresh(json!({ "purpose": "care" }));
        let commitment = opening.commitment(TAG_TERMS).unwrap();
        assert_eq!(opening.check(TAG_TERMS, &commitment), Ok(()));
        assert_eq!(opening.check(TAG_PRESENTATION, &commitment), Err(DoesNotOpen));
        let resalted = Opening { salt: Salt::fresh(), ..opening.clone() };
        assert_eq!(resalted.check(TAG_TERMS, &commitment), Err(DoesNotOpen));
        let other = Opening { document: json!({ "purpose": "sales" }), ..opening };
        assert_eq!(other.check(TAG_TERMS, &commitment), Err(DoesNotOpen));
        let fraction = Opening::fresh(json!(0.5));
        assert_eq!(fraction.check(TAG_TERMS, &commitment), Err(DoesNotOpen));
    }

    #[test]
    fn a_salt_is_not_printed_and_two_are_never_equal() {
        assert_eq!(format!("{:?}", Salt::from_bytes([7; 32])), "Salt(…)");
        assert_ne!(Salt::fresh(), Salt::fresh());
    }

    proptest! {
        #[test]
        fn another_document_or_salt_never_opens(one: String, other: String, salt: [u8; 32]) {
            let made = Opening { document: Value::from(one.clone()), salt: Salt::from_bytes(salt) };
            let commitment = made.commitment(TAG_TERMS).unwrap();
            let tried = Opening { document: Value::from(other.clone()), salt: made.salt.clone() };
            prop_assert_eq!(tried.check(TAG_TERMS, &commitment).is_ok(), one == other);
            let mut flipped = salt;
            flipped[0] ^= 1;
            let tried = Opening { document: made.document, salt: Salt::from_bytes(flipped) };
            prop_assert!(tried.check(TAG_TERMS, &commitment).is_err());
        }
    }
}
