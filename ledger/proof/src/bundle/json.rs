//! The JSON document of a bundle: strict both ways, so that one bundle has one meaning.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{Entry, Hash, Height, ValidatorSet, refuse_if};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{BundleError, Code};
use super::{
    BUNDLE_BYTES_MAX, Bundle, BundledLog, BundledSet, CHANGES_MAX, CLAIMS_MAX, Claim, Decided,
    DecisionClaim, FORMAT, LogEntry, Opening, SetChange, StateAnchor,
};
use crate::checkpoint::SignedCheckpoint;
use crate::request::SignedAccessRequest;
use crate::state::{Key, PROOF_BYTES_MAX};
use crate::tlog_proof::PATH_MAX;

/// `N` bytes as lower-case hexadecimal digits.
#[derive(Clone, Copy)]
pub(super) struct Hex<const N: usize>(pub(super) [u8; N]);

impl<const N: usize> Serialize for Hex<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Hex<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; N];
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        match hex::decode_to_slice(&text, &mut bytes) {
            Ok(()) if lower => Ok(Self(bytes)),
            _ => Err(D::Error::custom("not lower-case hexadecimal digits of this many bytes")),
        }
    }
}

/// Any bytes as standard base64.
struct Base64(Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
struct Head {
    format: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleForm {
    format: String,
    genesis: Hex<32>,
    validators: Option<SetForm>,
    changes: Vec<ChangeForm>,
    log: Option<LogForm>,
    claims: Vec<ClaimForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetForm {
    height: u64,
    set: Base64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    header: Base64,
    certificate: Base64,
    set: Base64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecidedForm {
    header: Base64,
    certificate: Base64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogForm {
    policy: String,
    checkpoint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryForm {
    index: u64,
    entry: Base64,
    path: Vec<Hex<32>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningForm {
    process: String,
    salt: Hex<32>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum ClaimForm {
    Receipt {
        receipt: EntryForm,
    },
    State {
        commit: Option<EntryForm>,
        decided: Option<DecidedForm>,
        key: Base64,
        proof: Base64,
    },
    Header {
        decided: DecidedForm,
    },
    Decision {
        request: Base64,
        commit: EntryForm,
        party: Base64,
        consent: Base64,
        notice: Base64,
        joint_use: Option<Base64>,
        opening: Option<OpeningForm>,
    },
}

/// A document of this format, with no field that the format lacks.
pub(super) fn strict<T: DeserializeOwned>(bytes: &[u8], format: &str) -> Result<T, BundleError> {
    refuse_if(bytes.len() > BUNDLE_BYTES_MAX, Code::TooLarge)?;
    let head: Head = serde_json::from_slice(bytes).map_err(BundleError::malformed)?;
    refuse_if(head.format != format, Code::UnknownFormat)?;
    serde_json::from_slice(bytes).map_err(BundleError::malformed)
}

/// The document with indentation and a last newline.
pub(super) fn pretty<T: Serialize>(form: &T) -> String {
    // Forms are structures of texts and numbers, which serialising never refuses.
    let mut text = serde_json::to_string_pretty(form).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let form: BundleForm = strict(bytes, FORMAT)?;
    if form.claims.len() > CLAIMS_MAX || form.changes.len() > CHANGES_MAX {
        return Err(BundleError::malformed("too many claims or changes"));
    }
    Ok(Bundle {
        genesis: Hash::new(form.genesis.0),
        validators: form.validators.as_ref().map(read_bundled_set).transpose()?,
        changes: form.changes.iter().map(read_change).collect::<Result<_, _>>()?,
        log: form.log.map(read_log).transpose()?,
        claims: form.claims.iter().map(read_claim).collect::<Result<_, _>>()?,
    })
}

fn read_bundled_set(form: &SetForm) -> Result<BundledSet, BundleError> {
    Ok(BundledSet { height: Height::new(form.height), set: read_set(&form.set)? })
}

/// A set in its one form: in order, each validator once, none without power.
fn read_set(bytes: &Base64) -> Result<ValidatorSet, BundleError> {
    let set: ValidatorSet = borsh_of(bytes, TRANSACTION_BYTES_MAX)?;
    let sound = ValidatorSet::new(set.as_slice().to_vec());
    sound.filter(|sound| *sound == set).ok_or_else(|| BundleError::malformed("validator set"))
}

fn read_change(form: &ChangeForm) -> Result<SetChange, BundleError> {
    let ChangeForm { header, certificate, set } = form;
    Ok(SetChange { decided: read_decided(header, certificate)?, set: read_set(set)? })
}

fn read_decided(header: &Base64, certificate: &Base64) -> Result<Decided, BundleError> {
    Ok(Decided {
        header: borsh_of(header, TRANSACTION_BYTES_MAX)?,
        certificate: borsh_of(certificate, TRANSACTION_BYTES_MAX)?,
    })
}

fn read_log(form: LogForm) -> Result<BundledLog, BundleError> {
    let checkpoint = SignedCheckpoint::parse(&form.checkpoint).map_err(BundleError::malformed)?;
    Ok(BundledLog { policy: form.policy, checkpoint })
}

fn read_entry(form: &EntryForm) -> Result<LogEntry, BundleError> {
    if form.path.len() > PATH_MAX {
        return Err(BundleError::malformed("an inclusion path is too long"));
    }
    let entry = Entry::decode(&form.entry.0).map_err(BundleError::malformed)?;
    let path = form.path.iter().map(|hash| Hash::new(hash.0)).collect();
    Ok(LogEntry { index: form.index, entry, path })
}

fn read_claim(form: &ClaimForm) -> Result<Claim, BundleError> {
    Ok(match form {
        ClaimForm::Receipt { receipt } => Claim::Receipt(read_entry(receipt)?),
        ClaimForm::State { commit, decided, key, proof } => Claim::State {
            anchor: read_anchor(commit.as_ref(), decided.as_ref())?,
            key: Key::new(&key.0).ok_or_else(|| BundleError::malformed("key"))?,
            proof: Box::new(borsh_of(proof, PROOF_BYTES_MAX)?),
        },
        ClaimForm::Header { decided } => {
            Claim::Header(Box::new(read_decided(&decided.header, &decided.certificate)?))
        }
        ClaimForm::Decision { request, commit, party, consent, notice, joint_use, opening } => {
            let request =
                SignedAccessRequest::decode(&request.0).map_err(BundleError::malformed)?;
            let is_for_one = request.request.asked().circle().is_some();
            refuse_if(joint_use.is_some() != is_for_one, BundleError::malformed("joint_use"))?;
            let (joint_use, opening) = (joint_use.as_ref(), opening.as_ref());
            Claim::Decision(Box::new(DecisionClaim {
                request,
                commit: read_entry(commit)?,
                party: borsh_of(party, PROOF_BYTES_MAX)?,
                consent: borsh_of(consent, PROOF_BYTES_MAX)?,
                notice: borsh_of(notice, PROOF_BYTES_MAX)?,
                joint_use: joint_use.map(|one| borsh_of(one, PROOF_BYTES_MAX)).transpose()?,
                opening: opening
                    .map(|form| Opening { process: form.process.clone(), salt: form.salt.0 }),
            }))
        }
    })
}

/// Exactly one of the two anchors.
fn read_anchor(
    commit: Option<&EntryForm>,
    decided: Option<&DecidedForm>,
) -> Result<StateAnchor, BundleError> {
    match (commit, decided) {
        (Some(commit), None) => Ok(StateAnchor::Commit(read_entry(commit)?)),
        (None, Some(DecidedForm { header, certificate })) => {
            Ok(StateAnchor::Header(Box::new(read_decided(header, certificate)?)))
        }
        _ => Err(BundleError::malformed("a state needs one of \"commit\" and \"decided\"")),
    }
}

fn borsh_of<T: borsh::BorshDeserialize>(bytes: &Base64, most: usize) -> Result<T, BundleError> {
    codec::decode(&bytes.0, most).map_err(|error: DecodeError| BundleError::malformed(error))
}

fn bytes_of<T: borsh::BorshSerialize>(value: &T) -> Base64 {
    Base64(codec::encode(value))
}

pub(super) fn write(bundle: &Bundle) -> String {
    let set = |set: &BundledSet| SetForm { height: set.height.get(), set: bytes_of(&set.set) };
    let change = |change: &SetChange| ChangeForm {
        header: bytes_of(&change.decided.header),
        certificate: bytes_of(&change.decided.certificate),
        set: bytes_of(&change.set),
    };
    let log = |log: &BundledLog| LogForm {
        policy: log.policy.clone(),
        checkpoint: log.checkpoint.to_string(),
    };
    pretty(&BundleForm {
        format: FORMAT.to_owned(),
        genesis: Hex(*bundle.genesis.as_bytes()),
        validators: bundle.validators.as_ref().map(set),
        changes: bundle.changes.iter().map(change).collect(),
        log: bundle.log.as_ref().map(log),
        claims: bundle.claims.iter().map(write_claim).collect(),
    })
}

fn write_entry(entry: &LogEntry) -> EntryForm {
    EntryForm {
        index: entry.index,
        entry: Base64(entry.entry.encode()),
        path: entry.path.iter().map(|hash| Hex(*hash.as_bytes())).collect(),
    }
}

fn write_decided(decided: &Decided) -> DecidedForm {
    DecidedForm { header: bytes_of(&decided.header), certificate: bytes_of(&decided.certificate) }
}

fn write_claim(claim: &Claim) -> ClaimForm {
    match claim {
        Claim::Receipt(entry) => ClaimForm::Receipt { receipt: write_entry(entry) },
        Claim::State { anchor, key, proof } => {
            let (commit, decided) = match anchor {
                StateAnchor::Commit(entry) => (Some(write_entry(entry)), None),
                StateAnchor::Header(decided) => (None, Some(write_decided(decided))),
            };
            let (key, proof) = (Base64(key.as_bytes().to_vec()), bytes_of(proof));
            ClaimForm::State { commit, decided, key, proof }
        }
        Claim::Header(decided) => ClaimForm::Header { decided: write_decided(decided) },
        Claim::Decision(claim) => ClaimForm::Decision {
            request: bytes_of(&claim.request),
            commit: write_entry(&claim.commit),
            party: bytes_of(&claim.party),
            consent: bytes_of(&claim.consent),
            notice: bytes_of(&claim.notice),
            joint_use: claim.joint_use.as_ref().map(bytes_of),
            opening: claim.opening.as_ref().map(|opening| OpeningForm {
                process: opening.process.clone(),
                salt: Hex(opening.salt),
            }),
        },
    }
}
