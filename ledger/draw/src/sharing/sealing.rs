//! A member's sealing key, to which shares are sealed, and the proof that its holder has it.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "arithmetic of a group and a field of prime order does not overflow"
)]

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::scalar::Scalar;
use ledger_types::Hash;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use super::group::{PointBytes, digest, generator, scalar_of};
use super::proof::{EqualityProof, Pair};

/// The most members to whom a secret is shared.
pub const MEMBERS_MAX: u8 = 16;
/// Tag of a sealing key.
const TAG_SEALING: &[u8] = b"kyojo/sharing/sealing-key/1";
/// Tag of what a proof of possession is about.
const TAG_POSSESSION: &[u8] = b"kyojo/sharing/possession/1";

/// The public half `y = x·G` of a sealing key.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
pub struct SealingPublic(PointBytes);

impl SealingPublic {
    /// The key with this encoding; whether it is sound, [`Possession`] says.
    #[must_use]
    pub const fn new(encoding: PointBytes) -> Self {
        Self(encoding)
    }

    /// Its encoding.
    #[must_use]
    pub const fn encoding(&self) -> &PointBytes {
        &self.0
    }
}

/// The secret half `x` of a sealing key; wiped when dropped, never shown.
#[derive(Clone)]
pub struct SealingSecret(Scalar);

impl SealingSecret {
    /// The key made from 32 random bytes, which are all that its holder has to keep.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let scalar = scalar_of(TAG_SEALING, &[seed]);
        // No seed is known for which this matters; without an inverse no share could be opened.
        Self(if scalar == Scalar::ZERO { Scalar::ONE } else { scalar })
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> SealingPublic {
        SealingPublic(PointBytes::of(&(self.0 * generator())))
    }

    /// Proves, for one context, that the holder of the public half knows the secret one.
    #[must_use]
    pub fn prove_possession(&self, context: &Hash) -> Possession {
        let (base, public) = (generator(), self.public());
        let pair = Pair { base, image: self.0 * base };
        let statement = statement(context, &public);
        let proof = EqualityProof::prove(&statement, 0, &[pair], &self.0, &self.0.to_bytes());
        Possession(proof)
    }

    pub(super) const fn scalar(&self) -> &Scalar {
        &self.0
    }
}

impl Drop for SealingSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl core::fmt::Debug for SealingSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SealingSecret(of {})", self.public().0)
    }
}

/// A proof that a sealing key is its holder's own, and not made from others' keys.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Possession(EqualityProof);

impl Possession {
    /// The possession that this proof says.
    #[must_use]
    pub const fn new(proof: EqualityProof) -> Self {
        Self(proof)
    }

    /// The proof.
    #[must_use]
    pub const fn proof(&self) -> &EqualityProof {
        &self.0
    }

    /// Whether `public` is a sound key (the one encoding of a point that is not the identity) whose
    /// secret half was known to whoever made this, in this context.
    #[must_use]
    pub fn holds(&self, context: &Hash, public: &SealingPublic) -> bool {
        let Some(image) = public.0.point() else { return false };
        let pair = Pair { base: generator(), image };
        self.0.holds(&statement(context, public), 0, &[pair])
    }
}

fn statement(context: &Hash, public: &SealingPublic) -> [u8; 64] {
    digest(TAG_POSSESSION, &[context.as_bytes(), public.0.as_bytes()])
}
