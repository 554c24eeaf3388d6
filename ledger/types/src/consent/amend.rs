//! `Amend`: a data subject narrows a consent, alone and at once.

use super::{LeafChange, Recipient, TermsLeaf};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::Whose;
use crate::time::Timestamp;

operation! {
    /// By the subject alone: narrows a consent. At least one thing changes.
    pub struct Amend {
        /// The consent.
        consent: ConsentId,
        /// Processes taken out, or given to another recipient, one after another.
        changes: Vec<LeafChange>,
        /// An earlier end.
        expires: Option<Timestamp>,
        /// A lower limit of uses.
        use_limit: Option<u32>,
    }

    refused [
        NotASubject, UnknownConsent, NotConsentSubject, ConsentEnded, ConsentExpired, BadAmendment,
        NotInTerms, AmendmentNotNarrower, BadConsentPeriod, ZeroUseLimit, ConsentChangesExhausted,
    ]
    samples [Self {
        consent: consent(),
        changes: vec![
            LeafChange { index: 1, leaf: leaf(), path: vec![hash(0x52)], replacement: None },
            LeafChange { index: 1, leaf: leaf(), path: vec![hash(0x52)], replacement: Some(leaf()) },
        ],
        expires: Some(time(60)),
        use_limit: Some(2),
    }]
}

event! {
    /// A consent was narrowed.
    pub struct Amended {
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

const fn leaf() -> TermsLeaf {
    let recipient = Recipient::JointUse { scheme: 2, version: 3 };
    TermsLeaf { sensitive: true, recipient, commitment: Hash::new([0x51; 32]) }
}
