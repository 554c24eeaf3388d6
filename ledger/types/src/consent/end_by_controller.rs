//! `EndByController` and `Invalidate`: a consent ends though its subject did not withdraw it.

use super::ConsentStatus;
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;

operation! {
    /// By the consent's controller.
    pub struct EndByController as "Revoke" {
        /// The consent.
        consent: ConsentId,
        /// Salted commitment to the ground.
        ground: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownConsent, NotConsentController,
        ConsentEnded,
    ]
    samples [Self { consent: consent(), ground: hash(0x55) }]
}

operation! {
    /// By an auditor or the city: the consent should never have counted.
    pub struct Invalidate {
        /// The consent.
        consent: ConsentId,
        /// Salted commitment to the ground.
        ground: Hash,
    }

    refused [MemberRoleMissing, UnknownConsent, ConsentEnded]
    samples [Self { consent: consent(), ground: hash(0x56) }]
}

event! {
    /// A consent was ended by somebody else, or refused when its renewal was asked for.
    pub struct ConsentEnded {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
        /// How.
        status: ConsentStatus,
        /// Who ended it.
        by: Whose,
    }

    enters [consent, subject, controller, by]
}
