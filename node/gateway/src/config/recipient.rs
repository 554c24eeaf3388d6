//! `[recipient]`: the half beside a data user.

use std::net::SocketAddr;
use std::path::PathBuf;

use consent_records::terms::{Processing, Region};
use consent_records::vocabulary::ConceptName;
use ledger_types::{LegalBasisId, PartyId};
use serde::Deserialize;

use super::PartyConfig;

/// `[recipient]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipientConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Who it acts as.
    pub party: PartyConfig,
    /// Whose tokens are believed.
    pub oidc: OidcConfig,
    /// What is done with data, unless a request says less.
    #[serde(rename = "use")]
    pub used: UseConfig,
    /// The holders that may be asked, by name.
    pub holder: Vec<HolderPeer>,
    /// Bases other than a consent that a request may name.
    #[serde(default)]
    pub ground: Vec<GroundConfig>,
    /// The most bytes of one answer.
    #[serde(default = "default_answer_bytes")]
    pub answer_bytes_max: usize,
    /// How long a holder may take, in milliseconds.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

/// `[recipient.oidc]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The issuer: https, or http on loopback.
    pub issuer: String,
    /// The audience that tokens must name.
    pub audience: String,
    /// What a token must say besides.
    #[serde(default)]
    pub required: Option<RequiredClaim>,
    /// How far clocks may differ, in seconds.
    #[serde(default = "default_leeway_s")]
    pub leeway_s: u64,
    /// How long keys are used before they are read again, in seconds.
    #[serde(default = "default_keys_s")]
    pub keys_max_age_s: u64,
    /// The least time between two readings because of an unknown key, in milliseconds.
    #[serde(default = "default_refresh_ms")]
    pub refresh_min_ms: u64,
    /// Certificates in PEM that may vouch for the issuer, instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

/// A claim that must hold one of some values, alone or in an array.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredClaim {
    /// The claim's name.
    pub claim: String,
    /// The values.
    pub any_of: Vec<String>,
}

/// `[recipient.use]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseConfig {
    /// For what.
    pub purpose: ConceptName,
    /// What is done.
    pub operations: Vec<Processing>,
    /// How long it is kept, in days.
    pub retention_days: u32,
    /// Where it is processed.
    pub region: Region,
}

/// `[[recipient.holder]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderPeer {
    /// The name in paths.
    pub name: String,
    /// The address of its gateway: `http://host:port` or `https://host:port`.
    pub url: String,
    /// Its number on the ledger.
    pub party: PartyId,
    /// Certificates in PEM that may vouch for it, instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

/// `[[recipient.ground]]`: a basis other than consent, with what the ledger asks of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case", deny_unknown_fields)]
pub enum GroundConfig {
    /// A notified scheme.
    OptOut {
        /// The name by which requests call it.
        name: String,
        /// Whose.
        controller: PartyId,
        /// Its number.
        scheme: u32,
    },
    /// A published circle.
    JointUse {
        /// The name by which requests call it.
        name: String,
        /// Whose.
        controller: PartyId,
        /// Its number.
        scheme: u32,
        /// The version under which the data was collected.
        version: u32,
    },
    /// The law.
    Exemption {
        /// The name by which requests call it.
        name: String,
        /// The registered basis.
        legal_basis: LegalBasisId,
        /// Its version.
        version: u32,
        /// Whether sensitive data may be asked for.
        sensitive: bool,
    },
    /// An emergency: the gateway breaks the glass in the transaction that asks.
    BreakGlass {
        /// The name by which requests call it.
        name: String,
        /// For how long, in milliseconds.
        duration_ms: u64,
    },
}

impl GroundConfig {
    /// The name by which requests call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::OptOut { name, .. }
            | Self::JointUse { name, .. }
            | Self::Exemption { name, .. }
            | Self::BreakGlass { name, .. } => name,
        }
    }
}

const fn default_answer_bytes() -> usize {
    16 * 1024 * 1024
}

const fn default_timeout_ms() -> u64 {
    30_000
}

const fn default_leeway_s() -> u64 {
    30
}

const fn default_keys_s() -> u64 {
    3_600
}

const fn default_refresh_ms() -> u64 {
    10_000
}
