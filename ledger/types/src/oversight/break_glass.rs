//! `BreakGlass`, `ReviewBreakGlass` and `NotifySubject`: access in an emergency, and its price.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::PartyId;
use crate::json::names;
use crate::time::Timestamp;

operation! {
    /// By a party that may break glass: access to one person's data now, reviewed afterwards.
    pub struct BreakGlass {
        /// Identity of this event: the day on which it is recorded, then random bytes.
        glass: Hash,
        /// Salted commitment by which the holder knows the person.
        person: Hash,
        /// Salted commitment to what is looked at.
        scope: Hash,
        /// Salted commitment to the ground.
        ground: Hash,
        /// When it was broken: now, or earlier where there was no network.
        opened: Timestamp,
        /// How long it stays open from then, in milliseconds.
        duration_ms: u64,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, GlassExists, DayRefused, BadGlassPeriod,
    ]
    samples [Self {
        glass: hash(0x40),
        person: hash(0x3e),
        scope: hash(0x81),
        ground: hash(0x82),
        opened: time(1),
        duration_ms: 3_600_000,
    }]
}

names! {
    /// What a review of a broken glass found.
    pub enum Finding {
        /// There was an emergency.
        Justified = 0 as "justified",
        /// There was none.
        Unjustified = 1 as "unjustified",
    }
}

operation! {
    /// By an auditing party of another organisation.
    pub struct ReviewBreakGlass {
        /// The broken glass.
        glass: Hash,
        /// What was found.
        finding: Finding,
        /// Salted commitment to the review.
        commitment: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownGlass, SameOrganisation,
        GlassReviewed,
    ]
    samples [Self { glass: hash(0x40), finding: Finding::Unjustified, commitment: hash(0x83) }]
}

operation! {
    /// By the party that broke the glass: the person was told.
    pub struct NotifySubject {
        /// The broken glass.
        glass: Hash,
        /// Salted commitment to the evidence.
        evidence: Hash,
    }

    refused [UnknownParty, UnknownGlass, NotGlassOpener, SubjectNotified]
    samples [Self { glass: hash(0x40), evidence: hash(0x84) }]
}

/// Access in an emergency, without consent, to one person's data.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Glass {
    /// Who broke it.
    pub opener: PartyId,
    /// Salted commitment by which the holder knows the person.
    pub person: Hash,
    /// Salted commitment to what is looked at.
    pub scope: Hash,
    /// Salted commitment to the ground.
    pub ground: Hash,
    /// When it was broken.
    pub opened: Timestamp,
    /// When it closes, exclusive.
    pub until: Timestamp,
    /// When it was recorded.
    pub recorded: Height,
    /// When the review is due.
    pub review_deadline: Timestamp,
    /// The review, once there is one.
    pub review: Option<Review>,
    /// When the review was found overdue, if it was.
    pub review_overdue: Option<Height>,
    /// When the person must have been told.
    pub notify_deadline: Timestamp,
    /// Salted commitment to the evidence that the person was told.
    pub notified: Option<Hash>,
    /// When telling the person was found overdue, if it was.
    pub notify_overdue: Option<Height>,
}

/// What another organisation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Review {
    /// Who reviewed.
    pub reviewer: PartyId,
    /// What was found.
    pub finding: Finding,
    /// Salted commitment to the review.
    pub commitment: Hash,
    /// When.
    pub height: Height,
}

event! {
    /// A party broke glass.
    pub struct GlassBroken {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
        /// Open until before.
        until: Timestamp,
    }

    enters [opener]
}

event! {
    /// A broken glass was reviewed.
    pub struct GlassReviewed {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
        /// Who reviewed.
        reviewer: PartyId,
        /// What was found.
        finding: Finding,
    }

    enters [opener, reviewer]
}

event! {
    /// The person was told of a broken glass.
    pub struct SubjectNotified {
        /// The broken glass.
        glass: Hash,
        /// Who broke it.
        opener: PartyId,
    }

    enters [opener]
}
