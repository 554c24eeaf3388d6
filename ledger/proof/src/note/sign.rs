//! Making and checking the signatures of notes.

use ledger_types::verify::verify;
use ledger_types::{Signature, SigningKey};

use super::{KeyName, NoteSignature, SignatureKind, VerifierKey};

/// The latest time that a cosignature may carry: 2^63 − 1 seconds (tlog-cosignature).
const TIME_MAX: u64 = u64::MAX >> 1;

/// Somebody who signs notes under a name.
#[derive(Clone, Debug)]
pub struct NoteSigner {
    name: KeyName,
    key: SigningKey,
}

/// What a verifier key says of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is another key's.
    Foreign,
    /// It names this key, but is not its signature.
    Bad,
    /// It is this key's signature over the text.
    Good {
        /// When it was made, in seconds since the Unix epoch, where the kind says so.
        time: Option<u64>,
    },
}

impl NoteSigner {
    /// The signer with this name and key.
    #[must_use]
    pub const fn new(name: KeyName, key: SigningKey) -> Self {
        Self { name, key }
    }

    /// What verifies its signatures of this kind.
    #[must_use]
    pub fn verifier(&self, kind: SignatureKind) -> VerifierKey {
        VerifierKey { name: self.name.clone(), kind, key: self.key.public_key() }
    }

    /// Signs a text as type 0x01.
    #[must_use]
    pub fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign(text.as_bytes());
        self.signature(SignatureKind::Ed25519, signature.as_bytes().to_vec())
    }

    /// Cosigns a checkpoint's text at a time in seconds since the Unix epoch (at most 2^63 − 1).
    ///
    /// Whoever cosigns says that this is the largest tree it has seen under the origin, so it first
    /// asks [`witness::judge`](crate::witness::judge) and stores the answer.
    #[must_use]
    pub fn cosign(&self, text: &str, time: u64) -> NoteSignature {
        let signature = self.key.sign(&cosigned_bytes(text, time));
        let bytes = [time.to_be_bytes().as_slice(), signature.as_bytes()].concat();
        self.signature(SignatureKind::Cosignature, bytes)
    }

    fn signature(&self, kind: SignatureKind, bytes: Vec<u8>) -> NoteSignature {
        NoteSignature { name: self.name.clone(), id: self.verifier(kind).id(), bytes }
    }
}

impl VerifierKey {
    /// Checks a signature over `text` under ZIP-215.
    #[must_use]
    pub fn check(&self, text: &str, signature: &NoteSignature) -> Checked {
        if signature.name != self.name || signature.id != self.id() {
            return Checked::Foreign;
        }
        match self.kind {
            SignatureKind::Ed25519 => {
                let good = self.signed(text.as_bytes(), &signature.bytes);
                if good { Checked::Good { time: None } } else { Checked::Bad }
            }
            SignatureKind::Cosignature => self.check_cosignature(text, &signature.bytes),
        }
    }

    fn check_cosignature(&self, text: &str, bytes: &[u8]) -> Checked {
        let Some((time, signature)) = bytes.split_first_chunk::<8>() else { return Checked::Bad };
        let time = u64::from_be_bytes(*time);
        if time <= TIME_MAX && self.signed(&cosigned_bytes(text, time), signature) {
            Checked::Good { time: Some(time) }
        } else {
            Checked::Bad
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = <[u8; 64]>::try_from(signature).map(Signature::Ed25519);
        signature.is_ok_and(|signature| verify(&self.key, message, &signature))
    }
}

/// What a cosignature/v1 is over.
fn cosigned_bytes(text: &str, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}
