//! `TransferEstate`: what a deceased holder left goes to an heir.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId, ZoneId};
use crate::yen::Yen;

operation! {
    /// By the custodian bank's own account, whose keys have a maker and a checker; both sign. Several
    /// heirs are several operations. What lies in zones comes back into the balance first, so that yen
    /// can be shared out.
    pub struct TransferEstate {
        /// The deceased's account.
        account: AccountId,
        /// An heir's account, at this bank or another.
        to: AccountId,
        /// How much; nothing where vouchers alone go.
        amount: Yen,
        /// The zones in which all vouchers of the deceased go to this heir, with the end that they have;
        /// in ascending order, each once.
        vouchers: Vec<ZoneId>,
        /// Salted commitment to the document that says who inherits what.
        evidence: Hash,
    }

    refused [
        NotABank, UnknownAccount, NotCustodian, NotDeceased, TwoApprovalsMissing, ZeroAmount,
        NoVouchers, SameAccount, KycLevelTooLow, PrepaidNotRedeemable, FloatRefused, PayeeFrozen,
        PayeeClosed, AccountFrozen, TooManyLots, InsufficientFunds, HoldingLimitReached,
        IssueAllowanceExceeded, NetDebitCapReached, AmountOverflow,
    ]
    samples [Self {
        account: account(0x12),
        to: account(0x17),
        amount: amount(),
        vouchers: vec![ZoneId::new(0x0102)],
        evidence: hash(0x18),
    }]
}

event! {
    /// A bank moved what a deceased holder left.
    pub struct EstateTransferred {
        /// The deceased's account.
        account: AccountId,
        /// The heir's.
        to: AccountId,
        /// The deceased's custodian.
        custodian: BankId,
        /// How much.
        amount: Yen,
    }

    enters [account, to]
}

event! {
    /// A bank moved the vouchers that a deceased holder left in a zone.
    pub struct EstateLots {
        /// The zone.
        zone: ZoneId,
        /// The deceased's account.
        account: AccountId,
        /// The heir's.
        to: AccountId,
        /// What they are worth.
        amount: Yen,
    }

    enters [account, to]
}
