//! `PublishJointUse`: a controller publishes the next version of a scheme of joint use (共同利用).

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{NoticeId, PartyId};

operation! {
    /// By a controller (共同利用). A version never changes; versions count from 1 without gaps.
    pub struct PublishJointUse {
        /// The scheme, counted by the controller.
        scheme: u32,
        /// This version.
        version: u32,
        /// Who uses the data jointly, in ascending order, each once.
        users: Vec<PartyId>,
        /// SHA-256 of the list of items.
        items_hash: Hash,
        /// SHA-256 of the purpose.
        purpose_hash: Hash,
        /// Who answers for it.
        responsible: PartyId,
        /// The controller's notice that tells people of it.
        notice: NoticeId,
        /// In which version: the current one, and newer than the version before's where users are
        /// new.
        notice_version: u32,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, JointUseVersionNotNext, BadJointUse,
        UnknownNotice, NoticeNotCurrent, JointUseNoticeNotNewer,
    ]
    samples [Self {
        scheme: 2,
        version: 3,
        users: vec![PartyId::new(1), PARTY],
        items_hash: hash(0x44),
        purpose_hash: hash(0x45),
        responsible: PARTY,
        notice: NOTICE,
        notice_version: 3,
    }]
}

/// A version of a scheme of joint use, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct JointUse {
    /// Who uses the data jointly, in ascending order.
    pub users: Vec<PartyId>,
    /// SHA-256 of the list of items.
    pub items_hash: Hash,
    /// SHA-256 of the purpose.
    pub purpose_hash: Hash,
    /// Who answers for it.
    pub responsible: PartyId,
    /// The notice that tells people of it.
    pub notice: NoticeId,
    /// In which version.
    pub notice_version: u32,
    /// When it was published.
    pub published: Height,
}

event! {
    /// A version of a scheme of joint use was published.
    pub struct JointUsePublished {
        /// Whose.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// The version.
        version: u32,
    }

    enters [controller]
}
