//! Consent's vocabulary: parties and their regimes, notices, terms, vocabularies and standings.

mod basis;
mod notice;
mod party;
mod standing;
mod terms;
mod vocabulary;

pub use basis::{LegalBasisId, Mechanism, RegimeRules, VocabularyId};
pub use notice::{Language, Materiality, NoticeContent};
pub use party::{CorporateNumber, PartyRoles, PartyStatus, Regime, Regimes};
pub use standing::{ConsentStanding, ConsentStatus};
pub use terms::{Breadth, Interval, LeafChange, Profile, TermsLeaf, tombstone};
pub use vocabulary::{FrozenVocabulary, PurposeProof, VocabularyNode};

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::{Hash, TAG_PARTY};
use crate::id::{AccountId, numbered_id};

numbered_id!(
    /// A registered party: a controller, a recipient, a data holder, an auditor.
    PartyId, u32
);
impl AccountId {
    /// The account through which a consent party acts.
    #[must_use]
    pub fn of_party(party: PartyId) -> Self {
        Self::new(Hash::of(&[TAG_PARTY, &party.get().to_be_bytes()]).first_20())
    }
}

numbered_id!(
    /// A notice of one controller; its versions share the number.
    NoticeId, u32
);

/// A consent: 32 opaque bytes chosen at random by the subject's wallet.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct ConsentId(Hash);

impl ConsentId {
    /// A consent with this identity.
    #[must_use]
    pub const fn new(id: Hash) -> Self {
        Self(id)
    }

    /// The identity's value.
    #[must_use]
    pub const fn get(self) -> Hash {
        self.0
    }
}
