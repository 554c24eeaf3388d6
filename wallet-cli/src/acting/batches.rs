//! What was paid of a batch of payments: a line for each part that the ledger has committed.
//!
//! A batch is a payer's, under a name. A row of it is known by what it pays and not by its place in
//! a file: payee, amount, reference, and which of several equal ones it is. So a file may be run
//! again, longer or in another order, and each row is paid once.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ledger_types::{AccountId, Hash, Height, TransactionId, Yen};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::acting::rows::Row;
use crate::failure::{Exit, Failure};
use crate::settings::{Folders, file_failure};

/// What a row of a batch is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    pub(crate) to: AccountId,
    pub(crate) amount: Yen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
    /// How many equal rows stand before it.
    pub(crate) twin: u32,
}

impl Key {
    pub(crate) fn of(row: &Row) -> Self {
        let Row { to, amount, twin, .. } = *row;
        Self { to, amount, reference: row.reference.clone(), twin }
    }
}

/// Rows that one transaction pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// Of which batch.
    pub(crate) batch: Hash,
    /// Which part of it, where parts have numbers on the ledger.
    pub(crate) number: u32,
    pub(crate) rows: Vec<Key>,
}

impl Part {
    /// The part that a kept transaction pays, where it is one of a batch.
    pub(crate) fn kept_in(data: &Value) -> Option<Self> {
        serde_json::from_value(data.get("part")?.clone()).ok()
    }
}

/// A part that was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paid {
    pub(crate) part: Part,
    pub(crate) transaction: TransactionId,
    pub(crate) height: Height,
}

/// See the module; while it lives no other process pays of the same batch.
pub(crate) struct Batch {
    path: PathBuf,
    file: File,
    pub(crate) paid: Vec<Paid>,
}

impl Batch {
    /// Opens the record of a batch, which may be new.
    pub(crate) fn open(folders: &Folders, id: &Hash) -> Result<Self, Failure> {
        let data = folders.data()?;
        let folder = data.join("batches");
        let path = folder.join(format!("{id}.jsonl"));
        let failed = |error: std::io::Error| file_failure(&path, &error);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut options = File::options();
        options.create(true).append(true).read(true).mode(0o600);
        let file = options.open(&path).map_err(failed)?;
        if file.try_lock().is_err() {
            return Err(Failure::new(Exit::Config, "err-batch-busy"));
        }
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        // A last line without an end was never whole; its transaction is still among the pending.
        let whole = text.rfind('\n').map_or("", |end| text.get(..=end).unwrap_or_default());
        if whole.len() < text.len() {
            file.set_len(whole.len() as u64).map_err(failed)?;
        }
        let paid = whole.lines().map(serde_json::from_str).collect::<Result<Vec<Paid>, _>>();
        let broken = |_| Failure::new(Exit::Config, "err-pending-broken").with("path", show(&path));
        let paid = paid.map_err(broken)?;
        // The file itself must be there after a loss of power, and so must its folder.
        for folder in [folder.as_path(), data] {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(Self { path, file, paid })
    }

    /// Writes down that a part was paid.
    pub(crate) fn note(&mut self, paid: Paid) -> Result<(), Failure> {
        let failed = |error: std::io::Error| file_failure(&self.path, &error);
        let mut line =
            serde_json::to_vec(&paid).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
        line.push(b'\n');
        self.file.write_all(&line).and_then(|()| self.file.sync_data()).map_err(failed)?;
        self.paid.push(paid);
        Ok(())
    }
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
