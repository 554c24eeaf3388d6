//! The public directory on this machine: whose signatures count, the file, and that it never ages
//! backwards.
//!
//! Which keys sign a network's directories is learnt once, with the network: from its genesis
//! document where one is given, else from the node, as the genesis hash itself. Afterwards no node
//! can name others, whatever network it says that it is: files are named by the whole genesis hash.
//! Several commands may run at once, so whoever changes what is kept locks the folder and reads it
//! again first.

use std::path::PathBuf;
use std::time::Duration;

use consent_records::format::Version;
use ledger_types::{Genesis, Hash, PublicKey, Timestamp};
use network_clock::after;
use node_api::ApiCode;
use public_names::{Directory, DirectoryError, SignedDirectory};
use serde::{Deserialize, Serialize};

use crate::client::{Client, ClientError};
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::{make_folder, write_private};
use crate::settings::{self, Folders, file_failure};

/// For how long a node is not asked again, in real time.
const FRESH_FOR: Duration = Duration::from_secs(60 * 60);
/// The same where what is here is lost or broken, and nothing came that time.
const RETRY_AFTER: Duration = Duration::from_secs(5 * 60);
/// By how much a directory's number is above the one before at most: each signs away all below it.
const SERIAL_STEP_MAX: u64 = 5000;
/// How long a command waits at most for a directory that it does not itself ask for.
const REFRESH_MAX: Duration = Duration::from_secs(1);

/// What this machine holds to of a network's directories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pinned {
    version: Version<1>,
    genesis: Hash,
    /// The keys that sign them.
    pub(crate) keys: Vec<PublicKey>,
    /// When a node was asked last, whatever came of it, in the network's time.
    asked: Timestamp,
    /// Whether that time a directory was taken in.
    is_answered: bool,
    /// The highest number that was taken in, with the hash of what was signed.
    highest: Option<(u64, Hash)>,
    /// How many bytes its file has: one that was cut or emptied has another number.
    size: u64,
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
        let asked = Timestamp::from_millis(0);
        Self { version: Version, genesis, keys, asked, is_answered: false, highest: None, size: 0 }
    }

    /// Where it is said what is held to of a network.
    pub(crate) fn path(folders: &Folders, genesis: &Hash) -> Result<PathBuf, Failure> {
        Ok(folders.names()?.join(format!("keys-{genesis}.json")))
    }

    /// Where the directory of a network is.
    pub(crate) fn file(folders: &Folders, genesis: &Hash) -> Result<PathBuf, Failure> {
        Ok(folders.names()?.join(format!("directory-{genesis}.json")))
    }

    /// What is held to of a network; none where it was never met.
    ///
    /// # Errors
    /// [`Failure`] where the file cannot be read, or is another network's: what was held to is not
    /// known then, which is not the same as nothing.
    pub(crate) fn of(folders: &Folders, genesis: &Hash) -> Result<Option<Self>, Failure> {
        // Where nothing is kept, no network was met.
        let Ok(path) = Self::path(folders, genesis) else { return Ok(None) };
        let bytes = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(|error| file_failure(&path, &error))?,
        };
        let broken =
            || Failure::new(Exit::Config, "err-directory-pins").with("path", path.display());
        let pinned: Self =
            serde_json::from_slice(&bytes).map_err(|error| broken().because(error))?;
        if pinned.genesis == *genesis { Ok(Some(pinned)) } else { Err(broken()) }
    }

    /// Begins with the keys that a network's genesis document names, whatever a node said before.
    ///
    /// # Errors
    /// [`Failure`] where it cannot be written.
    pub(crate) fn by_genesis(folders: &Folders, genesis: &Genesis) -> Result<Self, Failure> {
        let (hash, keys) = (genesis.hash(), &genesis.directory_keys);
        let _locked = locked(folders)?;
        // What is broken, or names others, is not what the document's own hash stands for.
        let held = Self::of(folders, &hash).ok().flatten().filter(|held| held.keys == *keys);
        if let Some(held) = held {
            return Ok(held);
        }
        let pinned = Self::new(hash, keys.clone());
        pinned.write(folders)?;
        Ok(pinned)
    }

    /// The directory that was taken in last.
    ///
    /// # Errors
    /// [`Failure`] where the file on this machine is gone, broken, or older than what was taken in.
    pub(crate) fn directory(&self, folders: &Folders) -> Result<Option<Directory>, Failure> {
        let path = Self::file(folders, &self.genesis)?;
        if self.highest.is_none() {
            return Ok(None);
        }
        let bytes = settings::read(&path)?;
        let opened = SignedDirectory::open(&bytes, &self.genesis, &self.keys);
        let directory = opened.map_err(|error| refused(&error))?.into_directory();
        self.refuse_older(&directory)?;
        Ok(Some(directory))
    }

    /// Refuses a directory below the highest, and another one of the same number.
    fn refuse_older(&self, directory: &Directory) -> Result<(), Failure> {
        match self.highest {
            Some((highest, before))
                if directory.serial < highest
                    || directory.serial == highest && directory.digest() != before =>
            {
                Err(Failure::new(Exit::Verification, "err-directory-older")
                    .with("theirs", directory.serial)
                    .with("ours", highest))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes a file in, in the place of the one before.
    ///
    /// # Errors
    /// [`Failure`] where it does not hold, or is older than the one before: nothing changed then.
    pub(crate) fn take_in(&mut self, folders: &Folders, bytes: &[u8]) -> Result<Taken, Failure> {
        let opened = SignedDirectory::open(bytes, &self.genesis, &self.keys);
        let opened = opened.map_err(|error| refused(&error))?;
        let directory = opened.directory();
        let (serial, digest) = (directory.serial, directory.digest());
        let _locked = locked(folders)?;
        self.read_again(folders)?;
        self.refuse_older(directory)?;
        let is_new = self.highest != Some((serial, digest));
        let path = Self::file(folders, &self.genesis)?;
        write_private(&path, bytes, Existing::Replace)
            .map_err(|error| file_failure(&path, &error))?;
        self.highest = Some((serial, digest));
        self.size = bytes.len() as u64;
        self.is_answered = true;
        self.write(folders)?;
        let (entries, expires) = (directory.entries.len(), directory.expires);
        Ok(Taken { serial, entries, expires, is_new })
    }

    /// Takes up what another command wrote meanwhile; the folder is locked.
    fn read_again(&mut self, folders: &Folders) -> Result<(), Failure> {
        match Self::of(folders, &self.genesis)? {
            Some(held) if held.keys != self.keys => {
                Err(Failure::new(Exit::Verification, "err-directory-keys"))
            }
            Some(held) => {
                *self = held;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Notes that a node is asked now.
    fn ask(&mut self, folders: &Folders, now: Timestamp) -> Result<(), Failure> {
        let _locked = locked(folders)?;
        self.read_again(folders)?;
        (self.asked, self.is_answered) = (now, false);
        self.write(folders)
    }

    /// Writes what is held to; the folder is locked.
    fn write(&self, folders: &Folders) -> Result<(), Failure> {
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

    /// Asks the node for its directory and takes it in; none where it has none. That it was asked is
    /// noted first, so that neither silence nor a file that does not hold is met at every command.
    pub(crate) async fn fetch(
        &mut self,
        folders: &Folders,
        client: &Client,
    ) -> Result<Option<Taken>, Failure> {
        self.ask(folders, client.network().clock.now())?;
        match client.directory().await {
            Ok(bytes) => self.take_in(folders, &bytes).map(Some),
            Err(error) if is_none(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The number of the next directory: the one that is wished, else the next after the highest.
    ///
    /// # Errors
    /// [`Failure`] where wallets would take none of that number, or few numbers would be left after it.
    pub(crate) fn serial(&self, wished: Option<u64>) -> Result<u64, Failure> {
        let highest = self.highest.map_or(0, |(highest, _)| highest);
        let serial = wished.unwrap_or(highest.saturating_add(1));
        match serial.checked_sub(highest) {
            Some(1..=SERIAL_STEP_MAX) => Ok(serial),
            Some(_) | None => Err(Failure::new(Exit::Usage, "err-directory-serial")
                .with("serial", serial)
                .with("highest", highest)
                .with("most", highest.saturating_add(SERIAL_STEP_MAX))),
        }
    }

    /// Whether what was taken in is still there. Every command that asks a node comes here, and to
    /// verify 20,000 names takes a seventh of a second: whoever reads them does that.
    fn is_kept(&self, folders: &Folders) -> bool {
        let size = || std::fs::metadata(Self::file(folders, &self.genesis).ok()?).ok();
        self.highest.is_none() || size().is_some_and(|found| found.len() == self.size)
    }

    fn is_fresh(&self, folders: &Folders, client: &Client) -> bool {
        let clock = &client.network().clock;
        let now = clock.now();
        let within = |rest| now < after(self.asked, clock.stretched(rest));
        // A clock that was set back must not keep a directory for good.
        let is_rested = !self.is_answered && within(RETRY_AFTER);
        self.asked <= now && within(FRESH_FOR) && (is_rested || self.is_kept(folders))
    }
}

/// Brings the directory of the node's network up to date, where it was not asked for recently and
/// there is a place to keep it. It takes no command much more than a second.
///
/// # Errors
/// [`Failure`] where the node gives nothing in time, or what does not hold; the one before stays.
pub(crate) async fn refresh(folders: &Folders, client: &Client) -> Result<(), Failure> {
    if folders.data().is_err() {
        return Ok(());
    }
    // What cannot be read is said to whoever asks for a name.
    if Pinned::of(folders, &client.network().genesis_hash).is_err() {
        return Ok(());
    }
    let Some(mut pinned) = Pinned::of_node(folders, client)? else { return Ok(()) };
    if client.network().directory_keys.is_empty() || pinned.is_fresh(folders, client) {
        return Ok(());
    }
    match tokio::time::timeout(REFRESH_MAX, pinned.fetch(folders, client)).await {
        Ok(fetched) => fetched.map(drop),
        Err(_) => Err(Failure::new(Exit::Timeout, "err-directory-late")),
    }
}

/// Locks the folder of names until what is given is dropped.
fn locked(folders: &Folders) -> Result<std::fs::File, Failure> {
    let folder = folders.names()?;
    let lock = || {
        make_folder(&folder)?;
        let opened = std::fs::File::open(&folder)?;
        opened.lock()?;
        Ok(opened)
    };
    lock().map_err(|error| file_failure(&folder, &error))
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

    /// The same directory, its file written otherwise.
    fn compact(file: &[u8]) -> Vec<u8> {
        let value: serde_json::Value = serde_json::from_slice(file).unwrap();
        serde_json::to_vec(&value).unwrap()
    }

    /// A node that says that it is of this network and that this key signs; nothing asks it more
    /// than what a test lets it answer.
    fn node(url: &str, genesis_hash: Hash, by: u8) -> Client {
        let network = crate::client::Network {
            genesis_hash,
            address_prefix: ledger_types::AddressPrefix::new("aizu").unwrap(),
            directory_keys: vec![key(by).public_key()],
            clock: network_clock::Clock::real(),
        };
        let options = crate::client::Options {
            url: url.to_owned(),
            ca_pem: None,
            timeout: Duration::from_secs(30),
        };
        Client::offline(&options, network).unwrap()
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
    fn no_node_changes_who_signs_by_saying_that_it_is_a_network_of_the_same_short_name() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        pinned.take_in(&folders, &signed(5, 1, 9)).unwrap();
        let mut near = [7; 32];
        near[31] = 8;
        let near = Hash::new(near);
        assert_eq!(near.network(), genesis().network());
        let client = node("http://127.0.0.1:9", near, 2);
        let mut other = Pinned::of_node(&folders, &client).unwrap().unwrap();
        other.ask(&folders, Timestamp::from_millis(1)).unwrap();
        // What was held to of the network stays, its highest number too.
        assert_eq!(Pinned::of(&folders, &genesis()).unwrap(), Some(pinned.clone()));
        let client = node("http://127.0.0.1:9", genesis(), 2);
        let refused = Pinned::of_node(&folders, &client).unwrap_err();
        assert_eq!(refused.code(), "directory-keys");
        // Nor is what is held to of another network the same as nothing.
        let (from, to) = (Pinned::path(&folders, &near), Pinned::path(&folders, &genesis()));
        std::fs::copy(from.unwrap(), to.unwrap()).unwrap();
        assert_eq!(Pinned::of(&folders, &genesis()).unwrap_err().code(), "directory-pins");
        assert_eq!(Pinned::of_node(&folders, &client).unwrap_err().code(), "directory-pins");
        let again = pinned.take_in(&folders, &signed(6, 1, 9)).unwrap_err();
        assert_eq!(again.code(), "directory-pins");
    }

    #[test]
    fn of_two_commands_at_once_neither_takes_the_directory_backwards() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let keys = vec![key(1).public_key()];
        Pinned::new(genesis(), keys).take_in(&folders, &signed(5, 1, 9)).unwrap();
        let of = || Pinned::of(&folders, &genesis()).unwrap().unwrap();
        let (mut slow, mut asking, mut fast) = (of(), of(), of());
        fast.take_in(&folders, &signed(7, 1, 9)).unwrap();
        let refused = slow.take_in(&folders, &signed(6, 1, 9)).unwrap_err();
        assert_eq!(refused.code(), "directory-older");
        asking.ask(&folders, Timestamp::from_millis(1)).unwrap();
        assert_eq!(of().directory(&folders).unwrap().unwrap().serial, 7);
        assert_eq!(of().take_in(&folders, &signed(6, 1, 9)).unwrap_err().code(), "directory-older");
        // Whoever puts an older file in its place, or another of its number, is found out.
        for older in [signed(6, 1, 9), signed(7, 1, 8)] {
            std::fs::write(Pinned::file(&folders, &genesis()).unwrap(), older).unwrap();
            let refused = of().directory(&folders).unwrap_err();
            assert_eq!(refused.code(), "directory-older");
        }
        // A newer one is there where the power went before its number was written.
        std::fs::write(Pinned::file(&folders, &genesis()).unwrap(), signed(8, 1, 9)).unwrap();
        assert_eq!(of().directory(&folders).unwrap().unwrap().serial, 8);
    }

    #[test]
    fn many_commands_at_once_keep_the_highest() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        std::thread::scope(|scope| {
            for serial in 1..=8 {
                let folders = &folders;
                scope.spawn(move || {
                    let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
                    // An older one may come last; it is refused then.
                    let _ = pinned.take_in(folders, &signed(serial, 1, 9));
                });
            }
        });
        let held = Pinned::of(&folders, &genesis()).unwrap().unwrap();
        assert_eq!(held.directory(&folders).unwrap().unwrap().serial, 8);
    }

    #[test]
    fn the_same_directory_with_other_white_space_is_the_same() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        pinned.take_in(&folders, &signed(5, 1, 9)).unwrap();
        let again = compact(&signed(5, 1, 9));
        assert_ne!(again, signed(5, 1, 9));
        assert!(!pinned.take_in(&folders, &again).unwrap().is_new);
        assert!(pinned.directory(&folders).unwrap().is_some());
    }

    #[test]
    fn no_number_is_signed_that_wallets_refuse_or_that_ends_all_others() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        assert_eq!(pinned.serial(None).unwrap(), 1);
        assert!(pinned.serial(Some(0)).is_err());
        pinned.take_in(&folders, &signed(5, 1, 9)).unwrap();
        assert_eq!(pinned.serial(None).unwrap(), 6);
        assert_eq!(pinned.serial(Some(5 + SERIAL_STEP_MAX)).unwrap(), 5 + SERIAL_STEP_MAX);
        for wrong in [4, 5, 6 + SERIAL_STEP_MAX, u64::MAX] {
            let refused = pinned.serial(Some(wrong)).unwrap_err();
            assert_eq!((refused.exit, refused.code()), (Exit::Usage, "directory-serial"));
        }
    }

    /// Nothing is accepted from this listener, so whoever asks waits.
    #[tokio::test]
    async fn a_node_that_does_not_answer_is_waited_for_once_and_not_long() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let client = node(&format!("http://{}", silent.local_addr().unwrap()), genesis(), 1);
        let begun = std::time::Instant::now();
        let late = refresh(&folders, &client).await.unwrap_err();
        assert_eq!(late.code(), "directory-late");
        assert!(begun.elapsed() < Duration::from_secs(10), "the client itself waits for 30 s");
        refresh(&folders, &client).await.unwrap();
    }

    #[tokio::test]
    async fn a_directory_that_is_lost_or_broken_is_not_fresh() {
        let at = tempfile::tempdir().unwrap();
        let folders = folders(&at);
        let client = node("http://127.0.0.1:9", genesis(), 1);
        let mut pinned = Pinned::new(genesis(), vec![key(1).public_key()]);
        assert!(!pinned.is_fresh(&folders, &client), "never asked");
        pinned.ask(&folders, client.network().clock.now()).unwrap();
        assert!(pinned.is_fresh(&folders, &client), "asked in vain a moment ago");
        pinned.take_in(&folders, &signed(5, 1, 9)).unwrap();
        assert!(pinned.is_fresh(&folders, &client));
        let file = Pinned::file(&folders, &genesis()).unwrap();
        std::fs::write(&file, "{").unwrap();
        assert!(!pinned.is_fresh(&folders, &client));
        std::fs::remove_file(&file).unwrap();
        assert!(!pinned.is_fresh(&folders, &client));
        pinned.ask(&folders, client.network().clock.now()).unwrap();
        assert!(pinned.is_fresh(&folders, &client), "nor is it asked for at every command");
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
