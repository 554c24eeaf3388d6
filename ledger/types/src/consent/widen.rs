//! `Widen`: a data subject agrees to new terms, under a newer notice that was presented anew.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, NoticeId, PartyId};
use crate::json::Whose;
use crate::registry::Language;
use crate::time::Timestamp;

operation! {
    /// By the subject alone: new terms, under a newer notice that was presented anew.
    pub struct Widen {
        /// The consent.
        consent: ConsentId,
        /// Root of the new terms tree.
        terms_root: Hash,
        /// Which notice was presented: the consent's in a newer version, or another.
        notice: NoticeId,
        /// In which version: the current one.
        notice_version: u32,
        /// In which language.
        language: Language,
        /// The hash of the text that was presented.
        notice_hash: Hash,
        /// Salted commitment to the evidence of this presentation.
        presentation_commitment: Hash,
        /// In force until before.
        expires: Timestamp,
        /// How many times it may be used, if that is limited.
        use_limit: Option<u32>,
    }

    refused [
        KeyFrozen, NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded, ConsentExpired, UnknownParty,
        PartyRoleMissing, PartySuspended, UnknownNotice, NoticeNotCurrent, NoticeTextMismatch,
        NoticeNotNewer, PresentationNotFresh, BadConsentPeriod, ZeroUseLimit,
        ConsentChangesExhausted,
    ]
    samples [Self {
        consent: consent(),
        terms_root: hash(0x53),
        notice: NOTICE,
        notice_version: 4,
        language: Language::JAPANESE,
        notice_hash: hash(0x33),
        presentation_commitment: hash(0x50),
        expires: time(70),
        use_limit: None,
    }]
}

event! {
    /// A consent was widened.
    pub struct Widened {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
        /// How often its terms or its notice changed.
        revision: u32,
    }

    enters [consent, subject, controller]
}
