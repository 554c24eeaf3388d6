//! What parties and people hand over: openings of terms, and who a consent's person is.
//!
//! Both lie in a vault of `consent-records`, sealed under a key for each consent, so that shredding
//! one consent destroys its openings here and nothing else. The vault is opened for each use and
//! closed again: files can be added while a gateway runs.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use consent_records::Vocabulary;
use consent_records::format::Version;
use consent_records::terms::{Disclosure, DisclosureError};
use consent_records::vault::{Entry, Kind, MasterKey, Vault, VaultError};
use ledger_types::{ConsentId, Hash, merkle};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Where the openings of a consent's terms lie.
const TERMS: Entry = Entry { kind: Kind::Opening, number: 0 };
/// Where the key of a consent's person lies.
const PERSON: Entry = Entry { kind: Kind::Opening, number: 1 };
/// How long another process may have the vault open.
const BUSY_MAX: Duration = Duration::from_secs(3);
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// A file that is handed over: openings of a consent's terms for a recipient, the person's key for
/// a holder, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handed {
    /// The form of this document.
    pub version: Version<1>,
    /// The consent.
    pub consent: ConsentId,
    /// The opened processes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<Disclosure>,
    /// Whether the consent is broad, so that the ledger asks for a proof of each purpose.
    #[serde(default)]
    pub broad: bool,
    /// The key by which the holder's data API knows the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// Openings as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptTerms {
    /// The opened processes.
    pub processes: Vec<Disclosure>,
    /// Whether the consent is broad.
    pub broad: bool,
}

/// Why something is not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The file is not of the form.
    #[error("the file is none that is handed over: {reason}")]
    Malformed {
        /// Where and what.
        reason: String,
    },
    /// It holds neither openings nor a person.
    #[error("the file holds neither processes nor a person")]
    Empty,
    /// A process is not whole.
    #[error(transparent)]
    Process(#[from] DisclosureError),
    /// Two processes are of different trees.
    #[error("the processes are not all of one consent's terms")]
    Roots,
    /// The vault refuses.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What the vault gives back is of another form.
    #[error("what is kept of the consent does not read")]
    Unreadable,
}

/// The kept files of a gateway.
#[derive(Clone, Debug)]
pub struct Keep {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
}

impl Keep {
    /// The files in the vault of a folder.
    #[must_use]
    pub fn new(folder: &Path, key: &Zeroizing<[u8; 32]>) -> Self {
        Self { folder: folder.to_owned(), key: key.clone() }
    }

    /// Reads and checks a handed file's text.
    ///
    /// # Errors
    /// [`KeepError`] says what is wrong with it.
    pub fn read(text: &[u8]) -> Result<Handed, KeepError> {
        let handed: Handed = serde_json::from_slice(text)
            .map_err(|error| KeepError::Malformed { reason: error.to_string() })?;
        if handed.processes.is_empty() && handed.person.as_ref().is_none_or(String::is_empty) {
            return Err(KeepError::Empty);
        }
        let roots: Option<Vec<Hash>> = handed.processes.iter().map(root_of).collect();
        let roots = roots.ok_or(KeepError::Roots)?;
        for (disclosure, root) in handed.processes.iter().zip(&roots) {
            disclosure.check(root, Vocabulary::built_in())?;
        }
        if roots.windows(2).any(|pair| pair.first() != pair.last()) {
            return Err(KeepError::Roots);
        }
        Ok(handed)
    }

    /// Keeps what was handed over, in the place of what was kept of the consent before.
    ///
    /// # Errors
    /// [`KeepError::Vault`], also where the consent was shredded here.
    pub fn add(&self, handed: &Handed) -> Result<(), KeepError> {
        let vault = self.open()?;
        if !handed.processes.is_empty() {
            let kept = KeptTerms { processes: handed.processes.clone(), broad: handed.broad };
            let text = Zeroizing::new(serde_json::to_vec(&kept).unwrap_or_default());
            vault.keep(&handed.consent, TERMS, &text)?;
        }
        if let Some(person) = &handed.person {
            vault.keep(&handed.consent, PERSON, person.as_bytes())?;
        }
        Ok(())
    }

    /// The openings of a consent's terms; none where none were handed over.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn terms(&self, consent: &ConsentId) -> Result<Option<KeptTerms>, KeepError> {
        let Some(text) = self.open()?.read(consent, TERMS)? else { return Ok(None) };
        serde_json::from_slice(&text).map(Some).map_err(|_| KeepError::Unreadable)
    }

    /// The key by which the data API knows a consent's person; none where none was handed over.
    ///
    /// # Errors
    /// [`KeepError`].
    pub fn person(&self, consent: &ConsentId) -> Result<Option<Zeroizing<String>>, KeepError> {
        let Some(text) = self.open()?.read(consent, PERSON)? else { return Ok(None) };
        let text = String::from_utf8(text.to_vec()).map_err(|_| KeepError::Unreadable)?;
        Ok(Some(Zeroizing::new(text)))
    }

    /// Opens the vault, waiting while another process has it.
    fn open(&self) -> Result<Vault, VaultError> {
        let deadline = Instant::now() + BUSY_MAX;
        loop {
            match Vault::open(&self.folder, MasterKey::new(self.key.clone())) {
                Err(VaultError::Busy) if Instant::now() < deadline => {
                    std::thread::sleep(BUSY_PAUSE);
                }
                opened => return opened,
            }
        }
    }
}

/// The root that a disclosure's leaf and path lead to; none where its place is none.
fn root_of(disclosure: &Disclosure) -> Option<Hash> {
    let process = &disclosure.process;
    merkle::fixed_root(process.leaf().hash(), u64::from(process.index), &disclosure.path)
}

#[cfg(test)]
mod tests {
    use consent_records::terms::{Process, Processing, Recipient, Region, Terms};
    use consent_records::vocabulary::ConceptName;
    use ledger_types::PartyId;

    use super::*;

    fn terms() -> Terms {
        let process = Process {
            version: Version,
            vocabulary: Vocabulary::built_in().hash(),
            category: ConceptName::new("kyojo:MedicationRecord").unwrap(),
            purpose: ConceptName::new("kyojo:MedicalCare").unwrap(),
            excludes: vec![],
            recipient: Recipient::Party(PartyId::new(3)),
            operations: vec![Processing::Consult],
            retention_days: 30,
            region: Region::new("JP").unwrap(),
            data_period: None,
            sensitive: true,
        };
        Terms::new(vec![process.clone(), process], Vocabulary::built_in()).unwrap()
    }

    fn handed() -> Handed {
        let terms = terms();
        let processes = (0..2).map(|position| terms.disclose(position).unwrap()).collect();
        let consent = ConsentId::new(Hash::new([7; 32]));
        Handed { version: Version, consent, processes, broad: false, person: Some("P-42".into()) }
    }

    #[test]
    fn what_is_handed_over_is_kept_sealed_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let keep = Keep::new(folder.path(), &Zeroizing::new([9; 32]));
        let handed = Keep::read(&serde_json::to_vec(&handed()).unwrap()).unwrap();
        assert_eq!(keep.terms(&handed.consent).unwrap(), None);
        keep.add(&handed).unwrap();
        assert_eq!(keep.terms(&handed.consent).unwrap().unwrap().processes, handed.processes);
        assert_eq!(keep.person(&handed.consent).unwrap().unwrap().as_str(), "P-42");
        let other = Keep::new(folder.path(), &Zeroizing::new([8; 32]));
        assert!(matches!(other.terms(&handed.consent), Err(KeepError::Vault(_))));
        let all = std::fs::read_dir(folder.path().join("bodies")).unwrap();
        for file in all.flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap()) {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(4).any(|window| window == b"P-42"));
        }
    }

    #[test]
    fn files_of_another_form_or_of_two_consents_are_refused() {
        let read = |handed: &Handed| Keep::read(&serde_json::to_vec(handed).unwrap());
        let mut mixed = handed();
        mixed.processes[1] = terms().disclose(1).unwrap();
        assert!(matches!(read(&mixed), Err(KeepError::Roots)));
        let empty = Handed { processes: vec![], person: None, ..handed() };
        assert!(matches!(read(&empty), Err(KeepError::Empty)));
        assert!(matches!(Keep::read(b"{}"), Err(KeepError::Malformed { .. })));
        let mut changed = serde_json::to_value(handed()).unwrap();
        changed["processes"][0]["process"]["opening"]["document"]["retention_days"] = 31.into();
        let text = serde_json::to_vec(&changed).unwrap();
        assert!(matches!(Keep::read(&text), Err(KeepError::Roots)));
    }
}
