//! ristretto255 as it stands in bytes: points and scalars with one encoding each, the generators,
//! and hashing to scalars.

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use sha2::{Digest as _, Sha512};

/// Tag of the second generator.
const TAG_GENERATOR: &[u8] = b"kyojo/sharing/generator/1";

/// Ristretto255's base, `g`.
pub(super) const BASE: RistrettoPoint = RISTRETTO_BASEPOINT_POINT;

/// The second generator, `G`: nobody knows its logarithm to `g`.
pub(super) fn generator() -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&digest(TAG_GENERATOR, &[]))
}

/// SHA-512 over a tag and parts, each of a length that the tag and the parts before it say.
pub(super) fn digest(tag: &[u8], parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    hasher.update(tag);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// A scalar from a hash, without bias: all 512 bits modulo the group's order.
pub(super) fn scalar_of(tag: &[u8], parts: &[&[u8]]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&digest(tag, parts))
}

macro_rules! thirty_two_bytes {
    ($($(#[$meta:meta])* pub struct $name:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
        pub struct $name([u8; 32]);

        impl $name {
            /// The one with these bytes; nothing is checked.
            #[must_use]
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                hex::serde::deserialize(deserializer).map(Self)
            }
        }
    )+ };
}

thirty_two_bytes! {
    /// A point's encoding (RFC 9496 section 4.3), whether or not it decodes; 64 hexadecimal digits.
    pub struct PointBytes;
    /// A scalar, little-endian, whether or not below the group's order; 64 hexadecimal digits.
    pub struct ScalarBytes;
}

impl PointBytes {
    pub(super) fn of(point: &RistrettoPoint) -> Self {
        Self(point.compress().to_bytes())
    }

    /// The point, where this is its one encoding and it is not the identity.
    pub(super) fn point(&self) -> Option<RistrettoPoint> {
        CompressedRistretto(self.0).decompress().filter(|point| !point.is_identity())
    }
}

impl ScalarBytes {
    pub(super) fn of(scalar: &Scalar) -> Self {
        Self(scalar.to_bytes())
    }

    /// The scalar, where it is below the group's order.
    pub(super) fn scalar(&self) -> Option<Scalar> {
        Scalar::from_canonical_bytes(self.0).into_option()
    }
}
