//! `SetNetDebitCap`: the settlement operator bounds what a bank may owe the others on net.

use crate::facts::{event, operation};
use crate::id::{AccountId, BankId};
use crate::yen::Yen;

operation! {
    /// By the settlement operator's account.
    pub struct SetNetDebitCap {
        /// The bank.
        bank: BankId,
        /// The most it may owe the others on net.
        cap: Yen,
    }

    refused [MemberRoleMissing, UnknownBank, IssuerHasNoPosition]
    samples [Self { bank: BankId::new(126), cap: amount() }]
}

event! {
    /// A bank's net debit cap was set.
    pub struct NetDebitCapSet {
        /// The bank.
        bank: BankId,
        /// The cap.
        cap: Yen,
        /// Who set it.
        operator: AccountId,
    }

    enters [operator]
}
