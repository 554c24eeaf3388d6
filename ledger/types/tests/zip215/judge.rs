//! What is judged, and judging it every way there is.

use ledger_types::verify::{SignatureClaim, verify};
use ledger_types::{PublicKey, Signature, SigningKey};

use crate::{reference, verify_all};

/// Begins as what is signed does, and is as long: batches of such messages may go another way.
pub(crate) const MESSAGE: &[u8] =
    b"\x34kyojo/transaction/v1, then a genesis hash, and the network, account, nonce, time and purpose \
      of a transaction with at least one operation";

/// A key, a message and a signature to be judged.
#[derive(Clone, Debug)]
pub(crate) struct Triple {
    pub(crate) key: [u8; 32],
    pub(crate) message: Vec<u8>,
    pub(crate) signature: [u8; 64],
}

impl Triple {
    /// A triple that holds.
    pub(crate) fn honest(seed: u8, message: &[u8]) -> Self {
        let key = SigningKey::from_seed(&[seed; 32]);
        Self {
            key: *key.public_key().as_bytes(),
            message: message.to_vec(),
            signature: *key.sign(message).as_bytes(),
        }
    }

    /// The reference's verdict.
    pub(crate) fn expected(&self) -> bool {
        reference::verify(&self.key, &self.message, &self.signature)
    }
}

/// Judges the triples in one batch.
pub(crate) fn batch(triples: &[&Triple]) -> bool {
    let parts: Vec<(PublicKey, Signature)> = triples
        .iter()
        .map(|triple| (PublicKey::Ed25519(triple.key), Signature::Ed25519(triple.signature)))
        .collect();
    let claims: Vec<SignatureClaim<'_>> = parts
        .iter()
        .zip(triples)
        .map(|((key, signature), triple)| SignatureClaim {
            key,
            message: &triple.message,
            signature,
        })
        .collect();
    verify_all(&claims)
}

/// Judges a triple every way there is in Rust, and asserts that all verdicts are this one.
pub(crate) fn assert_verdict(triple: &Triple, expected: bool, about: &str) {
    assert_eq!(triple.expected(), expected, "the reference on {about}");
    let (key, signature) = (PublicKey::Ed25519(triple.key), Signature::Ed25519(triple.signature));
    assert_eq!(verify(&key, &triple.message, &signature), expected, "alone: {about}");
    assert_eq!(batch(&[triple]), expected, "a batch of one: {about}");
    assert_eq!(batch(&[triple; 2]), expected, "a batch of it twice: {about}");
    assert_eq!(batch(&[triple; 8]), expected, "a batch of it eight times: {about}");
    let honest: Vec<Triple> = (1..9).map(|seed| Triple::honest(seed, MESSAGE)).collect();
    let mut many: Vec<&Triple> = honest.iter().collect();
    many.insert(4, triple);
    assert_eq!(batch(&many), expected, "a batch with honest ones: {about}");
}
