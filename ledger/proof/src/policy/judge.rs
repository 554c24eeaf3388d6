//! Judging a checkpoint's signatures by a policy.

use ledger_types::refuse_if;
use std::collections::BTreeSet;

use super::Policy;
use crate::checkpoint::SignedCheckpoint;
use crate::note::{Checked, KeyName, VerifierKey};

/// A witness's cosignature that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// The witness, by its place in the policy.
    pub witness: usize,
    /// When, in seconds since the Unix epoch.
    pub time: u64,
}

/// A checkpoint that a policy accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// One a witness, in order of witness; the latest where it cosigned more than once.
    pub cosignatures: Vec<Cosignature>,
}

/// Why a policy does not accept a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFailure {
    /// No log of the policy has this origin.
    #[error("no log of the policy is named {origin}")]
    UnknownLog {
        /// The checkpoint's origin.
        origin: KeyName,
    },
    /// A signature names a known key and is not its signature.
    #[error("a signature by {name} does not verify")]
    BadSignature {
        /// Whose.
        name: KeyName,
    },
    /// No log of the policy signed it.
    #[error("the log did not sign the checkpoint")]
    NotSigned,
    /// The witnesses make no quorum.
    #[error("{count} witnesses cosigned, which is no quorum")]
    NoQuorum {
        /// How many there were.
        count: usize,
    },
}

impl Policy {
    /// Judges a checkpoint: a log of the policy signed it, no signature of a known key is bad, and
    /// witnesses make the quorum.
    ///
    /// # Errors
    /// [`PolicyFailure`] says which does not hold, in this order: unknown log, bad signature (the
    /// first), not signed, no quorum.
    pub fn judge(&self, signed: &SignedCheckpoint) -> Result<Witnessed, PolicyFailure> {
        let origin = &signed.checkpoint().origin;
        let logs: Vec<&VerifierKey> =
            self.logs.iter().map(|log| &log.key).filter(|key| key.name == *origin).collect();
        if logs.is_empty() {
            return Err(PolicyFailure::UnknownLog { origin: origin.clone() });
        }
        let mut found = Found::default();
        for signature in signed.note().signatures() {
            let text = signed.note().text();
            let by_log = logs.iter().map(|key| (None, key.check(text, signature)));
            let keys = self.witnesses.iter().enumerate();
            let by_witness = keys.map(|(at, one)| (Some(at), one.key.check(text, signature)));
            for (witness, checked) in by_log.chain(by_witness) {
                found
                    .take(witness, checked)
                    .map_err(|()| PolicyFailure::BadSignature { name: signature.name.clone() })?;
            }
        }
        self.conclude(found)
    }

    fn conclude(&self, found: Found) -> Result<Witnessed, PolicyFailure> {
        refuse_if(!found.by_log, PolicyFailure::NotSigned)?;
        let mut cosignatures = found.cosignatures;
        cosignatures.sort_by_key(|one| (one.witness, core::cmp::Reverse(one.time)));
        cosignatures.dedup_by_key(|one| one.witness);
        let count = cosignatures.len();
        let witnessed = Witnessed { cosignatures };
        if witnessed.is_quorum_where(self, |_| true) {
            Ok(witnessed)
        } else {
            Err(PolicyFailure::NoQuorum { count })
        }
    }
}

#[derive(Default)]
struct Found {
    by_log: bool,
    cosignatures: Vec<Cosignature>,
}

impl Found {
    fn take(&mut self, witness: Option<usize>, checked: Checked) -> Result<(), ()> {
        match (checked, witness) {
            (Checked::Foreign, _) => {}
            (Checked::Bad, _) => return Err(()),
            (Checked::Good { .. }, None) => self.by_log = true,
            (Checked::Good { time }, Some(witness)) => {
                let time = time.unwrap_or(0);
                self.cosignatures.push(Cosignature { witness, time });
            }
        }
        Ok(())
    }
}

impl Witnessed {
    /// Whether the cosignatures whose time (in seconds) satisfies `counts` make `policy`'s quorum.
    #[must_use]
    pub fn is_quorum_where(&self, policy: &Policy, counts: impl Fn(u64) -> bool) -> bool {
        let counted = self.cosignatures.iter().filter(|one| counts(one.time));
        let witnesses: BTreeSet<usize> = counted.map(|one| one.witness).collect();
        policy.is_quorum(&witnesses)
    }
}
