//! `PublishLegalBasis`: the registrar publishes the next version of a legal basis.

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Mechanism, Regimes};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::LegalBasisId;

operation! {
    /// By the registrar's account. Versions count from 1 without gaps; the last one holds.
    pub struct PublishLegalBasis {
        /// The basis.
        basis: LegalBasisId,
        /// This version.
        version: u32,
        /// The provision as lawyers cite it, 1 to 64 bytes.
        code: String,
        /// When the statute in this version came into force, as yyyymmdd.
        statute_date: u32,
        /// SHA-256 of the document that explains it.
        content_hash: Hash,
        /// How it permits a use.
        mechanism: Mechanism,
        /// Whom it is for.
        regimes: Regimes,
        /// Whether a use needs a commitment to evidence.
        evidence_required: bool,
        /// Whether it covers sensitive data; an opt-out never does (APPI article 27, paragraph 2).
        sensitive_allowed: bool,
    }

    refused [MemberRoleMissing, LegalBasisVersionNotNext, BadLegalBasis]
    samples [Self {
        basis: LegalBasisId::new(8),
        version: 2,
        code: "APPI 27(1)(ii)".to_owned(),
        statute_date: 20_230_401,
        content_hash: hash(0x43),
        mechanism: Mechanism::Exemption,
        regimes: Regimes::ALL,
        evidence_required: true,
        sensitive_allowed: true,
    }]
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

event! {
    /// A version of a legal basis was published.
    pub struct LegalBasisPublished {
        /// The basis.
        basis: LegalBasisId,
        /// The version.
        version: u32,
    }

    enters []
}
