//! Who signs a network's log: names and keys of every validator, and the policy that a verifier
//! needs.
//!
//! All of it follows from the genesis document, so whoever has that document needs to be told
//! nothing else.

use ledger_types::Genesis;

use crate::note::{KeyName, SignatureKind, VerifierKey};
use crate::policy::{Policy, PolicyError};

/// Names and verifier keys of the log, as genesis gives them.
#[derive(Clone, Debug)]
pub struct Signers {
    /// The log's name, the same at every validator.
    pub origin: KeyName,
    /// By validator, in genesis order: what verifies its signature as a log (type 0x01).
    pub logs: Vec<VerifierKey>,
    /// By validator: what verifies its cosignature (type 0x04).
    pub witnesses: Vec<VerifierKey>,
    /// Which validators' cosignatures make a checkpoint hold.
    pub policy: Policy,
}

/// Genesis gives no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignersError {
    /// A name made of the network's cannot stand in a note.
    #[error("the network's name makes no key name")]
    Name,
    /// The keys make no policy.
    #[error("the validators' log and cosignature keys make no policy: {0}")]
    Policy(#[from] PolicyError),
}

/// The name of the log of the network with this genesis.
fn name(genesis: &Genesis, part: &str) -> Result<KeyName, SignersError> {
    KeyName::new(&format!("kyojo.{}/{part}", genesis.network())).ok_or(SignersError::Name)
}

/// The name under which the validator at this place of genesis cosigns.
///
/// # Errors
/// [`SignersError::Name`].
pub fn witness_name(genesis: &Genesis, place: usize) -> Result<KeyName, SignersError> {
    name(genesis, &format!("v{place}"))
}

impl Signers {
    /// The signers that genesis names.
    ///
    /// # Errors
    /// [`SignersError`] where keys are repeated or there is no validator.
    pub fn of(genesis: &Genesis) -> Result<Self, SignersError> {
        let origin = name(genesis, "audit-log")?;
        let (mut logs, mut witnesses) = (Vec::new(), Vec::new());
        for (place, validator) in genesis.validators.iter().enumerate() {
            let name = witness_name(genesis, place)?;
            let (kind, key) = (SignatureKind::Ed25519, validator.log_key);
            logs.push(VerifierKey { name: origin.clone(), kind, key });
            let (kind, key) = (SignatureKind::Cosignature, validator.cosignature_key);
            witnesses.push(VerifierKey { name, kind, key });
        }
        let policy = Policy::parse(&policy_text(genesis, &logs, &witnesses))?;
        Ok(Self { origin, logs, witnesses, policy })
    }
}

/// The policy file: every validator's log, every validator as a witness, and a quorum of them.
fn policy_text(genesis: &Genesis, logs: &[VerifierKey], witnesses: &[VerifierKey]) -> String {
    use core::fmt::Write as _;
    let mut text = String::new();
    for log in logs {
        let _ = writeln!(text, "log {log}");
    }
    for (place, witness) in witnesses.iter().enumerate() {
        let _ = writeln!(text, "witness v{place} {witness}");
    }
    let names: Vec<String> = (0..witnesses.len()).map(|place| format!("v{place}")).collect();
    let threshold = threshold(genesis);
    let _ = writeln!(text, "group bft {threshold} {}\nquorum bft", names.join(" "));
    text
}

/// The fewest validators that hold more than two thirds of the power, whichever they are: a policy
/// counts heads, so where powers differ it asks for what the weakest need.
fn threshold(genesis: &Genesis) -> usize {
    let mut powers: Vec<u128> = genesis.validators.iter().map(|v| u128::from(v.power)).collect();
    powers.sort_unstable();
    let total: u128 = powers.iter().sum();
    let mut sum = 0_u128;
    // A validator's power is a u64 and there are at most 128, so nothing here saturates.
    let too_few = powers.iter().take_while(|power| {
        sum = sum.saturating_add(**power);
        sum.saturating_mul(3) <= total.saturating_mul(2)
    });
    too_few.count().saturating_add(1).min(powers.len())
}
