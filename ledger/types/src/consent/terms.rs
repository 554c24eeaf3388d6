//! What a consent covers: its terms' leaves, its breadth, and when it applies.

use crate::hash::{Hash, TAG_TOMBSTONE};
use crate::id::{PartyId, VocabularyId};
use crate::json::{choice, serde_by_json, shape};
use crate::registry::{FrozenVocabulary, Interval, JointUse, Party, PartyRoles, PurposeProof};

shape! {
    /// One process that a consent covers, as it shows on the ledger once it is asked for: one bit,
    /// who may ask, and a salted commitment.
    ///
    /// The opening (data category, purpose, recipient, operations, retention, region, period)
    /// stays with the subject and the data holder. Whoever asks shows the leaf, so that a stranger
    /// who copied it with its path would have to be its recipient too.
    #[derive(Copy)]
    pub struct TermsLeaf {
        /// Whether the process concerns sensitive data (要配慮個人情報).
        sensitive: bool,
        /// Who may ask.
        recipient: Recipient,
        /// SHA-256(tag ‖ salt ‖ canonical JSON) of the process.
        commitment: Hash,
    }
}

impl TermsLeaf {
    /// The leaf's hash in the terms tree (RFC 6962 leaves).
    #[must_use]
    pub fn hash(&self) -> Hash {
        crate::merkle::leaf_hash(&crate::codec::encode(self))
    }
}

choice! {
    /// Who a process of a consent is for. Several are several processes.
    #[derive(Copy)]
    pub enum Recipient {
        /// One party.
        Party(party: PartyId) = 0 as "party",
        /// Every party that is registered in one of these roles.
        Roles(roles: PartyRoles) = 1 as "roles",
        /// Every user of a scheme of joint use of the consent's controller, in one version: users
        /// that a later one brings were not agreed to.
        JointUse {
            /// The scheme.
            scheme: u32,
            /// The version.
            version: u32,
        } = 2 as "joint_use",
    }
}

impl Recipient {
    /// Whether a party is meant. `circle` is the version of the scheme that is named, where one is.
    #[must_use]
    pub fn includes(&self, party: &Party, circle: Option<&JointUse>) -> bool {
        match self {
            Self::Party(named) => party.party == *named,
            Self::Roles(roles) => party.roles.intersects(*roles),
            Self::JointUse { .. } => circle.is_some_and(|one| one.users.contains(&party.party)),
        }
    }
}

/// The hash that stands in a terms tree where a process was taken out: no leaf has it, because its
/// preimage is not a leaf's canonical bytes.
#[must_use]
pub fn tombstone() -> Hash {
    crate::merkle::leaf_hash(TAG_TOMBSTONE)
}

shape! {
    /// One change to a consent's terms: a process is taken out, or given to another recipient.
    pub struct LeafChange {
        /// The leaf's place among the terms.
        index: u32,
        /// The leaf as it is.
        leaf: TermsLeaf,
        /// Its path to the root as the changes before leave it, bottom first.
        path: Vec<Hash>,
        /// What stands there afterwards; none takes the process out.
        replacement: Option<TermsLeaf>,
    }
}

choice! {
    /// How broad a consent is.
    pub enum Breadth {
        /// The purposes in its terms and no others.
        Specific = 0 as "specific",
        /// Every purpose under one concept of a vocabulary, frozen when the consent was given.
        Broad {
            /// The vocabulary.
            vocabulary: VocabularyId,
            /// Its version.
            version: u32,
            /// The concept's subtree.
            purposes: Interval,
            /// Subtrees of it that are left out.
            excludes: Vec<Interval>,
        } = 1 as "broad",
    }
}

choice! {
    /// When a consent applies.
    #[derive(Copy)]
    pub enum Profile {
        /// Always.
        Ordinary = 0 as "ordinary",
        /// Only while an emergency is in force in an area.
        Disaster {
            /// The area.
            area: u32,
        } = 1 as "disaster",
    }
}

serde_by_json!(Breadth, Profile, Recipient);

impl Breadth {
    /// Whether a process's purpose lies within this breadth.
    ///
    /// A specific consent needs no proof and takes none; a broad one's purpose lies under its
    /// concept in the vocabulary that was frozen with it, meets none of its exclusions, and is
    /// sensitive only where the process is.
    #[must_use]
    pub fn covers(
        &self,
        frozen: Option<&FrozenVocabulary>,
        purpose: Option<&PurposeProof>,
        is_process_sensitive: bool,
    ) -> bool {
        match (self, frozen, purpose) {
            (Self::Specific, _, purpose) => purpose.is_none(),
            (Self::Broad { purposes, excludes, .. }, Some(frozen), Some(proof)) => {
                let interval = proof.node.interval();
                frozen.proves(proof)
                    && interval.is_within(*purposes)
                    && !excludes.iter().any(|excluded| interval.meets(*excluded))
                    && (is_process_sensitive || !proof.node.sensitive)
            }
            (Self::Broad { .. }, _, _) => false,
        }
    }
}
