//! `RequestReconsent`: a controller asks those who consented under a notice to renew.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::event::List;
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{NoticeId, PartyId};
use crate::time::Timestamp;

operation! {
    /// By a controller: asks those who consented under a notice to renew. Silence lapses.
    pub struct RequestReconsent {
        /// Identity of this request, chosen at random.
        request: Hash,
        /// The notice.
        notice: NoticeId,
        /// Its current version.
        version: u32,
        /// Salted commitment to the reason.
        reason: Hash,
        /// Answers come before this.
        deadline: Timestamp,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, ReconsentExists, UnknownNotice,
        NoticeNotCurrent, BadDeadline, ReconsentCapReached,
    ]
    samples [Self {
        request: hash(0x57),
        notice: NOTICE,
        version: 4,
        reason: hash(0x58),
        deadline: time(80),
    }]
}

/// A controller's request for renewals.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Reconsent {
    /// Who asks.
    pub controller: PartyId,
    /// For which notice.
    pub notice: NoticeId,
    /// In which version.
    pub version: u32,
    /// Salted commitment to the reason.
    pub reason: Hash,
    /// Answers come before this.
    pub deadline: Timestamp,
    /// When it was asked.
    pub requested: Height,
}

/// When a controller recently asked for renewals, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ReconsentCount {
    /// The times within the period, at the time of the last request.
    pub recent: Vec<Timestamp>,
}

event! {
    /// A controller asked for renewals.
    pub struct ReconsentRequested {
        /// The request.
        request: Hash,
        /// Who asks.
        controller: PartyId,
        /// For which notice.
        notice: NoticeId,
        /// In which version.
        version: u32,
        /// Answers come before this.
        deadline: Timestamp,
    }

    enters [controller, List::Reconsents(*controller, *notice)]
}
