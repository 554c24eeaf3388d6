//! The lock of a store: a second process on the same keys and blocks could sign two blocks.

use std::fs::TryLockError;
use std::path::Path;

use kyojo_disk::File;

use super::error::{StoreError, io};

/// Held as long as the process lives; the system frees it whatever way the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or refuses at once.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let file = File::open_or_create(path).map_err(io("opening the lock file", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io("locking", path)(source)),
        }
        let note = format!("{}\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.write_all_at(note.as_bytes(), 0))
            .map_err(io("writing the lock file", path))?;
        Ok(Self { _file: file })
    }
}
