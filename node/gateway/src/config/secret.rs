//! Secrets in files that are readable by their owner alone.

use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rand::RngCore as _;
use zeroize::Zeroizing;

use super::ConfigError;

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
    let unreadable = |source| ConfigError::Read { file: file.to_owned(), source };
    let mode = std::fs::metadata(file).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(ConfigError::SecretMode { file: file.to_owned(), mode: mode & 0o777 });
    }
    let text = Zeroizing::new(std::fs::read_to_string(file).map_err(unreadable)?);
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
