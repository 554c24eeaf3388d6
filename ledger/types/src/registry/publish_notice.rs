//! `PublishNotice`: a controller publishes the next version of one of its notices.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Language, Materiality, NoticeContent};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{NoticeId, PartyId};

operation! {
    /// By a controller. Versions count from 1 without gaps.
    pub struct PublishNotice {
        /// The notice.
        notice: NoticeId,
        /// This version.
        version: u32,
        /// How much it changed.
        materiality: Materiality,
        /// Its texts by language, in ascending order of language, each once.
        contents: Vec<NoticeContent>,
        /// SHA-256 of each picture, sound or film that belongs to it.
        media_hashes: Vec<Hash>,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, NoticeVersionNotNext, BadNoticeContents,
    ]
    samples [Self {
        notice: NOTICE,
        version: 3,
        materiality: Materiality::Material,
        contents: vec![
            NoticeContent { language: Language::ENGLISH, content_hash: hash(0x32) },
            NoticeContent { language: Language::JAPANESE, content_hash: hash(0x33) },
        ],
        media_hashes: vec![hash(0x39)],
    }]
}

/// A notice in its current version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Notice {
    /// The current version, from 1.
    pub version: u32,
    /// How much this version changed.
    pub materiality: Materiality,
    /// The last version that changed materially; the first counts as one.
    pub last_material_version: u32,
    /// The texts of this version, in order of language.
    pub contents: Vec<NoticeContent>,
    /// SHA-256 of each picture, sound or film that belongs to this version.
    pub media_hashes: Vec<Hash>,
    /// When this version was published.
    pub published: Height,
}

event! {
    /// A version of a notice was published.
    pub struct NoticePublished {
        /// Whose.
        controller: PartyId,
        /// The notice.
        notice: NoticeId,
        /// The version.
        version: u32,
    }

    enters [controller]
}
