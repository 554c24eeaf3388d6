//! Shapes in the OpenAPI document of the ledger's values in consent operations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::schema::Hex32;

/// What a guardian may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuardianPower {
    /// Consent on the subject's behalf.
    Grant,
    /// Withdraw on the subject's behalf.
    Withdraw,
    /// Answer requests for renewal on the subject's behalf.
    Respond,
}

/// Under which rules a party stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Regime {
    /// A private business operator.
    Private,
    /// A public body.
    PublicBody,
    /// A public hospital or university.
    HospitalOrUniversity,
}

/// Whether a party may act.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum PartyStatus {
    /// It may.
    Active,
    /// It may only do what it still owes.
    Suspended,
}

/// How a legal basis permits a use.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Mechanism {
    /// The law itself allows it.
    Exemption,
    /// Allowed unless the person objects.
    OptOut,
    /// Used jointly within a published circle.
    JointUse,
    /// The person agreed.
    Consent,
}

/// What a subject asks of a controller.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum RequestKind {
    /// To see it.
    Access,
    /// To correct it.
    Correct,
    /// To stop its use.
    Stop,
    /// To erase it.
    Erase,
}

/// Which half of a record somebody keeps.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Half {
    /// Who disclosed.
    Holder,
    /// Who received.
    Recipient,
}

/// What a review of a broken glass found.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Finding {
    /// There was an emergency.
    Justified,
    /// There was none.
    Unjustified,
}

/// When a consent applies.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Profile {
    /// Always.
    Ordinary,
    /// Only while an emergency is in force in an area.
    Disaster {
        /// The area.
        area: u32,
    },
}

/// What came of a subject's request.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RequestOutcome {
    /// All of it was done.
    Done,
    /// None of it, on a legal basis.
    Refused {
        /// The legal basis.
        basis: u32,
    },
    /// Some of it.
    Partly,
}

/// What became of data whose consent ended.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Deletion {
    /// It was deleted.
    Done,
    /// It is kept on a legal basis.
    Retained {
        /// The legal basis.
        basis: u32,
    },
}

/// The deadlines and bounds of one regime, in milliseconds.
#[derive(ToSchema)]
pub struct RegimeRules {
    /// How soon a controller says what it did about an ended consent.
    pub acknowledge_within_ms: u64,
    /// How soon a controller answers a subject's request.
    pub request_within_ms: u64,
    /// How soon the second half of a record must follow the first.
    pub match_within_ms: u64,
    /// How soon another organisation reviews a broken glass.
    pub review_within_ms: u64,
    /// How soon the subject of a broken glass is told.
    pub notify_within_ms: u64,
    /// How long a broken glass may stay open.
    pub break_glass_ms_max: u64,
    /// How long ago a glass broken offline may have been broken.
    pub break_glass_backdate_ms_max: u64,
}

/// Places in a vocabulary, both ends included.
#[derive(ToSchema)]
pub struct Interval {
    /// The first place.
    pub enter: u32,
    /// The last place.
    pub exit: u32,
}

/// One concept of a frozen vocabulary.
#[derive(ToSchema)]
pub struct VocabularyNode {
    /// Which concept.
    pub number: u32,
    /// Its place in preorder, from 0.
    pub enter: u32,
    /// The last place in its subtree.
    pub exit: u32,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// SHA-256 of the concept's IRI.
    pub iri_hash: Hex32,
}
