//! What can be wrong with a configuration, said so that it can be mended without the manual.

use std::path::{Path, PathBuf};

use kyojo_cli::GivenError;

/// Why a gateway does not start: every case is exit code 3.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file that is too large, or no text.
    #[error("{0}")]
    Given(#[from] GivenError),
    /// A key that does not exist, a value that does not fit, or text that is not TOML.
    #[error("{}:{line}: {reason}\n  line: {text}", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what is expected.
        reason: String,
        /// The line's text.
        text: String,
    },
    /// A key whose value does not go with the others.
    #[error("{}: {key}: {reason}", file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// The key, with its section.
        key: String,
        /// What is wrong, and what is expected.
        reason: String,
    },
    /// A secret's file is readable by others.
    #[error(
        "{}: a secret open to others (mode {mode:03o})\n  mend: chmod 600 {}",
        file.display(), file.display()
    )]
    SecretMode {
        /// The file.
        file: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file does not hold a key.
    #[error("{}: not a secret key\n  expected: 64 hexadecimal digits", file.display())]
    KeyForm {
        /// The file.
        file: PathBuf,
    },
    /// The key of the store is missing although there is a store.
    #[error("{}: missing, but there is a store sealed under it\n  mend: restore it", file.display())]
    KeyLost {
        /// The file.
        file: PathBuf,
    },
}

/// Turns the parser's error into one that names the line.
pub(super) fn explain(error: &toml::de::Error, text: &str, file: &Path) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    ConfigError::Value {
        file: file.to_owned(),
        line,
        reason: error.message().trim_end().to_owned(),
        text: text.lines().nth(line - 1).unwrap_or_default().trim().to_owned(),
    }
}
