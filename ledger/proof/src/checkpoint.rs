//! Checkpoints: how large a log is and what its root is, as a signed note
//! (<https://c2sp.org/tlog-checkpoint>).
//!
//! The text is three lines: the origin, the size in decimal, the root in base64. Extension lines
//! are refused, because nothing on the ledger makes them and nobody could audit them.

use ledger_types::Hash;

use crate::note::{KeyName, Note, NoteError, NoteSignature};
use crate::text::{base64, hash_from_base64, line, number};

/// The largest size of a log: what a signed 64-bit number holds, so that every reader can.
pub const SIZE_MAX: u64 = u64::MAX >> 1;

/// The head of a log's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; its own key has the same.
    pub origin: KeyName,
    /// How many entries the log has; at most 2^63 − 1.
    pub size: u64,
    /// The RFC 6962 root over them.
    pub root: Hash,
}

/// Why a text is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The origin is no name.
    #[error("the first line is no origin")]
    Origin,
    /// The size is no number without leading zeros below 2^63.
    #[error("the second line is no size")]
    Size,
    /// The root is no base64 of 32 bytes.
    #[error("the third line is no root")]
    Root,
    /// Lines follow the root.
    #[error("the text has more than three lines")]
    Extension,
}

impl Checkpoint {
    /// Reads the text of a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError`] says which line is wrong.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let (origin, rest) = line(text).ok_or(CheckpointError::Origin)?;
        let origin = KeyName::new(origin).ok_or(CheckpointError::Origin)?;
        let (size, rest) = line(rest).ok_or(CheckpointError::Size)?;
        let size = number(size).filter(|size| *size <= SIZE_MAX).ok_or(CheckpointError::Size)?;
        let (root, rest) = line(rest).ok_or(CheckpointError::Root)?;
        let root = hash_from_base64(root).ok_or(CheckpointError::Root)?;
        if rest.is_empty() {
            Ok(Self { origin, size, root })
        } else {
            Err(CheckpointError::Extension)
        }
    }

    /// The checkpoint with these signatures.
    ///
    /// # Errors
    /// [`NoteError`] where there are none or too many.
    pub fn signed(self, signatures: Vec<NoteSignature>) -> Result<SignedCheckpoint, NoteError> {
        let note = Note::new(self.to_string(), signatures)?;
        Ok(SignedCheckpoint { checkpoint: self, note })
    }
}

impl core::fmt::Display for Checkpoint {
    /// The text, each of its three lines with a newline.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, base64(self.root.as_bytes()))
    }
}

/// A checkpoint with its signatures, none of which is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a checkpoint with its signatures.
    ///
    /// # Errors
    /// [`CheckpointError`] says what is wrong.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        Ok(Self { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// What the signatures are over. Trust it once a policy has accepted the signatures.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }
}

impl core::fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.note.fmt(f)
    }
}
