//! The public registries: law, vocabularies, schemes that need no consent, and emergencies.

use ledger_types::registry::{Mechanism, Regime, RegimeRules, Regimes};
use ledger_types::{Hash, Height, LegalBasisId, NoticeId, PartyId, VocabularyId, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, by_json, schema};
use crate::time::Time;

/// A legal basis in its current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LegalBasisBody {
    /// Its number.
    #[schema(value_type = u32)]
    pub basis: LegalBasisId,
    /// The current version, from 1.
    pub version: u32,
    /// The provision as lawyers cite it.
    #[schema(example = "APPI 27(1)(iii)")]
    pub code: String,
    /// When the statute in this version came into force, as yyyymmdd.
    #[schema(example = 20220401)]
    pub statute_date: u32,
    /// SHA-256 of the document that explains it.
    #[schema(value_type = schema::Hex32)]
    pub content_hash: Hash,
    /// How it permits a use.
    #[schema(value_type = schema::Mechanism)]
    pub mechanism: Mechanism,
    /// Whom it is for.
    #[serde(with = "by_json")]
    #[schema(value_type = Vec<schema::Regime>)]
    pub regimes: Regimes,
    /// Whether a use needs a commitment to evidence.
    pub evidence_required: bool,
    /// Whether it covers sensitive data.
    pub sensitive_allowed: bool,
    /// The height at which this version was published.
    #[schema(value_type = u64)]
    pub published: Height,
}

/// A regime's deadlines in their current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegimeBody {
    /// The regime.
    #[schema(value_type = schema::Regime)]
    pub regime: Regime,
    /// The current version; 0 where none was published and the ledger's own numbers hold.
    pub version: u32,
    /// When the statute in this version came into force, as yyyymmdd.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statute_date: Option<u32>,
    /// Its numbers.
    #[schema(value_type = schema::RegimeRules)]
    pub rules: RegimeRules,
    /// The height at which this version was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub published: Option<Height>,
}

/// A version of a vocabulary, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VocabularyBody {
    /// The vocabulary.
    #[schema(value_type = u32)]
    pub vocabulary: VocabularyId,
    /// The version, from 1.
    pub version: u32,
    /// Root of the tree over its nodes, in preorder.
    #[schema(value_type = schema::Hex32)]
    pub root: Hash,
    /// How many nodes there are.
    pub nodes: u32,
    /// SHA-256 of the document that holds them.
    #[schema(value_type = schema::Hex32)]
    pub content_hash: Hash,
    /// The height at which it was published.
    #[schema(value_type = u64)]
    pub published: Height,
}

/// A version of a scheme of joint use, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JointUseBody {
    /// Whose scheme.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// The scheme, counted by the controller.
    pub scheme: u32,
    /// The version, from 1.
    pub version: u32,
    /// Who uses the data jointly, in ascending order.
    #[schema(value_type = Vec<u32>)]
    pub users: Vec<PartyId>,
    /// SHA-256 of the list of items.
    #[schema(value_type = schema::Hex32)]
    pub items_hash: Hash,
    /// SHA-256 of the purpose.
    #[schema(value_type = schema::Hex32)]
    pub purpose_hash: Hash,
    /// Who answers for it.
    #[schema(value_type = u32)]
    pub responsible: PartyId,
    /// The notice that tells people of it.
    #[schema(value_type = u32)]
    pub notice: NoticeId,
    /// In which version.
    pub notice_version: u32,
    /// The height at which it was published.
    #[schema(value_type = u64)]
    pub published: Height,
}

/// A scheme that people may object to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OptOutBody {
    /// Whose scheme.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// The scheme, counted by the controller.
    pub scheme: u32,
    /// SHA-256 of the filing with its number.
    #[schema(value_type = schema::Hex32)]
    pub filing_hash: Hash,
    /// SHA-256 of the list of data categories that it leaves out.
    #[schema(value_type = schema::Hex32)]
    pub prohibited_hash: Hash,
    /// No use before this.
    #[schema(value_type = schema::Instant)]
    pub wait_until: Time,
    /// The legal basis.
    #[schema(value_type = u32)]
    pub basis: LegalBasisId,
    /// The height at which it was notified.
    #[schema(value_type = u64)]
    pub notified: Height,
}

/// What a controller pays for data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TermsBody {
    /// Whose terms.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// The terms, counted by the controller.
    pub terms: u32,
    /// The account that pays.
    pub payer: Address,
    /// SHA-256 of what is paid for which unit.
    #[schema(value_type = schema::Hex32)]
    pub unit_hash: Hash,
    /// The zone whose contract reckons it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>)]
    pub zone: Option<ZoneId>,
    /// The height at which they were published.
    #[schema(value_type = u64)]
    pub published: Height,
}

/// A controller's request to those who consented under a notice to renew. Silence grants nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReconsentBody {
    /// The request.
    #[schema(value_type = schema::Hex32)]
    pub request: Hash,
    /// Who asks.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// For which notice.
    #[schema(value_type = u32)]
    pub notice: NoticeId,
    /// In which version.
    pub version: u32,
    /// Salted commitment to the reason.
    #[schema(value_type = schema::Hex32)]
    pub reason: Hash,
    /// Answers come before this.
    #[schema(value_type = schema::Instant)]
    pub deadline: Time,
    /// The height at which it was asked.
    #[schema(value_type = u64)]
    pub requested: Height,
    /// Whether an answer could still come at the time of the last block.
    pub is_open: bool,
}

/// A page of requests for renewal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReconsentPage {
    /// The requests, newest first; those that are open.
    pub requests: Vec<ReconsentBody>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// An area's emergency: those members who endorse it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmergencyBody {
    /// The area.
    pub area: u32,
    /// Until when it is in force if nothing else happens; none where it is not in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Instant>)]
    pub in_force_until: Option<Time>,
    /// One a member, in the order in which they came, those that ran out among them.
    pub endorsements: Vec<EndorsementBody>,
}

/// A member's word that there is an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndorsementBody {
    /// The member's account.
    pub member: Address,
    /// Whether it is the city's.
    pub is_city: bool,
    /// It counts until before.
    #[schema(value_type = schema::Instant)]
    pub until: Time,
    /// Salted commitment to the ground.
    #[schema(value_type = schema::Hex32)]
    pub ground: Hash,
    /// The height at which it was given.
    #[schema(value_type = u64)]
    pub given: Height,
}
