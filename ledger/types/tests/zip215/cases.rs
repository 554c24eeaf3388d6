//! Cases that tell ZIP-215 from other rules, made here, with the verdict that the rule gives.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::{EdwardsPoint, edwards::CompressedEdwardsY};

use crate::judge::{MESSAGE, Triple, assert_verdict, batch};
use crate::reference::{canonical, challenge, decode};

/// The 8 canonical encodings of the points of small order, then the 6 others.
pub(crate) fn small_order_encodings() -> Vec<[u8; 32]> {
    let own: Vec<[u8; 32]> = EIGHT_TORSION.iter().map(|point| point.compress().0).collect();
    let others = all_non_canonical().filter(|bytes| own.contains(&canonical(bytes)));
    own.iter().copied().chain(others).collect()
}

/// Every encoding of a point that is not its canonical one.
pub(crate) fn all_non_canonical() -> impl Iterator<Item = [u8; 32]> {
    let past_p = (0xed..=0xff_u8).map(|first| {
        let mut bytes = [0xff; 32];
        bytes[0] = first;
        bytes[31] = 0x7f;
        bytes
    });
    let mut one = [0; 32];
    one[0] = 1;
    let minus_one = (-EIGHT_TORSION[0]).compress().0;
    assert_eq!(minus_one, one);
    let mut least = [0xff; 32];
    least[0] = 0xec;
    least[31] = 0x7f;
    let both_signs = past_p.chain([one, least]).flat_map(|bytes| {
        let mut negative = bytes;
        negative[31] |= 0x80;
        [bytes, negative]
    });
    both_signs.filter(|bytes| decode(bytes).is_some() && canonical(bytes) != *bytes)
}

/// A signature by the secret scalar `a` under any encoding of `[a]B + torsion`, with any R.
pub(crate) fn sign(
    a: Scalar,
    key: [u8; 32],
    r: Scalar,
    r_bytes: [u8; 32],
    message: &[u8],
) -> Triple {
    let s = r + challenge(&r_bytes, &key, message) * a;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r_bytes);
    signature[32..].copy_from_slice(s.as_bytes());
    Triple { key, message: message.to_vec(), signature }
}

fn scalar(number: u64) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&[u8::try_from(number).expect("a small number"); 64])
}

fn times_base(scalar: Scalar, torsion: EdwardsPoint) -> [u8; 32] {
    (scalar * ED25519_BASEPOINT_POINT + torsion).compress().0
}

#[test]
fn there_are_14_encodings_of_small_order_points() {
    assert_eq!(small_order_encodings().len(), 14);
}

#[test]
fn small_order_keys_and_nonces_with_a_zero_scalar_hold() {
    for key in small_order_encodings() {
        for r in small_order_encodings() {
            let triple = sign(Scalar::ZERO, key, Scalar::ZERO, r, MESSAGE);
            assert_verdict(&triple, true, &format!("A {key:02x?}, R {r:02x?}, S 0"));
        }
    }
}

#[test]
fn points_with_a_part_of_small_order_hold_by_the_cofactored_equation() {
    let (a, r) = (scalar(3), scalar(5));
    for in_key in EIGHT_TORSION {
        for in_r in EIGHT_TORSION {
            let triple = sign(a, times_base(a, in_key), r, times_base(r, in_r), MESSAGE);
            assert_verdict(&triple, true, "mixed order");
            let mut other = triple.clone();
            other.message.push(0);
            assert_verdict(&other, false, "mixed order, another message");
        }
    }
}

#[test]
fn non_canonical_nonces_hold_under_an_honest_key() {
    let a = scalar(7);
    let key = times_base(a, EIGHT_TORSION[0]);
    for r in small_order_encodings() {
        let triple = sign(a, key, Scalar::ZERO, r, MESSAGE);
        assert_verdict(&triple, true, "R of small order, S = k a");
    }
}

#[test]
fn non_canonical_scalars_do_not_hold() {
    // L, little-endian.
    let order: [u8; 32] = {
        let mut bytes = (-Scalar::ONE).to_bytes();
        bytes[0] += 1;
        bytes
    };
    for seed in 1..20 {
        let good = Triple::honest(seed, MESSAGE);
        assert_verdict(&good, true, "honest");
        let mut malleated = good.clone();
        let mut carry = 0_u16;
        for (byte, add) in malleated.signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum.to_le_bytes()[0];
            carry = sum >> 8;
        }
        assert_verdict(&malleated, false, "S + L");
        let mut high = good;
        high.signature[63] |= 0x80;
        assert_verdict(&high, false, "a high bit of S");
    }
    let mut zero = sign(
        Scalar::ZERO,
        times_base(Scalar::ZERO, EIGHT_TORSION[0]),
        Scalar::ZERO,
        EIGHT_TORSION[0].compress().0,
        MESSAGE,
    );
    assert_verdict(&zero, true, "S = 0");
    zero.signature[32..].copy_from_slice(&order);
    assert_verdict(&zero, false, "S = L");
}

#[test]
fn what_is_no_point_does_not_hold() {
    let no_points = (0..=u8::MAX).map(|y| [y; 32]);
    let no_points: Vec<[u8; 32]> =
        no_points.filter(|bytes| CompressedEdwardsY(*bytes).decompress().is_none()).collect();
    assert!(no_points.len() > 50);
    for bytes in no_points {
        let mut triple = Triple::honest(1, MESSAGE);
        triple.key = bytes;
        assert_verdict(&triple, false, "A is no point");
        let mut triple = Triple::honest(1, MESSAGE);
        triple.signature[..32].copy_from_slice(&bytes);
        assert_verdict(&triple, false, "R is no point");
        let mut zero = sign(Scalar::ZERO, bytes, Scalar::ZERO, [0; 32], MESSAGE);
        zero.signature[..32].copy_from_slice(&EIGHT_TORSION[0].compress().0);
        assert_verdict(&zero, false, "A is no point, S = 0");
    }
}

#[test]
fn any_bit_changed_undoes_an_honest_signature() {
    let good = Triple::honest(9, MESSAGE);
    for bit in 0..512 {
        let mut changed = good.clone();
        changed.signature[bit / 8] ^= 1 << (bit % 8);
        assert_verdict(&changed, false, "a bit of the signature");
    }
    for bit in 0..256 {
        let mut changed = good.clone();
        changed.key[bit / 8] ^= 1 << (bit % 8);
        assert_verdict(&changed, false, "a bit of the key");
    }
    for bit in 8..128 {
        let mut changed = good.clone();
        changed.message[bit / 8] ^= 1 << (bit % 8);
        assert_verdict(&changed, false, "a bit of the message");
    }
}

#[test]
fn no_claims_hold() {
    assert!(batch(&[]));
}
