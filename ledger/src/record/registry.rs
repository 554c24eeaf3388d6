//! Records of the public registries: vocabularies, law, and schemes that need no consent.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::consent::{Mechanism, RegimeRules, Regimes};
use ledger_types::{AccountId, Hash, Height, LegalBasisId, NoticeId, PartyId, Timestamp, ZoneId};

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

/// A legal basis in its current version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LegalBasis {
    /// The current version, from 1.
    pub version: u32,
    /// The provision as lawyers cite it.
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
    /// Whether it covers sensitive data.
    pub sensitive_allowed: bool,
    /// When this version was published.
    pub published: Height,
}

/// A regime's deadlines in their current version.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegimeVersion {
    /// The current version, from 1.
    pub version: u32,
    /// When the statute in this version came into force, as yyyymmdd.
    pub statute_date: u32,
    /// Its numbers.
    pub rules: RegimeRules,
    /// When this version was published.
    pub published: Height,
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

/// A scheme that people may object to.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OptOut {
    /// SHA-256 of the filing with its number.
    pub filing_hash: Hash,
    /// SHA-256 of the list of data categories that it leaves out.
    pub prohibited_hash: Hash,
    /// No use before this.
    pub wait_until: Timestamp,
    /// The legal basis.
    pub basis: LegalBasisId,
    /// When it was notified.
    pub notified: Height,
}

/// A person's objection; the record's being there says so.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OptOutStop {
    /// Salted commitment to the proof of identity, where a counter asked.
    pub evidence: Option<Hash>,
    /// When.
    pub stopped: Height,
}

/// What a controller pays for data.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Terms {
    /// The account that pays.
    pub payer: AccountId,
    /// SHA-256 of what is paid for which unit.
    pub unit_hash: Hash,
    /// The zone whose contract reckons it, where one does.
    pub zone: Option<ZoneId>,
    /// When they were published.
    pub published: Height,
}

/// A part of a month's dividends that was paid.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Dividend {
    /// How many were paid.
    pub rows: u32,
    /// When.
    pub paid: Height,
}
