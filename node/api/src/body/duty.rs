//! What parties owe by an instant, and the records behind it: requests, broken glass, audit views.

use ledger_types::access::Pairing;
use ledger_types::oversight::{AuditScope, DutyKind, Finding};
use ledger_types::person::{RequestKind, RequestOutcome};
use ledger_types::{AddressPrefix, ConsentId, Hash, Height, Json, JsonError, PartyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Address, schema};
use crate::time::Time;

/// Something that is owed, or halves that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DutyBody {
    /// What.
    #[schema(value_type = schema::DutyKind)]
    pub duty: DutyKind,
    /// By when.
    #[schema(value_type = schema::Instant)]
    pub deadline: Time,
    /// The height at which it was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub overdue: Option<Height>,
    /// Whose turn it is, where that is one party: nobody's where halves differ, any auditor's of
    /// another organisation for a review, an unknown holder's for its half.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub owed_by: Option<PartyId>,
    /// The ended consent, or the one that the access rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub consent: Option<ConsentId>,
    /// The subject, where there is one on the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Address>,
    /// The subject's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub request: Option<Hash>,
    /// What the subject asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::RequestKind>)]
    pub request_kind: Option<RequestKind>,
    /// The access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub access: Option<Hash>,
    /// The data holder, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub holder: Option<PartyId>,
    /// The recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub recipient: Option<PartyId>,
    /// The hour, counted from the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<u32>,
    /// How the halves stand to each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Pairing>)]
    pub pairing: Option<Pairing>,
    /// The broken glass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub glass: Option<Hash>,
    /// Who broke it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub opener: Option<PartyId>,
}

/// A page of duties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DutyPage {
    /// The duties, the earliest deadline first.
    pub duties: Vec<DutyBody>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// What a subject asked of a controller, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestBody {
    /// The request.
    #[schema(value_type = schema::Hex32)]
    pub request: Hash,
    /// Who asks.
    pub subject: Address,
    /// Of whom.
    #[schema(value_type = u32)]
    pub controller: PartyId,
    /// For what.
    #[schema(value_type = schema::RequestKind)]
    pub kind: RequestKind,
    /// Salted commitment to the request's content.
    #[schema(value_type = schema::Hex32)]
    pub commitment: Hash,
    /// The height at which it was asked.
    #[schema(value_type = u64)]
    pub asked: Height,
    /// The answer is due at this instant.
    #[schema(value_type = schema::Instant)]
    pub deadline: Time,
    /// The answer, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<RequestAnswerBody>,
    /// The height at which the answer was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub overdue: Option<Height>,
}

/// A controller's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestAnswerBody {
    /// What came of the request.
    #[schema(value_type = schema::RequestOutcome)]
    pub outcome: RequestOutcome,
    /// Salted commitment to the answer's content.
    #[schema(value_type = schema::Hex32)]
    pub commitment: Hash,
    /// The height at which it came.
    #[schema(value_type = u64)]
    pub answered: Height,
}

/// A broken glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GlassBody {
    /// The broken glass.
    #[schema(value_type = schema::Hex32)]
    pub glass: Hash,
    /// Who broke it.
    #[schema(value_type = u32)]
    pub opener: PartyId,
    /// Salted commitment by which the holder knows the person.
    #[schema(value_type = schema::Hex32)]
    pub person: Hash,
    /// Salted commitment to what is looked at.
    #[schema(value_type = schema::Hex32)]
    pub scope: Hash,
    /// Salted commitment to the ground.
    #[schema(value_type = schema::Hex32)]
    pub ground: Hash,
    /// When it was broken.
    #[schema(value_type = schema::Instant)]
    pub opened: Time,
    /// Open until before.
    #[schema(value_type = schema::Instant)]
    pub until: Time,
    /// The height at which it was recorded.
    #[schema(value_type = u64)]
    pub recorded: Height,
    /// When the review is due.
    #[schema(value_type = schema::Instant)]
    pub review_deadline: Time,
    /// The review, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewBody>,
    /// The height at which the review was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub review_overdue: Option<Height>,
    /// When the person must have been told.
    #[schema(value_type = schema::Instant)]
    pub notify_deadline: Time,
    /// Salted commitment to the evidence that the person was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Hex32>)]
    pub notified: Option<Hash>,
    /// The height at which telling the person was found overdue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub notify_overdue: Option<Height>,
}

/// What another organisation found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewBody {
    /// Who reviewed.
    #[schema(value_type = u32)]
    pub reviewer: PartyId,
    /// What was found.
    #[schema(value_type = schema::Finding)]
    pub finding: Finding,
    /// Salted commitment to the review.
    #[schema(value_type = schema::Hex32)]
    pub commitment: Hash,
    /// The height at which it came.
    #[schema(value_type = u64)]
    pub height: Height,
}

/// An auditor's right to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ViewBody {
    /// The view.
    #[schema(value_type = schema::Hex32)]
    pub view: Hash,
    /// Who may read.
    #[schema(value_type = u32)]
    pub auditor: PartyId,
    /// What.
    #[schema(value_type = schema::AuditScope)]
    pub scope: serde_json::Value,
    /// Until before.
    #[schema(value_type = schema::Instant)]
    pub until: Time,
    /// Salted commitment to the ground.
    #[schema(value_type = schema::Hex32)]
    pub ground: Hash,
    /// The member's account that gave it.
    pub given_by: Address,
    /// The height at which it was given.
    #[schema(value_type = u64)]
    pub given: Height,
    /// The height at which it was ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub ended: Option<Height>,
    /// Whether it was in force at the time of the last block.
    pub in_force: bool,
}

impl ViewBody {
    /// What the auditor may read, on the network with this prefix.
    ///
    /// # Errors
    /// [`JsonError`] where this program knows no such scope.
    pub fn scope(&self, prefix: &AddressPrefix) -> Result<AuditScope, JsonError> {
        Json::of_json(Some(self.scope.clone()), "scope", prefix)
    }
}
