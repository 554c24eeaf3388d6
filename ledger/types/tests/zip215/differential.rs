//! Random triples, honest, damaged and crafted, get the reference's verdict alone and in batches.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::scalar::Scalar;
use ledger_types::verify::verify;
use ledger_types::{PublicKey, Signature};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore, SeedableRng};

use crate::cases::{all_non_canonical, sign, small_order_encodings};
use crate::judge::{MESSAGE, Triple, batch};

/// Makes triples of every sort from a seed.
struct Crafter {
    random: StdRng,
    small_order: Vec<[u8; 32]>,
    non_canonical: Vec<[u8; 32]>,
}

impl Crafter {
    fn new(seed: u64) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            small_order: small_order_encodings(),
            non_canonical: all_non_canonical().collect(),
        }
    }

    fn scalar(&mut self) -> Scalar {
        let mut bytes = [0; 64];
        self.random.fill_bytes(&mut bytes);
        Scalar::from_bytes_mod_order_wide(&bytes)
    }

    /// Messages as they are signed, and others of any length.
    fn message(&mut self) -> Vec<u8> {
        let mut message = match self.random.gen_range(0..3) {
            0 => b"\x34kyojo/transaction/v1".to_vec(),
            1 => b"\x2dkyojo/vote/v1".to_vec(),
            _ => Vec::new(),
        };
        let more = self.random.gen_range(0..300);
        let start = message.len();
        message.resize(start + more, 0);
        self.random.fill_bytes(&mut message[start..]);
        message
    }

    /// A point times the base with its encoding: sometimes with a part of small order.
    fn point(&mut self) -> (Scalar, [u8; 32]) {
        let torsion = *EIGHT_TORSION.choose(&mut self.random).expect("eight points");
        let torsion = if self.random.gen_bool(0.5) { torsion } else { EIGHT_TORSION[0] };
        match self.random.gen_range(0..6) {
            0 => (Scalar::ZERO, *self.small_order.choose(&mut self.random).expect("fourteen")),
            _ => {
                let scalar = self.scalar();
                (scalar, (scalar * ED25519_BASEPOINT_POINT + torsion).compress().0)
            }
        }
    }

    fn triple(&mut self) -> Triple {
        let ((a, key), (r, r_bytes), message) = (self.point(), self.point(), self.message());
        let mut triple = sign(a, key, r, r_bytes, &message);
        match self.random.gen_range(0..12) {
            0 => triple.key = self.bytes(),
            1 => triple.signature[..32].copy_from_slice(&self.bytes()),
            2 => triple.signature[32..].copy_from_slice(&self.bytes()),
            3 => {
                let bit = self.random.gen_range(0..512);
                triple.signature[bit / 8] ^= 1 << (bit % 8);
            }
            4 => triple.message.push(0),
            5 => {
                let encoding = *self.non_canonical.choose(&mut self.random).expect("some");
                triple.key = encoding;
            }
            _ => {}
        }
        triple
    }

    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.random.fill_bytes(&mut bytes);
        bytes
    }
}

#[test]
fn random_triples_get_the_reference_s_verdict_alone_and_in_batches() {
    let mut crafter = Crafter::new(0x5ee_d215);
    let honest: Vec<Triple> = (1..9).map(|seed| Triple::honest(seed, MESSAGE)).collect();
    let honest: Vec<&Triple> = honest.iter().collect();
    let (mut held, mut failed) = (Vec::new(), Vec::new());
    for _ in 0..3000 {
        let triple = crafter.triple();
        let expected = triple.expected();
        let (key, signature) =
            (PublicKey::Ed25519(triple.key), Signature::Ed25519(triple.signature));
        assert_eq!(verify(&key, &triple.message, &signature), expected, "{triple:02x?}");
        assert_eq!(batch(&[&triple; 2]), expected, "{triple:02x?}");
        let mut among = honest.clone();
        among.push(&triple);
        assert_eq!(batch(&among), expected, "{triple:02x?}");
        if expected { held.push(triple) } else { failed.push(triple) }
    }
    assert!(held.len() > 1000 && failed.len() > 500, "{} and {}", held.len(), failed.len());
    for size in [3, 7, 8, 9, 17, 64, 300, 1024, 1025, held.len()] {
        let mut chosen: Vec<&Triple> = held.choose_multiple(&mut crafter.random, size).collect();
        assert!(batch(&chosen), "a batch of {size} that hold");
        for wrong in failed.choose_multiple(&mut crafter.random, 12) {
            let at = crafter.random.gen_range(0..chosen.len());
            let good = core::mem::replace(&mut chosen[at], wrong);
            assert!(!batch(&chosen), "a batch of {size} with one at {at} that does not hold");
            chosen[at] = good;
        }
    }
}

#[test]
fn wrongs_that_cancel_out_in_a_plain_sum_do_not_pass_in_a_batch() {
    // S of one is raised and S of the other lowered by the same: only unpredictable coefficients
    // tell the sum from that of two that hold.
    let mut crafter = Crafter::new(7);
    for _ in 0..20 {
        let (a, r) = (crafter.scalar(), crafter.scalar());
        let key = (a * ED25519_BASEPOINT_POINT).compress().0;
        let nonce = (r * ED25519_BASEPOINT_POINT).compress().0;
        let shift = |triple: &mut Triple, by: Scalar| {
            let s: [u8; 32] = triple.signature[32..].try_into().expect("32 bytes");
            let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(s)).expect("canonical");
            triple.signature[32..].copy_from_slice((s + by).as_bytes());
        };
        let (mut one, mut other) =
            (sign(a, key, r, nonce, MESSAGE), sign(a, key, r, nonce, MESSAGE));
        assert!(batch(&[&one, &other].repeat(4)));
        shift(&mut one, Scalar::ONE);
        shift(&mut other, -Scalar::ONE);
        assert!(!batch(&[&one, &other]));
        assert!(!batch(&[&one, &other].repeat(4)));
    }
}
