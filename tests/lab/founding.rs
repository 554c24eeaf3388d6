//! Companies that found a network with the programs that operators have, their homes beside one
//! another in a folder: nothing is written by hand.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use ledger_types::SigningKey;

use crate::network::{Network, binaries, free_ports};

/// The companies.
pub const COMPANIES: [&str; 4] = ["Company A", "Company B", "Company C", "Company D"];
/// The homes of their nodes.
pub const HOMES: [&str; 4] = ["node0", "node1", "node2", "node3"];
/// The document.
pub const GENESIS: &str = "genesis.json";

/// What a command said.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its code; none where a signal ended it.
    pub exit: Option<i32>,
    /// Its result.
    pub out: String,
    /// The rest.
    pub aside: String,
}

/// The folder in which they type.
#[derive(Debug)]
pub struct Desk {
    folder: tempfile::TempDir,
    programs: PathBuf,
    base_port: u16,
    typed: Cell<usize>,
    /// The companies' files as the last command left them.
    left: RefCell<BTreeMap<PathBuf, Vec<u8>>>,
    edited: Cell<usize>,
}

impl Desk {
    /// An empty one, with ports for each.
    ///
    /// # Errors
    /// There is no folder, are no programs or no ports.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("kyojo-desk-").tempdir()?;
        let (programs, base_port) = (binaries()?, free_ports(COMPANIES.len())?);
        let (typed, edited, left) = (Cell::new(0), Cell::new(0), RefCell::default());
        Ok(Self { folder, programs, base_port, typed, left, edited })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Something on it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How many commands were typed so far.
    #[must_use]
    pub fn typed(&self) -> usize {
        self.typed.get()
    }

    /// How often a company's document, configuration or card was another than the last command left it,
    /// or there without one: each time somebody wrote it by hand.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn edited(&self) -> anyhow::Result<usize> {
        let found = self.files()?;
        let mut left = self.left.borrow_mut();
        let by_hand = found.iter().filter(|(path, bytes)| left.get(*path) != Some(*bytes)).count();
        self.edited.set(self.edited.get() + by_hand);
        *left = found;
        Ok(self.edited.get())
    }

    /// What companies could write by hand.
    fn files(&self) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
        let in_homes = HOMES.iter().flat_map(|home| {
            ["config.toml", "genesis.json", "card.json"].map(|file| format!("{home}/{file}"))
        });
        let paths = in_homes.chain([GENESIS.to_owned()]).map(|name| self.path(&name));
        let there = paths.filter(|path| path.exists());
        there.map(|path| Ok((path.clone(), std::fs::read(&path)?))).collect()
    }

    /// The cards of all companies.
    #[must_use]
    pub fn cards(&self) -> Vec<String> {
        HOMES.iter().map(|home| format!("{home}/card.json")).collect()
    }

    /// A command, as it is typed here.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> Command {
        let (program, arguments) = words.split_first().unwrap_or((&"", &[]));
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// Types a command, and waits for it.
    ///
    /// # Errors
    /// There is no such program.
    pub fn types(&self, words: &[&str]) -> anyhow::Result<Said> {
        self.edited()?;
        self.typed.set(self.typed.get() + 1);
        let output = self.command(words).output().with_context(|| words.join(" "))?;
        self.left.replace(self.files()?);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, aside) = (text(&output.stdout), text(&output.stderr));
        Ok(Said { exit: output.status.code(), out, aside })
    }

    /// Types a command that succeeds; gives its result.
    ///
    /// # Errors
    /// It fails; what it said is in the error.
    pub fn does(&self, words: &[&str]) -> anyhow::Result<String> {
        let said = self.types(words)?;
        ensure!(said.exit == Some(0), "{words:?}: {:?}: {}", said.exit, said.aside);
        Ok(said.out)
    }

    /// Each company makes a home.
    ///
    /// # Errors
    /// One cannot.
    pub fn init_all(&self) -> anyhow::Result<()> {
        for ((home, company), place) in HOMES.into_iter().zip(COMPANIES).zip(0_u16..) {
            let port = (self.base_port + 10 * place).to_string();
            let init = ["kyojo-node", "init", "--home", home, "--name", company, "--port", &port];
            self.does(&init)?;
        }
        Ok(())
    }

    /// The founders write a document of a bank, an office and the companies, to which `new` adds;
    /// it has no validators yet.
    ///
    /// # Errors
    /// A command fails.
    pub fn write_document(&self, file: &str, new: &[&str]) -> anyhow::Result<()> {
        let genesis = |words: &[&str]| self.does(&[&["kyojo-genesis"], words].concat());
        let named = ["new", "--name", "four", "--prefix", "four", "--out", file];
        genesis(&[&named[..], new].concat())?;
        let on = ["--file", file];
        let bank = ["add-bank", "--code", "9001", "--name", "Bandai Demo Bank", "--key"];
        let limits = ["--issue-allowance", "1000000", "--net-debit-cap", "1000"];
        genesis(&[&bank[..], &[&key(1)], &limits, &on].concat())?;
        let office = ["add-member", "--bank", "9001", "--name", "Office", "--key"];
        let roles =
            ["--role", "settlement-operator", "--role", "registrar", "--role", "zone-operator"];
        genesis(&[&office[..], &[&key(2)], &roles, &on].concat())?;
        let zone = ["add-zone", "--number", "1", "--name", "Demo Coin", "--operator", "2"];
        genesis(&[&zone[..], &on].concat())?;
        for (company, own) in COMPANIES.into_iter().zip([3, 4, 5, 6]) {
            let member = ["add-member", "--bank", "9001", "--role", "company", "--name", company];
            genesis(&[&member[..], &["--key", &key(own)], &on].concat())?;
        }
        Ok(())
    }

    /// The founders put these cards into a document, check it, and tell its hash.
    ///
    /// # Errors
    /// The document is not sound with them.
    pub fn collect(&self, file: &str, cards: &[String]) -> anyhow::Result<String> {
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        self.does(&[&["kyojo-genesis", "collect", "--file", file], &cards[..]].concat())?;
        self.does(&["kyojo-genesis", "validate", file])?;
        Ok(self.does(&["kyojo-genesis", "hash", file])?.trim().to_owned())
    }

    /// What a company types to take document and cards into its home; `more` is put before the cards.
    ///
    /// # Errors
    /// There is no such program.
    pub fn join(&self, home: &str, file: &str, more: &[&str]) -> anyhow::Result<Said> {
        let cards = self.cards();
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let join = ["kyojo-node", "join", "--home", home, "--genesis", file];
        self.types(&[&join[..], more, &cards].concat())
    }

    /// Each company takes document and cards into its home.
    ///
    /// # Errors
    /// One cannot; what it was told is in the error.
    pub fn join_all(&self, hash: &str) -> anyhow::Result<()> {
        for home in HOMES {
            let said = self.join(home, GENESIS, &["--hash", hash])?;
            ensure!(said.exit == Some(0), "{home}: {}", said.aside);
        }
        Ok(())
    }

    /// The network of these homes; nothing is started.
    ///
    /// # Errors
    /// The programs are missing.
    pub fn network(&self) -> anyhow::Result<Network> {
        Network::at(self.folder(), self.base_port, HOMES.len())
    }
}

/// A public key of a person or an institution.
#[must_use]
pub fn key(seed: u8) -> String {
    SigningKey::from_seed(&[seed; 32]).public_key().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand_is_counted() -> anyhow::Result<()> {
        let desk = Desk::new()?;
        std::fs::create_dir(desk.path("node0"))?;
        assert_eq!(desk.edited()?, 0);
        std::fs::write(desk.path("node0/config.toml"), "a")?;
        std::fs::write(desk.path("elsewhere"), "a")?;
        assert_eq!((desk.edited()?, desk.edited()?), (1, 1));
        std::fs::write(desk.path("node0/config.toml"), "b")?;
        assert_eq!(desk.edited()?, 2);
        Ok(())
    }
}
