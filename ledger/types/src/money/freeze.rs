//! `Freeze` and `Unfreeze`: a custodian stops an account's money for a time, on a ground of law.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId};
use crate::json::names;
use crate::time::Timestamp;

names! {
    /// Which way an account's money is stopped.
    pub enum FreezeDirection {
        /// None leaves it.
        Out = 0 as "out",
        /// None comes in, but for what was its own.
        In = 1 as "in",
        /// Neither.
        Both = 2 as "both",
    }
}

impl FreezeDirection {
    /// Whether no money may leave.
    #[must_use]
    pub const fn stops_out(self) -> bool {
        matches!(self, Self::Out | Self::Both)
    }

    /// Whether no money may come in.
    #[must_use]
    pub const fn stops_in(self) -> bool {
        matches!(self, Self::In | Self::Both)
    }
}

names! {
    /// On what ground an account is frozen: a code and never words, which could tell of a person.
    pub enum FreezeBasis {
        /// A court or an authority attached it (Civil Execution Act article 143, National Tax
        /// Collection Act article 62).
        Attachment = 0 as "attachment",
        /// It is suspected of use in a fraud (Act on Damage Recovery Benefit, article 3).
        Fraud = 1 as "fraud",
        /// A transaction is suspicious (Act on Prevention of Transfer of Criminal Proceeds,
        /// article 8).
        CriminalProceeds = 2 as "criminal_proceeds",
        /// Assets are to be frozen (Foreign Exchange and Foreign Trade Act, article 16).
        Sanction = 3 as "sanction",
        /// Its holder asked for it: a key or a device was lost or stolen.
        Holder = 4 as "holder",
        /// Its holder died.
        Death = 5 as "death",
    }
}

operation! {
    /// By the custodian bank's own account. It concerns money alone: consents and withdrawals stay,
    /// and so do the release of what is held and what comes back of the holder's own.
    pub struct Freeze {
        /// The account.
        account: AccountId,
        /// Which way.
        direction: FreezeDirection,
        /// On what ground.
        basis: FreezeBasis,
        /// Salted commitment to the order or the file behind it.
        ground: Hash,
        /// From here on the account is free without a transaction.
        until: Timestamp,
    }

    refused [NotABank, UnknownAccount, NotCustodian, FreezeExists, BadFreeze]
    samples [Self {
        account: account(0x12),
        direction: FreezeDirection::Both,
        basis: FreezeBasis::Fraud,
        ground: hash(0x18),
        until: time(90),
    }]
}

operation! {
    /// By the custodian bank's own account: the account is free before its time.
    pub struct Unfreeze {
        /// The account.
        account: AccountId,
    }

    refused [NotABank, UnknownAccount, NotCustodian, NotFrozen]
    samples [Self { account: account(0x12) }]
}

/// That an account is frozen. It is in force while its time has not come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Frozen {
    /// Which way.
    pub direction: FreezeDirection,
    /// On what ground.
    pub basis: FreezeBasis,
    /// Salted commitment to what is behind it.
    pub ground: Hash,
    /// The account is free from here on.
    pub until: Timestamp,
    /// Who froze it.
    pub by: BankId,
    /// When.
    pub frozen: Height,
}

impl Frozen {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

event! {
    /// A bank froze an account.
    pub struct AccountFrozen {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
        /// Which way.
        direction: FreezeDirection,
        /// On what ground.
        basis: FreezeBasis,
        /// The account is free from here on.
        until: Timestamp,
    }

    enters [account]
}

event! {
    /// A bank freed an account before its time.
    pub struct AccountUnfrozen {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    }

    enters [account]
}
