//! Witnesses: the request to cosign a checkpoint, and whether a witness may
//! (<https://c2sp.org/tlog-witness>).
//!
//! ```text
//! old <size>
//! <base64 of 32 bytes>        the consistency proof from that size, one hash a line
//! <empty line>
//! <checkpoint with its signatures>
//! ```
//!
//! A witness keeps, for each log, the size and root of the last checkpoint it cosigned. It cosigns
//! the next one only where that grew out of it; so nobody who counts a quorum of witnesses can be
//! shown another history. The answer is stored before the cosignature is given away, in one step
//! with the check. Validators cosign by the same rule as outsiders do.

use ledger_types::merkle::verify_consistency;
use ledger_types::{Hash, refuse_if};

use crate::checkpoint::{Checkpoint, CheckpointError, SIZE_MAX, SignedCheckpoint};
use crate::note::{Checked, NOTE_BYTES_MAX, NoteSignature, NoteSigner, VerifierKey};
use crate::text::{base64, line, number};
use crate::tlog_proof::path_lines;

/// The most lines of a consistency proof.
pub const CONSISTENCY_MAX: usize = 63;
/// The most bytes that a request has.
pub const REQUEST_BYTES_MAX: usize = 2 * NOTE_BYTES_MAX;

/// A request to cosign a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is thought to have cosigned last; 0 for none.
    pub old_size: u64,
    /// The consistency proof from that size to the checkpoint's.
    pub proof: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Why a text is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// More bytes than a request has.
    #[error("a request has at most {REQUEST_BYTES_MAX} bytes")]
    TooLarge,
    /// No first line with the old size.
    #[error("the first line is not \"old\" and a size")]
    OldSize,
    /// A line of the proof is no hash, or there are too many.
    #[error("the consistency proof is not of hashes, or of more than {CONSISTENCY_MAX}")]
    Proof,
    /// The rest is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The last checkpoint that a witness cosigned for a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Hash,
}

/// Why a witness does not cosign. Each has its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No key is known for the origin (404).
    #[error("the origin is not known")]
    UnknownOrigin,
    /// No signature by a key of the log, or one that does not verify (403).
    #[error("the log did not sign the checkpoint")]
    NotSigned,
    /// The old size is past the checkpoint's (400).
    #[error("the old size is larger than the checkpoint's")]
    OldSizeTooLarge,
    /// The witness has cosigned another size last (409; the body is that size and a newline).
    #[error("the last size cosigned is {size}")]
    Conflict {
        /// That size.
        size: u64,
    },
    /// A log without entries has another root than that (422).
    #[error("the root of the empty log is wrong")]
    EmptyRoot,
    /// The tree did not grow out of the last one cosigned (422).
    #[error("the checkpoint is not consistent with the last one cosigned")]
    Inconsistent,
}

impl Refusal {
    /// The HTTP status that says so.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownOrigin => 404,
            Self::NotSigned => 403,
            Self::OldSizeTooLarge => 400,
            Self::Conflict { .. } => 409,
            Self::EmptyRoot | Self::Inconsistent => 422,
        }
    }
}

impl AddCheckpoint {
    /// Reads a request's body.
    ///
    /// # Errors
    /// [`RequestError`] says what is wrong (HTTP status 400).
    pub fn parse(body: &str) -> Result<Self, RequestError> {
        refuse_if(body.len() > REQUEST_BYTES_MAX, RequestError::TooLarge)?;
        let (first, rest) = line(body).ok_or(RequestError::OldSize)?;
        let old_size = first.strip_prefix("old ").and_then(number);
        let old_size = old_size.filter(|size| *size <= SIZE_MAX).ok_or(RequestError::OldSize)?;
        let (proof, rest) = path_lines(rest, CONSISTENCY_MAX).ok_or(RequestError::Proof)?;
        Ok(Self { old_size, proof, checkpoint: SignedCheckpoint::parse(rest)? })
    }
}

impl core::fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", base64(hash.as_bytes())))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// A checkpoint that a witness may cosign, once it has stored [`Accepted::latest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    checkpoint: Checkpoint,
}

impl Accepted {
    /// What to store, under the checkpoint's origin, before cosigning.
    #[must_use]
    pub const fn latest(&self) -> Latest {
        Latest { size: self.checkpoint.size, root: self.checkpoint.root }
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The witness's cosignature at a time in seconds since the Unix epoch.
    #[must_use]
    pub fn cosign(&self, witness: &NoteSigner, time: u64) -> NoteSignature {
        witness.cosign(&self.checkpoint.to_string(), time)
    }
}

/// Whether a witness that knows these keys of logs, and cosigned `latest` for this origin last, may
/// cosign. Checks are in the specification's order.
///
/// # Errors
/// [`Refusal`] says why not; what the witness stored stays as it is.
pub fn judge(
    request: &AddCheckpoint,
    logs: &[VerifierKey],
    latest: Option<Latest>,
) -> Result<Accepted, Refusal> {
    let checkpoint = request.checkpoint.checkpoint();
    check_signed(&request.checkpoint, logs)?;
    refuse_if(request.old_size > checkpoint.size, Refusal::OldSizeTooLarge)?;
    let empty = Latest { size: 0, root: Hash::of(&[]) };
    let before = latest.unwrap_or(empty);
    refuse_if(request.old_size != before.size, Refusal::Conflict { size: before.size })?;
    refuse_if(checkpoint.size == 0 && checkpoint.root != empty.root, Refusal::EmptyRoot)?;
    let (size, root) = (checkpoint.size, &checkpoint.root);
    if !verify_consistency(before.size, &before.root, size, root, &request.proof) {
        return Err(Refusal::Inconsistent);
    }
    Ok(Accepted { checkpoint: checkpoint.clone() })
}

fn check_signed(signed: &SignedCheckpoint, logs: &[VerifierKey]) -> Result<(), Refusal> {
    let origin = &signed.checkpoint().origin;
    let keys: Vec<&VerifierKey> = logs.iter().filter(|log| log.name == *origin).collect();
    refuse_if(keys.is_empty(), Refusal::UnknownOrigin)?;
    let note = signed.note();
    let mut good = false;
    for signature in note.signatures() {
        for key in &keys {
            match key.check(note.text(), signature) {
                Checked::Foreign => {}
                Checked::Bad => return Err(Refusal::NotSigned),
                Checked::Good { .. } => good = true,
            }
        }
    }
    if good { Ok(()) } else { Err(Refusal::NotSigned) }
}
