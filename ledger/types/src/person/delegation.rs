//! `Delegate` and `EndDelegation`: a guardian's authority over a data subject's consents.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::AccountId;
use crate::json::{Whose, set};
use crate::key::PublicKey;
use crate::time::Timestamp;

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

operation! {
    /// By the subject itself, or by a counter.
    pub struct Delegate {
        /// For whom the guardian acts.
        subject: AccountId,
        /// The key that the subject's account derives from, where the ledger shall know the subject
        /// from here on; a counter alone gives one.
        subject_key: Option<PublicKey>,
        /// The guardian's account as a data subject.
        guardian: AccountId,
        /// What the guardian may do.
        powers: GuardianPowers,
        /// The age boundary, or an earlier end: the authority is over from here on.
        until: Timestamp,
        /// Salted commitment to the proof of guardianship.
        evidence: Hash,
    }

    refused [
        NotASubject, PartySuspended, PartyRoleMissing, BadSubjectKey, BadDelegation,
        DelegationExists,
    ]
    samples [Self {
        subject: account(0x60),
        subject_key: Some(key(4).public_key()),
        guardian: account(0x61),
        powers: GuardianPowers::GRANT.with(GuardianPowers::RESPOND),
        until: time(90),
        evidence: hash(0x67),
    }]
}

operation! {
    /// By the subject, the guardian, or a counter.
    pub struct EndDelegation {
        /// For whom the guardian acted.
        subject: AccountId,
        /// The guardian.
        guardian: AccountId,
    }

    refused [NotASubject, PartySuspended, PartyRoleMissing, UnknownDelegation]
    samples [Self { subject: account(0x60), guardian: account(0x61) }]
}

/// A guardian's authority over a data subject's consents.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Delegation {
    /// What the guardian may do.
    pub powers: GuardianPowers,
    /// The authority is over from here on.
    pub until: Timestamp,
    /// Salted commitment to the proof of guardianship.
    pub evidence: Hash,
    /// When it was given.
    pub given: Height,
    /// When it was ended before its time, if it was.
    pub ended: Option<Height>,
}

impl Delegation {
    /// Whether the guardian has authority at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.until
    }
}

event! {
    /// A guardian got authority.
    pub struct DelegationGiven {
        /// For whom it acts.
        subject: Whose,
        /// The guardian.
        guardian: Whose,
        /// Until before.
        until: Timestamp,
    }

    enters [subject, guardian]
}

event! {
    /// A guardian's authority ended early.
    pub struct DelegationEnded {
        /// For whom it acted.
        subject: Whose,
        /// The guardian.
        guardian: Whose,
    }

    enters [subject, guardian]
}

set! {
    GuardianPowers as "GuardianPower" {
        "grant" = Self::GRANT,
        "withdraw" = Self::WITHDRAW,
        "respond" = Self::RESPOND,
    }
}
