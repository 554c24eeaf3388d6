//! `Issue`: a bank creates deposit tokens in an account it keeps, within its allowance.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::height::Height;
use crate::id::{AccountId, BankId};
use crate::yen::Yen;

operation! {
    /// By the custodian bank's own account, within its issue allowance.
    pub struct Issue {
        /// The account credited.
        account: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to the core banking entry; a repeated one is refused.
        core_banking_ref: Hash,
    }

    refused [
        NotABank, ZeroAmount, UnknownAccount, NotCustodian, KycLevelTooLow, PayeeFrozen,
        ReferenceRepeated, IssueAllowanceExceeded, AmountOverflow,
    ]
    samples [Self { account: account(0x12), amount: amount(), core_banking_ref: hash(0x13) }]
}

/// A core banking reference that a bank used; the record's being there says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CoreReference {
    /// When.
    pub used: Height,
}

event! {
    /// A bank created deposit tokens.
    pub struct Issued {
        /// The account credited.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// How much.
        amount: Yen,
    }

    enters [account]
}
