//! `[holder]`: the half in front of a data API.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use consent_records::vocabulary::ConceptName;
use ledger_types::PartyId;
use serde::Deserialize;

use super::PartyConfig;

/// `[holder]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The authority under which requesters reach it, where a proxy stands before it; they sign it.
    #[serde(default)]
    pub authority: Option<String>,
    /// Who it acts as: a party in the role of a data holder.
    pub party: PartyConfig,
    /// The data API behind it.
    pub upstream: UpstreamConfig,
    /// What of it may be asked for, the first that fits counts.
    pub route: Vec<RouteConfig>,
    /// Accesses that rest on something else than a consent; none is served where this is empty.
    #[serde(default)]
    pub without_consent: Vec<WithoutConsent>,
}

/// `[holder.upstream]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamConfig {
    /// `http://host:port` or `https://host:port`, with a path before every route where it has one.
    pub url: String,
    /// The header with which the gateway shows who it is, such as `authorization`.
    #[serde(default)]
    pub credential_header: Option<String>,
    /// The file of that header's value, mode 0600.
    #[serde(default)]
    pub credential_file: Option<PathBuf>,
    /// Certificates in PEM that may vouch for it, instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How long it may take, in milliseconds.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
    /// The most bytes of one answer.
    #[serde(default = "default_answer_bytes")]
    pub answer_bytes_max: usize,
}

/// `[[holder.route]]`: a path of the data API, and what its answers hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// The path; `{person}` stands for the person's key in the data API, `{…}` for any segment.
    pub path: String,
    /// The category of a whole record, where its fields have no categories of their own.
    #[serde(default)]
    pub category: Option<ConceptName>,
    /// Categories by JSON pointer into a record (`*` for every element of an array). A field that
    /// is not listed is never given out.
    #[serde(default)]
    pub fields: BTreeMap<String, ConceptName>,
    /// JSON pointer to the array of records; the whole answer where it is not set.
    #[serde(default)]
    pub records: String,
    /// JSON pointer into a record to the day that it is from (RFC 3339 date or date and time).
    #[serde(default)]
    pub period: Option<String>,
    /// JSON pointer into a record to the key of its person: others' records are never given out.
    #[serde(default)]
    pub person: Option<String>,
    /// Parameters of the query that are passed on.
    #[serde(default)]
    pub query: Vec<String>,
}

/// `[[holder.without_consent]]`: what is given out on another basis, and to whom.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithoutConsent {
    /// The basis.
    pub basis: BasisKind,
    /// To whom.
    pub recipients: Vec<PartyId>,
    /// Which categories, with all under them.
    pub categories: Vec<ConceptName>,
}

/// A basis other than consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// A notified scheme that the person did not object to.
    OptOut,
    /// A published circle of joint users.
    JointUse,
    /// The law itself.
    Exemption,
    /// An emergency that the requester declared for the person.
    BreakGlass,
}

const fn default_timeout_ms() -> u64 {
    10_000
}

const fn default_answer_bytes() -> usize {
    8 * 1024 * 1024
}
