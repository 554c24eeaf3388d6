//! The directory of public names that a node serves: a file of the city's or the operator's, checked
//! against the keys of genesis, and read again when it changes.
//!
//! A file that does not hold is refused at the start. Later it is logged and the one before is
//! served on, so that a slip of the hand takes no name from anybody.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use ledger_types::{Genesis, Hash, PublicKey};
use public_names::{DIRECTORY_BYTES_MAX, DirectoryError, SignedDirectory};

/// Where directories are, and the one that is served.
#[derive(Debug)]
pub struct Directories {
    network: Hash,
    keys: Vec<PublicKey>,
    file: Option<PathBuf>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// What the file looked like when it was last read, whatever came of it.
    seen: Option<Stamp>,
    served: Option<Served>,
}

/// What tells that a file was written again: device, inode, length, and the time of the change.
type Stamp = (u64, u64, u64, i64, i64);

/// A directory as it is served.
#[derive(Clone, Debug)]
pub struct Served {
    /// The file, byte for byte.
    pub bytes: Bytes,
    /// What tells its bytes from others, as HTTP has it: white space counts here.
    pub etag: String,
    /// What tells it from another of its number: white space carries nothing.
    pub digest: Hash,
    /// Its number among the network's directories.
    pub serial: u64,
}

/// Why a file is not served.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is no directory of this network.
    #[error("not a directory of this network: {0}")]
    Refused(#[from] DirectoryError),
    /// It is older than the one that is served.
    #[error("its serial {found} is not above {served}, which is served")]
    Older {
        /// Its number.
        found: u64,
        /// That of the one that is served.
        served: u64,
    },
}

impl Directories {
    /// Those of a network, from a file where the configuration names one.
    ///
    /// # Errors
    /// [`NotServed`] where it cannot be read or does not hold.
    pub fn open(file: Option<PathBuf>, genesis: &Genesis) -> Result<Self, NotServed> {
        let directories = Self::at(file, genesis);
        if let Some(file) = &directories.file {
            let kept = directories.read(file, None)?;
            *directories.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        }
        Ok(directories)
    }

    /// The same, without looking at the file before somebody asks.
    #[must_use]
    pub fn at(file: Option<PathBuf>, genesis: &Genesis) -> Self {
        let (network, keys) = (genesis.hash(), genesis.directory_keys.clone());
        Self { network, keys, file, kept: Mutex::default() }
    }

    /// The directory as its file stands now, or the one before where that does not hold.
    ///
    /// Looks at the disk, so not for a thread that must not wait.
    #[must_use]
    pub fn current(&self) -> Option<Served> {
        let file = self.file.as_deref()?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let now = stamp(file).ok();
        if now == kept.seen {
            return kept.served.clone();
        }
        kept.seen = now;
        match self.read(file, kept.served.as_ref()) {
            Ok(read) => {
                tracing::info!(serial = ?read.served.as_ref().map(|it| it.serial), "new directory");
                *kept = read;
            }
            Err(error) => tracing::warn!(file = %file.display(), %error, "directory not taken"),
        }
        kept.served.clone()
    }

    fn read(&self, file: &Path, before: Option<&Served>) -> Result<Kept, NotServed> {
        use std::io::Read as _;
        let seen = stamp(file)?;
        let mut bytes = Vec::new();
        let most = DIRECTORY_BYTES_MAX as u64 + 1;
        std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?;
        let opened = SignedDirectory::open(&bytes, &self.network, &self.keys)?;
        let (serial, digest) = (opened.directory().serial, opened.directory().digest());
        if let Some(before) = before.filter(|it| it.serial >= serial && it.digest != digest) {
            return Err(NotServed::Older { found: serial, served: before.serial });
        }
        let of_bytes = Hash::of(&[&bytes]).to_string();
        let etag = format!("\"{serial}-{}\"", of_bytes.get(..16).unwrap_or(&of_bytes));
        let served = Served { bytes: bytes.into(), etag, digest, serial };
        Ok(Kept { seen: Some(seen), served: Some(served) })
    }
}

fn stamp(file: &Path) -> Result<Stamp, std::io::Error> {
    let found = std::fs::metadata(file)?;
    Ok((found.dev(), found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
}

#[cfg(test)]
mod tests {
    use ledger_types::{SigningKey, Timestamp};
    use public_names::Directory;

    use super::*;

    fn genesis() -> Genesis {
        let mut genesis = crate::mempool::testing::world(0).genesis;
        // The time of a world is that of its making.
        genesis.time = Timestamp::from_millis(0);
        genesis.directory_keys = vec![key(1).public_key()];
        genesis
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(&[seed; 32])
    }

    fn signed(serial: u64, by: u8) -> Vec<u8> {
        let (issued, expires) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
        let network = genesis().hash();
        let directory = Directory { network, serial, issued, expires, entries: Vec::new() };
        SignedDirectory::sign(directory, &key(by)).unwrap().to_bytes().unwrap()
    }

    #[test]
    fn a_directory_that_another_key_signed_is_not_served() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("directory.json");
        std::fs::write(&file, signed(1, 2)).unwrap();
        let refused = Directories::open(Some(file.clone()), &genesis()).unwrap_err();
        assert!(matches!(refused, NotServed::Refused(DirectoryError::OtherKey { .. })));
        assert!(Directories::open(Some(folder.path().join("none")), &genesis()).is_err());
        assert!(Directories::open(None, &genesis()).unwrap().current().is_none());
    }

    #[test]
    fn a_directory_is_read_again_when_its_file_changes_and_never_an_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("directory.json");
        let write = |bytes: &[u8]| {
            let next = folder.path().join("next");
            std::fs::write(&next, bytes).unwrap();
            std::fs::rename(&next, &file).unwrap();
        };
        write(&signed(5, 1));
        let served = Directories::open(Some(file.clone()), &genesis()).unwrap();
        let serial = || served.current().map(|it| it.serial);
        assert_eq!(serial(), Some(5));
        write(&signed(6, 1));
        assert_eq!(serial(), Some(6));
        for wrong in [signed(4, 1), signed(7, 2), b"{}".to_vec()] {
            write(&wrong);
            assert_eq!(serial(), Some(6));
        }
        std::fs::remove_file(&file).unwrap();
        assert_eq!(serial(), Some(6));
        write(&signed(8, 1));
        let before = served.current().unwrap();
        assert_eq!(before.bytes, signed(8, 1));
        // The same with other white space is the same directory, and other bytes for HTTP.
        let value: serde_json::Value = serde_json::from_slice(&signed(8, 1)).unwrap();
        let compact = serde_json::to_vec(&value).unwrap();
        write(&compact);
        let after = served.current().unwrap();
        assert_eq!(after.bytes, compact);
        assert_eq!(after.digest, before.digest);
        assert_ne!(after.etag, before.etag);
    }
}
