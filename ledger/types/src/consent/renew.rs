//! `Renew`: a data subject agrees again, to the same terms, under the notice's current version.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;
use crate::registry::Language;

operation! {
    /// By the subject alone: the same terms under the notice's current version. A consent that a
    /// guardian gave is the subject's own from here on.
    pub struct Renew {
        /// The consent.
        consent: ConsentId,
        /// The notice's version: the current one.
        notice_version: u32,
        /// In which language it was presented.
        language: Language,
        /// The hash of the text that was presented.
        notice_hash: Hash,
        /// Salted commitment to the evidence of this presentation.
        presentation_commitment: Hash,
    }

    refused [
        KeyFrozen, NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded, ConsentExpired, UnknownParty,
        PartyRoleMissing, PartySuspended, UnknownNotice, NoticeNotCurrent, NoticeTextMismatch,
        PresentationNotFresh, ConsentChangesExhausted,
    ]
    samples [Self {
        consent: consent(),
        notice_version: 4,
        language: Language::JAPANESE,
        notice_hash: hash(0x33),
        presentation_commitment: hash(0x50),
    }]
}

event! {
    /// A consent was renewed.
    pub struct Renewed {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
        /// Under which version of its notice.
        version: u32,
    }

    enters [consent, subject, controller]
}
