//! What a wallet keeps of consents, in its encrypted vault: terms with their salts, and evidence.
//!
//! A consent's terms change by amendment and widening. Every revision is kept as a document of its
//! own before it is sent, and the one whose root the ledger has is the one that counts; so nothing is
//! lost where a transaction's outcome stays unknown. Evidence that only its keeper can open (what was
//! presented, grounds, answers, proofs of identity) lies under the consent that it belongs to, or
//! under its own commitment where it belongs to none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use consent_records::commitment::Opening;
use consent_records::format::Version;
use consent_records::terms::Terms;
use consent_records::vault::{Entry, Kind, MasterKey, ShredRecord, Vault, VaultError};
use consent_records::vocabulary::ConceptName;
use ledger_types::{AccountId, ConsentId, Hash, NoticeId, PartyId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Exit, Failure};
use crate::keystore::Alias;
use crate::keystore::mnemonic::Secrets;
use crate::settings::{Folders, file_failure};

/// Tag of evidence that its keeper alone can open.
const TAG_EVIDENCE: &[u8] = b"kyojo/evidence/v1";
/// Under which number it is kept as which data subject which party knows the wallet.
const TAG_SUBJECTS: &[u8] = b"kyojo/wallet-subjects/v1";
/// Under which number it is kept which consents were found on the ledger alone.
const TAG_FOUND: &[u8] = b"kyojo/wallet-found/v1";
/// Under which number seeds of lotteries are kept.
const TAG_SEEDS: &[u8] = b"kyojo/wallet-seeds/v1";
/// The largest file of evidence, so that it fits the vault in base64 with what stands around it.
const EVIDENCE_BYTES_MAX: u64 = 700_000;

/// One revision of a consent as its subject, guardian or counter keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// The form of this document.
    pub(crate) version: Version<1>,
    /// On which network.
    pub(crate) genesis_hash: Hash,
    /// To whom the consent was given.
    pub(crate) party: PartyId,
    /// Whose consent it is.
    pub(crate) subject: AccountId,
    /// The notice that was read last.
    pub(crate) notice: KeptNotice,
    /// What was agreed, with every salt.
    pub(crate) terms: Terms,
    /// The purpose of a broad consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) broad: Option<ConceptName>,
}

/// By the party that knows it: a data subject.
pub(crate) type Subjects = BTreeMap<PartyId, AccountId>;

/// Consents of which the ledger knows and this vault has no terms, with the party of each.
pub(crate) type FoundConsents = BTreeMap<ConsentId, PartyId>;

/// What the wallet keeps as a member of lotteries' committees, each seed by its name.
pub(crate) type Seeds = BTreeMap<String, Hash>;

/// Under which number something of a whole network is kept.
fn network_entry(tag: &[u8], genesis: &Hash) -> (ConsentId, Entry) {
    let under = ConsentId::new(Hash::of(&[tag, genesis.as_bytes()]));
    (under, Entry { kind: Kind::Presentation, number: 0 })
}

/// Which text was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptNotice {
    /// The notice.
    pub(crate) notice: NoticeId,
    /// Its version.
    pub(crate) version: u32,
    /// In which language.
    pub(crate) language: String,
    /// SHA-256 of the text.
    pub(crate) content_hash: Hash,
}

/// A document that was committed to, with its salt and the commitment.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// What the ledger shows of it.
    pub(crate) commitment: Hash,
    opening: Opening<Value>,
}

impl Evidence {
    /// A document under a fresh salt and a tag.
    pub(crate) fn of(tag: &[u8], document: Value) -> Result<Self, Failure> {
        let opening = Opening::fresh(document);
        let commitment = opening.commitment(tag).map_err(|_| internal())?;
        Ok(Self { commitment, opening })
    }

    /// What was committed to.
    pub(crate) fn document(self) -> Value {
        self.opening.document
    }

    /// A file of any kind; `what` says what it is evidence of.
    pub(crate) fn of_file(what: &str, path: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| file_failure(path, &error);
        let length = std::fs::metadata(path).map_err(failed)?.len();
        if length > EVIDENCE_BYTES_MAX {
            return Err(Failure::new(Exit::Usage, "err-evidence-too-large")
                .with("path", path.display())
                .with("most", EVIDENCE_BYTES_MAX));
        }
        let bytes = std::fs::read(path).map_err(failed)?;
        let document = match String::from_utf8(bytes) {
            Ok(text) => json!({ "version": 1, "of": what, "text": text }),
            Err(error) => {
                let base64 = STANDARD.encode(error.as_bytes());
                json!({ "version": 1, "of": what, "base64": base64 })
            }
        };
        Self::of(TAG_EVIDENCE, document)
    }
}

/// The vault of one wallet.
#[derive(Debug)]
pub(crate) struct Consents {
    vault: Vault,
}

impl Consents {
    /// Where the vault of a wallet is.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where things are kept.
    pub(crate) fn folder(folders: &Folders, alias: &Alias) -> Result<PathBuf, Failure> {
        Ok(folders.data()?.join("vault").join(alias.as_str()))
    }

    /// Opens the vault of a wallet.
    pub(crate) fn open(
        folders: &Folders,
        alias: &Alias,
        secrets: &Secrets,
    ) -> Result<Self, Failure> {
        let folder = Self::folder(folders, alias)?;
        let master = MasterKey::new(secrets.vault_key());
        Ok(Self { vault: Vault::open(&folder, master)? })
    }

    /// Keeps a further revision of a consent.
    pub(crate) fn keep(&self, consent: &ConsentId, kept: &Kept) -> Result<(), Failure> {
        let body = serde_json::to_vec(kept).map_err(|_| internal())?;
        self.add(consent, Kind::Opening, &body)
    }

    /// Keeps evidence that belongs to a consent, or, by its commitment, to nothing else.
    pub(crate) fn keep_evidence(
        &self,
        of: Option<ConsentId>,
        one: &Evidence,
    ) -> Result<(), Failure> {
        let body = serde_json::to_vec(&one.opening).map_err(|_| internal())?;
        let under = of.unwrap_or(ConsentId::new(one.commitment));
        self.add(&under, Kind::Presentation, &body)
    }

    /// Keeps the receipt that was made last.
    pub(crate) fn keep_receipt(&self, consent: &ConsentId, text: &str) -> Result<(), Failure> {
        let entry = Entry { kind: Kind::Receipt, number: 0 };
        Ok(self.vault.keep(consent, entry, text.as_bytes())?)
    }

    /// The data subjects of a network that the wallet acts for, by the party that knows each.
    ///
    /// A subject's address follows from its first key, so it is kept here once that was rotated.
    pub(crate) fn subjects(&self, genesis: &Hash) -> Result<Subjects, Failure> {
        self.of_network(TAG_SUBJECTS, genesis)
    }

    /// Keeps the data subjects of a network, in the place of those before.
    pub(crate) fn keep_subjects(&self, genesis: &Hash, all: &Subjects) -> Result<(), Failure> {
        self.keep_of_network(TAG_SUBJECTS, genesis, all)
    }

    /// The consents that were found on the ledger alone, as after a restore.
    pub(crate) fn found(&self, genesis: &Hash) -> Result<FoundConsents, Failure> {
        self.of_network(TAG_FOUND, genesis)
    }

    /// Keeps them in the place of those before.
    pub(crate) fn keep_found(&self, genesis: &Hash, all: &FoundConsents) -> Result<(), Failure> {
        self.keep_of_network(TAG_FOUND, genesis, all)
    }

    /// The seeds of sealing keys and of lotteries' secrets.
    pub(crate) fn seeds(&self, genesis: &Hash) -> Result<Seeds, Failure> {
        self.of_network(TAG_SEEDS, genesis)
    }

    /// Keeps them in the place of those before.
    pub(crate) fn keep_seeds(&self, genesis: &Hash, all: &Seeds) -> Result<(), Failure> {
        self.keep_of_network(TAG_SEEDS, genesis, all)
    }

    fn of_network<T: Default + DeserializeOwned>(
        &self,
        tag: &[u8],
        genesis: &Hash,
    ) -> Result<T, Failure> {
        let (under, entry) = network_entry(tag, genesis);
        let Some(body) = self.vault.read(&under, entry)? else { return Ok(T::default()) };
        serde_json::from_slice(&body).map_err(|_| {
            Failure::new(Exit::Verification, "err-vault-broken").with("path", under.get())
        })
    }

    fn keep_of_network(
        &self,
        tag: &[u8],
        genesis: &Hash,
        all: &impl Serialize,
    ) -> Result<(), Failure> {
        let (under, entry) = network_entry(tag, genesis);
        let body = serde_json::to_vec(all).map_err(|_| internal())?;
        Ok(self.vault.keep(&under, entry, &body)?)
    }

    fn add(&self, under: &ConsentId, kind: Kind, body: &[u8]) -> Result<(), Failure> {
        let kept = self.entries(under, kind)?;
        let number = kept.last().map_or(0, |entry| entry.number.saturating_add(1));
        let entry = Entry { kind, number };
        Ok(self.vault.keep(under, entry, body)?)
    }

    fn entries(&self, under: &ConsentId, kind: Kind) -> Result<Vec<Entry>, Failure> {
        let entries = self.vault.entries(under)?;
        Ok(entries.into_iter().filter(|entry| entry.kind == kind).collect())
    }

    /// Every revision of a consent, oldest first; none where the wallet does not know it.
    pub(crate) fn revisions(&self, consent: &ConsentId) -> Result<Vec<Kept>, Failure> {
        let mut revisions = Vec::new();
        for entry in self.entries(consent, Kind::Opening)? {
            let body = self.vault.read(consent, entry)?;
            let body = body.ok_or_else(internal)?;
            let kept = serde_json::from_slice(&body).map_err(|_| {
                Failure::new(Exit::Verification, "err-vault-broken").with("path", consent.get())
            })?;
            revisions.push(kept);
        }
        Ok(revisions)
    }

    /// The revision whose terms have this root.
    pub(crate) fn current(
        &self,
        consent: &ConsentId,
        root: &Hash,
    ) -> Result<Option<Kept>, Failure> {
        let revisions = self.revisions(consent)?;
        Ok(revisions.into_iter().rev().find(|kept| kept.terms.root() == *root))
    }

    /// The consents of a network that the wallet knows, with their first revisions.
    pub(crate) fn known(&self, genesis: &Hash) -> Result<Vec<(ConsentId, Kept)>, Failure> {
        let mut known = Vec::new();
        for consent in self.vault.consents()? {
            let first = self.revisions(&consent)?.into_iter().next();
            known.extend(first.filter(|kept| kept.genesis_hash == *genesis).map(|k| (consent, k)));
        }
        Ok(known)
    }

    /// Destroys the key of a consent, and with it every salt and document.
    pub(crate) fn shred(
        &self,
        consent: &ConsentId,
        now: Timestamp,
    ) -> Result<ShredRecord, Failure> {
        Ok(self.vault.shred(consent, now)?)
    }

    /// What remains of a consent that was shredded.
    pub(crate) fn shredded(&self, consent: &ConsentId) -> Result<Option<ShredRecord>, Failure> {
        Ok(self.vault.shredded(consent)?)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Busy => Failure::new(Exit::Config, "err-vault-busy"),
            VaultError::Shredded { .. } => Failure::new(Exit::NotFound, "err-vault-shredded"),
            VaultError::TooLarge { most, .. } => {
                Failure::new(Exit::Usage, "err-vault-too-large").with("most", most)
            }
            VaultError::Broken { path } => {
                Failure::new(Exit::Verification, "err-vault-broken").with("path", path.display())
            }
            VaultError::File { path, source } => file_failure(&path, &source),
        }
    }
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}
