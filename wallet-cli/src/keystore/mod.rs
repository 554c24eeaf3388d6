//! The keystore: one JSON file a wallet, its secret encrypted, its alias and address readable.
//!
//! Everything readable in a file is authenticated together with the secret, so a changed address
//! or key shows when the wallet is opened. Files are mode 0600 in a folder of mode 0700, written
//! whole or not at all, and an existing one is replaced only where the caller says so.

pub(crate) mod file;
pub(crate) mod mnemonic;
mod opened;
pub(crate) mod seal;

use std::path::{Path, PathBuf};

use ledger_types::instant::Time;
use ledger_types::{AccountId, AddressPrefix, Hash, PartyId, PublicKey};
use network_clock::Clock;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub(crate) use opened::{Opened, Source};
use seal::{Ciphertext, KeyDerivation, SealError};

/// The version of the file format that this code writes.
pub(crate) const SCHEMA_VERSION: u32 = 1;
/// The most characters in an alias.
pub(crate) const ALIAS_CHARS_MAX: usize = 64;
/// The most bytes that a wallet file may have.
const FILE_BYTES_MAX: u64 = 64 * 1024;
const TAG_FILE: &[u8] = b"kyojo/wallet-file/v1";

/// A wallet's name on this machine: letters, digits, `-` and `_`, also Japanese ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Alias(String);

impl Alias {
    /// An alias, or `None` where the text cannot be one (it becomes a file's name).
    #[must_use]
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text: String = unicode_normalization::UnicodeNormalization::nfc(text).collect();
        let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let fits = (1..=ALIAS_CHARS_MAX).contains(&text.chars().count());
        (fits && text.len() <= 200 && !text.starts_with('-') && text.chars().all(plain))
            .then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Display for Alias {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Alias {
    type Error = KeystoreError;

    fn try_from(text: String) -> Result<Self, KeystoreError> {
        Self::new(&text).ok_or(KeystoreError::BadAlias)
    }
}

impl From<Alias> for String {
    fn from(alias: Alias) -> Self {
        alias.0
    }
}

/// What the encrypted secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecretKind {
    /// The entropy of Japanese recovery words.
    WordsJa,
    /// The entropy of English recovery words.
    WordsEn,
    /// A bare ed25519 seed.
    Seed,
}

/// The account that a wallet acts for, on one network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attachment {
    /// The account.
    pub(crate) account: AccountId,
    /// The same as people see it.
    pub(crate) address: String,
    /// The network, by its genesis hash.
    pub(crate) genesis_hash: Hash,
    /// The network's prefix of addresses.
    pub(crate) address_prefix: AddressPrefix,
    /// The consent party that acts through the account, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) party: Option<PartyId>,
}

/// What can be read of a wallet without its password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// The version of the file's format.
    pub(crate) schema_version: u32,
    /// The wallet's name.
    pub(crate) alias: Alias,
    /// What the secret is.
    pub(crate) kind: SecretKind,
    /// The key that signs for the account.
    pub(crate) public_key: PublicKey,
    /// Which of the secret's keys that is: 0 until it is rotated.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(crate) key_index: u32,
    /// Whether the file holds the subject secret of the first words: the vault opens with it.
    #[serde(default, skip_serializing_if = "is_own")]
    pub(crate) keeps_subject: bool,
    /// When the wallet was made (RFC 3339).
    pub(crate) created: String,
    /// The account it acts for; none until a bank has opened one.
    pub(crate) attached: Option<Attachment>,
    /// How the password becomes a key.
    pub(crate) key_derivation: KeyDerivation,
}

// Files that were never rotated stay as they were, to the byte.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_first(index: &u32) -> bool {
    *index == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_own(keeps_subject: &bool) -> bool {
    !*keeps_subject
}

impl Header {
    fn associated(&self) -> Vec<u8> {
        let mut bytes = TAG_FILE.to_vec();
        bytes.extend(serde_json::to_vec(self).expect("a header holds no map with other keys"));
        bytes
    }
}

/// One wallet as its file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wallet {
    /// What can be read without the password.
    pub(crate) header: Header,
    secret: Ciphertext,
}

/// When a file was made, in whole seconds: this machine's time, for a wallet is of no network yet.
fn created(clock: &Clock) -> String {
    let text = Time::from(clock.machine_now()).to_string();
    text.split_once('.').map_or_else(|| text.clone(), |(whole, _)| format!("{whole}Z"))
}

impl Wallet {
    /// Encrypts a new wallet under a password.
    ///
    /// # Errors
    /// [`KeystoreError::Sealed`] where the parameters are unusable.
    pub(crate) fn seal(
        alias: Alias,
        source: Source,
        attached: Option<Attachment>,
        password: &SecretString,
    ) -> Result<Self, KeystoreError> {
        let header = Header {
            schema_version: SCHEMA_VERSION,
            alias,
            kind: source.kind(),
            public_key: source.secrets(0).account_key().public_key(),
            key_index: 0,
            keeps_subject: false,
            created: created(&Clock::real()),
            attached,
            key_derivation: KeyDerivation::fresh(),
        };
        Self::seal_under(header, &Opened::new(source), password)
    }

    fn seal_under(
        header: Header,
        opened: &Opened,
        password: &SecretString,
    ) -> Result<Self, KeystoreError> {
        let header = Header {
            kind: opened.kind(),
            public_key: opened.secrets().account_key().public_key(),
            key_index: opened.index(),
            keeps_subject: opened.keeps_subject(),
            key_derivation: KeyDerivation::fresh(),
            ..header
        };
        let associated = header.associated();
        let secret = seal::seal(&opened.bytes(), password, &header.key_derivation, &associated)?;
        Ok(Self { header, secret })
    }

    /// Opens the wallet.
    ///
    /// # Errors
    /// [`KeystoreError::Sealed`] where the password is wrong or the file was changed.
    pub(crate) fn open(&self, password: &SecretString) -> Result<Opened, KeystoreError> {
        let associated = self.header.associated();
        let bytes = seal::open(&self.secret, password, &self.header.key_derivation, &associated)?;
        let opened = Opened::read(&self.header, &bytes)?;
        if opened.secrets().account_key().public_key() != self.header.public_key {
            return Err(KeystoreError::NotAWallet);
        }
        Ok(opened)
    }

    /// The same wallet attached to an account by what was opened, under the same password.
    ///
    /// # Errors
    /// [`KeystoreError::Sealed`] where the parameters are unusable.
    pub(crate) fn attach(
        &self,
        attached: Attachment,
        opened: &Opened,
        password: &SecretString,
    ) -> Result<Self, KeystoreError> {
        let header = Header { attached: Some(attached), ..self.header.clone() };
        Self::seal_under(header, opened, password)
    }

    /// The same wallet with other keys, under the same password.
    ///
    /// # Errors
    /// [`KeystoreError::Sealed`] where the parameters are unusable.
    pub(crate) fn rotated(
        &self,
        to: &Opened,
        password: &SecretString,
    ) -> Result<Self, KeystoreError> {
        Self::seal_under(self.header.clone(), to, password)
    }
}

/// Whether an existing file may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It stays; writing fails.
    Keep,
    /// It is replaced.
    Replace,
}

/// A folder of wallets.
#[derive(Clone, Debug)]
pub(crate) struct Keystore {
    folder: PathBuf,
}

impl Keystore {
    /// The keystore in this folder, which need not exist yet.
    #[must_use]
    pub(crate) const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where a wallet's file is.
    #[must_use]
    pub(crate) fn path(&self, alias: &Alias) -> PathBuf {
        self.folder.join(format!("{alias}.json"))
    }

    /// Writes a wallet.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] where it is there already and was not to be replaced; otherwise
    /// what the file system says. Nothing changed then.
    pub(crate) fn write(
        &self,
        wallet: &Wallet,
        existing: Existing,
    ) -> Result<PathBuf, KeystoreError> {
        write_file(self.path(&wallet.header.alias), wallet, existing)
    }

    /// Reads a wallet.
    ///
    /// # Errors
    /// [`KeystoreError::Unknown`] where there is none of that name.
    pub(crate) fn read(&self, alias: &Alias) -> Result<Wallet, KeystoreError> {
        read_named(&self.path(alias), alias)
    }

    /// Where a wallet waits whose keys are being rotated: beside the one in use until the ledger
    /// has taken the new keys, so that neither is lost whatever happens in between.
    #[must_use]
    pub(crate) fn rotation_path(&self, alias: &Alias) -> PathBuf {
        self.folder.join(format!("{alias}.rotating"))
    }

    /// Keeps a wallet whose keys are about to be sent.
    ///
    /// # Errors
    /// What the file system says; nothing changed then.
    pub(crate) fn begin_rotation(&self, wallet: &Wallet) -> Result<(), KeystoreError> {
        write_file(self.rotation_path(&wallet.header.alias), wallet, Existing::Keep).map(|_| ())
    }

    /// The wallet whose rotation was begun and not ended.
    ///
    /// # Errors
    /// As [`Keystore::read`], but for a wallet that is not there.
    pub(crate) fn begun_rotation(&self, alias: &Alias) -> Result<Option<Wallet>, KeystoreError> {
        match read_named(&self.rotation_path(alias), alias) {
            Err(KeystoreError::Unknown { .. }) => Ok(None),
            read => read.map(Some),
        }
    }

    /// Puts the wallet whose rotation was begun in the place of the one that was in use.
    ///
    /// # Errors
    /// What the file system says.
    pub(crate) fn end_rotation(&self, alias: &Alias) -> Result<(), KeystoreError> {
        let (begun, path) = (self.rotation_path(alias), self.path(alias));
        std::fs::rename(&begun, &path).map_err(|error| KeystoreError::File { path, error })
    }

    /// Every wallet, by name. Files that are no wallets are passed over.
    ///
    /// # Errors
    /// [`KeystoreError::File`] where the folder cannot be listed.
    pub(crate) fn list(&self) -> Result<Vec<Wallet>, KeystoreError> {
        self.files().map(|(wallets, _)| wallets)
    }

    /// Every wallet, and the files among them that cannot be read as one.
    pub(crate) fn files(&self) -> Result<(Vec<Wallet>, Vec<PathBuf>), KeystoreError> {
        let failed = |error| KeystoreError::File { path: self.folder.clone(), error };
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok((Vec::new(), Vec::new()));
            }
            entries => entries.map_err(failed)?,
        };
        let (mut wallets, mut unread) = (Vec::new(), Vec::new());
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                match read_file(&path) {
                    Ok(wallet) => wallets.push(wallet),
                    Err(_) => unread.push(path),
                }
            }
        }
        wallets.sort_by(|a, b| a.header.alias.cmp(&b.header.alias));
        unread.sort();
        Ok((wallets, unread))
    }
}

fn write_file(
    path: PathBuf,
    wallet: &Wallet,
    existing: Existing,
) -> Result<PathBuf, KeystoreError> {
    let mut text = serde_json::to_vec_pretty(wallet).expect("a wallet is plain JSON");
    text.push(b'\n');
    file::write_private(&path, &text, existing).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            KeystoreError::Exists { alias: wallet.header.alias.clone() }
        }
        _ => KeystoreError::File { path: path.clone(), error },
    })?;
    Ok(path)
}

fn read_named(path: &Path, alias: &Alias) -> Result<Wallet, KeystoreError> {
    if !path.exists() {
        return Err(KeystoreError::Unknown { alias: alias.clone() });
    }
    let wallet = read_file(path)?;
    if wallet.header.alias != *alias {
        return Err(KeystoreError::NotAWallet);
    }
    Ok(wallet)
}

/// Reads a wallet's file, wherever it lies.
///
/// # Errors
/// [`KeystoreError`] where it cannot be read, or is none.
pub(crate) fn read_file(path: &Path) -> Result<Wallet, KeystoreError> {
    let failed = |error| KeystoreError::File { path: path.to_owned(), error };
    if std::fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(KeystoreError::NotAWallet);
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let wallet: Wallet = serde_json::from_slice(&bytes).map_err(|_| KeystoreError::NotAWallet)?;
    if wallet.header.schema_version != SCHEMA_VERSION {
        return Err(KeystoreError::Version { found: wallet.header.schema_version });
    }
    Ok(wallet)
}

/// Why the keystore did not do as it was asked. Holds no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeystoreError {
    /// The text cannot be a wallet's name.
    #[error("a wallet's name is 1 to {ALIAS_CHARS_MAX} letters, digits, - or _")]
    BadAlias,
    /// A wallet of that name is there already.
    #[error("a wallet named {alias} is there already")]
    Exists {
        /// The name.
        alias: Alias,
    },
    /// There is no wallet of that name.
    #[error("there is no wallet named {alias}")]
    Unknown {
        /// The name.
        alias: Alias,
    },
    /// The file is not a wallet, or not the one that its name says.
    #[error("the file is not a wallet")]
    NotAWallet,
    /// The file is of a later version.
    #[error("the wallet's file is of version {found}, this program reads {SCHEMA_VERSION}")]
    Version {
        /// The file's version.
        found: u32,
    },
    /// The secret did not open.
    #[error(transparent)]
    Sealed(#[from] SealError),
    /// The file system failed.
    #[error("{}: {error}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// How.
        error: std::io::Error,
    },
}

#[cfg(test)]
mod tests;
