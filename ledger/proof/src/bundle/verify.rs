//! Verifying a bundle: the checks in their order, the first that fails is the answer.
//!
//! 1. The genesis hash is the trusted one.
//! 2. The first validator set is the trusted one by height and hash. For each change, in ascending
//!    order of height: the header is of this network and names the new set; the certificate is the
//!    header's and holds under the new set; and its signers of the set before have more than a
//!    third of that set's power, so that at least one honest validator vouches for the change (a
//!    light client's rule in Tendermint).
//! 3. The policy is the trusted one byte for byte, and it accepts the checkpoint.
//! 4. Each claim in order.

use ledger_types::merkle::verify_inclusion;
use ledger_types::{BlockCommit, Entry, Hash, Header, Height, ValidatorSet, refuse_if};

use super::decision::judge_decision;
use super::error::{BundleError, Check, Code};
use super::proved::{CosignedBy, Proved, Verified};
use super::{Bundle, BundledLog, Claim, Decided, LogEntry, SetChange, StateAnchor, TrustRoot};
use crate::policy::{Policy, PolicyFailure, Witnessed};
use crate::state::{Key, Proof, ProofError};

/// What of a bundle holds once its frame is verified.
pub(super) struct Frame<'a> {
    pub(super) trust: &'a TrustRoot,
    /// Sets with the heights from which on they decide, in ascending order.
    sets: Vec<(Height, &'a ValidatorSet)>,
    log: Option<LogFrame<'a>>,
}

/// A checkpoint that the policy accepted.
pub(super) struct LogFrame<'a> {
    pub(super) policy: Policy,
    pub(super) witnessed: Witnessed,
    pub(super) size: u64,
    root: Hash,
    bundled: &'a BundledLog,
}

/// Verifies a bundle under what the verifier trusts.
///
/// # Errors
/// [`BundleError`] with the first check that failed; then nothing is proved.
pub fn verify(bundle: &Bundle, trust: &TrustRoot) -> Result<Verified, BundleError> {
    refuse_if(bundle.genesis != trust.genesis, Code::WrongGenesis)?;
    let sets = verify_sets(bundle, trust)?;
    let log = bundle.log.as_ref().map(|log| verify_log(log, trust)).transpose()?;
    let frame = Frame { trust, sets, log };
    let mut proved = Vec::with_capacity(bundle.claims.len());
    for (index, claim) in bundle.claims.iter().enumerate() {
        let one = frame.claim(claim);
        proved.push(one.map_err(|code| BundleError::from(code).at(Check::Claim(index)))?);
    }
    let checkpoint = frame.log.as_ref().map(LogFrame::cosigned_by);
    Ok(Verified { genesis: bundle.genesis, checkpoint, proved })
}

fn verify_sets<'a>(
    bundle: &'a Bundle,
    trust: &TrustRoot,
) -> Result<Vec<(Height, &'a ValidatorSet)>, BundleError> {
    let Some(first) = &bundle.validators else {
        let none = bundle.changes.is_empty();
        return if none { Ok(Vec::new()) } else { Err(Code::ValidatorsMissing.into()) };
    };
    let trusted = trust.validators.as_ref();
    if trusted.is_none_or(|set| set.height != first.height || set.hash != first.set.hash()) {
        return Err(Code::ValidatorsUntrusted.into());
    }
    let mut sets = vec![(first.height, &first.set)];
    let mut before = (first.height, &first.set);
    for (index, change) in bundle.changes.iter().enumerate() {
        verify_change(change, before, &trust.genesis)
            .map_err(|code| BundleError::from(code).at(Check::Change(index)))?;
        before = (change.decided.header.height, &change.set);
        sets.push(before);
    }
    Ok(sets)
}

fn verify_change(
    change: &SetChange,
    (height, before): (Height, &ValidatorSet),
    genesis: &Hash,
) -> Result<(), Code> {
    let SetChange { decided, set } = change;
    refuse_if(decided.header.height <= height, Code::ChangeOutOfOrder)?;
    verify_decided(decided, set, genesis)?;
    let signers = decided.certificate.signatures.iter();
    let power: u128 = signers
        .filter_map(|entry| before.get(&entry.validator))
        .map(|validator| u128::from(validator.power))
        .sum();
    let vouched = power.saturating_mul(3) > u128::from(before.total_power());
    if vouched { Ok(()) } else { Err(Code::ChangeNotVouched) }
}

/// The header is of this network and names `set`; the certificate is the header's and holds.
fn verify_decided(decided: &Decided, set: &ValidatorSet, genesis: &Hash) -> Result<(), Code> {
    let Decided { header, certificate } = decided;
    refuse_if(header.network != genesis.network(), Code::WrongNetwork)?;
    refuse_if(header.validators_hash != set.hash(), Code::SetMismatch)?;
    if certificate.height != header.height || certificate.block != header.hash() {
        return Err(Code::CertificateMismatch);
    }
    certificate.verify(set, genesis).map_err(|_| Code::CertificateInvalid)
}

fn verify_log<'a>(log: &'a BundledLog, trust: &TrustRoot) -> Result<LogFrame<'a>, BundleError> {
    refuse_if(trust.policy.as_ref() != Some(&log.policy), Code::PolicyUntrusted)?;
    let policy = Policy::parse(&log.policy).map_err(BundleError::malformed)?;
    let witnessed = policy.judge(&log.checkpoint).map_err(|failure| match failure {
        PolicyFailure::UnknownLog { .. } => Code::LogUnknown,
        PolicyFailure::BadSignature { .. } => Code::NoteSignatureInvalid,
        PolicyFailure::NotSigned => Code::LogSignatureMissing,
        PolicyFailure::NoQuorum { .. } => Code::NoQuorum,
    })?;
    let head = log.checkpoint.checkpoint();
    Ok(LogFrame { policy, witnessed, size: head.size, root: head.root, bundled: log })
}

impl LogFrame<'_> {
    fn cosigned_by(&self) -> CosignedBy {
        let name = |witness: usize| {
            self.policy.witnesses().get(witness).map_or(String::new(), |one| one.name.clone())
        };
        let cosignatures = self.witnessed.cosignatures.iter();
        CosignedBy {
            origin: self.bundled.checkpoint.checkpoint().origin.to_string(),
            size: self.size,
            root: self.root,
            witnesses: cosignatures.map(|one| (name(one.witness), one.time)).collect(),
        }
    }
}

impl Frame<'_> {
    fn claim(&self, claim: &Claim) -> Result<Proved, Code> {
        match claim {
            Claim::Receipt(entry) => {
                let Entry::Receipt(receipt) = &entry.entry else {
                    return Err(Code::WrongEntryKind);
                };
                self.included(entry)?;
                Ok(Proved::receipt(entry.index, receipt))
            }
            Claim::State { anchor, key, proof } => self.state(anchor, key, proof),
            Claim::Header(decided) => {
                let header = self.header(decided)?;
                Ok(Proved::Header {
                    height: header.height,
                    time: header.time,
                    hash: header.hash(),
                    state_root: header.state_root,
                    audit_log_root: header.audit_log_root,
                })
            }
            Claim::Decision(claim) => judge_decision(self, claim),
        }
    }

    fn state(&self, anchor: &StateAnchor, key: &Key, proof: &Proof) -> Result<Proved, Code> {
        let (height, time, state_root) = match anchor {
            StateAnchor::Commit(entry) => {
                let commit = self.commit(entry)?;
                (commit.height, Some(commit.time), commit.state_root)
            }
            StateAnchor::Header(decided) => {
                let header = self.header(decided)?;
                // A header of height 0 names no block before it.
                let height = header.height.previous().ok_or(Code::HeaderBeforeTrust)?;
                (height, None, header.state_root)
            }
        };
        let value = value_of(proof, &state_root, key)?.map(hex::encode);
        Ok(Proved::State { height, time, state_root, key: hex::encode(key.as_bytes()), value })
    }

    /// The log, where the bundle has one.
    pub(super) fn log(&self) -> Result<&LogFrame<'_>, Code> {
        self.log.as_ref().ok_or(Code::LogMissing)
    }

    /// The block that an entry of the log closed.
    pub(super) fn commit(&self, entry: &LogEntry) -> Result<BlockCommit, Code> {
        let Entry::BlockCommit(commit) = entry.entry else { return Err(Code::WrongEntryKind) };
        self.included(entry)?;
        Ok(commit)
    }

    fn included(&self, entry: &LogEntry) -> Result<(), Code> {
        let log = self.log()?;
        let leaf = entry.entry.leaf_hash();
        let is_in_log = verify_inclusion(leaf, entry.index, log.size, &entry.path, &log.root);
        refuse_if(!is_in_log, Code::NotInLog)
    }

    /// The header, decided by the set in force at its height.
    fn header<'d>(&self, decided: &'d Decided) -> Result<&'d Header, Code> {
        let header = &decided.header;
        refuse_if(self.sets.is_empty(), Code::ValidatorsMissing)?;
        let in_force = self.sets.iter().rev().find(|(from, _)| *from <= header.height);
        let (_, set) = in_force.ok_or(Code::HeaderBeforeTrust)?;
        verify_decided(decided, set, &self.trust.genesis)?;
        Ok(header)
    }
}

/// The value of a key under a state root.
pub(super) fn value_of(proof: &Proof, root: &Hash, key: &Key) -> Result<Option<Vec<u8>>, Code> {
    proof.verify(root, key).map_err(|error| match error {
        ProofError::NotInGap => Code::StateNotInGap,
        ProofError::RootMismatch => Code::StateRootMismatch,
    })
}
