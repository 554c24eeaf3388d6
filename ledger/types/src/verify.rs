//! The one signature rule: ed25519 under ZIP-215, one at a time and in batches alike.
//!
//! `ed25519-zebra` implements ZIP-215, under which a batch is valid exactly when each of its
//! signatures is (<https://zips.z.cash/zip-0215>). Batches are cheaper; both verdicts agree.

use ed25519_zebra::{VerificationKey, VerificationKeyBytes, batch};

use crate::key::{PublicKey, Signature};

/// How many signatures make a batch; more gain little and delay the whole batch.
pub const BATCH_MAX: usize = 1024;

/// Whether `signature` is `key`'s over `message`.
#[must_use]
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    VerificationKey::try_from(*key.as_bytes()).is_ok_and(|verifier| {
        let signature = ed25519_zebra::Signature::from(*signature.as_bytes());
        verifier.verify(&signature, message).is_ok()
    })
}

/// One signature to check, with the message that it is over.
#[derive(Clone, Copy, Debug)]
pub struct SignatureClaim<'a> {
    /// The key that is said to have signed.
    pub key: &'a PublicKey,
    /// What it is said to have signed.
    pub message: &'a [u8],
    /// The signature.
    pub signature: &'a Signature,
}

/// Whether every claim holds. True for no claims.
///
/// The batch's coefficients come from the operating system's generator, so nobody can predict
/// them; the verdict does not depend on them.
#[must_use]
pub fn verify_all(claims: &[SignatureClaim<'_>]) -> bool {
    if let [claim] = claims {
        return verify(claim.key, claim.message, claim.signature);
    }
    claims.chunks(BATCH_MAX).all(|chunk| {
        let mut verifier = batch::Verifier::new();
        for claim in chunk {
            let key = VerificationKeyBytes::from(*claim.key.as_bytes());
            let signature = ed25519_zebra::Signature::from(*claim.signature.as_bytes());
            verifier.queue((key, signature, &claim.message));
        }
        verifier.verify(rand::rngs::OsRng).is_ok()
    })
}
