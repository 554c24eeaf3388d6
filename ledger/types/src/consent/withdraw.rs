//! `Withdraw` and `WithdrawFor`: a consent ends at once, by the subject or on proved identity.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;

operation! {
    /// By the subject alone.
    pub struct Withdraw {
        /// The consent.
        consent: ConsentId,
    }

    refused [NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded]
    samples [Self { consent: consent() }]
}

operation! {
    /// By the consent's controller, a counter, or a guardian, on proved identity: ends it at once.
    pub struct WithdrawFor {
        /// The consent.
        consent: ConsentId,
        /// Salted commitment to the proof of identity.
        evidence: Hash,
    }

    refused [
        NotASubject, UnknownConsent, PartySuspended, PartyRoleMissing, DelegationMissing,
        ConsentEnded,
    ]
    samples [Self { consent: consent(), evidence: hash(0x54) }]
}

event! {
    /// A data subject ended a consent.
    pub struct ConsentWithdrawn {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, controller]
}
