//! Who signs the log: names and keys of every validator, and the policy that a verifier needs.

use ledger_proof::note::{KeyName, SignatureKind, VerifierKey};
use ledger_proof::policy::{Policy, PolicyError};
use ledger_types::Genesis;

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
pub(super) fn witness_name(genesis: &Genesis, place: usize) -> Result<KeyName, SignersError> {
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
    let mut sum = 0;
    let enough = powers.iter().position(|power| {
        sum += power;
        sum * 3 > total * 2
    });
    enough.map_or(powers.len(), |place| place + 1)
}
