//! Secrets in files that are readable by their owner alone, or in systemd's credentials.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use kyojo_cli::given;
use rand::RngCore as _;
use zeroize::Zeroizing;

use super::ConfigError;

/// The variable in which systemd names the directory of a service's credentials.
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// A key's seed; wiped from memory when dropped.
pub type Seed = Zeroizing<[u8; 32]>;

/// Reads a seed of 64 hexadecimal digits.
///
/// # Errors
/// [`ConfigError`] where the file is unreadable, malformed, or open to group or others.
pub fn read_seed(file: &Path) -> Result<Seed, ConfigError> {
    let text = read_text(file)?;
    let mut seed = Seed::new([0; 32]);
    hex::decode_to_slice(text.trim_end(), seed.as_mut())
        .map_err(|_| ConfigError::KeyForm { file: file.to_owned() })?;
    Ok(seed)
}

/// Reads a secret text, without the newline at its end.
///
/// # Errors
/// [`ConfigError`] where the file is unreadable, or open to group or others.
pub fn read_text(file: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let credentials = std::env::var_os(CREDENTIALS_DIRECTORY).map(PathBuf::from);
    read_beside(file, credentials.as_deref())
}

/// The same, where a service's credentials lie in this directory: who may read one of them is
/// systemd's matter, and its mode says more than that.
fn read_beside(file: &Path, credentials: Option<&Path>) -> Result<Zeroizing<String>, ConfigError> {
    let unreadable = |source| ConfigError::Read { file: file.to_owned(), source };
    let mode = std::fs::metadata(file).map_err(unreadable)?.permissions().mode();
    let is_credential = credentials.is_some_and(|folder| file.starts_with(folder));
    if mode & 0o077 != 0 && !is_credential {
        return Err(ConfigError::SecretMode { file: file.to_owned(), mode: mode & 0o777 });
    }
    let text = given::secret(file)?;
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Reads a seed, or makes a fresh one where neither the file nor what it seals is there.
///
/// # Errors
/// [`ConfigError`]; [`ConfigError::KeyLost`] where only what it seals is there.
pub fn read_or_make(file: &Path, sealed: &Path) -> Result<Seed, ConfigError> {
    if file.exists() {
        return read_seed(file);
    }
    if sealed.exists() {
        return Err(ConfigError::KeyLost { file: file.to_owned() });
    }
    let mut seed = Seed::new([0; 32]);
    rand::rngs::OsRng.fill_bytes(seed.as_mut());
    let text = Zeroizing::new(format!("{}\n", hex::encode(seed.as_ref())));
    let written =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).and_then(
            |mut opened| opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all()),
        );
    written.map_err(|source| ConfigError::Read { file: file.to_owned(), source })?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_others_may_read_is_refused_unless_systemd_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("party.key");
        std::fs::write(&file, "ab\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o440)).unwrap();
        let refused = read_beside(&file, None).unwrap_err();
        assert!(matches!(refused, ConfigError::SecretMode { mode: 0o440, .. }), "{refused}");
        let elsewhere = folder.path().join("credentials");
        assert!(read_beside(&file, Some(&elsewhere)).is_err());
        assert_eq!(*read_beside(&file, Some(folder.path())).unwrap(), "ab");
    }
}
