//! `Suspend` and `Resume`: a data subject sets a consent aside and takes it up again.

use crate::facts::{event, operation};
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;

operation! {
    /// By the subject alone: no use rests on the consent until it is resumed.
    pub struct Suspend {
        /// The consent.
        consent: ConsentId,
    }

    refused [
        NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded, ConsentExpired,
        ConsentSuspended,
    ]
    samples [Self { consent: consent() }]
}

operation! {
    /// By the subject alone.
    pub struct Resume {
        /// The consent.
        consent: ConsentId,
    }

    refused [
        KeyFrozen, NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded, ConsentExpired,
        ConsentNotSuspended,
    ]
    samples [Self { consent: consent() }]
}

event! {
    /// A subject set a consent aside.
    pub struct Suspended {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, controller]
}

event! {
    /// A subject took a consent up again.
    pub struct Resumed {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, controller]
}
