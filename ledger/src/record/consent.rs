//! Records of consent: subjects, parties, notices and consents.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::consent::{Language, Materiality, NoticeContent};
use ledger_types::{
    AccountId, ConsentStatus, Hash, Height, NoticeId, PartyId, PartyRoles, Timestamp,
};

use super::Authority;

/// A data subject: nothing but the key that it signs with, used for one party alone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Subject {
    /// Who acts for it.
    pub authority: Authority,
}

/// A registered consent party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Party {
    /// Its number.
    pub party: PartyId,
    /// What it may do.
    pub roles: PartyRoles,
    /// Who acts for it.
    pub authority: Authority,
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
    /// When this version was published.
    pub published: Height,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Consent {
    /// Who gave it.
    pub subject: AccountId,
    /// To whom.
    pub controller: PartyId,
    /// Root of the terms tree.
    pub terms_root: Hash,
    /// Which notice was presented.
    pub notice: NoticeId,
    /// In which version.
    pub notice_version: u32,
    /// In which language.
    pub language: Language,
    /// Salted commitment to the evidence of the presentation.
    pub presentation_commitment: Hash,
    /// In force from.
    pub valid_from: Timestamp,
    /// In force until before.
    pub expires: Timestamp,
    /// How many times it may be used, if that is limited.
    pub use_limit: Option<u32>,
    /// How many times it was used.
    pub uses: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// When it was given.
    pub given: Height,
    /// When it was ended, if it was.
    pub ended: Option<Height>,
}
