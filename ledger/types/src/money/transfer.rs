//! `Transfer`: a holder pays another account, within a custodian or across custodians.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::AccountId;
use crate::yen::Yen;

operation! {
    /// By the debtor.
    pub struct Transfer {
        /// The creditor.
        to: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to a reference that the two parties keep.
        reference: Option<Hash>,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, SameAccount, UnknownAccount, KycLevelTooLow,
        PrepaidNotRedeemable, FloatRefused, PayeeFrozen, PayeeClosed, AccountFrozen,
        InsufficientFunds, FloatBound, EscrowBound, PaymentLimitReached, SendLimitReached,
        DayLimitReached, MonthLimitReached, SendMonthLimitReached, HoldingLimitReached,
        IssueAllowanceExceeded, NetDebitCapReached, AmountOverflow,
    ]
    samples [Self { to: account(0x17), amount: amount(), reference: Some(hash(0x18)) }, Self { to: account(0x17), amount: amount(), reference: None }]
    follows |transfer, sender| Transferred {
        debtor: sender,
        creditor: transfer.to,
        amount: transfer.amount,
        reference: transfer.reference,
    }
}

event! {
    /// A holder paid another.
    pub struct Transferred {
        /// The debtor.
        debtor: AccountId,
        /// The creditor.
        creditor: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to their reference.
        reference: Option<Hash>,
    }

    enters [debtor, creditor]
}
