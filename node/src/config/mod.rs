//! The node's configuration: `config.toml` in its home directory, every key checked.
//!
//! Unknown keys are errors, because a mistyped key that is ignored is a setting that is not in
//! force. The genesis hash is pinned: a node never joins another network by accident.

mod accounts;
mod address;
pub(crate) mod card;
pub(crate) mod edit;
mod error;
mod role;
mod sealed;
mod secret;
#[cfg(test)]
mod tests;
mod witness;

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kyojo_cli::Given;
use ledger_types::genesis::GenesisAccount;
use ledger_types::{Genesis, Hash, PublicKey, SigningKey};
use serde::{Deserialize, Serialize};

pub use address::{ListenAddress, PeerAddress};
pub use error::{ConfigError, UnknownKey};
pub use role::{Lack, Role};
pub use secret::PASSPHRASE_CREDENTIAL;
pub use witness::{WitnessConfig, WitnessKey, WitnessUrl};

use crate::audit_log::Keys;
use crate::directory::Directories;
use secret::Secrets;

/// The file's name under the home directory.
pub const FILE_NAME: &str = "config.toml";
/// The file of the consensus key under the home directory; a node without it is an observer.
pub const CONSENSUS_KEY_FILE: &str = "consensus.key";
/// The file of the network key under the home directory.
pub const NETWORK_KEY_FILE: &str = "network.key";
/// The file of the key that signs the checkpoints that a validator serves.
pub const LOG_KEY_FILE: &str = "log.key";
/// The file of the key that cosigns checkpoints.
pub const COSIGNATURE_KEY_FILE: &str = "cosignature.key";
/// The files of all keys.
const KEY_FILES: [&str; 4] =
    [CONSENSUS_KEY_FILE, NETWORK_KEY_FILE, LOG_KEY_FILE, COSIGNATURE_KEY_FILE];
/// The file of further genesis accounts, beside the genesis document.
pub const ACCOUNTS_FILE: &str = "accounts.bin";

/// Everything that `config.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who this node is and which network it belongs to.
    pub node: NodeConfig,
    /// Agreement with the other validators.
    pub consensus: ConsensusConfig,
    /// Exchange of transactions.
    pub gossip: GossipConfig,
    /// The REST interface.
    pub api: ApiConfig,
    /// How keys at rest are opened.
    #[serde(default, skip_serializing_if = "KeysConfig::is_default")]
    pub keys: KeysConfig,
    /// What is kept on disk.
    #[serde(default)]
    pub store: StoreConfig,
    /// Logs.
    #[serde(default)]
    pub log: LogConfig,
    /// The operators' listener; none where the section is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telemetry: Option<TelemetryConfig>,
    /// Witnesses outside the network, who cosign the audit log; `[[witness]]` for each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<WitnessConfig>,
}

/// `[node]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// The home directory; that of the configuration file where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<PathBuf>,
    /// The genesis document, relative to the home directory.
    #[serde(default = "default_genesis")]
    pub genesis: PathBuf,
    /// The hash that the genesis document must have; none before the node has joined a network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis_hash: Option<Hash>,
    /// A name for people, shown to peers and in logs.
    #[serde(default = "default_moniker")]
    pub moniker: String,
    /// Under which address others reach this machine, a number or a name; where it is not set, the
    /// one that it listens at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advertise: Option<String>,
    /// Whether the network may be a lab, whose time is not real: its genesis has a section `lab`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lab: bool,
}

/// `[consensus]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsensusConfig {
    /// Where to listen, as a multiaddress such as `/ip4/127.0.0.1/tcp/26600`.
    pub listen: ListenAddress,
    /// The other nodes, as multiaddresses that end in `/p2p/<peer id>`.
    #[serde(default)]
    pub peers: Vec<PeerAddress>,
    /// How votes and proposals travel; the same at every node of the network.
    #[serde(default)]
    pub pubsub: PubSub,
    /// How long an empty mempool delays the next block, in milliseconds; at most a quarter of
    /// genesis' `decision_validity_ms`.
    #[serde(default = "millis::<5_000>")]
    pub idle_interval_ms: NonZeroU64,
    /// How long round 0 waits for a proposal, in milliseconds.
    #[serde(default = "millis::<500>")]
    pub timeout_propose_ms: NonZeroU64,
    /// How long round 0 waits for a quorum of prevotes to agree, in milliseconds.
    #[serde(default = "millis::<200>")]
    pub timeout_prevote_ms: NonZeroU64,
    /// How long round 0 waits for a quorum of precommits to agree, in milliseconds.
    #[serde(default = "millis::<200>")]
    pub timeout_precommit_ms: NonZeroU64,
    /// What each further round adds to each of them, in milliseconds.
    #[serde(default = "millis::<250>")]
    pub timeout_round_delta_ms: NonZeroU64,
    /// The most that any of them grows to, in milliseconds.
    #[serde(default = "millis::<10_000>")]
    pub timeout_max_ms: NonZeroU64,
    /// How long without progress before votes are sent again, in milliseconds.
    #[serde(default = "millis::<300>")]
    pub timeout_rebroadcast_ms: NonZeroU64,
}

/// How votes and proposals travel between validators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PubSub {
    /// Each node sends to each of its peers, once; nobody passes on.
    #[default]
    Broadcast,
    /// libp2p's gossipsub.
    Gossipsub,
}

/// `[gossip]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GossipConfig {
    /// Where to listen, as a multiaddress.
    pub listen: ListenAddress,
    /// The other nodes, as multiaddresses that end in `/p2p/<peer id>`.
    #[serde(default)]
    pub peers: Vec<PeerAddress>,
    /// Network keys of nodes outside the validator set that may connect.
    #[serde(default)]
    pub observers: Vec<PublicKey>,
}

/// `[api]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiConfig {
    /// Where to listen, as `host:port`.
    #[serde(default = "default_api_listen")]
    pub listen: SocketAddr,
    /// Under which names clients reach it, each `host:port` or `host`: signed reads name one of
    /// them. Where none is given, its own address, and `localhost` where that is this machine's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The signed file of public names that it serves, relative to the home directory; it is read
    /// again when it changes. None where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<PathBuf>,
    /// TLS at an address of its own, beside `listen`; none where the section is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsConfig>,
}

/// `[api.tls]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Where to listen, as `host:port`.
    pub listen: SocketAddr,
    /// The certificate and those that vouch for it, in PEM, relative to the home directory.
    pub certificate: PathBuf,
    /// Its private key, in PEM, relative to the home directory; closed to others.
    pub key: PathBuf,
}

/// The two files of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// The key is for its owner and group: a program that renews it is often another user's.
    ///
    /// # Errors
    /// [`ConfigError::KeyMode`] where others may read it.
    pub(crate) fn check_mode(&self) -> Result<(), ConfigError> {
        secret::check_mode(&self.key, 0o007)
    }
}

impl ApiConfig {
    /// The names by which signed reads are addressed to it; none at all where it listens at every
    /// address and was given none.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        if !self.names.is_empty() {
            return self.names.clone();
        }
        let listens = [Some(self.listen), self.tls.as_ref().map(|tls| tls.listen)];
        let names = listens.into_iter().flatten().flat_map(|listen| {
            let own = (!listen.ip().is_unspecified()).then(|| listen.to_string());
            let local = listen.ip().is_loopback().then(|| format!("localhost:{}", listen.port()));
            own.into_iter().chain(local)
        });
        names.collect()
    }
}

/// `[keys]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// The file whose first line is the passphrase of sealed keys, relative to the home directory;
    /// the systemd credential `kyojo.passphrase` comes before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passphrase_file: Option<PathBuf>,
}

impl KeysConfig {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// `[store]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// A checkpoint of the state is written at the latest after so many blocks.
    pub checkpoint_blocks: NonZeroU32,
    /// And at the latest after so many transactions: it bounds the replay at a restart.
    pub checkpoint_transactions: NonZeroU32,
    /// Whether receipts, histories, consents and accesses are indexed for the interface. A node
    /// without an index serves no access that has left the state.
    pub index: bool,
}

/// `[log]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Text for a terminal, or JSON lines for a collector.
    pub format: LogFormat,
    /// The least severe level that is written.
    pub level: LogLevel,
}

/// `[telemetry]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    /// Where to listen, as `host:port`; it is for this machine's operator alone.
    pub listen: SocketAddr,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What stops the node.
    Error,
    /// What an operator should look at.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// How it happened.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The level's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            checkpoint_blocks: NonZeroU32::new(512).unwrap_or(NonZeroU32::MIN),
            checkpoint_transactions: NonZeroU32::new(500_000).unwrap_or(NonZeroU32::MIN),
            index: true,
        }
    }
}

/// A configuration with the home directory it belongs to.
#[derive(Clone, Debug)]
pub struct Home {
    /// The directory of keys, store and configuration.
    pub path: PathBuf,
    /// What the configuration says.
    pub config: Config,
    /// The directory of the credentials that systemd gave this service.
    credentials: Option<PathBuf>,
}

impl Home {
    /// Reads `config.toml` in a home directory.
    ///
    /// # Errors
    /// [`ConfigError`] names the file and line, what is expected, and how to mend it.
    pub fn load(home: &Path) -> Result<Self, ConfigError> {
        let file = home.join(FILE_NAME);
        let text = Given::Settings.text(&file)?;
        let config = parse(&text, &file)?;
        let path = config.node.home.as_ref().map_or_else(|| home.to_owned(), |at| home.join(at));
        Ok(Self { path, config, credentials: secret::credentials() })
    }

    /// Where the genesis document is.
    #[must_use]
    pub fn genesis_path(&self) -> PathBuf {
        self.path.join(&self.config.node.genesis)
    }

    /// Reads the genesis document and compares its hash with the one pinned.
    ///
    /// # Errors
    /// [`ConfigError::GenesisMismatch`] shows both hashes; [`ConfigError::Lab`] where time is not
    /// real in the network and the configuration does not say so; [`ConfigError::IdleInterval`]
    /// where blocks would come too seldom for the network's Δ; others where the document is
    /// unreadable.
    pub fn genesis(&self) -> Result<Genesis, ConfigError> {
        let file = self.genesis_path();
        let Some(ours) = self.config.node.genesis_hash else {
            return Err(ConfigError::NotJoined { file: self.path.join(FILE_NAME) });
        };
        let text = Given::Genesis.text(&file)?;
        let genesis: Genesis = serde_json::from_str(&text).map_err(|error| {
            ConfigError::Genesis { file: file.clone(), reason: error.to_string() }
        })?;
        let theirs = genesis.hash();
        if ours != theirs {
            return Err(ConfigError::GenesisMismatch { file, ours, theirs });
        }
        self.admits(&genesis, &file).map(|()| genesis)
    }

    /// Whether a node with this configuration may take part in the network of a document, which lies
    /// in this file.
    ///
    /// # Errors
    /// [`ConfigError::Lab`] and [`ConfigError::IdleInterval`], as [`Home::genesis`] has them.
    pub fn admits(&self, genesis: &Genesis, file: &Path) -> Result<(), ConfigError> {
        match genesis.lab {
            Some(lab) if !self.config.node.lab => {
                Err(ConfigError::Lab { file: file.to_owned(), rate: lab.rate })
            }
            Some(_) | None => self.check_idle_interval(genesis),
        }
    }

    /// The idle interval is at most a quarter of Δ, which runs in the network's time.
    fn check_idle_interval(&self, genesis: &Genesis) -> Result<(), ConfigError> {
        let rate = genesis.lab.map_or(1, |lab| u64::from(lab.rate.get()));
        let validity_ms = genesis.parameters.decision_validity_ms / rate;
        let idle_ms = self.config.consensus.idle_interval_ms.get();
        let most_ms = validity_ms / 4;
        if idle_ms > most_ms {
            let file = self.path.join(FILE_NAME);
            return Err(ConfigError::IdleInterval { file, idle_ms, validity_ms, most_ms });
        }
        Ok(())
    }

    /// The files of the certificate, where the interface has TLS.
    #[must_use]
    pub fn tls_files(&self) -> Option<TlsFiles> {
        let tls = self.config.api.tls.as_ref()?;
        let (certificate, key) = (self.path.join(&tls.certificate), self.path.join(&tls.key));
        Some(TlsFiles { certificate, key })
    }

    /// The directory of public names that the node serves.
    ///
    /// # Errors
    /// [`ConfigError::Directory`] where its file cannot be read, or is not this network's.
    pub fn directories(&self, genesis: &Genesis) -> Result<Directories, ConfigError> {
        let file = self.config.api.directory.as_ref().map(|file| self.path.join(file));
        let named = file.clone().unwrap_or_default();
        Directories::open(file, genesis)
            .map_err(|source| ConfigError::Directory { file: named, source })
    }

    /// The file of further genesis accounts, beside the genesis document.
    #[must_use]
    pub fn accounts_path(&self) -> PathBuf {
        self.genesis_path().with_file_name(ACCOUNTS_FILE)
    }

    /// The consensus key, or none where the node is an observer.
    ///
    /// # Errors
    /// [`ConfigError`] where the file is there but unreadable, malformed, open to others, or sealed
    /// and not opened by the passphrase.
    pub fn consensus_key(&self) -> Result<Option<SigningKey>, ConfigError> {
        if self.secrets().find(CONSENSUS_KEY_FILE).is_none() {
            return Ok(None);
        }
        self.key(CONSENSUS_KEY_FILE).map(Some)
    }

    /// Seals the keys that lie in the home directory under the passphrase in a file; gives their
    /// names.
    ///
    /// # Errors
    /// [`ConfigError`] where one cannot be read or not be written, or there is no passphrase.
    pub fn seal_keys(&self, passphrase_file: &Path) -> Result<Vec<&'static str>, ConfigError> {
        let passphrase = secret::passphrase_in(passphrase_file)?;
        let mut sealed = Vec::new();
        for name in KEY_FILES {
            if self.secrets().seal(name, &passphrase)? {
                sealed.push(name);
            }
        }
        Ok(sealed)
    }

    fn secrets(&self) -> Secrets<'_> {
        Secrets {
            home: &self.path,
            credentials: self.credentials.as_deref(),
            passphrase_file: self.config.keys.passphrase_file.as_deref(),
        }
    }

    /// The network key, by which peers know this node.
    ///
    /// # Errors
    /// [`ConfigError`] where the file is missing, unreadable, malformed or open to others.
    pub fn network_key(&self) -> Result<SigningKey, ConfigError> {
        self.key(NETWORK_KEY_FILE)
    }

    /// The keys with which a validator takes part in the audit log.
    ///
    /// # Errors
    /// [`ConfigError`] where a file is missing, unreadable, malformed or open to others.
    pub fn audit_keys(&self) -> Result<Keys, ConfigError> {
        Ok(Keys { log: self.key(LOG_KEY_FILE)?, cosignature: self.key(COSIGNATURE_KEY_FILE)? })
    }

    fn key(&self, name: &str) -> Result<SigningKey, ConfigError> {
        self.secrets().read(name).map(|seed| SigningKey::from_seed(&seed))
    }

    /// The accounts of the file that the genesis document names, in its order; none where it names
    /// none. Whether they are its accounts is for the ledger to say.
    ///
    /// # Errors
    /// [`ConfigError::Read`] where the file cannot be opened.
    pub fn further_accounts(
        &self,
        genesis: &Genesis,
    ) -> Result<impl Iterator<Item = GenesisAccount> + use<>, ConfigError> {
        let Some(_) = genesis.accounts_file else { return Ok(accounts::Accounts::none()) };
        let file = self.accounts_path();
        accounts::Accounts::open(&file).map_err(|source| ConfigError::Read { file, source })
    }
}

/// Parses the text of a configuration file; `file` names it in errors.
///
/// # Errors
/// [`ConfigError`] names the line, what is expected, and how to mend it.
pub fn parse(text: &str, file: &Path) -> Result<Config, ConfigError> {
    toml::from_str(text).map_err(|error| error::explain(&error, text, file))
}

impl ConsensusConfig {
    /// How long an empty mempool delays the next block.
    #[must_use]
    pub const fn idle_interval(&self) -> Duration {
        Duration::from_millis(self.idle_interval_ms.get())
    }
}

fn millis<const N: u64>() -> NonZeroU64 {
    NonZeroU64::new(N).unwrap_or(NonZeroU64::MIN)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

fn default_genesis() -> PathBuf {
    PathBuf::from("genesis.json")
}

fn default_moniker() -> String {
    "kyojo-node".to_owned()
}

fn default_api_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 26_602))
}
