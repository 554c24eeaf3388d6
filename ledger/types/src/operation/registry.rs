//! Operations of the public registries: parties, notices, vocabularies, law and schemes.

use borsh::{BorshDeserialize, BorshSerialize};

use super::WeightedKey;
use crate::consent::{
    CorporateNumber, LegalBasisId, Materiality, Mechanism, NoticeContent, NoticeId, PartyId,
    PartyRoles, PartyStatus, Regime, RegimeRules, Regimes, VocabularyId,
};
use crate::hash::Hash;
use crate::id::{AccountId, ZoneId};
use crate::time::Timestamp;

/// By the registrar's account. The party acts through [`AccountId::of_party`].
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegisterParty {
    /// The party.
    pub party: PartyId,
    /// What it may do.
    pub roles: PartyRoles,
    /// Under which rules it stands.
    pub regime: Regime,
    /// Its corporate number, where it has one: two parties of one organisation share it.
    pub corporate_number: Option<CorporateNumber>,
    /// Keys that act for it.
    pub keys: Vec<WeightedKey>,
    /// The weight that a transaction needs.
    pub threshold: u16,
}

/// By the registrar's account. Its keys stay.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct UpdateParty {
    /// The party.
    pub party: PartyId,
    /// What it may do from now on.
    pub roles: PartyRoles,
    /// Under which rules it stands from now on.
    pub regime: Regime,
    /// Its corporate number, where it has one.
    pub corporate_number: Option<CorporateNumber>,
    /// Whether it may act.
    pub status: PartyStatus,
}

/// By a controller. Versions count from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishNotice {
    /// The notice.
    pub notice: NoticeId,
    /// This version.
    pub version: u32,
    /// How much it changed.
    pub materiality: Materiality,
    /// Its texts by language, in ascending order of language, each once.
    pub contents: Vec<NoticeContent>,
    /// SHA-256 of each picture, sound or film that belongs to it.
    pub media_hashes: Vec<Hash>,
}

/// By the registrar's account. A version never changes; versions count from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishVocabulary {
    /// The vocabulary.
    pub vocabulary: VocabularyId,
    /// This version.
    pub version: u32,
    /// Root of the tree over its nodes, in preorder.
    pub root: Hash,
    /// How many nodes there are.
    pub nodes: u32,
    /// SHA-256 of the document that holds them.
    pub content_hash: Hash,
}

/// By the registrar's account. Versions count from 1 without gaps; the last one holds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishLegalBasis {
    /// The basis.
    pub basis: LegalBasisId,
    /// This version.
    pub version: u32,
    /// The provision as lawyers cite it, 1 to 64 bytes.
    pub code: String,
    /// When the statute in this version came into force, as yyyymmdd.
    pub statute_date: u32,
    /// SHA-256 of the document that explains it.
    pub content_hash: Hash,
    /// How it permits a use.
    pub mechanism: Mechanism,
    /// Whom it is for.
    pub regimes: Regimes,
    /// Whether a use needs a commitment to evidence.
    pub evidence_required: bool,
    /// Whether it covers sensitive data; an opt-out never does (APPI article 27, paragraph 2).
    pub sensitive_allowed: bool,
}

/// By the registrar's account. Versions count from 1 without gaps; the last one holds.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishRegime {
    /// The regime.
    pub regime: Regime,
    /// This version.
    pub version: u32,
    /// When the statute in this version came into force, as yyyymmdd.
    pub statute_date: u32,
    /// Its numbers.
    pub rules: RegimeRules,
}

/// By a controller (共同利用). A version never changes; versions count from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishJointUse {
    /// The scheme, counted by the controller.
    pub scheme: u32,
    /// This version.
    pub version: u32,
    /// Who uses the data jointly, in ascending order, each once.
    pub users: Vec<PartyId>,
    /// SHA-256 of the list of items.
    pub items_hash: Hash,
    /// SHA-256 of the purpose.
    pub purpose_hash: Hash,
    /// Who answers for it.
    pub responsible: PartyId,
    /// The controller's notice that tells people of it.
    pub notice: NoticeId,
    /// In which version: the current one, and newer than the version before's where users are new.
    pub notice_version: u32,
}

/// By a controller of the private regime (APPI article 27, paragraph 2).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NotifyOptOut {
    /// The scheme, counted by the controller.
    pub scheme: u32,
    /// SHA-256 of the filing with its number.
    pub filing_hash: Hash,
    /// SHA-256 of the list of data categories that it leaves out.
    pub prohibited_hash: Hash,
    /// No use before this.
    pub wait_until: Timestamp,
    /// The legal basis, an opt-out's.
    pub basis: LegalBasisId,
}

/// By a controller: what it pays to those who consent (情報の対価).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PublishTerms {
    /// The terms, counted by the controller.
    pub terms: u32,
    /// The account that pays.
    pub payer: AccountId,
    /// SHA-256 of what is paid for which unit.
    pub unit_hash: Hash,
    /// The zone whose contract reckons it, where one does.
    pub zone: Option<ZoneId>,
}
