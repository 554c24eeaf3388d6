//! What a wallet keeps beside its key: openings of commitments, and transactions not yet settled.
//!
//! Openings of consents are encrypted under a key of the wallet's own; a signed transaction is no
//! secret and is kept as it is, so that exactly the same bytes can be sent again.

use std::path::{Path, PathBuf};

use ledger_types::{ConsentId, Transaction, TransactionId};
use serde::{Serialize, de::DeserializeOwned};

use crate::client::Signed;
use crate::failure::{Exit, Failure};
use crate::keystore::file::write_private;
use crate::keystore::mnemonic::Secrets;
use crate::keystore::seal::{Ciphertext, open_with_key, seal_with_key};
use crate::keystore::{Alias, Existing};
use crate::settings::{Folders, file_failure};

const TAG_CONSENT_FILE: &[u8] = b"kyojo/consent-file/v1";

/// Signed transactions whose outcome is not known yet.
pub(crate) struct Pending {
    folder: PathBuf,
}

impl Pending {
    pub(crate) fn of(folders: &Folders) -> Self {
        Self { folder: folders.data.join("pending") }
    }

    fn path(&self, id: &TransactionId) -> PathBuf {
        self.folder.join(format!("{id}.tx"))
    }

    pub(crate) fn keep(&self, signed: &Signed) -> Result<(), Failure> {
        let path = self.path(&signed.id);
        write_private(&path, &signed.bytes, Existing::Replace)
            .map_err(|error| file_failure(&path, &error))
    }

    pub(crate) fn forget(&self, id: &TransactionId) {
        // A file that stays is found settled the next time it is looked at.
        let _ = std::fs::remove_file(self.path(id));
    }

    pub(crate) fn read(&self, id: &TransactionId) -> Option<Transaction> {
        Transaction::decode(&std::fs::read(self.path(id)).ok()?).ok()
    }

    /// Every transaction whose outcome is not known.
    pub(crate) fn all(&self) -> Vec<Transaction> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        entries
            .filter_map(|entry| std::fs::read(entry.ok()?.path()).ok())
            .filter_map(|bytes| Transaction::decode(&bytes).ok())
            .collect()
    }
}

/// Openings of commitments, kept in clear for their owner alone.
pub(crate) fn keep_opening<T: Serialize>(
    folders: &Folders,
    name: &str,
    opening: &T,
) -> Result<PathBuf, Failure> {
    let path = folders.data.join("openings").join(format!("{name}.json"));
    let mut text = serde_json::to_vec_pretty(opening).map_err(|_| internal())?;
    text.push(b'\n');
    write_private(&path, &text, Existing::Keep).map_err(|error| file_failure(&path, &error))?;
    Ok(path)
}

/// Encrypted files about consents, one folder a wallet.
pub(crate) struct ConsentFiles<'a> {
    folder: PathBuf,
    secrets: &'a Secrets,
}

impl<'a> ConsentFiles<'a> {
    pub(crate) fn of(folders: &Folders, alias: &Alias, secrets: &'a Secrets) -> Self {
        Self { folder: folders.data.join("consents").join(alias.as_str()), secrets }
    }

    fn path(&self, consent: &ConsentId) -> PathBuf {
        self.folder.join(format!("{}.json", consent.get()))
    }

    pub(crate) fn keep<T: Serialize>(
        &self,
        consent: &ConsentId,
        content: &T,
    ) -> Result<PathBuf, Failure> {
        let path = self.path(consent);
        let text = serde_json::to_vec(content).map_err(|_| internal())?;
        let sealed = seal_with_key(&text, &self.secrets.vault_key(), &associated(consent))
            .map_err(|_| internal())?;
        let file = serde_json::to_vec(&sealed).map_err(|_| internal())?;
        write_private(&path, &file, Existing::Replace)
            .map_err(|error| file_failure(&path, &error))?;
        Ok(path)
    }

    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        consent: &ConsentId,
    ) -> Result<Option<T>, Failure> {
        let path = self.path(consent);
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|error| file_failure(&path, &error))?,
        };
        let sealed: Ciphertext = serde_json::from_slice(&bytes).map_err(|_| broken(&path))?;
        let text = open_with_key(&sealed, &self.secrets.vault_key(), &associated(consent))
            .map_err(|_| broken(&path))?;
        serde_json::from_slice(&text).map(Some).map_err(|_| broken(&path))
    }

    /// The consents that have a file.
    pub(crate) fn list(&self) -> Vec<ConsentId> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut consents: Vec<ConsentId> = entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name();
                name.to_str()?.strip_suffix(".json")?.parse().ok().map(ConsentId::new)
            })
            .collect();
        consents.sort();
        consents
    }
}

fn associated(consent: &ConsentId) -> Vec<u8> {
    [TAG_CONSENT_FILE, consent.get().as_bytes()].concat()
}

fn broken(path: &Path) -> Failure {
    Failure::new(Exit::Verification, "err-broken-file").with("path", path.display())
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}
