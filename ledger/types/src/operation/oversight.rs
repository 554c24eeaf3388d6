//! Emergencies and oversight: broken glass, areas in an emergency, audit views and reads of logs.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::consent::{ConsentId, PartyId};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::time::Timestamp;

/// By a party that may break glass: access to one person's data now, reviewed afterwards.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BreakGlass {
    /// Identity of this event, chosen at random.
    pub glass: Hash,
    /// Salted commitment by which the holder knows the person.
    pub person: Hash,
    /// Salted commitment to what is looked at.
    pub scope: Hash,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// When it was broken: now, or earlier where there was no network.
    pub opened: Timestamp,
    /// How long it stays open from then, in milliseconds.
    pub duration_ms: u64,
}

/// What a review of a broken glass found.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Finding {
    /// There was an emergency.
    Justified = 0,
    /// There was none.
    Unjustified = 1,
}

/// By an auditing party of another organisation.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReviewBreakGlass {
    /// The broken glass.
    pub glass: Hash,
    /// What was found.
    pub finding: Finding,
    /// Salted commitment to the review.
    pub commitment: Hash,
}

/// By the party that broke the glass: the person was told.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NotifySubject {
    /// The broken glass.
    pub glass: Hash,
    /// Salted commitment to the evidence.
    pub evidence: Hash,
}

/// By a member: endorses an emergency in an area, which is in force once enough members do.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DeclareEmergency {
    /// The area.
    pub area: u32,
    /// How long this endorsement counts.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
}

/// By the city.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EndEmergency {
    /// The area.
    pub area: u32,
}

/// What an auditor may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum AuditScope {
    /// What concerns one subject.
    Subject {
        /// The subject.
        subject: AccountId,
    } = 0,
    /// What concerns consents to one controller.
    Controller {
        /// The controller.
        controller: PartyId,
    } = 1,
    /// Everything.
    All = 2,
}

/// By the city or a university that does not audit itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct GrantAuditView {
    /// Identity of this view, chosen at random.
    pub view: Hash,
    /// Who may read.
    pub auditor: PartyId,
    /// What.
    pub scope: AuditScope,
    /// Until before.
    pub until: Timestamp,
    /// Salted commitment to the ground.
    pub ground: Hash,
}

/// By the city or a university.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EndAuditView {
    /// The view.
    pub view: Hash,
}

/// By which right a party reads a subject's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum ReadRight {
    /// The subject consented to the reader.
    Consent {
        /// The consent.
        consent: ConsentId,
    } = 0,
    /// The reader audits.
    View {
        /// The audit view.
        view: Hash,
        /// A consent of the subject to the controller that the view is about, where it is about
        /// one.
        consent: Option<ConsentId>,
    } = 1,
}

/// By a party: reads a subject's access log, which is a logged access itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReadAccessLog {
    /// Identity of this read, chosen at random.
    pub read: Hash,
    /// Whose log.
    pub subject: AccountId,
    /// By which right.
    pub right: ReadRight,
}
