//! Emergencies and oversight in JSON.

use ledger_types::operation::{
    AuditScope, BreakGlass, DeclareEmergency, EndAuditView, EndEmergency, Finding, GrantAuditView,
    NotifySubject, ReadAccessLog, ReadRight, ReviewBreakGlass,
};
use ledger_types::{AccountId, AddressPrefix, ConsentId, Hash, PartyId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::shape;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By a party that may break glass: access to one person's data now, reviewed afterwards.
    BreakGlassBody of BreakGlass {
        /// Identity of this event, chosen at random.
        glass: Hash as [schema::Hex32],
        /// Salted commitment by which the holder knows the person.
        person: Hash as [schema::Hex32],
        /// Salted commitment to what is looked at.
        scope: Hash as [schema::Hex32],
        /// Salted commitment to the ground.
        ground: Hash as [schema::Hex32],
        /// When it was broken: now, or earlier where there was no network.
        opened: Timestamp as [schema::Instant],
        /// How long it stays open from then, in milliseconds.
        duration_ms: u64 as [u64],
    }

    /// By an auditing party of another organisation.
    ReviewBreakGlassBody of ReviewBreakGlass {
        /// The broken glass.
        glass: Hash as [schema::Hex32],
        /// What was found.
        finding: Finding as [shape::Finding],
        /// Salted commitment to the review.
        commitment: Hash as [schema::Hex32],
    }

    /// By the party that broke the glass: the person was told.
    NotifySubjectBody of NotifySubject {
        /// The broken glass.
        glass: Hash as [schema::Hex32],
        /// Salted commitment to the evidence.
        evidence: Hash as [schema::Hex32],
    }

    /// By a member: endorses an emergency in an area, which is in force once enough members do.
    DeclareEmergencyBody of DeclareEmergency {
        /// The area.
        area: u32 as [u32],
        /// How long this endorsement counts.
        until: Timestamp as [schema::Instant],
        /// Salted commitment to the ground.
        ground: Hash as [schema::Hex32],
    }

    /// By the city.
    EndEmergencyBody of EndEmergency {
        /// The area.
        area: u32 as [u32],
    }

    /// By the city or a university that does not audit itself.
    GrantAuditViewBody of GrantAuditView {
        /// Identity of this view, chosen at random.
        view: Hash as [schema::Hex32],
        /// Who may read.
        auditor: PartyId as [u32],
        /// What.
        scope: AuditScope as [AuditScopeBody],
        /// Until before.
        until: Timestamp as [schema::Instant],
        /// Salted commitment to the ground.
        ground: Hash as [schema::Hex32],
    }

    /// By the city or a university.
    EndAuditViewBody of EndAuditView {
        /// The view.
        view: Hash as [schema::Hex32],
    }

    /// By a party: reads a subject's access log, which is a logged access itself.
    ReadAccessLogBody of ReadAccessLog {
        /// Identity of this read, chosen at random.
        read: Hash as [schema::Hex32],
        /// Whose log.
        subject: AccountId as [Address],
        /// By which right.
        right: ReadRight as [ReadRightBody],
    }
}

choices! {
    /// What an auditor may read.
    AuditScopeBody of AuditScope {
        /// What concerns one subject.
        Subject {
            /// The subject.
            subject: AccountId as [Address],
        },
        /// What concerns consents to one controller.
        Controller {
            /// The controller.
            controller: PartyId as [u32],
        },
        /// Everything.
        All {},
    }

    /// By which right a party reads a subject's log.
    ReadRightBody of ReadRight {
        /// The subject consented to the reader.
        Consent {
            /// The consent.
            consent: ConsentId as [schema::Hex32],
        },
        /// The reader audits.
        View {
            /// The audit view.
            view: Hash as [schema::Hex32],
            /// A consent of the subject to the controller that the view is about, where it is
            /// about one.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            consent: Option<ConsentId> as [Option<schema::Hex32>],
        },
    }
}
