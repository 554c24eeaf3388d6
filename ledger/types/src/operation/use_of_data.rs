//! The use of data: decisions, the two halves of records, and what follows the end of a consent.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::consent::{ConsentId, LegalBasisId, PartyId, PurposeProof, TermsLeaf};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::time::Timestamp;
use crate::yen::Yen;

/// By a registered party.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestAccess {
    /// Identity of this access, chosen at random.
    pub access: Hash,
    /// What it rests on.
    pub basis: AccessBasis,
}

/// The one legal basis that an access rests on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum AccessBasis {
    /// The subject agreed.
    Consent(ConsentBasis) = 0,
    /// The subject did not object to a scheme that was notified.
    OptOut {
        /// Whose scheme.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// Salted commitment by which the controller knows the person.
        person: Hash,
        /// Whether the data is sensitive; then it is never permitted.
        sensitive: bool,
    } = 1,
    /// The requester belongs to a published circle.
    JointUse {
        /// Whose scheme.
        controller: PartyId,
        /// The scheme.
        scheme: u32,
        /// The version under which the data was collected.
        version: u32,
        /// Salted commitment by which the controller knows the person.
        person: Hash,
    } = 2,
    /// The law itself allows it.
    Exemption {
        /// The basis.
        basis: LegalBasisId,
        /// Its current version.
        version: u32,
        /// Salted commitment by which the holder knows the person.
        person: Hash,
        /// Salted commitment to the evidence, where the basis asks for it.
        evidence: Option<Hash>,
        /// Whether the data is sensitive.
        sensitive: bool,
    } = 3,
    /// An emergency that the requester declared for one person.
    BreakGlass {
        /// The broken glass.
        glass: Hash,
    } = 4,
}

/// A process asked for under a consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ConsentBasis {
    /// The consent relied on.
    pub consent: ConsentId,
    /// The process asked for, as one leaf of the consent's terms.
    pub leaf: TermsLeaf,
    /// The leaf's place among the terms.
    pub leaf_index: u32,
    /// The leaf's path to the root, bottom first.
    pub path: Vec<Hash>,
    /// That its purpose lies within the consent's breadth; there exactly where that is broad.
    pub purpose: Option<PurposeProof>,
}

/// By a data holder: its half of the record of a disclosure (APPI article 29).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecordUse {
    /// The access that permitted it.
    pub access: Hash,
    /// Salted commitment to what was disclosed; both halves carry the same.
    pub disclosure: Hash,
}

/// By the requester of an access: its half of the record of a disclosure (APPI article 30).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecordReceipt {
    /// The access.
    pub access: Hash,
    /// Salted commitment to what was received; both halves carry the same.
    pub disclosure: Hash,
}

/// Which half of a record somebody keeps.
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
pub enum Half {
    /// Who disclosed.
    Holder = 0,
    /// Who received.
    Recipient = 1,
}

/// By a data holder or a recipient: all disclosures of one hour between two parties, as one root,
/// so that single visits show neither in clear nor in time.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecordDisclosures {
    /// Which half the sender keeps.
    pub half: Half,
    /// Who keeps the other half.
    pub counterparty: PartyId,
    /// The hour, counted from the epoch; it must be over.
    pub hour: u32,
    /// Root of the tree over the disclosures' commitments, in ascending order.
    pub root: Hash,
    /// How many there were, at least 1.
    pub count: u32,
}

/// By a controller whose consent ended: what it did about it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AcknowledgeWithdrawal {
    /// The consent.
    pub consent: ConsentId,
    /// When the use stopped.
    pub stopped_at: Timestamp,
    /// What became of the data.
    pub deletion: Deletion,
    /// Who was told, in ascending order, each once.
    pub propagated_to: Vec<PartyId>,
}

/// What became of data whose consent ended.
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
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[repr(u8)]
pub enum Deletion {
    /// It was deleted.
    Done = 0,
    /// It is kept on a legal basis.
    Retained {
        /// The basis.
        basis: LegalBasisId,
    } = 1,
}

/// By any party that held a consent's salts or keys: they are destroyed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AcknowledgeShred {
    /// The consent, which has ended.
    pub consent: ConsentId,
    /// Salted commitment to the record of the destruction.
    pub digest: Hash,
}

/// By the payer of terms of compensation: one bulk of a month's dividends.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PayDividend {
    /// Whose terms.
    pub controller: PartyId,
    /// The terms.
    pub terms: u32,
    /// The month, as yyyymm.
    pub month: u32,
    /// Which part of the month's rows this is.
    pub chunk: u32,
    /// Who is paid how much.
    pub rows: Vec<DividendRow>,
}

/// One payment of a bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DividendRow {
    /// The creditor.
    pub to: AccountId,
    /// How much.
    pub amount: Yen,
}
