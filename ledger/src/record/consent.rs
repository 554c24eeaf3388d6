//! Records of consent: subjects, parties, notices and consents.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::consent::{
    Breadth, CorporateNumber, FrozenVocabulary, Language, Materiality, NoticeContent, PartyStatus,
    Profile,
};
use ledger_types::{
    AccountId, ConsentStatus, Hash, Height, NoticeId, PartyId, PartyRoles, Regime, Timestamp,
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
    /// Under which rules it stands.
    pub regime: Regime,
    /// Its corporate number, where it has one.
    pub corporate_number: Option<CorporateNumber>,
    /// Whether it may act.
    pub status: PartyStatus,
    /// How many of its broken glasses have a review overdue.
    pub overdue_reviews: u32,
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
    /// SHA-256 of each picture, sound or film that belongs to this version.
    pub media_hashes: Vec<Hash>,
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
    /// How broad it is.
    pub breadth: Breadth,
    /// The vocabulary as it was frozen when the consent was given, where it is broad.
    pub frozen: Option<FrozenVocabulary>,
    /// The controller's terms of compensation, where there are any.
    pub compensation: Option<u32>,
    /// When it applies.
    pub profile: Profile,
    /// The guardian who gave it or renewed it last, where one did.
    pub guardian: Option<Guardian>,
    /// How often its terms or its notice changed.
    pub revision: u32,
    /// How often it was renewed.
    pub renewals: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// When it was given.
    pub given: Height,
    /// When it was ended, if it was.
    pub ended: Option<Height>,
}

/// The guardian behind a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Guardian {
    /// The guardian's account as a data subject.
    pub account: AccountId,
    /// From here on the consent is due for renewal by the subject.
    pub until: Timestamp,
}
