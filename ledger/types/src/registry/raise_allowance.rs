//! `RaiseAllowance`: who keeps an account gives it more than its kind's allowance, out of its own.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::allowance::Allowance;
use crate::facts::{event, operation};
use crate::id::{AccountId, ConsentId, ZoneId};
use crate::json::{Whose, choice};
use crate::time::Timestamp;

choice! {
    /// Whose allowance is raised, and so by whom.
    #[derive(Copy)]
    pub enum RaiseFor {
        /// A holder's, by the bank that keeps the account.
        Holder {
            /// The account.
            account: AccountId,
        } = 0 as "holder",
        /// A data subject's, by the controller to whom this consent of its was given.
        Subject {
            /// The consent.
            consent: ConsentId,
        } = 1 as "subject",
        /// A merchant's, by the operator of the zone.
        Merchant {
            /// The zone.
            zone: ZoneId,
            /// The merchant's account.
            merchant: AccountId,
        } = 2 as "merchant",
    }
}

operation! {
    /// From the next block on the payer may use so much more, and the sender so much less, until an
    /// instant. It replaces what the sender gave the same payer before; nobody falls under what its
    /// kind has.
    pub struct RaiseAllowance {
        /// Whose allowance.
        whose: RaiseFor,
        /// How much more at once.
        burst: u32,
        /// How much more comes back in a minute.
        per_minute: u32,
        /// From here on both have what they had, without a transaction.
        until: Timestamp,
    }

    refused [
        NotABank, UnknownAccount, NotCustodian, UnknownParty, PartySuspended, PartyRoleMissing,
        UnknownConsent, NotConsentController, ConsentEnded, ConsentExpired, UnknownZone,
        NotZoneOperator, NotAMerchant, BadRaise, RaisedByAnother, AllowanceTooSmall, TooManyRaises,
    ]
    samples [
        Self {
            whose: RaiseFor::Holder { account: account(0x12) },
            burst: 512,
            per_minute: 60,
            until: time(90),
        },
        Self {
            whose: RaiseFor::Subject { consent: consent() },
            burst: 512,
            per_minute: 60,
            until: time(90),
        },
        Self {
            whose: RaiseFor::Merchant { zone: ZoneId::new(0x0102), merchant: account(0x21) },
            burst: 512,
            per_minute: 60,
            until: time(90),
        },
    ]
}

/// What a payer was given. It counts while its time has not come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Raise {
    /// Who gave it.
    pub by: AccountId,
    /// How much more than its kind has.
    pub more: Allowance,
    /// It counts no more from here on.
    pub until: Timestamp,
}

/// What a payer gave others of its allowance, in order of the instants at which it comes back.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Given {
    /// Each instant once.
    pub until: Vec<GivenUntil>,
}

/// What comes back at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct GivenUntil {
    /// When.
    pub until: Timestamp,
    /// How much.
    pub allowance: Allowance,
}

event! {
    /// A payer was given more than its kind's allowance, out of another's.
    pub struct AllowanceRaised {
        /// Whose allowance.
        account: Whose,
        /// Who gave it.
        giver: AccountId,
        /// How much more at once.
        burst: u32,
        /// How much more comes back in a minute.
        per_minute: u32,
        /// It counts no more from here on.
        until: Timestamp,
    }

    enters [account, giver]
}
