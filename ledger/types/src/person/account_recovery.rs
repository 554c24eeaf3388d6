//! `ProposeAccountRecovery`, `ExecuteAccountRecovery`, `VetoAccountRecovery`: a lost key of money.

use borsh::{BorshDeserialize, BorshSerialize};

use super::KeyLoss;
use crate::authority::{Keys, WeightedKey};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId, PartyId};
use crate::time::Timestamp;

operation! {
    /// By the custodian bank's own account: the holder lost its keys. Takes effect by
    /// [`ExecuteAccountRecovery`], after a delay.
    pub struct ProposeAccountRecovery {
        /// The account.
        account: AccountId,
        /// The keys that shall act for it, each once.
        keys: Vec<WeightedKey>,
        /// The weight that a transaction needs then.
        threshold: u16,
        /// Salted commitment to the proof of identity.
        evidence: Hash,
        /// Whether the keys are in other hands: then they can neither veto nor rotate.
        loss: KeyLoss,
    }

    refused [
        NotABank, UnknownAccount, NotCustodian, AccountClosed, HolderDeceased, BadKeySet, RecoveryExists,
    ]
    samples [Self {
        account: account(0x12),
        keys: keys(),
        threshold: 0x0203,
        evidence: hash(0x19),
        loss: KeyLoss::Stolen,
    }]
}

operation! {
    /// By the custodian bank's own account.
    pub struct ExecuteAccountRecovery {
        /// The account.
        account: AccountId,
    }

    refused [NotABank, UnknownAccount, NotCustodian, UnknownRecovery, RecoveryDelayed]
    samples [Self { account: account(0x12) }]
}

operation! {
    /// By the holder, whose keys were not lost, or by a counter on proved identity: the proposal is
    /// gone.
    pub struct VetoAccountRecovery {
        /// The account, where a counter signs.
        on_behalf_of: Option<AccountId>,
    }

    refused [NotAMoneyAccount, PartySuspended, PartyRoleMissing, UnknownRecovery, KeyFrozen]
    samples [Self { on_behalf_of: None }, Self { on_behalf_of: Some(account(0x12)) }]
}

/// A proposal to give an account other keys. It is gone from the instant on at which it lapses.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AccountRecovery {
    /// The keys.
    pub keys: Keys,
    /// The weight that a transaction needs then.
    pub threshold: u16,
    /// Who proposed it.
    pub proposer: BankId,
    /// Salted commitment to the proof of identity.
    pub evidence: Hash,
    /// Whether the keys of now are in other hands.
    pub loss: KeyLoss,
    /// It can be vetoed before this, and executed from here on.
    pub executable_from: Timestamp,
    /// It can be executed before this.
    pub lapses: Timestamp,
    /// When it was proposed.
    pub proposed: Height,
}

impl AccountRecovery {
    /// Whether it has not lapsed at `now`.
    #[must_use]
    pub fn is_pending(&self, now: Timestamp) -> bool {
        now < self.lapses
    }
}

event! {
    /// Other keys were proposed for an account.
    pub struct AccountRecoveryProposed {
        /// The account.
        account: AccountId,
        /// Who proposed them.
        custodian: BankId,
        /// Whether the keys of now are in other hands.
        loss: KeyLoss,
        /// It can be vetoed until before this.
        executable_from: Timestamp,
        /// From here on it is gone.
        lapses: Timestamp,
    }

    enters [account]
}

event! {
    /// Other keys took over an account.
    pub struct AccountRecoveryExecuted {
        /// The account.
        account: AccountId,
        /// Who proposed them.
        custodian: BankId,
    }

    enters [account]
}

event! {
    /// A holder vetoed a recovery, or a counter did for it.
    pub struct AccountRecoveryVetoed {
        /// The account.
        account: AccountId,
        /// The counter, where one did.
        counter: Option<PartyId>,
    }

    enters [account, counter]
}
