//! Dealing a secret in shares, and the check of a dealing that needs no secret.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "arithmetic of a group and a field of prime order does not overflow"
)]

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;
use ledger_types::Hash;
use ledger_types::codec::{self, DecodeError};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::group::{BASE, PointBytes, ScalarBytes, digest, generator, scalar_of};
use super::opening::OpeningError;
use super::proof::{EqualityProof, Pair};
use super::sealing::{MEMBERS_MAX, SealingPublic};

/// The most bytes of a dealing: two counts, 16 commitments, 16 shares with their proofs.
pub const DEALING_BYTES_MAX: usize = 2 * 4 + 16 * 32 + 16 * 96;

/// Tag of what a dealing is made for.
const TAG_TERMS: &[u8] = b"kyojo/sharing/terms/1";
/// Tag of what a dealing's proofs are about.
const TAG_DEALING: &[u8] = b"kyojo/sharing/dealing/1";
/// Tag of a polynomial's coefficients.
const TAG_COEFFICIENT: &[u8] = b"kyojo/sharing/coefficient/1";

/// A secret, committed to and sealed in shares to members.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Dealing {
    /// `C_j = a_j·g` for the coefficients of the polynomial, the constant first.
    pub commitments: Vec<PointBytes>,
    /// The shares, in the order of the members.
    pub shares: Vec<SealedShare>,
}

/// One member's share, which only it can open.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct SealedShare {
    /// `Y_i = p(i)·y_i`.
    pub sealed: PointBytes,
    /// That `p(i)` is the same in it and in what the commitments say.
    pub proof: EqualityProof,
}

/// Deals the secret that follows from `seed`, so that any `threshold` of the members can open it.
///
/// The seed is 32 random bytes, used in no other way, and all that a dealer keeps: the same inputs
/// always give the same dealing, other inputs one that has nothing in common with it.
///
/// # Errors
/// [`DealingError`] where members or threshold are such that no dealing of theirs is sound.
pub fn deal(
    seed: &[u8; 32],
    context: &Hash,
    members: &[SealingPublic],
    threshold: u8,
) -> Result<Dealing, DealingError> {
    let keys = sound_members(members, threshold)?;
    let terms = terms(context, members, threshold);
    let polynomial = Polynomial::of(seed, &terms, threshold);
    let commitments: Vec<_> =
        polynomial.0.iter().map(|one| PointBytes::of(&RistrettoPoint::mul_base(one))).collect();
    let values: Vec<_> = (1..=MEMBERS_MAX).map(|number| polynomial.at(number)).collect();
    let values = Zeroizing::new(values);
    let pairs: Vec<[Pair; 2]> = keys.iter().zip(values.iter()).map(pairs_of).collect();
    let sealed: Vec<_> = pairs.iter().map(|[_, to]| PointBytes::of(&to.image)).collect();
    let statement = statement(&terms, &commitments, sealed.iter());
    let proved = (1..=MEMBERS_MAX).zip(&pairs).zip(values.iter()).zip(sealed);
    let shares = proved.map(|(((number, pairs), value), sealed)| SealedShare {
        sealed,
        proof: EqualityProof::prove(&statement, number, pairs, value, seed),
    });
    let shares = shares.collect();
    Ok(Dealing { commitments, shares })
}

/// What the dealer reveals after the close: `p(0)` of the dealing of the same inputs.
#[must_use]
pub fn reveal(
    seed: &[u8; 32],
    context: &Hash,
    members: &[SealingPublic],
    threshold: u8,
) -> ScalarBytes {
    let terms = terms(context, members, threshold);
    ScalarBytes::of(&coefficient(seed, &terms, 0))
}

impl Dealing {
    /// The dealing that these bytes are; nothing more is checked.
    ///
    /// # Errors
    /// [`DecodeError`] where they are too many or the canonical encoding of none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, DEALING_BYTES_MAX)
    }

    /// Its canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Checks everything that can be checked without a secret; then any `threshold` of the members
    /// open one and the same secret, the one that the dealer can reveal.
    ///
    /// `members` are sealing keys whose [`Possession`](super::Possession) was checked.
    ///
    /// # Errors
    /// [`DealingError`], the first that applies in its order.
    pub fn check(
        &self,
        context: &Hash,
        members: &[SealingPublic],
        threshold: u8,
    ) -> Result<(), DealingError> {
        let keys = sound_members(members, threshold)?;
        let (given, shares) = (self.commitments.len(), self.shares.len());
        if given != usize::from(threshold) {
            return Err(DealingError::Commitments { given, threshold });
        }
        if shares != members.len() {
            return Err(DealingError::Shares { given: shares, members: members.len() });
        }
        let commitments = (0..).zip(&self.commitments).map(|(number, commitment)| {
            commitment.point().ok_or(DealingError::Commitment { number })
        });
        let commitments = commitments.collect::<Result<Vec<_>, _>>()?;
        let terms = terms(context, members, threshold);
        let sealed = self.shares.iter().map(|share| &share.sealed);
        let statement = statement(&terms, &self.commitments, sealed);
        for ((member, share), key) in (1..).zip(&self.shares).zip(keys) {
            let sealed = share.sealed.point().ok_or(DealingError::Share { member })?;
            let committed = Pair { base: BASE, image: committed_at(&commitments, member) };
            let pairs = [committed, Pair { base: key, image: sealed }];
            if !share.proof.holds(&statement, member, &pairs) {
                return Err(DealingError::Proof { member });
            }
        }
        Ok(())
    }

    /// The secret by what its dealer reveals.
    ///
    /// # Errors
    /// [`OpeningError::Revealed`] where it is not the scalar that was committed to.
    pub fn check_revealed(&self, revealed: &ScalarBytes) -> Result<PointBytes, OpeningError> {
        let committed = self.commitments.first().and_then(PointBytes::point);
        let revealed = revealed.scalar().ok_or(OpeningError::Revealed)?;
        if committed != Some(RistrettoPoint::mul_base(&revealed)) {
            return Err(OpeningError::Revealed);
        }
        Ok(PointBytes::of(&(revealed * generator())))
    }
}

/// The polynomial of a dealing, the constant first; wiped when dropped.
struct Polynomial(Zeroizing<Vec<Scalar>>);

impl Polynomial {
    fn of(seed: &[u8; 32], terms: &[u8; 64], threshold: u8) -> Self {
        let all = (0..threshold).map(|number| coefficient(seed, terms, number));
        Self(Zeroizing::new(all.collect()))
    }

    fn at(&self, number: u8) -> Scalar {
        let place = Scalar::from(number);
        self.0.iter().rev().fold(Scalar::ZERO, |value, next| value * place + next)
    }
}

fn coefficient(seed: &[u8; 32], terms: &[u8; 64], number: u8) -> Scalar {
    scalar_of(TAG_COEFFICIENT, &[seed, terms, &[number]])
}

fn pairs_of((key, value): (&RistrettoPoint, &Scalar)) -> [Pair; 2] {
    [
        Pair { base: BASE, image: RistrettoPoint::mul_base(value) },
        Pair { base: *key, image: value * key },
    ]
}

/// `X_i = Σ iʲ·C_j`, by Horner's rule.
fn committed_at(commitments: &[RistrettoPoint], number: u8) -> RistrettoPoint {
    let sum = |value, next: &RistrettoPoint| times(&value, number) + next;
    commitments.iter().rev().fold(RistrettoPoint::identity(), sum)
}

/// A small multiple of a public point, by doubling.
fn times(point: &RistrettoPoint, number: u8) -> RistrettoPoint {
    let mut sum = RistrettoPoint::identity();
    for place in (0..u8::BITS.abs_diff(number.leading_zeros())).rev() {
        sum += sum;
        if number.checked_shr(place).is_some_and(|rest| rest & 1 == 1) {
            sum += point;
        }
    }
    sum
}

/// What a dealing is made for: context, threshold, members.
fn terms(context: &Hash, members: &[SealingPublic], threshold: u8) -> [u8; 64] {
    let counts = [threshold, u8::try_from(members.len()).unwrap_or(u8::MAX)];
    let head: [&[u8]; 2] = [context.as_bytes(), &counts];
    let keys = members.iter().map(|member| member.encoding().as_bytes().as_slice());
    digest(TAG_TERMS, &head.into_iter().chain(keys).collect::<Vec<_>>())
}

/// What a dealing's proofs are about: its terms and all its points. The terms say how many.
fn statement<'a>(
    terms: &'a [u8; 64],
    commitments: &'a [PointBytes],
    sealed: impl Iterator<Item = &'a PointBytes>,
) -> [u8; 64] {
    let points = commitments.iter().chain(sealed).map(|point| point.as_bytes().as_slice());
    digest(TAG_DEALING, &[terms.as_slice()].into_iter().chain(points).collect::<Vec<_>>())
}

fn sound_members(
    members: &[SealingPublic],
    threshold: u8,
) -> Result<Vec<RistrettoPoint>, DealingError> {
    let fits = |count: &u8| (1..=MEMBERS_MAX).contains(count);
    let Some(count) = u8::try_from(members.len()).ok().filter(fits) else {
        return Err(DealingError::Members { members: members.len() });
    };
    if threshold == 0 || threshold > count {
        return Err(DealingError::Threshold { threshold, members: count });
    }
    let mut keys = Vec::with_capacity(members.len());
    for (number, member) in (1..).zip(members) {
        keys.push(member.encoding().point().ok_or(DealingError::MemberKey { member: number })?);
        let others = members.iter().take(keys.len().abs_diff(1));
        // One encoding is one point.
        if others.into_iter().any(|other| other == member) {
            return Err(DealingError::SameMember { member: number });
        }
    }
    Ok(keys)
}

/// Why a dealing is refused. Members count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DealingError {
    /// There are no members, or too many.
    #[error("{members} members, at least 1 and at most {MEMBERS_MAX}")]
    Members {
        /// How many there are.
        members: usize,
    },
    /// The threshold is 0 or above the number of members.
    #[error("{threshold} of {members} members cannot open a secret")]
    Threshold {
        /// The threshold.
        threshold: u8,
        /// How many members there are.
        members: u8,
    },
    /// A member's key is not the one encoding of a point other than the identity.
    #[error("the sealing key of member {member} is not sound")]
    MemberKey {
        /// Which.
        member: u8,
    },
    /// A member has the key of one before it.
    #[error("member {member} has the sealing key of another")]
    SameMember {
        /// Which.
        member: u8,
    },
    /// Not as many commitments as the threshold.
    #[error("{given} commitments for a threshold of {threshold}")]
    Commitments {
        /// How many there are.
        given: usize,
        /// The threshold.
        threshold: u8,
    },
    /// Not as many shares as members.
    #[error("{given} shares for {members} members")]
    Shares {
        /// How many there are.
        given: usize,
        /// How many members there are.
        members: usize,
    },
    /// A commitment is not the one encoding of a point other than the identity.
    #[error("commitment {number} is not sound")]
    Commitment {
        /// Which, from 0.
        number: u8,
    },
    /// A share is not the one encoding of a point other than the identity.
    #[error("the share of member {member} is not sound")]
    Share {
        /// Whose.
        member: u8,
    },
    /// A share is another than the commitments say, or its proof is not one.
    #[error("the share of member {member} is not what is committed to")]
    Proof {
        /// Whose.
        member: u8,
    },
}
