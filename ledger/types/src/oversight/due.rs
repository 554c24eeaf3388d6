//! What somebody owes by an instant, and the alarm that consensus itself raises.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{List, event};
use crate::hash::Hash;
use crate::id::{ConsentId, PartyId};
use crate::json::{Whose, choice, names};
use crate::time::Timestamp;

/// Something that must be done by the instant in the record's key; it is gone once it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Due {
    /// What.
    pub duty: Duty,
}

/// A duty with who owes it and by when, as it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Who owes it, or whose act began it.
    pub debtor: PartyId,
    /// By when.
    pub deadline: Timestamp,
    /// What.
    pub duty: Duty,
}

/// What somebody owes, listed once: with what it is about, and its kind alone.
macro_rules! duties {
    ($( $(#[doc = $doc:literal])* $duty:ident $about:tt = $number:literal as $name:literal, )*) => {
        choice! {
            /// What somebody owes by an instant.
            #[derive(Copy)]
            pub enum Duty { $( $(#[doc = $doc])* $duty $about = $number as $name, )* }
        }

        names! {
            /// What kind of thing somebody owes by an instant.
            pub enum DutyKind { $( $(#[doc = $doc])* $duty = $number as $name, )* }
        }

        impl Duty {
            /// What kind it is of.
            #[must_use]
            pub const fn kind(&self) -> DutyKind {
                match self { $( Self::$duty { .. } => DutyKind::$duty, )* }
            }
        }
    };
}

duties! {
    /// A controller: what it did about an ended consent.
    Acknowledge(consent: ConsentId) = 0 as "acknowledge",
    /// A controller: an answer to a subject's request.
    Answer(request: Hash) = 1 as "answer",
    /// The other side of an access's record: its half, once there is a first one.
    Match(access: Hash) = 2 as "match",
    /// The other one of a pair that had accesses in an hour: its root beside the first one.
    MatchHour {
        /// The holder.
        holder: PartyId,
        /// The recipient.
        recipient: PartyId,
        /// The hour, counted from the epoch.
        hour: u32,
    } = 3 as "match_hour",
    /// Another organisation: the review of a broken glass.
    Review(glass: Hash) = 4 as "review",
    /// Who broke a glass: telling the person.
    Notify(glass: Hash) = 5 as "notify",
}

impl Duty {
    /// The access whose record lacks a half, where it is about one.
    #[must_use]
    pub const fn access(&self) -> Option<Hash> {
        match self {
            Self::Match(access) => Some(*access),
            Self::Acknowledge(_)
            | Self::Answer(_)
            | Self::MatchHour { .. }
            | Self::Review(_)
            | Self::Notify(_) => None,
        }
    }
}

event! {
    /// A deadline passed: raised by consensus itself, not by a transaction.
    pub struct Overdue {
        /// What was owed.
        duty: Duty,
        /// The party that it is about: who owes it, as far as the ledger can tell, or whose glass it
        /// is.
        debtor: PartyId,
        /// By when.
        deadline: Timestamp,
        /// The other side of the record, where there is one.
        counterparty: Option<PartyId>,
        /// The consent that it is about.
        consent: Option<ConsentId>,
        /// The subject that it is about.
        subject: Option<Whose>,
        /// The controller of that consent.
        controller: Option<PartyId>,
    }

    enters [debtor, counterparty, consent, subject, controller, duty.access().map(List::Access)]
}
