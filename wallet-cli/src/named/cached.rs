//! The public directory on this machine: whose signatures count, the file, and that it never ages
//! backwards.
//!
//! Which keys sign a network's directories is learnt once, with the network: from its genesis
//! document where one is given, else from the node, as the genesis hash itself. Afterwards no node
//! can name others.

use std::path::PathBuf;
use std::time::Duration;

use consent_records::format::Version;
use ledger_types::{Hash, PublicKey, Timestamp};
use network_clock::after;
use node_api::ApiCode;
use public_names::{Directory, DirectoryError, SignedDirectory};
use serde::{Deserialize, Serialize};

use crate::client::{Client, ClientError};
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::settings::{self, Folders, file_failure};

/// For how long a node is not asked again, in real time.
const FRESH_FOR: Duration = Duration::from_secs(60 * 60);

/// How long a command that is about something else waits for a directory.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// What this machine holds to of a network's directories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pinned {
    version: Version<1>,
    genesis: Hash,
    /// The keys that sign them.
    pub(crate) keys: Vec<PublicKey>,
    /// Until before when no node is asked again, in the network's time.
    fresh_until: Timestamp,
    /// The highest number that was taken in, with the hash of the file.
    highest: Option<(u64, Hash)>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) serial: u64,
    pub(crate) entries: usize,
    pub(crate) expires: Timestamp,
    pub(crate) is_new: bool,
}

impl Pinned {
    /// Begins with the keys of a network.
    pub(crate) const fn new(genesis: Hash, keys: Vec<PublicKey>) -> Self {
        let fresh_until = Timestamp::from_millis(0);
        Self { version: Version, genesis, keys, fresh_until, highest: None }
    }

    fn path(folders: &Folders, genesis: &Hash) -> Result<PathBuf, Failure> {
        Ok(folders.names()?.join(format!("keys-{}.json", genesis.network())))
    }

    fn file(folders: &Folders, genesis: &Hash) -> Result<PathBuf, Failure> {
        Ok(folders.names()?.join(format!("directory-{}.json", genesis.network())))
    }

    /// What is held to of a network; none where it was never met.
    pub(crate) fn of(folders: &Folders, genesis: &Hash) -> Result<Option<Self>, Failure> {
        // Where nothing is kept, no network was met.
        let Ok(path) = Self::path(folders, genesis) else { return Ok(None) };
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|error| file_failure(&path, &error))?,
        };
        let pinned: Self = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::new(Exit::Config, "err-bad-json").with("path", path.display()).because(error)
        })?;
        // Two networks of one short name are two networks.
        Ok(Some(pinned).filter(|pinned| pinned.genesis == *genesis))
    }

    /// The directory that was taken in last.
    ///
    /// # Errors
    /// [`Failure`] where the file on this machine is no longer the one that was taken in.
    pub(crate) fn directory(&self, folders: &Folders) -> Result<Option<Directory>, Failure> {
        let path = Self::file(folders, &self.genesis)?;
        if self.highest.is_none() {
            return Ok(None);
        }
        let bytes = settings::read(&path)?;
        let opened = SignedDirectory::open(&bytes, &self.genesis, &self.keys);
        opened.map(|it| Some(it.into_directory())).map_err(|error| refused(&error))
    }

    /// Takes a file in, in the place of the one before.
    ///
    /// # Errors
    /// [`Failure`] where it does not hold, or is older than the one before: nothing changed then.
    pub(crate) fn take_in(&mut self, folders: &Folders, bytes: &[u8]) -> Result<Taken, Failure> {
        let opened = SignedDirectory::open(bytes, &self.genesis, &self.keys);
        let opened = opened.map_err(|error| refused(&error))?;
        let directory = opened.directory();
        let (serial, digest) = (directory.serial, Hash::of(&[bytes]));
        if let Some((highest, before)) = self.highest
            && (serial < highest || serial == highest && digest != before)
        {
            return Err(Failure::new(Exit::Verification, "err-directory-older")
                .with("theirs", serial)
                .with("ours", highest));
        }
        let is_new = self.highest != Some((serial, digest));
        let path = Self::file(folders, &self.genesis)?;
        write_private(&path, bytes, Existing::Replace)
            .map_err(|error| file_failure(&path, &error))?;
        self.highest = Some((serial, digest));
        self.write(folders)?;
        let (entries, expires) = (directory.entries.len(), directory.expires);
        Ok(Taken { serial, entries, expires, is_new })
    }

    /// Writes what is held to.
    pub(crate) fn write(&self, folders: &Folders) -> Result<(), Failure> {
        let path = Self::path(folders, &self.genesis)?;
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
        write_private(&path, &bytes, Existing::Replace).map_err(|error| file_failure(&path, &error))
    }

    /// What is held to of the network of a node; without one, what the node says of it.
    ///
    /// # Errors
    /// [`Failure`] where the node names other keys than those that are held to.
    pub(crate) fn of_node(folders: &Folders, client: &Client) -> Result<Option<Self>, Failure> {
        let network = client.network();
        let theirs = &network.directory_keys;
        match Self::of(folders, &network.genesis_hash)? {
            Some(pinned) if !theirs.is_empty() && pinned.keys != *theirs => {
                Err(Failure::new(Exit::Verification, "err-directory-keys"))
            }
            Some(pinned) => Ok(Some(pinned)),
            None if theirs.is_empty() => Ok(None),
            None => Ok(Some(Self::new(network.genesis_hash, theirs.clone()))),
        }
    }

    /// Asks the node for its directory and takes it in; none where it has none.
    pub(crate) async fn fetch(
        &mut self,
        folders: &Folders,
        client: &Client,
    ) -> Result<Option<Taken>, Failure> {
        let clock = &client.network().clock;
        self.fresh_until = after(clock.now(), clock.stretched(FRESH_FOR));
        let bytes = match client.directory().await {
            Ok(bytes) => bytes,
            Err(error) if is_none(&error) => {
                self.write(folders)?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        self.take_in(folders, &bytes).map(Some)
    }

    /// The number after the highest that was taken in.
    pub(crate) fn next_serial(&self) -> u64 {
        self.highest.map_or(1, |(highest, _)| highest.saturating_add(1))
    }

    fn is_fresh(&self, client: &Client) -> bool {
        let now = client.network().clock.now();
        let clock = &client.network().clock;
        // A clock that was set back must not keep a directory for good.
        now < self.fresh_until && self.fresh_until <= after(now, clock.stretched(FRESH_FOR))
    }
}

/// Brings the directory of the node's network up to date, where it was not asked for recently and
/// there is a place to keep it. That takes no command more than a second.
///
/// # Errors
/// [`Failure`] where what the node gives does not hold; the one before stays.
pub(crate) async fn refresh(folders: &Folders, client: &Client) -> Result<(), Failure> {
    if folders.data().is_err() {
        return Ok(());
    }
    let Some(mut pinned) = Pinned::of_node(folders, client)? else { return Ok(()) };
    if pinned.is_fresh(client) || client.network().directory_keys.is_empty() {
        return Ok(());
    }
    // A command is about something else: a node that is slow with it is asked again by the next one.
    match tokio::time::timeout(WAIT_MAX, pinned.fetch(folders, client)).await {
        Ok(fetched) => fetched.map(drop),
        Err(_) => Ok(()),
    }
}

fn is_none(error: &ClientError) -> bool {
    let codes = [ApiCode::NoDirectory, ApiCode::NoSuchPath].map(ApiCode::number);
    error.code().is_some_and(|code| codes.contains(&code))
}

/// Why a directory is not taken in, for people.
pub(crate) fn refused(error: &DirectoryError) -> Failure {
    let key = match error {
        DirectoryError::TooLarge { .. }
        | DirectoryError::Form { .. }
        | DirectoryError::Fault(_) => "err-directory-form",
        DirectoryError::OtherNetwork { .. } => "err-directory-other-network",
        DirectoryError::OtherKey { .. } => "err-directory-other-key",
        DirectoryError::Signature => "err-directory-signature",
    };
    Failure::new(Exit::Verification, key)
        .details(serde_json::json!({ "reason": error.to_string() }))
}

#[cfg(test)]
mod tests {
    use ledger_types::SigningKey;

    use super::*;

    fn genesis() -> Hash {
        Hash::new([7; 32])
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(&[seed; 32])
    }

    fn signed(serial: u64, by: u8, until: u64) -> Vec<u8> {
        let (issued, expires) = (Timestamp::from_millis(1), Timestamp::from_millis(until));
        let network = genesis();
        let directory = Directory { network, serial, issued, expires, entries: Vec::new() };
        SignedDirectory::sign(directory, &key(by)).unwrap().to_bytes().unwrap()
    }

    fn folders(at: &tempfile::TempDir) -> Folders {
        Folders::at(at.path())
    }

    #[test]
    fn an_older_directory_does_not_replace_a_newer() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        assert!(pinned.take_in(&folders, &signed(5, 1, 9)).unwrap().is_new);
        assert!(!pinned.take_in(&folders, &signed(5, 1, 9)).unwrap().is_new);
        // Neither an older one nor another one of the same number.
        for older in [signed(4, 1, 9), signed(5, 1, 8)] {
            let mut again = Pinned::of(&folders, &genesis()).unwrap().unwrap();
            assert_eq!(again.take_in(&folders, &older).unwrap_err().code(), "directory-older");
        }
        // Nor once the newer file is lost.
        std::fs::remove_file(Pinned::file(&folders, &genesis()).unwrap()).unwrap();
        let mut again = Pinned::of(&folders, &genesis()).unwrap().unwrap();
        assert!(again.take_in(&folders, &signed(4, 1, 9)).is_err());
        assert_eq!(again.take_in(&folders, &signed(6, 1, 9)).unwrap().serial, 6);
        assert_eq!(again.directory(&folders).unwrap().unwrap().serial, 6);
    }

    #[test]
    fn a_directory_that_another_key_signed_is_refused() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        let refused = pinned.take_in(&folders, &signed(1, 2, 9)).unwrap_err();
        assert_eq!((refused.exit, refused.code()), (Exit::Verification, "directory-other-key"));
        assert!(Pinned::of(&folders, &genesis()).unwrap().is_none());
        pinned.take_in(&folders, &signed(1, 1, 9)).unwrap();
        // Nor is a file believed that was changed on this machine.
        std::fs::write(Pinned::file(&folders, &genesis()).unwrap(), signed(1, 2, 9)).unwrap();
        assert!(pinned.directory(&folders).is_err());
    }
}
