//! Secret keys in files: from systemd's credentials or the home directory, sealed or in the clear.
//!
//! In the clear a file has 64 hexadecimal digits; sealed ones have the form of `sealed`. A file of the
//! home directory is readable by its owner alone; who may read a credential is systemd's matter. The
//! passphrase comes from a file or a credential, never from an argument or the environment, where
//! other processes could read it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use kyojo_cli::given;
use zeroize::Zeroizing;

use super::sealed::{self, Cost};
use crate::config::error::ConfigError;

/// The credential with the passphrase of the keys.
pub const PASSPHRASE_CREDENTIAL: &str = "kyojo.passphrase";
/// The variable in which systemd names the directory of a service's credentials.
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// A key's seed; wiped from memory when dropped.
pub(super) type Seed = Zeroizing<[u8; 32]>;

/// The directory of this service's credentials, where systemd has given it some.
pub(super) fn credentials() -> Option<PathBuf> {
    std::env::var_os(CREDENTIALS_DIRECTORY).map(PathBuf::from)
}

/// Where secrets lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Secrets<'a> {
    /// The home directory.
    pub(super) home: &'a Path,
    /// The directory of credentials, where there is one.
    pub(super) credentials: Option<&'a Path>,
    /// The file with the passphrase, where the configuration names one.
    pub(super) passphrase_file: Option<&'a Path>,
}

impl Secrets<'_> {
    /// Where the key with this name lies, where it is there.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        self.credential(name).or_else(|| Some(self.home.join(name)).filter(|file| is_there(file)))
    }

    fn credential(&self, name: &str) -> Option<PathBuf> {
        self.credentials.map(|folder| folder.join(name)).filter(|file| is_there(file))
    }

    /// Reads the seed of the key with this name.
    ///
    /// # Errors
    /// [`ConfigError`] where the file is unreadable, malformed, open to group or others, or sealed
    /// and the passphrase is missing or another.
    pub(super) fn read(&self, name: &str) -> Result<Seed, ConfigError> {
        self.read_at(name, self.find(name).unwrap_or_else(|| self.home.join(name)))
    }

    fn read_at(&self, name: &str, file: PathBuf) -> Result<Seed, ConfigError> {
        let text = self.text(&file).map_err(|error| no_key(error, &file))?;
        if text.starts_with(sealed::MARK) {
            let passphrase = self.passphrase(&file)?;
            let opened = sealed::open(&text, name, passphrase.as_bytes());
            return opened.ok_or(ConfigError::KeyPassphrase { file });
        }
        let mut seed = Seed::new([0; 32]);
        hex::decode_to_slice(text.trim_end(), seed.as_mut())
            .map_err(|_| ConfigError::KeyForm { file })?;
        Ok(seed)
    }

    /// The passphrase with which a sealed file is opened.
    fn passphrase(&self, sealed: &Path) -> Result<Zeroizing<String>, ConfigError> {
        let file = self.credential(PASSPHRASE_CREDENTIAL);
        let file = file.or_else(|| self.passphrase_file.map(|file| self.home.join(file)));
        let file = file.ok_or_else(|| ConfigError::KeySealed { file: sealed.to_owned() })?;
        first_line(&self.text(&file)?, file)
    }

    fn text(&self, file: &Path) -> Result<Zeroizing<String>, ConfigError> {
        let is_credential = self.credentials.is_some_and(|folder| file.starts_with(folder));
        if is_credential { read(file) } else { read_private(file) }
    }

    /// Seals the key with this name, in the home directory, under another passphrase; false where
    /// there is none.
    ///
    /// # Errors
    /// [`ConfigError`] where it cannot be read, or not be written.
    pub(super) fn seal(&self, name: &str, passphrase: &str) -> Result<bool, ConfigError> {
        let file = self.home.join(name);
        if !file.exists() {
            return Ok(false);
        }
        let seed = self.read_at(name, file.clone())?;
        let text = sealed::seal(&seed, name, passphrase.as_bytes(), Cost::USUAL);
        let text = text.ok_or_else(|| ConfigError::KeyForm { file: file.clone() })?;
        kyojo_disk::replace_private(&file, text.as_bytes())
            .map_err(|source| ConfigError::Write { file, source })?;
        Ok(true)
    }
}

/// What is no text, or too much of it, is no key: to save it otherwise would not help.
fn no_key(error: ConfigError, file: &Path) -> ConfigError {
    let is_none = matches!(error, ConfigError::Given(_));
    if is_none { ConfigError::KeyForm { file: file.to_owned() } } else { error }
}

/// Whether something has this name, readable or not: a key that cannot be read is none that is missing.
fn is_there(file: &Path) -> bool {
    let found = std::fs::symlink_metadata(file);
    !found.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
}

/// The passphrase in a file: its first line.
///
/// # Errors
/// [`ConfigError`] where it is unreadable, open to group or others, or empty.
pub(super) fn passphrase_in(file: &Path) -> Result<Zeroizing<String>, ConfigError> {
    first_line(&read_private(file)?, file.to_owned())
}

fn first_line(text: &str, file: PathBuf) -> Result<Zeroizing<String>, ConfigError> {
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
        Some(_) | None => Err(ConfigError::NoPassphrase { file }),
    }
}

fn read_private(file: &Path) -> Result<Zeroizing<String>, ConfigError> {
    check_mode(file, 0o077)?;
    read(file)
}

/// Whoever must not read a secret file may not.
///
/// # Errors
/// [`ConfigError::KeyMode`] where a bit of `closed` is set in its mode.
pub(super) fn check_mode(file: &Path, closed: u32) -> Result<(), ConfigError> {
    let unreadable = |source| ConfigError::Read { file: file.to_owned(), source };
    let mode = std::fs::metadata(file).map_err(unreadable)?.permissions().mode();
    if mode & closed != 0 {
        return Err(ConfigError::KeyMode { file: file.to_owned(), mode: mode & 0o777 });
    }
    Ok(())
}

fn read(file: &Path) -> Result<Zeroizing<String>, ConfigError> {
    Ok(given::secret(file)?)
}
