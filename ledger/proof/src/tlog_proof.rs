//! Proofs that an entry is in a log, as one text that is verified offline
//! (<https://c2sp.org/tlog-proof>).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>              only where there is extra data, which nothing authenticates
//! index <decimal>
//! <base64 of 32 bytes>        the inclusion path, bottom first, one hash a line
//! <empty line>
//! <checkpoint with its signatures>
//! ```

use ledger_types::merkle::{leaf_hash, verify_inclusion};
use ledger_types::{Hash, refuse_if};

use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::note::NOTE_BYTES_MAX;
use crate::policy::{Policy, PolicyFailure, Witnessed};
use crate::text::{base64, from_base64, hash_from_base64, line, number};

/// The first line.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The longest inclusion path: a log has at most 2^63 − 1 entries.
pub const PATH_MAX: usize = 63;
/// The most bytes that a proof has.
pub const TLOG_PROOF_BYTES_MAX: usize = 2 * NOTE_BYTES_MAX;

/// A proof that an entry is in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Bytes for the application, which nothing authenticates.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// The inclusion path, bottom first.
    pub path: Vec<Hash>,
    /// The checkpoint that the path leads to.
    pub checkpoint: SignedCheckpoint,
}

/// Why a text is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// More bytes than a proof has.
    #[error("a proof has at most {TLOG_PROOF_BYTES_MAX} bytes")]
    TooLarge,
    /// Another first line.
    #[error("the first line is not \"{HEADER}\"")]
    Header,
    /// The extra data is no base64.
    #[error("the extra data is no base64")]
    Extra,
    /// No index line, or no number in it.
    #[error("there is no index line with a number")]
    Index,
    /// A line of the path is no hash, or there are too many.
    #[error("the inclusion path is not of hashes, or of more than {PATH_MAX}")]
    Path,
    /// The rest is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// Why a proof shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofFailure {
    /// The policy does not accept the checkpoint.
    #[error(transparent)]
    Policy(#[from] PolicyFailure),
    /// The path does not lead from the entry to the checkpoint's root.
    #[error("the entry is not in the log at this place")]
    NotIncluded,
}

impl TlogProof {
    /// Reads a proof.
    ///
    /// # Errors
    /// [`TlogProofError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        refuse_if(text.len() > TLOG_PROOF_BYTES_MAX, TlogProofError::TooLarge)?;
        let (header, rest) = line(text).ok_or(TlogProofError::Header)?;
        refuse_if(header != HEADER, TlogProofError::Header)?;
        let (second, after) = line(rest).ok_or(TlogProofError::Index)?;
        let (extra, rest) = match second.strip_prefix("extra ") {
            Some(encoded) => (Some(from_base64(encoded).ok_or(TlogProofError::Extra)?), after),
            None => (None, rest),
        };
        let (index, rest) = line(rest).ok_or(TlogProofError::Index)?;
        let index = index.strip_prefix("index ").and_then(number).ok_or(TlogProofError::Index)?;
        let (path, rest) = path_lines(rest, PATH_MAX).ok_or(TlogProofError::Path)?;
        Ok(Self { extra, index, path, checkpoint: SignedCheckpoint::parse(rest)? })
    }

    /// Checks that `entry` is in the log: first the checkpoint's signatures against `policy`, then
    /// the inclusion.
    ///
    /// # Errors
    /// [`TlogProofFailure`] says which does not hold.
    pub fn verify(&self, policy: &Policy, entry: &[u8]) -> Result<Witnessed, TlogProofFailure> {
        let witnessed = policy.judge(&self.checkpoint)?;
        let head = self.checkpoint.checkpoint();
        let leaf = leaf_hash(entry);
        if verify_inclusion(leaf, self.index, head.size, &self.path, &head.root) {
            Ok(witnessed)
        } else {
            Err(TlogProofFailure::NotIncluded)
        }
    }
}

impl core::fmt::Display for TlogProof {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", base64(hash.as_bytes())))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Hashes, one a line, up to an empty line, and what follows it.
pub(crate) fn path_lines(mut text: &str, most: usize) -> Option<(Vec<Hash>, &str)> {
    let mut path = Vec::new();
    loop {
        let (first, rest) = line(text)?;
        text = rest;
        if first.is_empty() {
            return Some((path, text));
        }
        if path.len() >= most {
            return None;
        }
        path.push(hash_from_base64(first)?);
    }
}
