//! Secret keys in files: 64 hexadecimal digits, readable by their owner alone.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::config::error::ConfigError;

/// A key's seed; wiped from memory when dropped.
pub(super) type Seed = zeroize::Zeroizing<[u8; 32]>;

/// Reads a seed.
///
/// # Errors
/// [`ConfigError`] where the file is unreadable, malformed, or open to group or others.
pub(super) fn read(file: &Path) -> Result<Seed, ConfigError> {
    let unreadable = |source| ConfigError::Read { file: file.to_owned(), source };
    let mode = std::fs::metadata(file).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(ConfigError::KeyMode { file: file.to_owned(), mode: mode & 0o777 });
    }
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(file).map_err(unreadable)?);
    let mut seed = Seed::new([0; 32]);
    hex::decode_to_slice(text.trim_end(), seed.as_mut())
        .map_err(|_| ConfigError::KeyForm { file: file.to_owned() })?;
    Ok(seed)
}
