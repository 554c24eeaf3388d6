//! The document on disk: bounded reading, writing that never leaves half a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use kyojo_cli::{Exit, Failure};
use ledger_types::Genesis;
use ledger_types::genesis::GENESIS_BYTES_MAX;

/// JSON spells the same content out at up to about four times its encoded size.
const JSON_BYTES_MAX: u64 = 4 * GENESIS_BYTES_MAX as u64;

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
    /// More bytes than a document may have.
    #[error("{}: {bytes} bytes, a document has at most {JSON_BYTES_MAX}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        bytes: u64,
    },
    /// The text is not a genesis document.
    #[error("{}:{}:{}: {source}", path.display(), source.line(), source.column())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the parser met, and where.
        source: serde_json::Error,
    },
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

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        let (exit, code) = match &error {
            DocumentError::NotFound { .. } => (Exit::NotFound, "not_found"),
            DocumentError::Exists { .. } => (Exit::Other, "exists"),
            DocumentError::Io { .. } => (Exit::Other, "io"),
            DocumentError::TooLarge { .. } => (Exit::Config, "too_large"),
            DocumentError::Json { .. } => (Exit::Config, "not_a_document"),
        };
        Self::new(exit, code, error.to_string())
    }
}

/// Reads a document. It may still be faulty: see [`crate::check::check`].
///
/// # Errors
/// [`DocumentError`] where the file cannot be read or is not a document's JSON.
pub fn read(path: &Path) -> Result<Genesis, DocumentError> {
    let bytes = std::fs::metadata(path).map_err(|error| DocumentError::io(path, error))?.len();
    if bytes > JSON_BYTES_MAX {
        return Err(DocumentError::TooLarge { path: path.to_owned(), bytes });
    }
    let text = std::fs::read(path).map_err(|error| DocumentError::io(path, error))?;
    serde_json::from_slice(&text)
        .map_err(|source| DocumentError::Json { path: path.to_owned(), source })
}

/// The document's text: indented JSON with a newline at the end.
#[must_use]
pub fn to_text(genesis: &Genesis) -> String {
    let mut text = serde_json::to_string_pretty(genesis)
        .expect("a document holds no map with keys other than text");
    text.push('\n');
    text
}

/// Replaces the document in one step: either the old text is there or the new one.
///
/// # Errors
/// [`DocumentError`] where the file cannot be written.
pub fn replace(path: &Path, genesis: &Genesis) -> Result<(), DocumentError> {
    let next = path.with_extension("json.next");
    write(&next, to_text(genesis).as_bytes(), Access::Everyone)?;
    std::fs::rename(&next, path).map_err(|error| DocumentError::io(path, error))
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
