//! The record that a consent was shredded, and the digest that its holder signs.

use ledger_types::{ConsentId, Hash, PartyId, Timestamp, merkle};
use serde::{Deserialize, Serialize};

use crate::canonical::canonical_document;
use crate::format::Version;

/// Tag of the digest that a holder signs to acknowledge a shredding.
pub const TAG_ACK_SHRED: &[u8] = b"kyojo/ack-shred/v1";

/// That a consent's key, salts and documents were destroyed. Nothing in it is personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShredRecord {
    /// The form of this document.
    pub version: Version<1>,
    /// Which consent.
    pub consent: ConsentId,
    /// When, by the caller's time.
    pub shredded_at: Timestamp,
    /// How many documents were destroyed.
    pub documents: u32,
    /// Root over the destroyed files as they were, sealed (RFC 6962): it says nothing about what
    /// was in them, and a copy that turns up can be known for one of them.
    pub documents_root: Hash,
}

impl ShredRecord {
    pub(super) fn of(consent: ConsentId, shredded_at: Timestamp, sealed: &[Vec<u8>]) -> Self {
        let leaves: Vec<Hash> = sealed.iter().map(|file| merkle::leaf_hash(file)).collect();
        let documents = u32::try_from(leaves.len()).unwrap_or(u32::MAX);
        let documents_root = merkle::root(&leaves);
        Self { version: Version, consent, shredded_at, documents, documents_root }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let text = canonical_document(self);
        text.expect("times are below 2^53 milliseconds for 285,000 years").into_bytes()
    }

    /// What the holder signs: SHA-256(tag ‖ genesis ‖ holder (4 bytes) ‖ consent ‖ time (8 bytes) ‖
    /// number of documents (4 bytes) ‖ their root), numbers big endian.
    #[must_use]
    pub fn acknowledgement(&self, genesis: &Hash, holder: PartyId) -> Hash {
        Hash::of(&[
            TAG_ACK_SHRED,
            genesis.as_bytes(),
            &holder.get().to_be_bytes(),
            self.consent.get().as_bytes(),
            &self.shredded_at.as_millis().to_be_bytes(),
            &self.documents.to_be_bytes(),
            self.documents_root.as_bytes(),
        ])
    }
}
