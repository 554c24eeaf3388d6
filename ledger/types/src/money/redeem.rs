//! `RequestRedeem`, `ClaimRedeem`, `ReleaseRedeem`, `SettleRedeem`, `CancelRedeem`: deposit tokens paid
//! out by their custodian.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId};
use crate::time::Timestamp;
use crate::yen::Yen;

operation! {
    /// By the holder.
    pub struct RequestRedeem {
        /// Identity of this request: the day, then random bytes.
        redeem: Hash,
        /// How much.
        amount: Yen,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, RedeemExists, RedeemDayRefused, PrepaidNotRedeemable,
        AccountFrozen, InsufficientFunds, FloatBound, EscrowBound, TooManyOpenRedeems, RedeemPastTime,
    ]
    samples [Self { redeem: hash(0x14), amount: amount() }]
}

operation! {
    /// By the custodian bank's own account, before anybody is paid: until the instant that it names
    /// nobody takes the request back, and no other claims it.
    pub struct ClaimRedeem {
        /// The request.
        redeem: Hash,
        /// From here on the request is as if unclaimed.
        until: Timestamp,
    }

    refused [
        NotABank, UnknownRedeem, NotCustodian, RedeemExpired, RedeemClaimed, BadClaim, AccountFrozen,
        HolderDeceased,
    ]
    samples [Self { redeem: hash(0x19), until: time(91) }]
}

operation! {
    /// By the custodian bank's own account: what it claimed was not paid.
    pub struct ReleaseRedeem {
        /// The request.
        redeem: Hash,
    }

    refused [NotABank, UnknownRedeem, NotCustodian, RedeemExpired, RedeemNotClaimed]
    samples [Self { redeem: hash(0x19) }]
}

operation! {
    /// By the custodian bank's own account, of a request that it claimed and paid.
    pub struct SettleRedeem {
        /// The request.
        redeem: Hash,
    }

    refused [
        NotABank, UnknownRedeem, NotCustodian, RedeemExpired, RedeemNotClaimed, AccountFrozen,
        AmountOverflow,
    ]
    samples [Self { redeem: hash(0x15) }]
}

operation! {
    /// By the holder or the custodian bank's own account, while no claim lasts.
    pub struct CancelRedeem {
        /// The request.
        redeem: Hash,
    }

    refused [NotAMoneyAccount, UnknownRedeem, NotCustodian, RedeemExpired, RedeemClaimed]
    samples [Self { redeem: hash(0x16) }]
}

/// A redeem request. It is open while its status says so and its time has not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Redeem {
    /// Whose tokens.
    pub account: AccountId,
    /// Which bank pays.
    pub bank: BankId,
    /// How much.
    pub amount: Yen,
    /// From when on it has lapsed, where nothing ended it before.
    pub expires: Timestamp,
    /// How it stands.
    pub status: RedeemStatus,
    /// Until when the bank claimed it, and did not release it; not after `expires`. It stays when
    /// that instant has come: the bank paid or did not, and may still settle.
    pub claimed_until: Option<Timestamp>,
}

impl Redeem {
    /// Until when a claim lasts that lasts now.
    #[must_use]
    pub fn claim(&self, now: Timestamp) -> Option<Timestamp> {
        self.claimed_until.filter(|until| now < *until)
    }
}

/// How a redeem request stands. One that lapsed keeps `Open`: time alone says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum RedeemStatus {
    /// Neither settled nor cancelled.
    Open = 0,
    /// The bank paid.
    Settled = 1,
    /// The value was given back.
    Cancelled = 2,
}

/// The redeem requests whose amounts make up an account's `held`; the record exists while any do.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenRedeems {
    /// In the order in which they were made, which is also that of their expiry.
    pub requests: Vec<OpenRedeem>,
}

impl OpenRedeems {
    /// What lapsed requests hold at `now`, though nothing released it yet; `None` past the range
    /// of amounts, which the account's `held` excludes.
    #[must_use]
    pub fn lapsed(&self, now: Timestamp) -> Option<Yen> {
        self.requests
            .iter()
            .filter(|request| request.expires <= now)
            .try_fold(Yen::ZERO, |sum, request| sum.checked_add(request.amount))
    }
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct OpenRedeem {
    /// The request.
    pub redeem: Hash,
    /// How much it holds.
    pub amount: Yen,
    /// From when on it holds nothing.
    pub expires: Timestamp,
}

event! {
    /// A holder asked for deposit tokens to be paid out.
    pub struct RedeemRequested {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
        /// When the request lapses.
        expires: Timestamp,
    }

    enters [account, bank_account]
}

event! {
    /// A bank is about to pay out.
    pub struct RedeemClaimed {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
        /// From here on the holder may take the request back again.
        until: Timestamp,
    }

    enters [account, bank_account]
}

event! {
    /// A bank did not pay out what it claimed.
    pub struct RedeemReleased {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account, bank_account]
}

event! {
    /// A bank paid out.
    pub struct RedeemSettled {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account, bank_account]
}

event! {
    /// Held value was given back.
    pub struct RedeemCancelled {
        /// The request.
        redeem: Hash,
        /// The holder.
        account: AccountId,
        /// The bank.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account, bank_account]
}
