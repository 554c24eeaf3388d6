//! The document on disk: bounded reading, writing that never leaves half a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use kyojo_cli::given::Fault;
use kyojo_cli::{Exit, Failure, Given, GivenError};
use ledger_types::Genesis;

/// Why a document, or a file beside it, cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is no such file.
    #[error("{} does not exist", path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// There is one already.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// More bytes than a document may have, no text, or no genesis document.
    #[error(transparent)]
    Given(GivenError),
}

impl DocumentError {
    /// The error of an operation on `path`.
    #[must_use]
    pub fn io(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { path },
            std::io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Io { path, source },
        }
    }
}

impl From<GivenError> for DocumentError {
    fn from(error: GivenError) -> Self {
        match error.fault {
            Fault::Io(source) => Self::io(&error.file, source),
            Fault::TooLarge { .. } | Fault::NoText { .. } | Fault::Form { .. } => {
                Self::Given(error)
            }
        }
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        let (exit, code) = match &error {
            DocumentError::NotFound { .. } => (Exit::NotFound, "not_found"),
            DocumentError::Exists { .. } => (Exit::Other, "exists"),
            DocumentError::Io { .. } => (Exit::Other, "io"),
            DocumentError::Given(error) => match error.fault {
                Fault::Io(_) => (Exit::Other, "io"),
                Fault::TooLarge { .. } => (Exit::Config, "too_large"),
                Fault::NoText { .. } => (Exit::Config, "no_text"),
                Fault::Form { .. } => (Exit::Config, "not_a_document"),
            },
        };
        Self::new(exit, code, error.to_string())
    }
}

/// Reads a document. It may still be faulty: see [`crate::check::check`].
///
/// # Errors
/// [`DocumentError`] where the file cannot be read or is not a document's JSON.
pub fn read(path: &Path) -> Result<Genesis, DocumentError> {
    Ok(Given::Genesis.json(path)?)
}

/// The document's text: indented JSON with a newline at the end.
#[must_use]
pub fn to_text(genesis: &Genesis) -> String {
    let mut text = serde_json::to_string_pretty(genesis)
        .expect("a document holds no map with keys other than text");
    text.push('\n');
    text
}

/// Replaces the document in one step: either the old text is there or the new one. A link to it
/// stays one.
///
/// # Errors
/// [`DocumentError`] where the file cannot be written.
pub fn replace(path: &Path, genesis: &Genesis) -> Result<(), DocumentError> {
    replace_text(path, &to_text(genesis))
}

fn replace_text(path: &Path, text: &str) -> Result<(), DocumentError> {
    // Where nothing is yet, there is nothing that a link could lead to.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let next = path.with_extension(format!("json.{}.next", std::process::id()));
    let written = std::fs::OpenOptions::new()
        .write(true)
        // Nothing that lies there is written into, a link to somewhere else least of all.
        .create_new(true)
        .open(&next)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
    written.map_err(|error| DocumentError::io(&next, error))?;
    std::fs::rename(&next, &path).map_err(|error| DocumentError::io(&path, error))
}

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone on the machine.
    Everyone,
    /// Its owner alone (mode 0600).
    Owner,
}

/// Writes a file anew and waits until it is durable.
///
/// # Errors
/// [`DocumentError`] where the file cannot be written.
pub fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), DocumentError> {
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        if access == Access::Owner {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| DocumentError::io(path, error))
}

#[cfg(test)]
mod tests {
    use ledger_types::genesis::GENESIS_BYTES_MAX;

    use super::*;

    #[test]
    fn a_document_is_replaced_without_writing_through_what_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("genesis.json"), folder.path().join("other"));
        std::fs::write(&other, "another's").unwrap();
        let beside = format!("genesis.json.{}.next", std::process::id());
        std::os::unix::fs::symlink(&other, folder.path().join(beside)).unwrap();
        assert!(replace_text(&file, "{}").is_err());
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "another's");
        assert!(!file.exists());
    }

    #[test]
    fn a_document_of_the_largest_encoding_may_be_given() {
        // JSON spells the same content out at up to about four times its encoded size.
        assert_eq!(Given::Genesis.bytes_max(), 4 * GENESIS_BYTES_MAX as u64);
    }
}
