//! What a verifier trusts before it reads a bundle.

use ledger_types::{Genesis, Hash, Height, PartyId, Timestamp, Validator, ValidatorSet};
use serde::{Deserialize, Serialize};

use super::error::BundleError;
use super::json::{Hex, strict};
use crate::policy::Policy;
use crate::signers::{Signers, SignersError};

/// The value of a trust root's `format`.
const FORMAT: &str = "kyojo-trust/1";

/// What a verifier trusts: from the network's founders, an earlier verification, or its own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustRoot {
    /// The network.
    pub genesis: Hash,
    /// A validator set, by its hash. Without one, claims about headers are refused.
    pub validators: Option<TrustedSet>,
    /// The log's policy file. Without one, claims about the log are refused.
    pub policy: Option<String>,
    /// Δ: how long a decision may be relied on, in milliseconds; a genesis parameter.
    pub decision_validity_ms: u64,
    /// The time now. Without it, decisions are refused.
    pub now: Option<Timestamp>,
    /// The data holder that verifies, where one does: requests to another are refused.
    pub holder: Option<PartyId>,
}

/// A validator set that decides from a height on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedSet {
    /// The height.
    pub height: Height,
    /// The set's hash, as headers carry it.
    pub hash: Hash,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    format: String,
    genesis: Hex<32>,
    validators: Option<SetForm>,
    policy: Option<String>,
    decision_validity_ms: u64,
    now_ms: Option<u64>,
    holder: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetForm {
    height: u64,
    hash: Hex<32>,
}

/// A genesis document makes no trust root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Its validators make no set.
    #[error("the validators of the genesis document make no set")]
    Validators,
    /// Its keys make no policy.
    #[error(transparent)]
    Signers(#[from] SignersError),
}

impl TrustRoot {
    /// What follows from a genesis document: the set that decides from height 1 on, the log's
    /// policy, and Δ. Trusting it is trusting whoever gave the document.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn of_genesis(genesis: &Genesis, now: Option<Timestamp>) -> Result<Self, TrustError> {
        let validator = |entry: &ledger_types::genesis::GenesisValidator| Validator {
            key: entry.key,
            power: entry.power,
        };
        let set = ValidatorSet::new(genesis.validators.iter().map(validator).collect());
        let hash = set.ok_or(TrustError::Validators)?.hash();
        Ok(Self {
            genesis: genesis.hash(),
            validators: Some(TrustedSet { height: Height::new(1), hash }),
            policy: Some(Signers::of(genesis)?.policy.to_string()),
            decision_validity_ms: genesis.parameters.decision_validity_ms,
            now,
            holder: None,
        })
    }

    /// Reads a trust root: `{"format": "kyojo-trust/1", "genesis", "validators": {"height",
    /// "hash"}, "policy", "decision_validity_ms", "now_ms", "holder"}`; `validators`, `policy`,
    /// `now_ms` and `holder` may be null or missing.
    ///
    /// # Errors
    /// [`BundleError`] with code `unknown_format` or `malformed`, also where the policy is none.
    pub fn from_json(bytes: &[u8]) -> Result<Self, BundleError> {
        let form: Form = strict(bytes, FORMAT)?;
        if let Some(policy) = &form.policy {
            Policy::parse(policy).map_err(BundleError::malformed)?;
        }
        let set = |set: SetForm| TrustedSet {
            height: Height::new(set.height),
            hash: Hash::new(set.hash.0),
        };
        Ok(Self {
            genesis: Hash::new(form.genesis.0),
            validators: form.validators.map(set),
            policy: form.policy,
            decision_validity_ms: form.decision_validity_ms,
            now: form.now_ms.map(Timestamp::from_millis),
            holder: form.holder.map(PartyId::new),
        })
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> String {
        let set = |set: &TrustedSet| SetForm {
            height: set.height.get(),
            hash: Hex(*set.hash.as_bytes()),
        };
        let form = Form {
            format: FORMAT.to_owned(),
            genesis: Hex(*self.genesis.as_bytes()),
            validators: self.validators.as_ref().map(set),
            policy: self.policy.clone(),
            decision_validity_ms: self.decision_validity_ms,
            now_ms: self.now.map(Timestamp::as_millis),
            holder: self.holder.map(PartyId::get),
        };
        super::json::pretty(&form)
    }
}
