//! Many signatures at once: the verdicts of `ledger-types`, at about a third of the cost.
//!
//! `commonware-cryptography-curve25519` verifies batches under ZIP-215 too, vectorised where the
//! processor has AVX-512 IFMA. It brings some ninety crates, so it stands behind this one alone,
//! away from the state machine and the wallet.
//!
//! That crate signs and verifies *framed* messages: a length (one byte below 128), a namespace of
//! that length, and the rest. So a message whose first byte is the length of some of what follows
//! is framed already, whatever its bytes mean: what this ledger signs begins with the `k` of
//! `kyojo/`, which is 107, and is nearly always longer than 108 bytes. What is not framed is left
//! to the reference, `ledger_types::verify`.

use commonware_codec::{Copying, DecodeExt as _};
use commonware_cryptography::{BatchEntry, BatchVerifier as _};
use commonware_cryptography_curve25519::signing::{Signature, VerifyingKey};
use commonware_parallel::Sequential;
use ledger_types::verify::{self, BATCH_MAX, Claim};

/// The fewest claims for which the faster way is faster.
const BATCH_MIN: usize = 8;

/// Whether every claim holds: the verdict of [`ledger_types::verify::verify_all`].
///
/// True for no claims. The batch's coefficients come from a generator that nobody can predict; the
/// verdict does not depend on them.
#[must_use]
pub fn verify_all(claims: &[Claim<'_>]) -> bool {
    claims.chunks(BATCH_MAX).all(|chunk| {
        let (framed, others): (Vec<Claim<'_>>, Vec<Claim<'_>>) =
            chunk.iter().partition(|claim| framed(claim.message).is_some());
        if framed.len() < BATCH_MIN {
            return verify::verify_all(chunk);
        }
        verify_batch(&framed) && verify::verify_all(&others)
    })
}

/// The namespace and the rest of a message, where its first byte is the namespace's length.
fn framed(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = message.split_first()?;
    if *length >= 128 {
        return None;
    }
    rest.split_at_checked(usize::from(*length))
}

/// A claim as the other crate knows it.
struct Entry<'a> {
    namespace: &'a [u8],
    message: &'a [u8],
    key: VerifyingKey,
    signature: Signature,
}

/// Whether every claim holds. None does whose message is not framed; false for no claims.
fn verify_batch(claims: &[Claim<'_>]) -> bool {
    fn entry<'a>(claim: &Claim<'a>) -> Option<Entry<'a>> {
        let (namespace, message) = framed(claim.message)?;
        // Any 32 and 64 bytes decode: points and scalars are checked as the batch is.
        let key = VerifyingKey::decode(Copying(&claim.key.as_bytes()[..])).ok()?;
        let signature = Signature::decode(Copying(&claim.signature.as_bytes()[..])).ok()?;
        Some(Entry { namespace, message, key, signature })
    }
    let Some(entries) = claims.iter().map(entry).collect::<Option<Vec<_>>>() else {
        return false;
    };
    VerifyingKey::verify_batch(
        &mut rand_next::rng(),
        &entries,
        |_, entry| BatchEntry {
            namespace: entry.namespace,
            message: entry.message,
            public_key: &entry.key,
            signature: &entry.signature,
        },
        &Sequential,
    )
}

#[cfg(test)]
mod tests {
    use ledger_types::{Hash, Height, Round, SigningKey, ValidatorAddress, Vote, VoteKind};

    use super::*;

    fn vote() -> Vec<u8> {
        let vote = Vote {
            kind: VoteKind::Precommit,
            height: Height::new(1),
            round: Round::new(0),
            block: Some(Hash::ZERO),
            validator: ValidatorAddress::of(&SigningKey::from_seed(&[1; 32]).public_key()),
        };
        vote.signed_bytes(&Hash::ZERO)
    }

    #[test]
    fn a_frame_is_a_length_below_128_and_that_many_bytes() {
        assert_eq!(framed(&[]), None);
        assert_eq!(framed(&[0]), Some((&[][..], &[][..])));
        assert_eq!(framed(&[2, 7, 8, 9]), Some((&[7, 8][..], &[9][..])));
        assert_eq!(framed(&[4, 7, 8, 9]), None);
        assert_eq!(framed(&[127; 128]), Some((&[127; 127][..], &[][..])));
        assert_eq!(framed(&[128; 300]), None);
        assert!(framed(&vote()).is_some());
    }

    #[test]
    fn every_length_of_frame_means_the_message_as_it_is() {
        let key = SigningKey::from_seed(&[1; 32]);
        for length in 0..=u8::MAX {
            let message = [vec![length], vec![9; 200]].concat();
            let (public, signature) = (key.public_key(), key.sign(&message));
            let claim = Claim { key: &public, message: &message, signature: &signature };
            assert!(verify_all(&[claim]) && verify_all(&[claim; 8]));
            assert_eq!(verify_batch(&[claim; 8]), length < 128, "of length {length}");
        }
    }

    #[test]
    fn one_claim_that_does_not_hold_fails_a_batch() {
        let message = vote();
        let key = SigningKey::from_seed(&[1; 32]);
        let (public, signature) = (key.public_key(), key.sign(&message));
        let wrong = key.sign(b"another message");
        let claim = Claim { key: &public, message: &message, signature: &signature };
        for count in [1, 2, 7, 8, 9, 100] {
            let mut claims = vec![claim; count];
            assert!(verify_batch(&claims));
            claims[count / 2].signature = &wrong;
            assert!(!verify_batch(&claims));
        }
    }
}
