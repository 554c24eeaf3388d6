//! `SubjectRequest` and `AnswerSubjectRequest`: what a person asks of a controller, and its answer.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, LegalBasisId, PartyId};
use crate::json::{Whose, choice, names, serde_by_json};
use crate::time::Timestamp;

names! {
    /// What a subject asks of a controller (APPI articles 33 to 35).
    pub enum RequestKind {
        /// To see it.
        Access = 0 as "access",
        /// To correct it.
        Correct = 1 as "correct",
        /// To stop its use.
        Stop = 2 as "stop",
        /// To erase it.
        Erase = 3 as "erase",
    }
}

operation! {
    /// By a data subject, or by a counter on its behalf.
    pub struct SubjectRequest {
        /// Identity of this request: the day, then random bytes.
        request: Hash,
        /// Of whom it is asked.
        controller: PartyId,
        /// What is asked.
        kind: RequestKind,
        /// Salted commitment to the request's content.
        commitment: Hash,
        /// The subject, where a counter asks.
        on_behalf_of: Option<AccountId>,
    }

    refused [
        KeyFrozen, NotASubject, PartySuspended, PartyRoleMissing, SubjectRequestExists, DayRefused,
        UnknownParty, PartyRoleMissing, CounterNotRegistered, CounterLimitReached,
    ]
    samples [Self {
        request: hash(0x62),
        controller: PARTY,
        kind: RequestKind::Erase,
        commitment: hash(0x66),
        on_behalf_of: Some(account(0x60)),
    }]
}

choice! {
    /// What came of a subject's request.
    #[derive(Copy)]
    pub enum RequestOutcome {
        /// All of it was done.
        Done = 0 as "done",
        /// None of it, on a legal basis.
        Refused {
            /// The basis.
            basis: LegalBasisId,
        } = 1 as "refused",
        /// Some of it.
        Partly = 2 as "partly",
    }
}

serde_by_json!(RequestOutcome);

operation! {
    /// By the controller that was asked.
    pub struct AnswerSubjectRequest {
        /// The request.
        request: Hash,
        /// What came of it.
        outcome: RequestOutcome,
        /// Salted commitment to the answer's content.
        commitment: Hash,
    }

    refused [
        UnknownParty, UnknownSubjectRequest, NotRequestController, SubjectRequestAnswered,
        UnknownLegalBasis,
    ]
    samples [Self { request: hash(0x62), outcome: RequestOutcome::Done, commitment: hash(0x63) },
    Self {
        request: hash(0x62),
        outcome: RequestOutcome::Refused { basis: LegalBasisId::new(8) },
        commitment: hash(0x63),
    },
    Self { request: hash(0x62), outcome: RequestOutcome::Partly, commitment: hash(0x63) }]
}

/// What a subject asked of a controller.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AskedRequest {
    /// Who asks.
    pub subject: AccountId,
    /// Of whom.
    pub controller: PartyId,
    /// For what.
    pub kind: RequestKind,
    /// Salted commitment to the request's content.
    pub commitment: Hash,
    /// When it was asked.
    pub asked: Height,
    /// The answer is due at this instant.
    pub deadline: Timestamp,
    /// The answer, once there is one.
    pub answer: Option<RequestAnswer>,
    /// When the answer was found overdue, if it was.
    pub overdue: Option<Height>,
}

/// A controller's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestAnswer {
    /// What came of the request.
    pub outcome: RequestOutcome,
    /// Salted commitment to the answer's content.
    pub commitment: Hash,
    /// When.
    pub answered: Height,
}

event! {
    /// A subject asked something of a controller.
    pub struct SubjectRequested {
        /// The request.
        request: Hash,
        /// Who asks.
        subject: Whose,
        /// Of whom.
        controller: PartyId,
        /// For what.
        kind: RequestKind,
        /// The answer is due at this instant.
        deadline: Timestamp,
        /// Who asked on the subject's behalf.
        by: Option<Whose>,
    }

    enters [subject, controller, by]
}

event! {
    /// A controller answered a subject.
    pub struct SubjectRequestAnswered {
        /// The request.
        request: Hash,
        /// Who asked.
        subject: Whose,
        /// Who answers.
        controller: PartyId,
        /// What came of it.
        outcome: RequestOutcome,
    }

    enters [subject, controller]
}
