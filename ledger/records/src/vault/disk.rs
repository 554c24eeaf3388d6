//! Files: written whole or not at all, overwritten before they are removed.
//!
//! Every step that changes the disk can be the last one that happens. In tests a disk stops before
//! a chosen step, as a machine does that loses power there.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::VaultError;

/// What a half-written file ends with; such files are never read.
const BESIDE: &str = ".new";
const OVERWRITE_BYTES: usize = 4096;

/// The disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) stop: Option<std::sync::atomic::AtomicUsize>,
}

impl Disk {
    /// Opens and locks a file until it is closed.
    pub(super) fn lock(&self, path: &Path) -> Result<File, VaultError> {
        let locked = self.make_folder(path).and_then(|()| {
            self.step()?;
            OpenOptions::new().create(true).append(true).mode(0o600).open(path)
        });
        let file = locked.map_err(|source| fault(path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(VaultError::Busy),
            Err(TryLockError::Error(source)) => Err(fault(path, source)),
        }
    }

    /// Puts a file of mode 0600 in place, whole.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        self.try_write_whole(path, bytes).map_err(|source| fault(path, source))
    }

    fn try_write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.make_folder(path)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(BESIDE);
        self.step()?;
        // One process holds the vault, so a file beside is what an interrupted one left.
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        self.step()?;
        file.write_all(first)?;
        self.step()?;
        file.write_all(rest)?;
        file.sync_all()?;
        self.step()?;
        std::fs::rename(&beside, path)?;
        self.step()?;
        sync_folder(path)
    }

    /// A file's bytes; none where there is no file.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(fault(path, source)),
        }
    }

    /// The names in a folder, sorted; none where there is no folder.
    pub(super) fn names(&self, folder: &Path) -> Result<Vec<String>, VaultError> {
        let entries = match std::fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|source| fault(folder, source))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|source| fault(folder, source))?;
            names.extend(entry.file_name().into_string().ok());
        }
        names.sort();
        Ok(names)
    }

    /// Writes zeros over a file, then removes it; nothing to do where there is none.
    pub(super) fn overwrite_and_remove(&self, path: &Path) -> Result<(), VaultError> {
        match self.try_overwrite_and_remove(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done.map_err(|source| fault(path, source)),
        }
    }

    fn try_overwrite_and_remove(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let mut left = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        self.step()?;
        while left > 0 {
            let now = left.min(OVERWRITE_BYTES);
            file.write_all([0; OVERWRITE_BYTES].split_at(now).0)?;
            left -= now;
        }
        file.sync_all()?;
        self.step()?;
        std::fs::remove_file(path)?;
        self.step()?;
        sync_folder(path)
    }

    /// Removes an empty folder; nothing to do where there is none.
    pub(super) fn remove_folder(&self, folder: &Path) -> Result<(), VaultError> {
        match self.step().and_then(|()| std::fs::remove_dir(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done.map_err(|source| fault(folder, source)),
        }
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let Some(folder) = path.parent() else { return Ok(()) };
        if folder.is_dir() {
            return Ok(());
        }
        self.step()?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        sync_folder(folder)
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "a step fails in tests only")]
    const fn step(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        use std::sync::atomic::Ordering::Relaxed;
        let Some(stop) = &self.stop else { return Ok(()) };
        match stop.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => Ok(()),
            Err(_) => Err(io::Error::other("the machine stopped here")),
        }
    }
}

/// Makes the names in a file's folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn fault(path: &Path, source: io::Error) -> VaultError {
    VaultError::File { path: path.to_owned(), source }
}
