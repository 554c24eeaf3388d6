//! What is kept of consents, encrypted under a key for each, so that one can be destroyed alone.
//!
//! For the subject (in the wallet) and for a data holder or gateway: openings with their salts,
//! evidence of presentation, receipts. Layout of the folder (mode 0700, files 0600):
//!
//! | path | content |
//! |---|---|
//! | `keys/<consent>` | the consent's random key, sealed under the master key |
//! | `bodies/<consent>/<kind>-<number>` | one document, sealed under the consent's key |
//! | `shredded/<consent>` | that the consent was shredded, in clear: no personal data |
//! | `lock` | held while a process has the vault open |
//!
//! Sealed = `KYV` ‖ format version (1 byte) ‖ nonce (24) ‖ XChaCha20-Poly1305 ciphertext; consent,
//! kind and number are authenticated with it, so no file can stand in another's place.
//!
//! **Shredding** writes the record first, then overwrites and removes the key, then the bodies: a
//! process that stops in between finds the record when it opens the vault again and finishes. From
//! the record on nothing is given out or taken in for that consent. Copies of the bodies, in
//! backups or left on the medium, no longer open, because the key is in no backup of the bodies;
//! `keys/` must therefore stay out of backups that outlive a shredding. Overwriting in place is all
//! that a program can do: media that keep old blocks (flash, copy-on-write) need encryption below.
//!
//! **Writing** is whole or not at all: a new file beside, synced, renamed over the old one, folder
//! synced.

mod disk;
mod sealed;
mod shred;

pub use shred::{ShredRecord, TAG_ACK_SHRED};

use std::path::{Path, PathBuf};

use ledger_types::{ConsentId, Timestamp};
use zeroize::Zeroizing;

use crate::entropy;
use disk::Disk;

/// The largest document, in bytes.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// The key that every consent's key is sealed under; wiped when dropped, never printed.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A master key from its 32 bytes.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

impl core::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// What kind of document is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The opening of a commitment: terms with their salts, or one disclosed process.
    Opening,
    /// Evidence that a notice was presented, with its salt.
    Presentation,
    /// A receipt.
    Receipt,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Opening, Self::Presentation, Self::Receipt];

    const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Presentation => "presentation",
            Self::Receipt => "receipt",
        }
    }
}

/// Which document of a consent; keeping it again replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its kind.
    pub kind: Kind,
    /// Its number among its kind.
    pub number: u32,
}

impl Entry {
    fn name(self) -> String {
        format!("{}-{}", self.kind.name(), self.number)
    }

    fn of_name(name: &str) -> Option<Self> {
        let (kind, number) = name.split_once('-')?;
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
        let entry = Self { kind, number: number.parse().ok()? };
        (entry.name() == name).then_some(entry)
    }
}

/// An open vault.
#[derive(Debug)]
pub struct Vault {
    folder: PathBuf,
    master: MasterKey,
    disk: Disk,
    /// Held open: the lock ends with it.
    _lock: std::fs::File,
}

impl Vault {
    /// Opens the vault in a folder, made where it is missing, and finishes what was interrupted.
    ///
    /// # Errors
    /// [`VaultError::Busy`] where another process has it open; [`VaultError::File`] where the disk
    /// refuses. Another master key shows when something is read.
    pub fn open(folder: &Path, master: MasterKey) -> Result<Self, VaultError> {
        Self::open_on(Disk::default(), folder, master)
    }

    fn open_on(disk: Disk, folder: &Path, master: MasterKey) -> Result<Self, VaultError> {
        let lock = disk.lock(&folder.join("lock"))?;
        let vault = Self { folder: folder.to_owned(), master, disk, _lock: lock };
        for consent in vault.consents_in("shredded")? {
            vault.destroy(&consent)?;
        }
        Ok(vault)
    }

    /// Keeps a document, in the place of an older one of the same entry.
    ///
    /// # Errors
    /// [`VaultError::Shredded`], [`VaultError::TooLarge`], [`VaultError::Broken`] where the
    /// consent's key does not open, [`VaultError::File`]; the older document is untouched then.
    pub fn keep(&self, consent: &ConsentId, entry: Entry, body: &[u8]) -> Result<(), VaultError> {
        self.refuse_shredded(consent)?;
        if body.len() > BODY_BYTES_MAX {
            return Err(VaultError::TooLarge { length: body.len(), most: BODY_BYTES_MAX });
        }
        let key = match self.key(consent)? {
            Some(key) => key,
            None => self.new_key(consent)?,
        };
        let sealed = sealed::seal(&key, consent, &entry.name(), body);
        self.disk.write_whole(&self.body_path(consent, entry), &sealed)
    }

    /// The document of an entry; none where nothing was kept.
    ///
    /// # Errors
    /// [`VaultError::Shredded`], [`VaultError::Broken`] where it does not open, [`VaultError::File`].
    pub fn read(
        &self,
        consent: &ConsentId,
        entry: Entry,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.refuse_shredded(consent)?;
        let path = self.body_path(consent, entry);
        let Some(sealed) = self.disk.read(&path)? else { return Ok(None) };
        let broken = || VaultError::Broken { path: path.clone() };
        let key = self.key(consent)?.ok_or_else(broken)?;
        sealed::open(&key, consent, &entry.name(), &sealed).map(Some).ok_or_else(broken)
    }

    /// The entries kept of a consent, in order.
    ///
    /// # Errors
    /// [`VaultError::File`].
    pub fn entries(&self, consent: &ConsentId) -> Result<Vec<Entry>, VaultError> {
        let names = self.disk.names(&self.bodies(consent))?;
        let mut entries: Vec<Entry> =
            names.iter().filter_map(|name| Entry::of_name(name)).collect();
        entries.sort();
        Ok(entries)
    }

    /// The consents of which something is kept, in order.
    ///
    /// # Errors
    /// [`VaultError::File`].
    pub fn consents(&self) -> Result<Vec<ConsentId>, VaultError> {
        self.consents_in("keys")
    }

    /// That and when a consent was shredded; none where it was not.
    ///
    /// # Errors
    /// [`VaultError::Broken`] where the record does not read, [`VaultError::File`].
    pub fn shredded(&self, consent: &ConsentId) -> Result<Option<ShredRecord>, VaultError> {
        let path = self.shredded_path(consent);
        let Some(bytes) = self.disk.read(&path)? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| VaultError::Broken { path })
    }

    /// Destroys a consent's key and with it every salt and document; repeating it changes nothing
    /// and returns the first record.
    ///
    /// # Errors
    /// [`VaultError::File`]: the consent is shredded all the same once the record was written, and
    /// opening the vault again finishes the rest.
    pub fn shred(&self, consent: &ConsentId, now: Timestamp) -> Result<ShredRecord, VaultError> {
        let record = match self.shredded(consent)? {
            Some(record) => record,
            None => {
                let record = ShredRecord::of(*consent, now, &self.sealed_bodies(consent)?);
                self.disk.write_whole(&self.shredded_path(consent), &record.to_bytes())?;
                record
            }
        };
        self.destroy(consent)?;
        Ok(record)
    }

    fn destroy(&self, consent: &ConsentId) -> Result<(), VaultError> {
        self.disk.overwrite_and_remove(&self.key_path(consent))?;
        for name in self.disk.names(&self.bodies(consent))? {
            self.disk.overwrite_and_remove(&self.bodies(consent).join(name))?;
        }
        self.disk.remove_folder(&self.bodies(consent))
    }

    fn sealed_bodies(&self, consent: &ConsentId) -> Result<Vec<Vec<u8>>, VaultError> {
        let mut bodies = Vec::new();
        for entry in self.entries(consent)? {
            bodies.extend(self.disk.read(&self.body_path(consent, entry))?);
        }
        Ok(bodies)
    }

    fn refuse_shredded(&self, consent: &ConsentId) -> Result<(), VaultError> {
        match self.shredded(consent)? {
            Some(record) => Err(VaultError::Shredded { at: record.shredded_at }),
            None => Ok(()),
        }
    }

    fn key(&self, consent: &ConsentId) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        let path = self.key_path(consent);
        let Some(sealed) = self.disk.read(&path)? else { return Ok(None) };
        let broken = || VaultError::Broken { path: path.clone() };
        let opened =
            sealed::open(&self.master.0, consent, sealed::KEY, &sealed).ok_or_else(broken)?;
        let key: [u8; 32] = opened.as_slice().try_into().map_err(|_| broken())?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn new_key(&self, consent: &ConsentId) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let key = Zeroizing::new(entropy::fresh());
        let sealed = sealed::seal(&self.master.0, consent, sealed::KEY, key.as_ref());
        self.disk.write_whole(&self.key_path(consent), &sealed)?;
        Ok(key)
    }

    fn consents_in(&self, folder: &str) -> Result<Vec<ConsentId>, VaultError> {
        let names = self.disk.names(&self.folder.join(folder))?;
        let mut consents: Vec<ConsentId> =
            names.iter().filter_map(|name| name.parse().ok().map(ConsentId::new)).collect();
        consents.sort();
        Ok(consents)
    }

    fn key_path(&self, consent: &ConsentId) -> PathBuf {
        self.folder.join("keys").join(consent.get().to_string())
    }

    fn bodies(&self, consent: &ConsentId) -> PathBuf {
        self.folder.join("bodies").join(consent.get().to_string())
    }

    fn body_path(&self, consent: &ConsentId, entry: Entry) -> PathBuf {
        self.bodies(consent).join(entry.name())
    }

    fn shredded_path(&self, consent: &ConsentId) -> PathBuf {
        self.folder.join("shredded").join(consent.get().to_string())
    }
}

/// Why the vault refuses.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Another process has it open.
    #[error("another process has the vault open")]
    Busy,
    /// The consent was shredded.
    #[error("the consent was shredded at {at}")]
    Shredded {
        /// When, in milliseconds since 1970.
        at: Timestamp,
    },
    /// The document is too large.
    #[error("{length} bytes, a document has at most {most}")]
    TooLarge {
        /// How many there were.
        length: usize,
        /// The most.
        most: usize,
    },
    /// A file does not open: it was changed, or the master key is another.
    #[error("{path} does not open: it was changed, or the master key is another", path = path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
    },
    /// The disk refuses.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests;
