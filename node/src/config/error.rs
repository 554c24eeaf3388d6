//! What can be wrong with a configuration, said so that it can be mended without the manual.

use std::path::{Path, PathBuf};

use kyojo_cli::GivenError;
use kyojo_cli::given::Fault;
use ledger_types::{Hash, LabRate};

use crate::directory::NotServed;

/// Why a node does not start: exit code 3, and 4 where a passphrase is missing or another.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}\n  mend: {}", file.display(), readable(source))]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is too large, or no text.
    #[error("{0}")]
    Given(GivenError),
    /// A key that does not exist.
    #[error(transparent)]
    UnknownKey(#[from] Box<UnknownKey>),
    /// A value that does not fit its key, a missing key, or text that is not TOML.
    #[error("{}:{line}: {reason}\n  line: {text}\n  mend: {mend}", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// The line's text.
        text: String,
        /// What to do.
        mend: String,
    },
    /// The genesis document does not read as one.
    #[error(
        "{}: not a genesis document: {reason}\n  mend: have the founders send it again, and compare \
         `kyojo-genesis hash` with every other member",
        file.display()
    )]
    Genesis {
        /// The file.
        file: PathBuf,
        /// What the reader met.
        reason: String,
    },
    /// The node has joined no network yet.
    #[error(
        "{}: no genesis_hash under [node]: this node has joined no network yet\n  mend: kyojo-node \
         join --home DIR --genesis genesis.json CARD …, with the document and the cards that the \
         founders gave back",
        file.display()
    )]
    NotJoined {
        /// The configuration.
        file: PathBuf,
    },
    /// Nothing says where others reach this machine.
    #[error(
        "{}: nothing says where others reach this machine\n  mend: write `advertise = \"ADDRESS\"` \
         under [node]",
        file.display()
    )]
    NoAddress {
        /// The configuration.
        file: PathBuf,
    },
    /// A file is no node's card.
    #[error(
        "{}: no node's card: {reason}\n  mend: have its company send it again; `kyojo-node id --home \
         DIR --card` writes it",
        file.display()
    )]
    Card {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// What is to be made is there already.
    #[error("{}: is there already, and nothing is overwritten\n  mend: {mend}", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
        /// What to do.
        mend: &'static str,
    },
    /// The genesis document is another network's.
    #[error(
        "{}: the genesis hash is not the pinned one\n  ours (config.toml):   {ours}\n  \
         theirs (genesis.json): {theirs}\n  mend: ask a member of the consortium which hash is \
         right, then replace the document or the pinned hash",
        file.display()
    )]
    GenesisMismatch {
        /// The document.
        file: PathBuf,
        /// The pinned hash.
        ours: Hash,
        /// The document's hash.
        theirs: Hash,
    },
    /// The genesis document is a lab network's, and the configuration does not allow that.
    #[error(
        "{}: a lab network, whose time runs {rate} times as fast as real time\n  \
         mend: write `lab = true` under [node] in config.toml where that is meant (`kyojo-node join \
         --lab` does); money and consent of real people have no place in a lab",
        file.display()
    )]
    Lab {
        /// The document.
        file: PathBuf,
        /// How fast its time runs.
        rate: LabRate,
    },
    /// An idle network would let its proofs grow older than consent decisions may.
    #[error(
        "{}: idle_interval_ms = {idle_ms} is too long for this network, whose consent decisions may \
         be relied on for {validity_ms} ms\n  mend: at most {most_ms} under [consensus]: a quarter \
         of it, so that an idle network still vouches for its state in time",
        file.display()
    )]
    IdleInterval {
        /// The configuration.
        file: PathBuf,
        /// What it says.
        idle_ms: u64,
        /// Δ, in real time.
        validity_ms: u64,
        /// The most that it may say.
        most_ms: u64,
    },
    /// The directory of public names cannot be served.
    #[error(
        "{}: {source}\n  mend: put the file there that the city or the operator signed (`kyojo \
         directory sign`), or take `directory` under [api] out of config.toml",
        file.display()
    )]
    Directory {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: NotServed,
    },
    /// A key file is readable by others.
    #[error(
        "{}: a secret key open to others (mode {mode:03o})\n  mend: chmod 600 {}",
        file.display(), file.display()
    )]
    KeyMode {
        /// The file.
        file: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written: {source}", file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key file is sealed, and no passphrase is given.
    #[error(
        "{}: sealed under a passphrase, and none is given\n  mend: give it as the systemd credential \
         kyojo.passphrase (LoadCredentialEncrypted=), or in a file of mode 600 that \
         `passphrase_file` under [keys] of config.toml names",
        file.display()
    )]
    KeySealed {
        /// The file.
        file: PathBuf,
    },
    /// A sealed key file does not open with the passphrase that is given.
    #[error(
        "{}: does not open: the passphrase is another one, or the file was changed\n  mend: give the \
         passphrase under which it was sealed, or restore the file from its backup",
        file.display()
    )]
    KeyPassphrase {
        /// The file.
        file: PathBuf,
    },
    /// A file of a passphrase holds none.
    #[error("{}: its first line is the passphrase, and it is empty", file.display())]
    NoPassphrase {
        /// The file.
        file: PathBuf,
    },
    /// A certificate and a key with which TLS cannot be spoken.
    #[error(
        "{}: TLS cannot be spoken with it: {reason}\n  mend: `certificate` under [api.tls] names a \
         PEM file with the certificate and those that vouch for it, `key` one with its private key",
        file.display()
    )]
    Tls {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A key file does not hold a key.
    #[error(
        "{}: not a secret key\n  expected: 64 hexadecimal digits\n  mend: restore the file from \
         its backup",
        file.display()
    )]
    KeyForm {
        /// The file.
        file: PathBuf,
    },
}

impl From<GivenError> for ConfigError {
    fn from(error: GivenError) -> Self {
        match error.fault {
            Fault::Io(source) => Self::Read { file: error.file, source },
            Fault::TooLarge { .. } | Fault::NoText { .. } | Fault::Form { .. } => {
                Self::Given(error)
            }
        }
    }
}

/// What to do about a file that cannot be read.
fn readable(error: &std::io::Error) -> &'static str {
    let kind = error.kind();
    if kind == std::io::ErrorKind::NotFound {
        "`kyojo-node init` makes a home; a file that was there comes back from its backup"
    } else if kind == std::io::ErrorKind::PermissionDenied {
        "the user that runs the node must own it: chown it to that user, then chmod 600 a key"
    } else {
        "put it back from its backup"
    }
}

impl ConfigError {
    /// Whether a passphrase is missing, or is another one.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        matches!(
            self,
            Self::KeySealed { .. } | Self::KeyPassphrase { .. } | Self::NoPassphrase { .. }
        )
    }
}

/// A key that does not exist, and which was meant.
#[derive(Debug, thiserror::Error)]
#[error(
    "{}:{line}: unknown key `{key}` in {section}\n  expected: {expected}\n  mend: {mend}",
    file.display()
)]
pub struct UnknownKey {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The key.
    pub key: String,
    /// The table in which it stands.
    pub section: String,
    /// The keys that exist there.
    pub expected: String,
    /// What to do.
    pub mend: String,
}

/// Turns the parser's error into one that names line, key, expectation and remedy.
pub(super) fn explain(error: &toml::de::Error, text: &str, file: &Path) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let message = error.message();
    if let Some(unknown) = unknown_field(message) {
        return ConfigError::UnknownKey(Box::new(UnknownKey {
            file: file.to_owned(),
            line,
            key: unknown.key.to_owned(),
            section: section_of(before),
            expected: unknown.expected.clone(),
            mend: nearest(unknown.key, &unknown.expected).map_or_else(
                || "remove the line".to_owned(),
                |name| format!("write `{name}`, or remove the line"),
            ),
        }));
    }
    ConfigError::Value {
        file: file.to_owned(),
        line,
        reason: message.trim_end().to_owned(),
        text: text.lines().nth(line - 1).unwrap_or_default().trim().to_owned(),
        mend: mend_for(message).to_owned(),
    }
}

struct Unknown<'a> {
    key: &'a str,
    expected: String,
}

fn unknown_field(message: &str) -> Option<Unknown<'_>> {
    let rest = message.strip_prefix("unknown field `")?;
    let (key, rest) = rest.split_once('`')?;
    let expected = rest.strip_prefix(", expected ").unwrap_or(rest).trim().to_owned();
    Some(Unknown { key, expected })
}

fn section_of(before: &str) -> String {
    let header = before.lines().rev().map(str::trim).find(|line| line.starts_with('['));
    header.map_or_else(|| "the top level".to_owned(), ToOwned::to_owned)
}

fn mend_for(message: &str) -> &'static str {
    if message.starts_with("missing field") {
        "add the key to the section, or generate the file anew with kyojo-genesis"
    } else {
        "correct the value; `kyojo-node config show` prints a whole configuration"
    }
}

fn nearest<'a>(key: &str, expected: &'a str) -> Option<&'a str> {
    let names = expected.split('`').skip(1).step_by(2);
    names.map(|name| (distance(key, name), name)).min().filter(|(d, _)| *d <= 3).map(|(_, n)| n)
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (j, b) in other.chars().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX);
            let cost = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            if let Some(cell) = row.get_mut(j) {
                *cell = left;
            }
            diagonal = above;
            left = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}
