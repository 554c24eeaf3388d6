//! The rule of ZIP-215 as it is written, over the group arithmetic of curve25519-dalek.
//!
//! Decoding of points is done here by the rule's words, not by the leniency of a library: the
//! encoding is first brought to its canonical form, and only that is decompressed.

use curve25519_dalek::EdwardsPoint;
use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};

/// Whether the signature is valid: S is canonical, A and R are points, `[8][S]B = [8]R + [8][k]A`.
pub(crate) fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let (r, s) = signature.split_at(32);
    let r: [u8; 32] = r.try_into().expect("the first half of 64 bytes");
    let s: [u8; 32] = s.try_into().expect("the second half of 64 bytes");
    let Some(s) = Option::<Scalar>::from(Scalar::from_canonical_bytes(s)) else { return false };
    let (Some(a), Some(r_point)) = (decode(key), decode(&r)) else { return false };
    let k = challenge(&r, key, message);
    (s * ED25519_BASEPOINT_POINT - r_point - k * a).mul_by_cofactor().is_identity()
}

/// k = SHA-512(R ‖ A ‖ M) over the bytes as they were received.
pub(crate) fn challenge(r: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(key).chain_update(message).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

/// The point that 32 bytes stand for, canonical or not.
pub(crate) fn decode(bytes: &[u8; 32]) -> Option<EdwardsPoint> {
    let canonical = canonical(bytes);
    let point = CompressedEdwardsY(canonical).decompress()?;
    assert_eq!(point.compress().0, canonical, "the canonical form is the point's own");
    Some(point)
}

/// The canonical encoding of the point that these bytes stand for, if they stand for one.
pub(crate) fn canonical(bytes: &[u8; 32]) -> [u8; 32] {
    let (mut y, sign) = (*bytes, bytes[31] & 0x80);
    y[31] &= 0x7f;
    // p = 2^255 - 19, so y >= p means y = p + k with k < 19, whose bytes but the first are p's.
    if y[0] >= 0xed && y[1..31].iter().all(|byte| *byte == 0xff) && y[31] == 0x7f {
        y = small(y[0] - 0xed);
    }
    // x = 0 exactly where y = 1 or y = -1, and zero has one sign.
    let x_is_zero = y == small(1) || y == minus_one();
    y[31] |= if x_is_zero { 0 } else { sign };
    y
}

fn small(value: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = value;
    bytes
}

fn minus_one() -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xec;
    bytes[31] = 0x7f;
    bytes
}
