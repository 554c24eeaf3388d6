//! A whole local network on disk: the document, a folder for each node, and everyone's keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kyojo_cli::{Exit, Failure};
use ledger_types::{BankId, Genesis, Hash, PublicKey, SigningKey, Yen};
use network_clock::Clock;

use crate::accounts_file;
use crate::actors::{Actors, NOTICE};
use crate::check::{Finding, check};
use crate::directory;
use crate::document::{self, Access, DocumentError};
use crate::node_config::{Network, Ports, ports};
use crate::scenario::{self, BANKS_MAX, Consortium, Plan};

/// A local network to lay out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Localnet {
    /// What it should be like.
    pub plan: Plan,
    /// The folder, which must not exist yet or be empty.
    pub out: PathBuf,
    /// The consensus port of node 0; see [`ports`] for the others.
    pub base_port: u16,
    /// How many further accounts go into `accounts.bin`; 0 makes no such file.
    pub further_accounts: u64,
}

/// Where a node of the network lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its folder.
    pub home: PathBuf,
    /// Its ports.
    pub ports: Ports,
}

/// What was laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidOut {
    /// The network's identity.
    pub genesis_hash: Hash,
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// How many accounts hold money at genesis, further ones included.
    pub accounts: u64,
    /// How much there is in all.
    pub supply: Yen,
}

/// Why a network cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum LocalnetError {
    /// A number of the plan is out of its range.
    #[error("{what} is {value}, it must be {least} to {most}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Its value.
        value: usize,
        /// The least allowed.
        least: usize,
        /// The most allowed.
        most: usize,
    },
    /// The last node's ports would lie past 65535.
    #[error("base port {base} leaves too few ports for {nodes} nodes")]
    Ports {
        /// The base port.
        base: u16,
        /// How many nodes.
        nodes: usize,
    },
    /// The document would be faulty.
    #[error("{} faults, the first: {first}", count)]
    Faulty {
        /// How many.
        count: usize,
        /// The first.
        first: Box<Finding>,
    },
    /// Its names make no directory.
    #[error("the names: {first}")]
    Names {
        /// What is wrong with them first.
        first: String,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl From<LocalnetError> for Failure {
    fn from(error: LocalnetError) -> Self {
        let (exit, code) = match error {
            LocalnetError::Document(error) => return error.into(),
            LocalnetError::OutOfRange { .. } => (Exit::Usage, "out_of_range"),
            LocalnetError::Ports { .. } => (Exit::Usage, "ports"),
            LocalnetError::Faulty { .. } | LocalnetError::Names { .. } => (Exit::Config, "faulty"),
        };
        Self::new(exit, code, error.to_string())
    }
}

impl Localnet {
    /// Writes everything.
    ///
    /// # Errors
    /// [`LocalnetError`] says what stands in the way; what was written until then stays.
    pub fn write(&self) -> Result<LaidOut, LocalnetError> {
        self.check_ranges()?;
        create_empty(&self.out)?;
        let mut consortium = scenario::consortium(&self.plan);
        let mut issued = issued_by_document(&consortium.genesis);
        if self.further_accounts > 0 {
            self.write_further(&mut consortium.genesis, &mut issued)?;
        }
        let at_genesis = |bank: BankId| issued.get(&bank).copied().unwrap_or(Yen::ZERO);
        scenario::set_allowances(&mut consortium.genesis, &self.plan, at_genesis);
        refuse_faulty(&consortium.genesis)?;
        document::replace(&self.out.join("genesis.json"), &consortium.genesis)?;
        self.write_actors(&consortium)?;
        let nodes = self.write_nodes(&consortium)?;
        let genesis = &consortium.genesis;
        let listed = genesis.accounts.len() + genesis.banks.len() + genesis.issuers.len();
        Ok(LaidOut {
            genesis_hash: consortium.genesis.hash(),
            nodes,
            accounts: listed as u64 + self.further_accounts,
            supply: Yen::new(issued.values().map(|sum| sum.get()).sum()),
        })
    }

    fn check_ranges(&self) -> Result<(), LocalnetError> {
        let validators_max = ledger_types::limits::VALIDATORS_MAX;
        for (what, value, most) in [
            ("the number of validators", self.plan.validators, validators_max),
            ("the number of banks", self.plan.banks, BANKS_MAX),
        ] {
            if !(1..=most).contains(&value) {
                return Err(LocalnetError::OutOfRange { what, value, least: 1, most });
            }
        }
        let (base, nodes) = (self.base_port, self.plan.validators);
        match ports(base, nodes - 1) {
            Some(_) => Ok(()),
            None => Err(LocalnetError::Ports { base, nodes }),
        }
    }

    fn write_further(
        &self,
        genesis: &mut Genesis,
        issued: &mut BTreeMap<BankId, Yen>,
    ) -> Result<(), LocalnetError> {
        let banks: Vec<BankId> = genesis.banks.iter().map(|bank| bank.bank).collect();
        let path = self.out.join(accounts_file::FILE_NAME);
        let written = accounts_file::write(&path, self.plan.seed, &banks, self.further_accounts)?;
        genesis.accounts_file = Some(written.hash);
        for (bank, more) in written.issued {
            let sum = issued.entry(bank).or_default();
            *sum = Yen::new(sum.get().saturating_add(more.get()));
        }
        Ok(())
    }

    fn write_actors(&self, consortium: &Consortium) -> Result<(), DocumentError> {
        let actors = Actors {
            notice: NOTICE.to_owned(),
            genesis_hash: consortium.genesis.hash(),
            address_prefix: consortium.genesis.address_prefix.as_str().to_owned(),
            actors: consortium.actors.clone(),
        };
        let mut text = serde_json::to_string_pretty(&actors)
            .expect("actors hold no map with keys other than text");
        text.push('\n');
        document::write(&self.out.join("actors.json"), text.as_bytes(), Access::Owner)
    }

    /// The names of the network, as its city signs them.
    fn directory(&self, genesis: &Genesis) -> Result<Vec<u8>, LocalnetError> {
        let key = scenario::city_key(self.plan.seed);
        directory::signed(genesis, Clock::of(genesis).now(), &key).map_err(|faults| {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            LocalnetError::Names { first }
        })
    }

    fn write_nodes(&self, consortium: &Consortium) -> Result<Vec<Node>, LocalnetError> {
        let keys = consortium.validators.iter();
        let network_keys: Vec<PublicKey> = keys.map(|keys| keys.network.public_key()).collect();
        let network = Network {
            genesis_hash: consortium.genesis.hash(),
            lab: consortium.genesis.lab,
            network_keys: &network_keys,
            base_port: self.base_port,
        };
        let directory = self.directory(&consortium.genesis)?;
        let mut nodes = Vec::with_capacity(consortium.validators.len());
        for (index, keys) in consortium.validators.iter().enumerate() {
            let count = consortium.validators.len();
            let past_ports = LocalnetError::Ports { base: self.base_port, nodes: count };
            let home = self.out.join(format!("node{index}"));
            let (Some(config), Some(ports)) = (network.config(index), ports(self.base_port, index))
            else {
                return Err(past_ports);
            };
            create_empty(&home)?;
            document::write(&home.join("config.toml"), config.as_bytes(), Access::Everyone)?;
            document::replace(&home.join("genesis.json"), &consortium.genesis)?;
            let names = home.join(directory::FILE_NAME);
            document::write(&names, &directory, Access::Everyone)?;
            write_key(&home.join("consensus.key"), &keys.consensus)?;
            write_key(&home.join("network.key"), &keys.network)?;
            write_key(&home.join("log.key"), &keys.log)?;
            write_key(&home.join("cosignature.key"), &keys.cosignature)?;
            if self.further_accounts > 0 {
                share(&self.out, &home, accounts_file::FILE_NAME)?;
            }
            nodes.push(Node { home, ports });
        }
        Ok(nodes)
    }
}

/// Writes a secret key as 64 hexadecimal digits that only its owner may read.
///
/// # Errors
/// [`DocumentError`] where the file cannot be written.
pub fn write_key(path: &Path, key: &SigningKey) -> Result<(), DocumentError> {
    let digits = zeroize::Zeroizing::new(format!("{}\n", hex::encode(key.seed().as_ref())));
    document::write(path, digits.as_bytes(), Access::Owner)
}

fn issued_by_document(genesis: &Genesis) -> BTreeMap<BankId, Yen> {
    let mut issued: BTreeMap<BankId, Yen> = BTreeMap::new();
    for account in &genesis.accounts {
        let sum = issued.entry(account.custodian).or_default();
        *sum = Yen::new(sum.get().saturating_add(account.balance.get()));
    }
    issued
}

/// The accounts of the file, which was written a moment ago under its own hash, are left out.
fn refuse_faulty(genesis: &Genesis) -> Result<(), LocalnetError> {
    let findings = check(&Genesis { accounts_file: None, ..genesis.clone() }, []);
    let count = findings.len();
    match findings.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(LocalnetError::Faulty { count, first: Box::new(first) }),
    }
}

fn create_empty(folder: &Path) -> Result<(), DocumentError> {
    let io = |error| DocumentError::io(folder, error);
    std::fs::create_dir_all(folder).map_err(io)?;
    let mut entries = std::fs::read_dir(folder).map_err(io)?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(DocumentError::Exists { path: folder.to_owned() }),
    }
}

/// One file under two names; a copy where the file system has no such thing.
fn share(from: &Path, to: &Path, name: &str) -> Result<(), DocumentError> {
    let (from, to) = (from.join(name), to.join(name));
    if std::fs::hard_link(&from, &to).is_ok() {
        return Ok(());
    }
    std::fs::copy(&from, &to).map(|_| ()).map_err(|error| DocumentError::io(&to, error))
}
