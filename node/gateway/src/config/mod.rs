//! The gateway's configuration: one TOML file, every key checked.
//!
//! Unknown keys are errors, because a mistyped key that is ignored is a rule that is not in force.
//! Paths are relative to the file's folder. What only shows in combination is checked when the file
//! is read ([`Config::load`]), so a gateway that starts has a configuration that makes sense.

mod check;
mod error;
mod holder;
mod recipient;
mod secret;

use std::path::{Path, PathBuf};

use kyojo_cli::Given;
use ledger_types::{AddressPrefix, Hash, PartyId};
use network_clock::{Clock, LabTime};
use node_api::body::LabBody;
use serde::Deserialize;

pub use check::may_be_asked;
pub use error::ConfigError;
pub use holder::{BasisKind, HolderConfig, RouteConfig, UpstreamConfig, WithoutConsent};
pub use recipient::{
    GroundConfig, HolderPeer, OidcConfig, RecipientConfig, RequiredClaim, UseConfig,
};
pub use secret::{Seed, read_or_make, read_seed, read_text};

/// Everything that the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The ledger's network.
    pub network: NetworkConfig,
    /// What is kept on disk.
    pub store: StoreConfig,
    /// The half in front of a data API.
    #[serde(default)]
    pub holder: Option<HolderConfig>,
    /// The half beside a data user.
    #[serde(default)]
    pub recipient: Option<RecipientConfig>,
    /// Logs.
    #[serde(default)]
    pub log: LogConfig,
    /// The folder that paths are relative to.
    #[serde(skip)]
    folder: PathBuf,
}

/// `[network]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Nodes of one's own or of a trusted member, tried in turn: `http://host:port`.
    pub nodes: Vec<String>,
    /// The genesis hash: a node of another network is not asked.
    pub genesis_hash: Hash,
    /// The prefix of addresses.
    pub address_prefix: String,
    /// How time runs, as `/v1/status` of a lab network shows it; in no other network.
    #[serde(default)]
    pub lab: Option<LabBody>,
    /// Certificates in PEM that may vouch for https nodes, instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How long one node may take to answer a read, in milliseconds.
    #[serde(default = "default_read_ms")]
    pub read_timeout_ms: u64,
    /// How long a transaction may take to be in a block before the next node is tried, in
    /// milliseconds.
    #[serde(default = "default_commit_ms")]
    pub commit_timeout_ms: u64,
}

/// `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// The folder of the database and the vault.
    pub folder: PathBuf,
    /// The file of the key that both are sealed under (64 hexadecimal digits, mode 0600); made
    /// with the folder where neither is there.
    pub key_file: PathBuf,
    /// How old a half may be without its counterpart before it is warned about, in seconds.
    #[serde(default = "default_unmatched_s")]
    pub unmatched_after_s: u64,
    /// How often the ledger is asked whether halves have met, in seconds.
    #[serde(default = "default_match_s")]
    pub match_every_s: u64,
}

/// Who acts: a party and its key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyConfig {
    /// Its number on the ledger.
    pub number: PartyId,
    /// The file of its signing key: 64 hexadecimal digits, mode 0600.
    pub key_file: PathBuf,
}

/// `[log]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Text for a terminal, or JSON lines for a collector.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`ConfigError`] names the file, the line or key, and what is expected.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = Given::Settings.text(file)?;
        let mut config = Self::parse(&text, file)?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        config.folder = folder.unwrap_or(Path::new(".")).to_owned();
        Ok(config)
    }

    /// Parses and checks a file's text; `file` names it in errors.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|cause| error::explain(&cause, text, file))?;
        check::check(&config).map_err(|(key, reason)| ConfigError::Key {
            file: file.to_owned(),
            key,
            reason,
        })?;
        Ok(config)
    }

    /// A path of the file, from where the process stands.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The network's clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let lab = self.network.lab.as_ref().map(LabTime::try_from).transpose();
        Clock::of_lab(lab.expect("it was checked when it was read"))
    }

    /// The prefix of addresses.
    #[must_use]
    pub fn address_prefix(&self) -> AddressPrefix {
        AddressPrefix::new(&self.network.address_prefix).expect("it was checked when it was read")
    }
}

const fn default_read_ms() -> u64 {
    3_000
}

const fn default_commit_ms() -> u64 {
    10_000
}

const fn default_unmatched_s() -> u64 {
    600
}

const fn default_match_s() -> u64 {
    30
}

#[cfg(test)]
mod tests;
