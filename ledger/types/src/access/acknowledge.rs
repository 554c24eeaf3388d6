//! `AcknowledgeWithdrawal`: a controller says what it did about a consent that ended.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{ConsentId, LegalBasisId, PartyId};
use crate::json::{Whose, choice, serde_by_json};
use crate::time::Timestamp;

choice! {
    /// What became of data whose consent ended.
    #[derive(Copy)]
    pub enum Deletion {
        /// It was deleted.
        Done = 0 as "done",
        /// It is kept on a legal basis.
        Retained {
            /// The basis.
            basis: LegalBasisId,
        } = 1 as "retained",
    }
}

serde_by_json!(Deletion);

operation! {
    /// By a controller whose consent ended: what it did about it.
    pub struct AcknowledgeWithdrawal {
        /// The consent.
        consent: ConsentId,
        /// When the use stopped.
        stopped_at: Timestamp,
        /// What became of the data.
        deletion: Deletion,
        /// Who was told, in ascending order, each once.
        propagated_to: Vec<PartyId>,
    }

    refused [
        UnknownParty, UnknownConsent, NotConsentController, ConsentNotEnded, EndAcknowledged,
        BadAcknowledgement, UnknownLegalBasis,
    ]
    samples [Self {
        consent: consent(),
        stopped_at: time(5),
        deletion: Deletion::Retained { basis: LegalBasisId::new(8) },
        propagated_to: vec![PartyId::new(2), PARTY],
    }]
}

/// What a controller owes once a consent has ended.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Acknowledgement {
    /// Who owes it.
    pub controller: PartyId,
    /// When it is due.
    pub deadline: Timestamp,
    /// What the controller said, once it did.
    pub done: Option<Acknowledged>,
    /// When it was found overdue, if it was.
    pub overdue: Option<Height>,
}

/// What a controller did about an ended consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Acknowledged {
    /// When the use stopped.
    pub stopped_at: Timestamp,
    /// What became of the data.
    pub deletion: Deletion,
    /// Who was told.
    pub propagated_to: Vec<PartyId>,
    /// When it was said.
    pub height: Height,
}

event! {
    /// A controller said what it did about an ended consent.
    pub struct EndAcknowledged {
        /// The consent.
        consent: ConsentId,
        /// The subject.
        subject: Whose,
        /// The controller.
        controller: PartyId,
    }

    enters [consent, subject, controller]
}
