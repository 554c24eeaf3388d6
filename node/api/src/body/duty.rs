//! What parties owe by an instant, and the records behind it: requests, broken glass, audit views.

use ledger_types::access::Pairing;
use ledger_types::oversight::{AuditScope, DutyKind, Finding};
use ledger_types::person::{RequestKind, RequestOutcome};
use ledger_types::{AddressPrefix, ConsentId, Hash, Height, Json, JsonError, PartyId};

use crate::form::body;
use crate::text::{Address, schema};
use crate::time::Time;

body! {
    /// Something that is owed, or halves that differ.
    pub struct DutyBody {
        /// What.
        duty: DutyKind as schema::DutyKind,
        /// By when.
        deadline: Time as schema::Instant,
        /// The height at which it was found overdue.
        overdue?: Height as u64,
        /// Whose turn it is, where that is one party: nobody's where halves differ, any auditor's of
        /// another organisation for a review, an unknown holder's for its half.
        owed_by?: PartyId as u32,
        /// The ended consent, or the one that the access rests on.
        consent?: ConsentId as schema::Hex32,
        /// The subject, where there is one on the ledger.
        subject?: Address,
        /// The subject's request.
        request?: Hash as schema::Hex32,
        /// What the subject asks.
        request_kind?: RequestKind as schema::RequestKind,
        /// The access.
        access?: Hash as schema::Hex32,
        /// The data holder, where it is known.
        holder?: PartyId as u32,
        /// The recipient.
        recipient?: PartyId as u32,
        /// The hour, counted from the epoch.
        hour?: u32,
        /// How the halves stand to each other.
        pairing?: Pairing as schema::Pairing,
        /// The broken glass.
        glass?: Hash as schema::Hex32,
        /// Who broke it.
        opener?: PartyId as u32,
    }

    /// A page of duties.
    pub struct DutyPage {
        /// The duties, the earliest deadline first.
        duties: Vec<DutyBody>,
        /// Where the next page begins; none at the end.
        next: Option<String>,
    }

    /// What a subject asked of a controller, and what came of it.
    pub struct RequestBody {
        /// The request.
        request: Hash as schema::Hex32,
        /// Who asks.
        subject: Address,
        /// Of whom.
        controller: PartyId as u32,
        /// For what.
        kind: RequestKind as schema::RequestKind,
        /// Salted commitment to the request's content.
        commitment: Hash as schema::Hex32,
        /// The height at which it was asked.
        asked: Height as u64,
        /// The answer is due at this instant.
        deadline: Time as schema::Instant,
        /// The answer, once there is one.
        answer?: RequestAnswerBody,
        /// The height at which the answer was found overdue.
        overdue?: Height as u64,
    }

    /// A controller's answer.
    pub struct RequestAnswerBody {
        /// What came of the request.
        outcome: RequestOutcome as schema::RequestOutcome,
        /// Salted commitment to the answer's content.
        commitment: Hash as schema::Hex32,
        /// The height at which it came.
        answered: Height as u64,
    }

    /// A broken glass.
    pub struct GlassBody {
        /// The broken glass.
        glass: Hash as schema::Hex32,
        /// Who broke it.
        opener: PartyId as u32,
        /// Salted commitment by which the holder knows the person.
        person: Hash as schema::Hex32,
        /// Salted commitment to what is looked at.
        scope: Hash as schema::Hex32,
        /// Salted commitment to the ground.
        ground: Hash as schema::Hex32,
        /// When it was broken.
        opened: Time as schema::Instant,
        /// Open until before.
        until: Time as schema::Instant,
        /// The height at which it was recorded.
        recorded: Height as u64,
        /// When the review is due.
        review_deadline: Time as schema::Instant,
        /// The review, once there is one.
        review?: ReviewBody,
        /// The height at which the review was found overdue.
        review_overdue?: Height as u64,
        /// When the person must have been told.
        notify_deadline: Time as schema::Instant,
        /// Salted commitment to the evidence that the person was told.
        notified?: Hash as schema::Hex32,
        /// The height at which telling the person was found overdue.
        notify_overdue?: Height as u64,
    }

    /// What another organisation found.
    pub struct ReviewBody {
        /// Who reviewed.
        reviewer: PartyId as u32,
        /// What was found.
        finding: Finding as schema::Finding,
        /// Salted commitment to the review.
        commitment: Hash as schema::Hex32,
        /// The height at which it came.
        height: Height as u64,
    }

    /// An auditor's right to read.
    pub struct ViewBody {
        /// The view.
        view: Hash as schema::Hex32,
        /// Who may read.
        auditor: PartyId as u32,
        /// What.
        scope: serde_json::Value as schema::AuditScope,
        /// Until before.
        until: Time as schema::Instant,
        /// Salted commitment to the ground.
        ground: Hash as schema::Hex32,
        /// The member's account that gave it.
        given_by: Address,
        /// The height at which it was given.
        given: Height as u64,
        /// The height at which it was ended before its time.
        ended?: Height as u64,
        /// Whether it was in force at the time of the last block.
        in_force: bool,
    }
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
