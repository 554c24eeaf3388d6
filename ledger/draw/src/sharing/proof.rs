//! Proofs of one secret: that a scalar is known, and that it is the same behind two points.
//!
//! Schnorr's and Chaum and Pedersen's proofs, made non-interactive by Fiat and Shamir's transform:
//! the challenge hashes a digest of everything public, and the prover's first points. What is
//! proved, and whether the points are sound, is the caller's to see to.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "arithmetic of a group and a field of prime order does not overflow"
)]

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul as _;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::group::{BASE, PointBytes, ScalarBytes, scalar_of};

/// Tag of challenges.
const TAG_CHALLENGE: &[u8] = b"kyojo/sharing/challenge/1";
/// Tag of nonces.
const TAG_NONCE: &[u8] = b"kyojo/sharing/nonce/1";

/// A challenge `c` and a response `r = w − c·secret` to it, for a nonce `w`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct EqualityProof {
    /// The challenge.
    pub challenge: ScalarBytes,
    /// The response.
    pub response: ScalarBytes,
}

/// A base and what the secret makes of it.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) base: RistrettoPoint,
    pub(super) image: RistrettoPoint,
}

impl EqualityProof {
    /// Proves that `secret` makes each pair's image of its base.
    ///
    /// `statement` is a digest of everything public and `number` the proof's place under it. `hidden`
    /// is what only the prover knows; with the statement it makes the nonce, so that no nonce ever
    /// answers two challenges.
    pub(super) fn prove(
        statement: &[u8; 64],
        number: u8,
        pairs: &[Pair],
        secret: &Scalar,
        hidden: &[u8; 32],
    ) -> Self {
        let nonce = Zeroizing::new(scalar_of(TAG_NONCE, &[hidden, statement, &[number]]));
        let firsts = pairs.iter().map(|pair| PointBytes::of(&(*nonce * pair.base)));
        let challenge = challenge_of(statement, number, firsts);
        let response = *nonce - challenge * secret;
        Self { challenge: ScalarBytes::of(&challenge), response: ScalarBytes::of(&response) }
    }

    /// Whether one secret stands behind all pairs.
    pub(super) fn holds(&self, statement: &[u8; 64], number: u8, pairs: &[Pair]) -> bool {
        let read = (self.challenge.scalar(), self.response.scalar());
        let (Some(challenge), Some(response)) = read else { return false };
        let firsts = pairs.iter().map(|pair| {
            let first = if pair.base == BASE {
                let image = &pair.image;
                RistrettoPoint::vartime_double_scalar_mul_basepoint(&challenge, image, &response)
            } else {
                let scalars = [response, challenge];
                RistrettoPoint::vartime_multiscalar_mul(scalars, [pair.base, pair.image])
            };
            PointBytes::of(&first)
        });
        challenge_of(statement, number, firsts) == challenge
    }
}

fn challenge_of(
    statement: &[u8; 64],
    number: u8,
    firsts: impl Iterator<Item = PointBytes>,
) -> Scalar {
    let firsts: Vec<PointBytes> = firsts.collect();
    let number = [number];
    let head: [&[u8]; 2] = [statement, &number];
    let points = firsts.iter().map(|point| point.as_bytes().as_slice());
    scalar_of(TAG_CHALLENGE, &head.into_iter().chain(points).collect::<Vec<_>>())
}
