//! Bundles: one file that proves what the ledger holds, verified offline.
//!
//! A bundle is a JSON document (`FORMAT.md` beside this crate's manifest describes it well enough
//! to be verified by others, and a verifier in Python was written from it). It carries
//!
//! - the network's genesis hash;
//! - a validator set that the verifier trusts, and the changes of the set since;
//! - the log's policy and a checkpoint that witnesses cosigned;
//! - claims: a receipt in the log, a key's value or absence in the state, a decided header, or a
//!   decision on a request for data under a consent.
//!
//! What the verifier already trusts is a [`TrustRoot`]; nothing in the bundle is taken for true
//! because the bundle says so. [`verify`] answers what was proved, or the first check that failed.

mod decision;
mod error;
mod json;
mod proved;
mod trust;
mod verify;

use ledger_types::{CommitCertificate, Entry, Hash, Header, Height, ValidatorSet};

use crate::checkpoint::SignedCheckpoint;
use crate::request::SignedAccessRequest;
use crate::state::{Key, Proof};

pub use error::{BundleError, Check, Code};
pub use proved::{CosignedBy, Proved, Verified};
pub use trust::{TrustError, TrustRoot, TrustedSet};
pub use verify::verify;

/// The value of a bundle's `format`.
pub const FORMAT: &str = "kyojo-bundle/2";
/// The most bytes that a bundle has.
pub const BUNDLE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most claims of a bundle.
pub const CLAIMS_MAX: usize = 1024;
/// The most changes of the validator set in a bundle.
pub const CHANGES_MAX: usize = 1024;

/// A bundle, none of which is verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The network's genesis hash.
    pub genesis: Hash,
    /// A validator set to begin with, needed by claims about headers.
    pub validators: Option<BundledSet>,
    /// The changes of the set since, in order of height.
    pub changes: Vec<SetChange>,
    /// The log's head, needed by claims about the log.
    pub log: Option<BundledLog>,
    /// What the bundle says.
    pub claims: Vec<Claim>,
}

/// A validator set and the height from which on it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledSet {
    /// The height.
    pub height: Height,
    /// The set.
    pub set: ValidatorSet,
}

/// A change of the validator set: the first header that the new set decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetChange {
    /// The header with its certificate.
    pub decided: Decided,
    /// The new set.
    pub set: ValidatorSet,
}

/// A header and the certificate that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The header.
    pub header: Header,
    /// The certificate.
    pub certificate: CommitCertificate,
}

/// The log's head and the policy that it is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledLog {
    /// The policy file, byte for byte the one that the verifier trusts.
    pub policy: String,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// An entry of the log with its inclusion path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place, from 0.
    pub index: u64,
    /// The entry.
    pub entry: Entry,
    /// The inclusion path, bottom first.
    pub path: Vec<Hash>,
}

/// What vouches for a state root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateAnchor {
    /// The log's entry that closed a block: the state after that block.
    Commit(LogEntry),
    /// A decided header: the state after the block before it.
    Header(Box<Decided>),
}

/// One thing that a bundle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A transaction ended so.
    Receipt(LogEntry),
    /// A key had this value, or none, after a block.
    State {
        /// What vouches for the state.
        anchor: StateAnchor,
        /// The key.
        key: Key,
        /// The proof.
        proof: Box<Proof>,
    },
    /// A header was decided.
    Header(Box<Decided>),
    /// A request for data is permitted.
    Decision(Box<DecisionClaim>),
}

/// A request, and everything in the state that permits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionClaim {
    /// The signed request.
    pub request: SignedAccessRequest,
    /// The log's last entry, which closed the latest block.
    pub commit: LogEntry,
    /// The requester's record.
    pub party: Proof,
    /// The consent's record.
    pub consent: Proof,
    /// The record of the notice under which it was given.
    pub notice: Proof,
    /// The record of the scheme of joint use that the process is for; there exactly where it is
    /// for one.
    pub joint_use: Option<Proof>,
    /// The process in clear, where the data holder has it.
    pub opening: Option<Opening>,
}

/// The opening of a terms leaf: `SHA-256(TAG_TERMS ‖ salt ‖ process)` is the leaf's commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The process as RFC 8785 canonical JSON.
    pub process: String,
    /// The salt.
    pub salt: [u8; 32],
}

impl Bundle {
    /// Reads a bundle: every field and every byte of it, but no signature or hash.
    ///
    /// # Errors
    /// [`Code::TooLarge`], [`Code::UnknownFormat`] or [`Code::Malformed`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, BundleError> {
        json::read(bytes)
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
    }
}
