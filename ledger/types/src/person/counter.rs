//! `RegisterCounter` and `Hasten`: which counter serves a person, and when it cannot wait.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, ConsentId, PartyId};
use crate::json::{Whose, choice};
use crate::time::Timestamp;

operation! {
    /// By the subject with its key, or by the counter itself with a form that the person signed.
    /// Without it a counter gives nothing for that person; what it ends, it ends for anybody.
    pub struct RegisterCounter {
        /// Who is served.
        subject: AccountId,
        /// Which counter.
        counter: PartyId,
        /// Salted commitment to the signed form, where the counter sends.
        form: Option<Hash>,
        /// The counter gives nothing more from here on. By the subject it may be past: then it ends
        /// at once.
        until: Timestamp,
    }

    refused [
        KeyFrozen, NotASubject, PartySuspended, PartyRoleMissing, UnknownParty, BadDeadline,
        CounterLimitReached,
    ]
    samples [
        Self { subject: account(0x60), counter: PARTY, form: None, until: time(90) },
        Self { subject: account(0x60), counter: PARTY, form: Some(hash(0x6a)), until: time(90) },
    ]
}

choice! {
    /// What must not wait.
    #[derive(Copy)]
    pub enum Urgent {
        /// A consent.
        Consent {
            /// Which one.
            consent: ConsentId,
        } = 0 as "consent",
        /// A guardian's authority.
        Delegation {
            /// For whom.
            subject: AccountId,
            /// The guardian.
            guardian: AccountId,
        } = 1 as "delegation",
    }
}

operation! {
    /// By a second counter, of another organisation than the one that entered it: what that one gave
    /// for somebody begins now.
    pub struct Hasten {
        /// What must not wait.
        urgent: Urgent,
        /// Salted commitment to the reason that the second counter saw.
        ground: Hash,
    }

    refused [
        UnknownParty, PartySuspended, PartyRoleMissing, UnknownConsent, ConsentEnded,
        ConsentExpired, UnknownDelegation, NothingToHasten, SameCounter, CounterLimitReached,
    ]
    samples [
        Self { urgent: Urgent::Consent { consent: consent() }, ground: hash(0x6b) },
        Self {
            urgent: Urgent::Delegation { subject: account(0x60), guardian: account(0x61) },
            ground: hash(0x6b),
        },
    ]
}

/// That a counter serves a person.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Counter {
    /// Salted commitment to the signed form, where the counter registered itself.
    pub form: Option<Hash>,
    /// It gives nothing more from here on.
    pub until: Timestamp,
    /// Since when.
    pub registered: Height,
}

/// Which counter entered a consent that has not begun, or that began without haste.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Entered {
    /// The counter.
    pub counter: PartyId,
}

/// What a counter gave on a day, as far as its limit goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CounterDay {
    /// The day by block time, counted from 1970.
    pub day: u64,
    /// How often.
    pub acts: u32,
}

event! {
    /// A counter serves a person from now on, or no longer.
    pub struct CounterRegistered {
        /// Who is served.
        subject: Whose,
        /// The counter.
        counter: PartyId,
        /// Until before.
        until: Timestamp,
    }

    enters [subject, counter]
}

event! {
    /// What a counter gave for somebody began at once, by a second counter.
    pub struct Hastened {
        /// For whom.
        subject: Whose,
        /// The second counter.
        counter: PartyId,
        /// The consent, where it is one.
        consent: Option<ConsentId>,
        /// To whom the consent was given.
        controller: Option<PartyId>,
        /// The guardian, where it is a guardian's authority.
        guardian: Option<Whose>,
    }

    enters [subject, counter, consent, controller, guardian]
}
