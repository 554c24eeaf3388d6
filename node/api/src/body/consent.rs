//! Parties, notices, consents, and the preview of a decision.

use ledger_types::access::{Deletion, Duties};
use ledger_types::consent::{Breadth, ConsentStanding, Profile};
use ledger_types::operation::WeightedKey;
use ledger_types::registry::{
    CorporateNumber, Language, Materiality, NoticeContent, PartyRoles, PartyStatus, Regime,
};
use ledger_types::rejection::RejectionCode;
use ledger_types::{ConsentId, Hash, Height, NoticeId, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, by_json, schema};
use crate::time::Time;

/// A registered party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyBody {
    /// Its number.
    #[schema(value_type = u32)]
    pub party: PartyId,
    /// The account through which it acts.
    pub account: Address,
    /// What it may do.
    #[serde(with = "by_json")]
    #[schema(value_type = Vec<schema::PartyRole>)]
    pub roles: PartyRoles,
    /// Under which rules it stands.
    #[schema(value_type = schema::Regime)]
    pub regime: Regime,
    /// Its corporate number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub corporate_number: Option<CorporateNumber>,
    /// Whether it may act.
    #[schema(value_type = schema::PartyStatus)]
    pub status: PartyStatus,
    /// Keys that act for it.
    #[schema(value_type = Vec<schema::WeightedKey>)]
    pub keys: Vec<WeightedKey>,
    /// The weight that a transaction needs.
    pub threshold: u16,
}

/// A page of the registered parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyPage {
    /// The parties, in order of account.
    pub parties: Vec<PartyBody>,
    /// Where the next page begins; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A notice in its current version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeBody {
    /// The controller that publishes it.
    #[schema(value_type = u32)]
    pub party: PartyId,
    /// Its number.
    #[schema(value_type = u32)]
    pub notice: NoticeId,
    /// The current version.
    pub version: u32,
    /// How much this version changed.
    #[schema(value_type = schema::Materiality)]
    pub materiality: Materiality,
    /// The last version that changed materially: consents to earlier ones are due for renewal.
    pub last_material_version: u32,
    /// Its texts, in order of language.
    #[serde(with = "by_json")]
    #[schema(value_type = Vec<schema::NoticeContent>)]
    pub contents: Vec<NoticeContent>,
    /// SHA-256 of each picture, sound or film that belongs to it.
    #[schema(value_type = Vec<schema::Hex32>)]
    pub media_hashes: Vec<Hash>,
}

/// A consent, for its subject and its controller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentBody {
    /// Its identity.
    #[schema(value_type = schema::Hex32)]
    pub consent: ConsentId,
    /// The subject's implicit account.
    pub subject: Address,
    /// To whom it is given.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// Root of the terms tree.
    #[schema(value_type = schema::Hex32)]
    pub terms_root: Hash,
    /// The notice.
    #[schema(value_type = u32)]
    pub notice: NoticeId,
    /// The notice's version.
    pub notice_version: u32,
    /// In force from.
    #[schema(value_type = schema::Instant)]
    pub valid_from: Time,
    /// In force until before.
    #[schema(value_type = schema::Instant)]
    pub expires: Time,
    /// How many times it may be used, if that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_limit: Option<u32>,
    /// How many times it was used.
    pub uses: u32,
    /// The language in which the notice was presented.
    #[serde(with = "by_json")]
    #[schema(value_type = schema::LanguageTag)]
    pub language: Language,
    /// Salted commitment to the evidence of the presentation.
    #[schema(value_type = schema::Hex32)]
    pub presentation_commitment: Hash,
    /// How broad it is.
    #[schema(value_type = schema::Breadth)]
    pub breadth: Breadth,
    /// The controller's terms of compensation, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensation: Option<u32>,
    /// When it applies.
    #[schema(value_type = schema::Profile)]
    pub profile: Profile,
    /// The guardian who gave it or renewed it last, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<GuardianBody>,
    /// How often its terms or its notice changed.
    pub revision: u32,
    /// How often it was renewed.
    pub renewals: u32,
    /// Where it stands.
    #[schema(value_type = schema::ConsentStanding)]
    pub standing: ConsentStanding,
    /// The Data Privacy Vocabulary's status for it, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://w3id.org/dpv#ConsentGiven")]
    pub dpv_status: Option<String>,
    /// The height at which it was given.
    #[schema(value_type = u64)]
    pub given: Height,
    /// The height at which it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub ended: Option<Height>,
    /// What its controller owes since it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<AcknowledgementBody>,
    /// The height after which all this holds.
    #[schema(value_type = u64)]
    pub height: Height,
}

/// The guardian behind a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuardianBody {
    /// The guardian's account as a data subject.
    pub account: Address,
    /// From here on the consent is due for renewal by the subject.
    #[schema(value_type = schema::Instant)]
    pub until: Time,
}

/// What a controller owes once a consent has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcknowledgementBody {
    /// When it is due.
    #[schema(value_type = schema::Instant)]
    pub deadline: Time,
    /// What the controller said, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<AcknowledgedBody>,
    /// The height at which it was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub overdue: Option<Height>,
}

/// What a controller did about an ended consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AcknowledgedBody {
    /// When the use stopped.
    #[schema(value_type = schema::Instant)]
    pub stopped_at: Time,
    /// What became of the data.
    #[schema(value_type = schema::Deletion)]
    pub deletion: Deletion,
    /// Who was told.
    #[schema(value_type = Vec<u32>)]
    pub propagated_to: Vec<PartyId>,
    /// The height at which it was said.
    #[schema(value_type = u64)]
    pub height: Height,
}

/// A page of a subject's consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConsentPage {
    /// The consents, in order of identity.
    pub consents: Vec<ConsentBody>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// Whether a use is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is; only the record is owed that every disclosure leaves, by both who take part in it.
    Permit,
    /// It is, and more is owed than that: `duties` says what.
    PermitWithDuty,
    /// It is not; the code says why.
    Deny,
}

/// What the ledger would decide now. Nothing is recorded and no use is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckBody {
    /// Permit or deny.
    pub decision: Decision,
    /// The number of the rule that denies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u16>, example = 4014)]
    pub code: Option<RejectionCode>,
    /// The rule's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ConsentEnded")]
    pub name: Option<String>,
    /// The rule in words, with its values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The height after which it holds.
    #[schema(value_type = u64)]
    pub height: Height,
    /// That block's time.
    #[schema(value_type = schema::Instant)]
    pub time: Time,
    /// What a permit obliges to; empty where it is denied.
    #[serde(with = "by_json")]
    #[schema(value_type = Vec<schema::Obligation>)]
    pub duties: Duties,
    /// Until when a permit may be relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Instant>)]
    pub valid_until: Option<Time>,
}
