//! `Delegate` and `EndDelegation`: a guardian's authority over a data subject's consents.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, PartyId};
use crate::json::Whose;
use crate::key::PublicKey;
use crate::newtype::set;
use crate::time::Timestamp;

set! {
    /// What a guardian may do, as a set of bits.
    pub struct GuardianPowers(u8) as "GuardianPower" {
        /// Consent on the subject's behalf.
        GRANT = 0 as "grant",
        /// Withdraw on the subject's behalf.
        WITHDRAW = 1 as "withdraw",
        /// Answer requests for renewal on the subject's behalf.
        RESPOND = 2 as "respond",
        /// Read the subject's consents and logs.
        READ = 3 as "read",
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
        /// The guardian's account as a data subject, or a party's.
        guardian: AccountId,
        /// What the guardian may do.
        powers: GuardianPowers,
        /// The authority begins here; by a counter, after its delay.
        from: Timestamp,
        /// The age boundary, or an earlier end: the authority is over from here on.
        until: Timestamp,
        /// Salted commitment to the proof of guardianship.
        evidence: Hash,
    }

    refused [
        KeyFrozen, NotASubject, PartySuspended, PartyRoleMissing, BadSubjectKey, BadDelegation,
        DelegationExists, CounterNotRegistered, CounterLimitReached, TooSoonForAnother,
    ]
    samples [Self {
        subject: account(0x60),
        subject_key: Some(key(4).public_key()),
        guardian: account(0x61),
        powers: GuardianPowers::GRANT.with(GuardianPowers::RESPOND),
        from: time(30),
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
    /// The authority begins here.
    pub from: Timestamp,
    /// The authority is over from here on.
    pub until: Timestamp,
    /// Salted commitment to the proof of guardianship.
    pub evidence: Hash,
    /// The counter that entered it, where one did.
    pub counter: Option<PartyId>,
    /// When it was given.
    pub given: Height,
    /// When it was ended before its time, if it was.
    pub ended: Option<Height>,
}

impl Delegation {
    /// Whether the guardian has authority at `now` and one of these powers: asked for each act and
    /// for each read.
    #[must_use]
    pub fn may(&self, powers: GuardianPowers, now: Timestamp) -> bool {
        self.is_in_force(now) && self.powers.intersects(powers)
    }

    /// Whether the guardian has authority at `now`, with whatever powers.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.from <= now && self.goes_on(now)
    }

    /// Whether it has neither ended nor run out, begun or not: it can be ended before it begins.
    #[must_use]
    pub fn goes_on(&self, now: Timestamp) -> bool {
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
        /// From here on.
        from: Timestamp,
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
