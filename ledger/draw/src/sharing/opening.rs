//! Opening a secret that its dealer withholds: members open their shares, and enough make it up.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "arithmetic of a group and a field of prime order does not overflow"
)]

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use ledger_types::Hash;
use serde::{Deserialize, Serialize};

use super::group::{PointBytes, digest, generator};
use super::proof::{EqualityProof, Pair};
use super::sealing::{MEMBERS_MAX, SealingPublic, SealingSecret};

/// Tag of what the proof of an opened share is about.
const TAG_OPENING: &[u8] = b"kyojo/sharing/opening/1";

/// A share that its member opened.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct OpenedShare {
    /// `S_i = x_i⁻¹·Y_i`.
    pub opened: PointBytes,
    /// That the member's sealing key opens the sealed share to it.
    pub proof: EqualityProof,
}

/// Opens the share `sealed` of the member with this number, counted from 1, in a dealing that was
/// checked in this context.
///
/// # Errors
/// [`OpeningError::Share`] where the sealed share is not sound, as none in a checked dealing is.
pub fn open_share(
    secret: &SealingSecret,
    context: &Hash,
    member: u8,
    sealed: &PointBytes,
) -> Result<OpenedShare, OpeningError> {
    let image = sealed.point().ok_or(OpeningError::Share { member })?;
    let key = secret.scalar();
    let share = key.invert() * image;
    let opened = PointBytes::of(&share);
    let public = secret.public();
    let statement = statement(context, member, &public, sealed, &opened);
    let base = generator();
    let pairs = [Pair { base, image: key * base }, Pair { base: share, image }];
    let proof = EqualityProof::prove(&statement, member, &pairs, key, &key.to_bytes());
    Ok(OpenedShare { opened, proof })
}

impl OpenedShare {
    /// Checks that the member's sealing key opens its sealed share to this.
    ///
    /// # Errors
    /// [`OpeningError::Share`] where a point is not sound, [`OpeningError::Proof`] where the proof
    /// is not one of this.
    pub fn check(
        &self,
        context: &Hash,
        member: u8,
        public: &SealingPublic,
        sealed: &PointBytes,
    ) -> Result<(), OpeningError> {
        let points = (public.encoding().point(), self.opened.point(), sealed.point());
        let (Some(key), Some(share), Some(image)) = points else {
            return Err(OpeningError::Share { member });
        };
        let statement = statement(context, member, public, sealed, &self.opened);
        let pairs = [Pair { base: generator(), image: key }, Pair { base: share, image }];
        if !self.proof.holds(&statement, member, &pairs) {
            return Err(OpeningError::Proof { member });
        }
        Ok(())
    }
}

fn statement(
    context: &Hash,
    member: u8,
    public: &SealingPublic,
    sealed: &PointBytes,
    opened: &PointBytes,
) -> [u8; 64] {
    let points = [public.encoding(), sealed, opened].map(|point| point.as_bytes().as_slice());
    let [key, sealed, opened] = points;
    digest(TAG_OPENING, &[context.as_bytes(), &[member], key, sealed, opened])
}

/// The secret that opened shares make up: members' numbers, each once, with what they opened.
///
/// All of the shares were checked; so any `threshold` or more of them give the same.
///
/// # Errors
/// [`OpeningError`] where they are too few, a number is not one or stands twice, or a point is not
/// sound.
pub fn combine(threshold: u8, shares: &[(u8, PointBytes)]) -> Result<PointBytes, OpeningError> {
    if shares.len() < usize::from(threshold.max(1)) {
        return Err(OpeningError::TooFew { given: shares.len(), threshold });
    }
    let mut points = Vec::with_capacity(shares.len());
    for (place, (member, opened)) in shares.iter().enumerate() {
        let member = *member;
        if member == 0 || member > MEMBERS_MAX {
            return Err(OpeningError::Member { member });
        }
        if shares.iter().take(place).any(|(other, _)| *other == member) {
            return Err(OpeningError::Twice { member });
        }
        points.push(opened.point().ok_or(OpeningError::Share { member })?);
    }
    let numbers: Vec<u8> = shares.iter().map(|(member, _)| *member).collect();
    let weights = numbers.iter().map(|number| weight(*number, &numbers));
    Ok(PointBytes::of(&RistrettoPoint::vartime_multiscalar_mul(weights, points)))
}

/// Lagrange's coefficient at 0 of one place among distinct others: `Π j / (j − i)`.
fn weight(place: u8, places: &[u8]) -> Scalar {
    let place = Scalar::from(place);
    let others = places.iter().map(|other| Scalar::from(*other)).filter(|other| *other != place);
    let (above, below) = others.fold((Scalar::ONE, Scalar::ONE), |(above, below), other| {
        (above * other, below * (other - place))
    });
    above * below.invert()
}

/// Why a secret is not opened. Members count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// The scalar is not the one that its dealer committed to.
    #[error("what is revealed is not what was committed to")]
    Revealed,
    /// No member has this number.
    #[error("{member} is no member's number")]
    Member {
        /// The number.
        member: u8,
    },
    /// A member's share is given twice.
    #[error("the share of member {member} stands twice")]
    Twice {
        /// Whose.
        member: u8,
    },
    /// A point of a member is not the one encoding of a point other than the identity.
    #[error("a point of member {member} is not sound")]
    Share {
        /// Whose.
        member: u8,
    },
    /// The proof does not show that the sealed share opens to this.
    #[error("the share of member {member} does not open to this")]
    Proof {
        /// Whose.
        member: u8,
    },
    /// Fewer shares than are needed.
    #[error("{given} shares, {threshold} are needed")]
    TooFew {
        /// How many there are.
        given: usize,
        /// How many are needed.
        threshold: u8,
    },
}
