//! What a wallet keeps beside its key: openings of payments, and transactions not yet settled.
//!
//! A signed transaction is no secret and is kept as it is, so that exactly the same bytes can be sent
//! again. What belongs to consents is encrypted: [`crate::consents`].

use std::path::PathBuf;

use ledger_types::{Transaction, TransactionId};
use serde::Serialize;

use crate::client::Signed;
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::settings::{self, Folders, file_failure};

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
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
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
    settings::write_new(&path, &text)?;
    Ok(path)
}

fn internal() -> Failure {
    Failure::new(Exit::Other, "err-internal")
}
