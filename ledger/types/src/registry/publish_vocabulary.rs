//! `PublishVocabulary`: the registrar freezes the next version of a vocabulary.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::VocabularyId;

operation! {
    /// By the registrar's account. A version never changes; versions count from 1 without gaps.
    pub struct PublishVocabulary {
        /// The vocabulary.
        vocabulary: VocabularyId,
        /// This version.
        version: u32,
        /// Root of the tree over its nodes, in preorder.
        root: Hash,
        /// How many nodes there are.
        nodes: u32,
        /// SHA-256 of the document that holds them.
        content_hash: Hash,
    }

    refused [MemberRoleMissing, VocabularyVersionNotNext, EmptyVocabulary]
    samples [Self {
        vocabulary: VocabularyId::new(2),
        version: 4,
        root: hash(0x41),
        nodes: 99,
        content_hash: hash(0x42),
    }]
}

/// A version of a vocabulary, which never changes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Vocabulary {
    /// Root of the tree over its nodes.
    pub root: Hash,
    /// How many nodes there are.
    pub nodes: u32,
    /// SHA-256 of the document that holds them.
    pub content_hash: Hash,
    /// When it was published.
    pub published: Height,
}

event! {
    /// A version of a vocabulary was frozen.
    pub struct VocabularyPublished {
        /// The vocabulary.
        vocabulary: VocabularyId,
        /// The version.
        version: u32,
    }

    enters []
}
