//! `RequestAccess`: whether a use is allowed, decided by every node from the state alone.

use borsh::{BorshDeserialize, BorshSerialize};

use super::Pairing;
use crate::consent::{Recipient, TermsLeaf};
use crate::facts::{List, event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ConsentId, LegalBasisId, PartyId};
use crate::json::{Whose, choice, names, serde_by_json, shape};
use crate::newtype::set;
use crate::refuse_if;
use crate::registry::{PurposeProof, VocabularyNode};
use crate::rejection::Rejection;
use crate::time::Timestamp;

operation! {
    /// By a registered party.
    pub struct RequestAccess {
        /// Identity of this access: the day, then random bytes.
        access: Hash,
        /// What it rests on.
        basis: AccessBasis,
        /// Salted commitment to the data holder that is asked ([`super::holder_commitment`]).
        holder: Hash,
    }

    refused [
        UnknownParty, PartySuspended, AccessExists, DayRefused, PartyRoleMissing, ReviewOverdue,
        UnknownConsent, ConsentEnded, ConsentExpired, ConsentNotYetValid, ConsentSuspended, UnknownNotice,
        ConsentRenewalDue, EmergencyNotInForce, NotInTerms, NotTheRecipient, PurposeNotCovered,
        ConsentUsesExhausted,
        UnknownOptOut, PartySuspended, LegalBasisRefused, SensitiveRefused, OptOutWaiting,
        OptOutStopped, UnknownJointUse, NotAJointUser, UnknownLegalBasis, LegalBasisNotCurrent,
        EvidenceMissing, UnknownGlass, NotGlassOpener, GlassReviewed, GlassClosed,
    ]
    samples [Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::Consent(ConsentBasis { purpose: None, ..process() }),
    }, Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::Consent(process()),
    }, Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::OptOut { controller: PARTY, scheme: 2, person: hash(0x3e), sensitive: false },
    }, Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::JointUse { controller: PARTY, scheme: 2, version: 3, person: hash(0x3e) },
    }, Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::Exemption {
            basis: LegalBasisId::new(8),
            version: 2,
            person: hash(0x3e),
            evidence: Some(hash(0x3f)),
            sensitive: true,
        },
    }, Self {
        access: hash(0x3b),
        holder: hash(0x41),
        basis: AccessBasis::BreakGlass { glass: hash(0x40) },
    }]
}

choice! {
    /// The one legal basis that an access rests on.
    pub enum AccessBasis {
        /// The subject agreed.
        Consent[asked: ConsentBasis] = 0 as "consent",
        /// The subject did not object to a scheme that was notified.
        OptOut {
            /// Whose scheme.
            controller: PartyId,
            /// The scheme.
            scheme: u32,
            /// Salted commitment by which the controller knows the person.
            person: Hash,
            /// Whether the data is sensitive; then it is never permitted.
            sensitive: bool,
        } = 1 as "opt_out",
        /// The requester belongs to a published circle.
        JointUse {
            /// Whose scheme.
            controller: PartyId,
            /// The scheme.
            scheme: u32,
            /// The version under which the data was collected.
            version: u32,
            /// Salted commitment by which the controller knows the person.
            person: Hash,
        } = 2 as "joint_use",
        /// The law itself allows it.
        Exemption {
            /// The basis.
            basis: LegalBasisId,
            /// Its current version.
            version: u32,
            /// Salted commitment by which the holder knows the person.
            person: Hash,
            /// Salted commitment to the evidence, where the basis asks for it.
            evidence: Option<Hash>,
            /// Whether the data is sensitive.
            sensitive: bool,
        } = 3 as "exemption",
        /// An emergency that the requester declared for one person.
        BreakGlass {
            /// The broken glass.
            glass: Hash,
        } = 4 as "break_glass",
    }
}

shape! {
    /// A process asked for under a consent.
    pub struct ConsentBasis {
        /// The consent relied on.
        consent: ConsentId,
        /// The process asked for, as one leaf of the consent's terms.
        leaf: TermsLeaf,
        /// The leaf's place among the terms.
        leaf_index: u32,
        /// The leaf's path to the root, bottom first.
        path: Vec<Hash>,
        /// That its purpose lies within the consent's breadth; there exactly where that is broad.
        purpose: Option<PurposeProof>,
    }
}

serde_by_json!(AccessBasis, ConsentBasis);

impl AccessBasis {
    /// What kind it is of.
    #[must_use]
    pub const fn kind(&self) -> BasisKind {
        match self {
            Self::Consent(_) => BasisKind::Consent,
            Self::OptOut { .. } => BasisKind::OptOut,
            Self::JointUse { .. } => BasisKind::JointUse,
            Self::Exemption { .. } => BasisKind::Exemption,
            Self::BreakGlass { .. } => BasisKind::BreakGlass,
        }
    }

    /// The consent, where it is one.
    #[must_use]
    pub const fn consent(&self) -> Option<ConsentId> {
        match self {
            Self::Consent(asked) => Some(asked.consent),
            Self::OptOut { .. }
            | Self::JointUse { .. }
            | Self::Exemption { .. }
            | Self::BreakGlass { .. } => None,
        }
    }
}

names! {
    /// What kind of legal basis an access rests on.
    pub enum BasisKind {
        /// A consent.
        Consent = 0 as "consent",
        /// An opt-out scheme.
        OptOut = 1 as "opt_out",
        /// A scheme of joint use.
        JointUse = 2 as "joint_use",
        /// The law.
        Exemption = 3 as "exemption",
        /// A broken glass.
        BreakGlass = 4 as "break_glass",
    }
}

set! {
    /// What a permit obliges to, as a set of bits.
    pub struct Duties(u8) as "Obligation" {
        /// Holder and requester each record their half.
        RECORD_HALVES = 0 as "record_halves",
        /// Another organisation reviews.
        REVIEW = 1 as "review",
        /// The person is told.
        NOTIFY = 2 as "notify",
    }
}

/// A permitted access.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Access {
    /// Who asked.
    pub requester: PartyId,
    /// What kind of basis it rests on.
    pub basis: BasisKind,
    /// The consent, where it rests on one.
    pub consent: Option<ConsentId>,
    /// The subject, where it rests on a consent.
    pub subject: Option<AccountId>,
    /// Salted commitment to the data holder that is asked.
    pub holder: Hash,
    /// The data holder, where the requester named it because its half is missing.
    pub named: Option<PartyId>,
    /// When it was permitted.
    pub at: Timestamp,
    /// The decision may be relied on before this.
    pub valid_until: Timestamp,
    /// The data holder's half of the record.
    pub holder_half: Option<HolderHalf>,
    /// The requester's half of the record.
    pub recipient_half: Option<Hash>,
    /// When the missing half is due, once there is a first one.
    pub deadline: Option<Timestamp>,
    /// When the missing half was found overdue, if it was.
    pub overdue: Option<Height>,
}

impl Access {
    /// How its two halves stand to each other.
    #[must_use]
    pub fn pairing(&self) -> Pairing {
        Pairing::of(self.holder_half.map(|half| half.disclosure), self.recipient_half)
    }

    /// Whether it may serve still: on this very basis, and not once both halves of its record are
    /// there, for it serves one disclosure.
    ///
    /// It says the same of the record while the state holds it and of the same record kept elsewhere.
    ///
    /// # Errors
    /// [`Rejection::UnknownAccess`] where it rests on another basis, [`Rejection::HalfRecorded`]
    /// where it is used up.
    pub fn check_open(&self, basis: &AccessBasis) -> Result<(), Rejection> {
        let is_its = self.basis == basis.kind() && self.consent == basis.consent();
        refuse_if(!is_its, Rejection::UnknownAccess)?;
        refuse_if(self.pairing() != Pairing::Waiting, Rejection::HalfRecorded)
    }

    /// Whose half is missing, as far as the ledger can tell: a holder that nobody named is not
    /// known, and until it is the requester answers for it.
    #[must_use]
    pub fn debtor(&self) -> PartyId {
        self.named.unwrap_or(self.requester)
    }

    /// The data holder, where the ledger knows it.
    #[must_use]
    pub fn known_holder(&self) -> Option<PartyId> {
        self.holder_half.map(|half| half.holder).or(self.named)
    }
}

/// Who disclosed, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct HolderHalf {
    /// The data holder.
    pub holder: PartyId,
    /// Salted commitment to what was disclosed.
    pub disclosure: Hash,
}

event! {
    /// A use was permitted.
    pub struct AccessPermitted {
        /// The access.
        access: Hash,
        /// What kind of basis it rests on.
        basis: BasisKind,
        /// The consent relied on, where there is one.
        consent: Option<ConsentId>,
        /// The subject, where there is a consent.
        subject: Option<Whose>,
        /// The consent's controller, where there is one.
        controller: Option<PartyId>,
        /// Who asked.
        requester: PartyId,
        /// What the permit obliges to.
        duties: Duties,
        /// The decision may be relied on before this.
        valid_until: Timestamp,
    }

    enters [requester, consent, subject, controller, List::Access(*access)]
}

/// A process asked for under a broad consent.
fn process() -> ConsentBasis {
    use crate::sample::{consent, hash};
    let node =
        VocabularyNode { number: 11, enter: 12, exit: 13, sensitive: true, iri_hash: hash(0x3c) };
    ConsentBasis {
        consent: consent(),
        leaf: TermsLeaf {
            sensitive: true,
            recipient: Recipient::Party(PartyId::new(5)),
            commitment: hash(0x36),
        },
        leaf_index: 2,
        path: vec![hash(0x37), hash(0x38)],
        purpose: Some(PurposeProof { node, path: vec![hash(0x3d)] }),
    }
}
