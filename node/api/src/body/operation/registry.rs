//! Operations of the public registries in JSON.

use ledger_types::consent::{
    CorporateNumber, Materiality, Mechanism, NoticeContent, PartyStatus, RegimeRules, Regimes,
};
use ledger_types::operation::{
    NotifyOptOut, PublishJointUse, PublishLegalBasis, PublishNotice, PublishRegime, PublishTerms,
    PublishVocabulary, RegisterParty, UpdateParty, WeightedKey,
};
use ledger_types::{
    AccountId, AddressPrefix, Hash, LegalBasisId, NoticeId, PartyId, PartyRoles, Regime, Timestamp,
    VocabularyId, ZoneId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::shape;
use crate::body::notice_text::NoticeTextBody;
use crate::body::role::PartyRole;
use crate::text::{Address, BodyError, schema};

bodies! {
    /// By the registrar's account. The party acts through `AccountId::of_party`.
    RegisterPartyBody of RegisterParty {
        /// The party.
        party: PartyId as [u32],
        /// What it may do.
        roles: PartyRoles as [Vec<PartyRole>],
        /// Under which rules it stands.
        regime: Regime as [shape::Regime],
        /// Its corporate number, where it has one: two parties of one organisation share it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corporate_number: Option<CorporateNumber> as [Option<u64>],
        /// Keys that act for it.
        keys: Vec<WeightedKey> as [Vec<schema::WeightedKey>],
        /// The weight that a transaction needs.
        threshold: u16 as [u16],
    }

    /// By the registrar's account. Its keys stay.
    UpdatePartyBody of UpdateParty {
        /// The party.
        party: PartyId as [u32],
        /// What it may do from now on.
        roles: PartyRoles as [Vec<PartyRole>],
        /// Under which rules it stands from now on.
        regime: Regime as [shape::Regime],
        /// Its corporate number, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        corporate_number: Option<CorporateNumber> as [Option<u64>],
        /// Whether it may act.
        status: PartyStatus as [shape::PartyStatus],
    }

    /// By a controller. Versions count from 1 without gaps.
    PublishNoticeBody of PublishNotice {
        /// The notice.
        notice: NoticeId as [u32],
        /// This version.
        version: u32 as [u32],
        /// How much it changed.
        materiality: Materiality as [schema::Materiality],
        /// Its texts by language, in ascending order of language, each once.
        contents: Vec<NoticeContent> as [Vec<NoticeTextBody>],
        /// SHA-256 of each picture, sound or film that belongs to it.
        media_hashes: Vec<Hash> as [Vec<schema::Hex32>],
    }

    /// By the registrar's account. A version never changes; versions count from 1 without gaps.
    PublishVocabularyBody of PublishVocabulary {
        /// The vocabulary.
        vocabulary: VocabularyId as [u32],
        /// This version.
        version: u32 as [u32],
        /// Root of the tree over its nodes, in preorder.
        root: Hash as [schema::Hex32],
        /// How many nodes there are.
        nodes: u32 as [u32],
        /// SHA-256 of the document that holds them.
        content_hash: Hash as [schema::Hex32],
    }

    /// By the registrar's account. Versions count from 1 without gaps; the last one holds.
    PublishLegalBasisBody of PublishLegalBasis {
        /// The basis.
        basis: LegalBasisId as [u32],
        /// This version.
        version: u32 as [u32],
        /// The provision as lawyers cite it, 1 to 64 bytes.
        code: String as [String],
        /// When the statute in this version came into force, as yyyymmdd.
        statute_date: u32 as [u32],
        /// SHA-256 of the document that explains it.
        content_hash: Hash as [schema::Hex32],
        /// How it permits a use.
        mechanism: Mechanism as [shape::Mechanism],
        /// Whom it is for.
        regimes: Regimes as [Vec<shape::Regime>],
        /// Whether a use needs a commitment to evidence.
        evidence_required: bool as [bool],
        /// Whether it covers sensitive data; an opt-out never does (APPI article 27, paragraph 2).
        sensitive_allowed: bool as [bool],
    }

    /// By the registrar's account. Versions count from 1 without gaps; the last one holds.
    PublishRegimeBody of PublishRegime {
        /// The regime.
        regime: Regime as [shape::Regime],
        /// This version.
        version: u32 as [u32],
        /// When the statute in this version came into force, as yyyymmdd.
        statute_date: u32 as [u32],
        /// Its numbers.
        rules: RegimeRules as [shape::RegimeRules],
    }

    /// By a controller (共同利用). A version never changes; versions count from 1 without gaps.
    PublishJointUseBody of PublishJointUse {
        /// The scheme, counted by the controller.
        scheme: u32 as [u32],
        /// This version.
        version: u32 as [u32],
        /// Who uses the data jointly, in ascending order, each once.
        users: Vec<PartyId> as [Vec<u32>],
        /// SHA-256 of the list of items.
        items_hash: Hash as [schema::Hex32],
        /// SHA-256 of the purpose.
        purpose_hash: Hash as [schema::Hex32],
        /// Who answers for it.
        responsible: PartyId as [u32],
        /// The controller's notice that tells people of it.
        notice: NoticeId as [u32],
        /// In which version: the current one, and newer than the version before's where users are new.
        notice_version: u32 as [u32],
    }

    /// By a controller of the private regime (APPI article 27, paragraph 2).
    NotifyOptOutBody of NotifyOptOut {
        /// The scheme, counted by the controller.
        scheme: u32 as [u32],
        /// SHA-256 of the filing with its number.
        filing_hash: Hash as [schema::Hex32],
        /// SHA-256 of the list of data categories that it leaves out.
        prohibited_hash: Hash as [schema::Hex32],
        /// No use before this.
        wait_until: Timestamp as [schema::Instant],
        /// The legal basis, an opt-out's.
        basis: LegalBasisId as [u32],
    }

    /// By a controller: what it pays to those who consent (情報の対価).
    PublishTermsBody of PublishTerms {
        /// The terms, counted by the controller.
        terms: u32 as [u32],
        /// The account that pays.
        payer: AccountId as [Address],
        /// SHA-256 of what is paid for which unit.
        unit_hash: Hash as [schema::Hex32],
        /// The zone whose contract reckons it, where one does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<ZoneId> as [Option<u16>],
    }
}
