//! `CloseAccount`, `MarkDeceased` and `CorrectDeath`: how accounts end, and how a death that was none
//! is taken back.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId};
use crate::json::names;

names! {
    /// Whether an account still lives. It is never removed: many proofs rest on it.
    pub enum AccountStatus {
        /// It sends and receives.
        Open = 0 as "open",
        /// Its holder died: it receives, and its custodian alone moves what it has.
        Deceased = 1 as "deceased",
        /// It has nothing, sends nothing and receives nothing, for good.
        Closed = 2 as "closed",
    }
}

operation! {
    /// By the holder, or by the custodian bank's own account. Empty sub-accounts in zones go with it.
    /// Consents are no part of an account that holds money, and stay as they are.
    pub struct CloseAccount {
        /// The account.
        account: AccountId,
    }

    refused [
        NotAMoneyAccount, UnknownAccount, NotCustodian, AccountClosed, AccountInUse, AccountFrozen,
        RecoveryExists, AccountNotEmpty, StillAMerchant, ZoneFundsLeft, VouchersLeft,
    ]
    samples [Self { account: account(0x12) }]
}

operation! {
    /// By the custodian bank's own account: the holder died. Nothing goes out any more by its keys;
    /// what comes in is taken. A recovery that waits ends, and redeem requests that the bank did not
    /// claim are given back.
    pub struct MarkDeceased {
        /// The account.
        account: AccountId,
        /// Salted commitment to the document that says so.
        evidence: Hash,
    }

    refused [
        NotABank, UnknownAccount, NotCustodian, AccountClosed, AlreadyDeceased, NotAPerson,
        AccountInUse,
    ]
    samples [Self { account: account(0x12), evidence: hash(0x18) }]
}

operation! {
    /// By the custodian bank's own account: the holder lives after all. Its keys act again.
    pub struct CorrectDeath {
        /// The account.
        account: AccountId,
        /// Salted commitment to the document that says so.
        evidence: Hash,
    }

    refused [NotABank, UnknownAccount, NotCustodian, NotDeceased]
    samples [Self { account: account(0x12), evidence: hash(0x18) }]
}

event! {
    /// An account was closed.
    pub struct AccountClosed {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    }

    enters [account]
}

event! {
    /// A bank marked an account's holder as deceased.
    pub struct DeceasedMarked {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    }

    enters [account]
}

event! {
    /// A bank took back that an account's holder had died.
    pub struct DeathCorrected {
        /// The account.
        account: AccountId,
        /// Its custodian.
        custodian: BankId,
    }

    enters [account]
}
