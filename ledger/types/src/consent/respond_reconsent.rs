//! `RespondReconsent`: a data subject, or a guardian who may respond, answers for many consents.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::{Whose, choice, shape};
use crate::registry::Language;

operation! {
    /// By the subject, or a guardian who may respond.
    pub struct RespondReconsent {
        /// The request.
        request: Hash,
        /// The answers, in ascending order of consent, each once.
        answers: Vec<ReconsentAnswer>,
    }

    refused [
        KeyFrozen, NotASubject, UnknownReconsent, ReconsentDeadlinePassed, BadAnswers, UnknownConsent,
        PartySuspended, NotConsentSubject, ConsentNotInRequest, ConsentEnded, ConsentExpired, UnknownParty,
        PartyRoleMissing, PartySuspended, UnknownNotice, NoticeNotCurrent, NoticeTextMismatch,
        PresentationNotFresh, ConsentChangesExhausted,
    ]
    samples [Self {
        request: hash(0x57),
        answers: vec![
            ReconsentAnswer {
                consent: ConsentId::new(hash(1)),
                answer: Answer::Accept {
                    language: Language::JAPANESE,
                    notice_hash: hash(0x33),
                    presentation_commitment: hash(0x50),
                },
            },
            ReconsentAnswer { consent: ConsentId::new(hash(2)), answer: Answer::Refuse },
            ReconsentAnswer { consent: ConsentId::new(hash(3)), answer: Answer::Defer },
        ],
    }]
}

shape! {
    /// What is answered for one consent.
    #[derive(Copy)]
    pub struct ReconsentAnswer {
        /// The consent.
        consent: ConsentId,
        /// The answer.
        answer: Answer,
    }
}

choice! {
    /// Yes, no, or not now.
    #[derive(Copy)]
    pub enum Answer {
        /// Renewed under the version asked for.
        Accept {
            /// In which language the notice was presented.
            language: Language,
            /// The hash of the text that was presented.
            notice_hash: Hash,
            /// Salted commitment to the evidence of this presentation.
            presentation_commitment: Hash,
        } = 0 as "accept",
        /// Ended.
        Refuse = 1 as "refuse",
        /// As it was.
        Defer = 2 as "defer",
    }
}

event! {
    /// A renewal was put off.
    pub struct Deferred {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, controller]
}
