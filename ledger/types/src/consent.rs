//! Consent's vocabulary: parties, notices, consents and the leaves of their terms.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::hash::Hash;
use crate::id::numbered_id;

numbered_id!(
    /// A registered party: a controller, a recipient, a data holder, an auditor.
    PartyId, u32
);
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

/// What a party may do, as a set of bits.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct PartyRoles(u16);

impl PartyRoles {
    /// Decides purposes and means; consents are granted to it.
    pub const CONTROLLER: Self = Self(1);
    /// Uses data jointly with a controller.
    pub const JOINT_USER: Self = Self(1 << 1);
    /// Receives data from a controller.
    pub const RECIPIENT: Self = Self(1 << 2);
    /// Processes data on a controller's behalf.
    pub const PROCESSOR: Self = Self(1 << 3);
    /// Holds data and discloses it on a permit.
    pub const DATA_HOLDER: Self = Self(1 << 4);
    /// Audits.
    pub const AUDITOR: Self = Self(1 << 5);
    /// May break glass in an emergency.
    pub const EMERGENCY: Self = Self(1 << 6);
    /// Every role that is defined.
    pub const ALL: Self = Self(0x7f);

    /// The roles of these bits, or `None` where a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// These roles and `other`'s.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any role of `other` is among these.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// How much a notice changed from the version before.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Materiality {
    /// Wording only.
    Editorial = 0,
    /// A change that leaves what was agreed untouched.
    Minor = 1,
    /// A change that makes dependent consents due for renewal.
    Material = 2,
}

/// A language tag of two lower-case letters (ISO 639-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Language([u8; 2]);

impl Language {
    /// A language, or `None` where the text is not two lower-case ASCII letters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let bytes: [u8; 2] = text.as_bytes().try_into().ok()?;
        Self(bytes).is_well_formed().then_some(Self(bytes))
    }

    /// Whether both bytes are lower-case ASCII letters (decoding alone does not say so).
    #[must_use]
    pub const fn is_well_formed(self) -> bool {
        self.0[0].is_ascii_lowercase() && self.0[1].is_ascii_lowercase()
    }
}

impl core::fmt::Display for Language {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(core::str::from_utf8(&self.0).unwrap_or("??"))
    }
}

/// The text of a notice in one language, by its hash.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct NoticeContent {
    /// The language.
    pub language: Language,
    /// SHA-256 of the text as it was published.
    pub content_hash: Hash,
}

/// One process that a consent covers, as it shows on the ledger: a salted commitment and one bit.
///
/// The opening (data category, purpose, recipients, operations, retention, region, period) stays
/// with the subject and the data holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct TermsLeaf {
    /// Whether the process concerns sensitive data (要配慮個人情報).
    pub sensitive: bool,
    /// SHA-256(tag ‖ salt ‖ canonical JSON) of the process.
    pub commitment: Hash,
}

impl TermsLeaf {
    /// The leaf's hash in the terms tree (RFC 6962 leaves).
    #[must_use]
    pub fn hash(&self) -> Hash {
        crate::merkle::leaf_hash(&crate::codec::encode(self))
    }
}

/// Where a consent stands. Ended ones never return.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    BorshSerialize,
    BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ConsentStatus {
    /// In force while its time lasts.
    Given = 0,
    /// Ended by the subject.
    Withdrawn = 1,
}
