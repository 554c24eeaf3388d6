//! The file of further genesis accounts: one canonical account after another, read as a stream.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use borsh::BorshDeserialize as _;
use ledger_types::genesis::GenesisAccount;

/// The accounts of a file; ends early, with an error logged, where it is malformed: the accounts
/// then are not those whose hash the genesis document names.
#[derive(Debug)]
pub(super) struct Accounts {
    file: Option<BufReader<File>>,
}

impl Accounts {
    /// No accounts.
    pub(super) const fn none() -> Self {
        Self { file: None }
    }

    /// Opens a file.
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        Ok(Self { file: Some(BufReader::with_capacity(1 << 20, File::open(path)?)) })
    }
}

impl Iterator for Accounts {
    type Item = GenesisAccount;

    fn next(&mut self) -> Option<GenesisAccount> {
        let file = self.file.as_mut()?;
        let read = match file.fill_buf() {
            Ok([]) => return None,
            Ok(_) => GenesisAccount::deserialize_reader(file),
            Err(error) => Err(error),
        };
        if let Err(error) = &read {
            tracing::error!(%error, "the file of further accounts cannot be read to its end");
            self.file = None;
        }
        read.ok()
    }
}
