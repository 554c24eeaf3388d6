//! What people may do beside consenting: contacts, objections, requests, guardians and recovery.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::consent::{LegalBasisId, PartyId};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::key::PublicKey;
use crate::time::Timestamp;

/// By a data subject: where requests for renewal reach it, without an address.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RegisterContact {
    /// The mailbox's opaque name.
    pub mailbox: Hash,
}

/// By a data subject, or by a counter for people who are not users and for the bereaved.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StopOptOut {
    /// Whose scheme.
    pub controller: PartyId,
    /// The scheme.
    pub scheme: u32,
    /// Salted commitment by which the controller knows the person.
    pub person: Hash,
    /// Salted commitment to the proof of identity, where a counter asks.
    pub evidence: Option<Hash>,
}

/// What a subject asks of a controller (APPI articles 33 to 35).
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
pub enum RequestKind {
    /// To see it.
    Access = 0,
    /// To correct it.
    Correct = 1,
    /// To stop its use.
    Stop = 2,
    /// To erase it.
    Erase = 3,
}

/// By a data subject, or by a counter on its behalf.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SubjectRequest {
    /// Identity of this request, chosen at random.
    pub request: Hash,
    /// Of whom it is asked.
    pub controller: PartyId,
    /// What is asked.
    pub kind: RequestKind,
    /// Salted commitment to the request's content.
    pub commitment: Hash,
    /// The subject, where a counter asks.
    pub on_behalf_of: Option<AccountId>,
}

/// By the controller that was asked.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AnswerSubjectRequest {
    /// The request.
    pub request: Hash,
    /// What came of it.
    pub outcome: RequestOutcome,
    /// Salted commitment to the answer's content.
    pub commitment: Hash,
}

/// What came of a subject's request.
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
pub enum RequestOutcome {
    /// All of it was done.
    Done = 0,
    /// None of it, on a legal basis.
    Refused {
        /// The basis.
        basis: LegalBasisId,
    } = 1,
    /// Some of it.
    Partly = 2,
}

/// What a guardian may do, as a set of bits.
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
pub struct GuardianPowers(u8);

impl GuardianPowers {
    /// Consent on the subject's behalf.
    pub const GRANT: Self = Self(1);
    /// Withdraw on the subject's behalf.
    pub const WITHDRAW: Self = Self(1 << 1);
    /// Answer requests for renewal on the subject's behalf.
    pub const RESPOND: Self = Self(1 << 2);
    /// Every power that is defined.
    pub const ALL: Self = Self(0b111);

    /// The powers of these bits, or `None` where a bit has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 { Some(Self(bits)) } else { None }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These powers and `other`'s.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any power of `other` is among these.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// By the subject itself, or by a counter.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delegate {
    /// For whom the guardian acts.
    pub subject: AccountId,
    /// The key that the subject's account derives from, where the ledger shall know the subject
    /// from here on; a counter alone gives one.
    pub subject_key: Option<PublicKey>,
    /// The guardian's account as a data subject.
    pub guardian: AccountId,
    /// What the guardian may do.
    pub powers: GuardianPowers,
    /// The age boundary, or an earlier end: the authority is over from here on.
    pub until: Timestamp,
    /// Salted commitment to the proof of guardianship.
    pub evidence: Hash,
}

/// By the subject, the guardian, or a counter.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EndDelegation {
    /// For whom the guardian acted.
    pub subject: AccountId,
    /// The guardian.
    pub guardian: AccountId,
}

/// By a counter: the subject lost its key. Takes effect by [`ExecuteRecovery`], after a delay.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ProposeRecovery {
    /// The subject.
    pub subject: AccountId,
    /// The key that shall act for it.
    pub key: PublicKey,
    /// Salted commitment to the proof of identity.
    pub evidence: Hash,
}

/// By the counter that proposed it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ExecuteRecovery {
    /// The subject.
    pub subject: AccountId,
}

/// By the subject, whose key was not lost: the proposal is gone.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct VetoRecovery;
