//! Fixed values of which the samples are made.
//!
//! Each operation has a sample beside its fields, so that goldens, the inventory of fields and
//! documentation know a new one without being told.

use crate::access::ConsentBasis;
use crate::consent::{ConsentId, TermsLeaf};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::key::SigningKey;
use crate::money::WeightedKey;
use crate::registry::{CorporateNumber, Language, NoticeId, PartyId, PurposeProof, VocabularyNode};
use crate::time::Timestamp;
use crate::yen::Yen;

pub(crate) const PARTY: PartyId = PartyId::new(0x0102_0304);
pub(crate) const NOTICE: NoticeId = NoticeId::new(7);

pub(crate) const fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

pub(crate) const fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

pub(crate) const fn amount() -> Yen {
    Yen::new(0x0102_0304_0506_0708)
}

pub(crate) const fn time(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub(crate) fn keys() -> Vec<WeightedKey> {
    vec![
        WeightedKey { key: key(1).public_key(), weight: 1 },
        WeightedKey { key: key(2).public_key(), weight: 0x0203 },
    ]
}

pub(crate) fn language(text: &str) -> Language {
    Language::new(text).unwrap_or_default()
}

/// The National Tax Agency's own, from its description of the check digit.
pub(crate) const fn corporate_number() -> Option<CorporateNumber> {
    CorporateNumber::new(7_000_012_050_002)
}

pub(crate) const fn consent() -> ConsentId {
    ConsentId::new(hash(0x31))
}

pub(crate) const fn leaf() -> TermsLeaf {
    TermsLeaf { sensitive: true, commitment: hash(0x51) }
}

/// A process asked for under a broad consent.
pub(crate) fn process() -> ConsentBasis {
    let node =
        VocabularyNode { number: 11, enter: 12, exit: 13, sensitive: true, iri_hash: hash(0x3c) };
    ConsentBasis {
        consent: consent(),
        leaf: TermsLeaf { sensitive: true, commitment: hash(0x36) },
        leaf_index: 2,
        path: vec![hash(0x37), hash(0x38)],
        purpose: Some(PurposeProof { node, path: vec![hash(0x3d)] }),
    }
}
