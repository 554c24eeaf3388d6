//! What witnesses outside the network have cosigned: the newest such checkpoint, kept on disk.
//!
//! An answer takes as long as the witness likes, and the log is published twice a second; so the
//! newest checkpoint carries an outside cosignature only where the answer was quick, and the newest
//! one that has any is served beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::note::NoteSignature;

use super::AuditError;
use crate::store::{StoreError, replace};

/// A witness's answer: its verified cosignatures over a checkpoint that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// The checkpoint as it was submitted.
    pub checkpoint: Arc<SignedCheckpoint>,
    /// The witness's cosignatures.
    pub cosignatures: Vec<NoteSignature>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Outside {
    path: PathBuf,
    newest: Option<Arc<SignedCheckpoint>>,
    /// The outside cosignatures among the newest one's signatures.
    cosignatures: Vec<NoteSignature>,
}

impl Outside {
    /// Reads the file of the newest one.
    pub(super) fn open(path: &Path) -> Result<Self, AuditError> {
        let newest = super::read_checkpoint(path)?.map(Arc::new);
        Ok(Self { path: path.to_owned(), newest, cosignatures: Vec::new() })
    }

    /// The newest checkpoint that a witness cosigned.
    pub(super) fn newest(&self) -> Option<Arc<SignedCheckpoint>> {
        self.newest.clone()
    }

    /// Takes an answer in; says whether the newest one changed by it.
    ///
    /// # Errors
    /// [`StoreError`] where it could not be written; it is remembered all the same.
    pub(super) fn add(&mut self, answer: &Witnessed) -> Result<bool, StoreError> {
        let size = answer.checkpoint.checkpoint().size;
        let before = self.newest.as_ref().map(|newest| newest.checkpoint().clone());
        if before.as_ref().is_some_and(|before| before.size > size) {
            return Ok(false);
        }
        let is_same = before.as_ref() == Some(answer.checkpoint.checkpoint());
        let onto = self.newest.clone().filter(|_| is_same);
        let onto = onto.unwrap_or_else(|| Arc::clone(&answer.checkpoint));
        if !is_same {
            self.cosignatures.clear();
        }
        self.cosignatures.extend(answer.cosignatures.iter().cloned());
        let Some(signed) = with(&onto, &answer.cosignatures) else { return Ok(false) };
        let text = signed.to_string();
        self.newest = Some(Arc::new(signed));
        replace(&self.path, text.as_bytes()).map(|()| true)
    }

    /// A checkpoint with the outside cosignatures over it that are known.
    pub(super) fn onto(&self, signed: SignedCheckpoint) -> SignedCheckpoint {
        let newest = self.newest.as_ref().map(|newest| newest.checkpoint());
        if newest != Some(signed.checkpoint()) {
            return signed;
        }
        with(&signed, &self.cosignatures).unwrap_or(signed)
    }
}

/// A checkpoint with these signatures too, each signer's once; `None` where a note has no room.
fn with(signed: &SignedCheckpoint, further: &[NoteSignature]) -> Option<SignedCheckpoint> {
    let mut signatures = signed.note().signatures().to_vec();
    for signature in further {
        let signer = (&signature.name, signature.id);
        signatures.retain(|other| (&other.name, other.id) != signer);
        signatures.push(signature.clone());
    }
    signed.checkpoint().clone().signed(signatures).ok()
}
