//! `RequestPayout`, `CancelPayout`, `SendPayout`, `CompletePayout`, `ReturnPayout`.
//!
//! What is asked for is held until the shop or its bank takes it back or the bank says what became of
//! it. It is sent on a business day of the bank and under the number of the bank's file, and then either
//! arrived or was returned; what was returned is the shop's again.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, BankId, ZoneId};
use crate::japan::JapanDay;
use crate::json::names;
use crate::yen::Yen;

operation! {
    /// By a merchant's own account: out of what it has in the zone.
    pub struct RequestPayout {
        /// Identity of this payout: the day, then random bytes.
        payout: Hash,
        /// The zone.
        zone: ZoneId,
        /// How much leaves the zone, fee included.
        amount: Yen,
        /// The part of it that the shop bears for the transfer, as its bank says it.
        fee: Yen,
        /// Salted commitment to the list of payments that it is of, with what is deducted.
        statement: Option<Hash>,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, UnknownZone, NotAMerchant, PayoutExists, PayoutDayRefused,
        NoPayoutAccount, PayoutFeeDiffers, PayoutTooSmall, AccountFrozen, NoZoneAccount,
        InsufficientZoneFunds, KeptInZone, TooManyOpenRedeems, AmountOverflow,
    ]
    samples [Self {
        payout: hash(0x62),
        zone: ZoneId::new(0x0102),
        amount: Yen::new(48_000),
        fee: Yen::new(110),
        statement: Some(hash(0x63)),
    }]
}

operation! {
    /// By the shop or its bank's own account, before it is sent.
    pub struct CancelPayout {
        /// The payout.
        payout: Hash,
    }

    refused [NotAMoneyAccount, UnknownPayout, NotCustodian, PayoutNotWaiting]
    samples [Self { payout: hash(0x62) }]
}

operation! {
    /// By the bank's own account, before its file is handed over to be sent.
    pub struct SendPayout {
        /// The payout.
        payout: Hash,
        /// The day of the transfer: one on which the bank sends, from the block's on, at most 31 ahead.
        on: JapanDay,
        /// Salted commitment to the file that it is in: the bare hash of one would tell a number that is
        /// guessed.
        file: Hash,
    }

    refused [
        NotABank, UnknownPayout, NotCustodian, PayoutNotWaiting, NotABankDay, KeptInZone, AccountFrozen,
    ]
    samples [Self { payout: hash(0x62), on: JapanDay::new(20_822), file: hash(0x64) }]
}

operation! {
    /// By the bank's own account, from the day of the transfer on: the money is there.
    pub struct CompletePayout {
        /// The payout.
        payout: Hash,
    }

    refused [NotABank, UnknownPayout, NotCustodian, PayoutNotSent, AmountOverflow]
    samples [Self { payout: hash(0x62) }]
}

names! {
    /// Why a transfer came back, in the words of those who send transfers.
    pub enum ReturnReason {
        /// There is no such account.
        NoAccount = 0 as "no_account",
        /// The account has another name.
        NameDiffers = 1 as "name_differs",
        /// The account was closed.
        AccountClosed = 2 as "account_closed",
        /// The other bank takes nothing for it.
        Refused = 3 as "refused",
        /// The bank did not send it after all.
        NotSent = 4 as "not_sent",
    }
}

operation! {
    /// By the bank's own account: it did not arrive, and is the shop's again.
    pub struct ReturnPayout {
        /// The payout.
        payout: Hash,
        /// Why.
        reason: ReturnReason,
    }

    refused [NotABank, UnknownPayout, NotCustodian, PayoutNotSent]
    samples [Self { payout: hash(0x62), reason: ReturnReason::NameDiffers }]
}

/// A payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Payout {
    /// Whose.
    pub account: AccountId,
    /// Which bank sends it.
    pub bank: BankId,
    /// Out of which zone.
    pub zone: ZoneId,
    /// How much, fee included.
    pub amount: Yen,
    /// What the shop bears for the transfer.
    pub fee: Yen,
    /// Where to: the commitment that held when it was asked for.
    pub destination: Hash,
    /// Commitment to the list of payments.
    pub statement: Option<Hash>,
    /// How it stands.
    pub status: PayoutStatus,
}

/// How a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum PayoutStatus {
    /// It waits for the bank.
    Requested,
    /// The bank sends it.
    Sent {
        /// On this day.
        on: JapanDay,
        /// In this file.
        file: Hash,
    },
    /// It arrived.
    Completed,
    /// It came back.
    Returned {
        /// Why.
        reason: ReturnReason,
    },
    /// It was taken back before it was sent.
    Cancelled,
}

impl PayoutStatus {
    /// Whether anything more happens to it.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        match self {
            Self::Requested | Self::Sent { .. } => false,
            Self::Completed | Self::Returned { .. } | Self::Cancelled => true,
        }
    }
}

event! {
    /// A shop asked for a payout.
    pub struct PayoutRequested {
        /// The payout.
        payout: Hash,
        /// Whose.
        account: AccountId,
        /// Which bank sends it.
        bank: BankId,
        /// The bank's own account.
        bank_account: AccountId,
        /// Out of which zone.
        zone: ZoneId,
        /// How much, fee included.
        amount: Yen,
        /// What the shop bears for the transfer.
        fee: Yen,
        /// Where to.
        destination: Hash,
        /// Commitment to the list of payments.
        statement: Option<Hash>,
    }

    enters [account, bank_account]
}

event! {
    /// A payout was taken back before it was sent.
    pub struct PayoutCancelled {
        /// The payout.
        payout: Hash,
        /// Whose.
        account: AccountId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account, bank_account]
}

event! {
    /// A bank sends a payout.
    pub struct PayoutSent {
        /// The payout.
        payout: Hash,
        /// Whose.
        account: AccountId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much, fee included.
        amount: Yen,
        /// What the shop bears for the transfer.
        fee: Yen,
        /// The day of the transfer.
        on: JapanDay,
        /// The file.
        file: Hash,
    }

    enters [account, bank_account]
}

event! {
    /// A payout arrived.
    pub struct PayoutCompleted {
        /// The payout.
        payout: Hash,
        /// Whose.
        account: AccountId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much, fee included.
        amount: Yen,
        /// What the shop bore for the transfer.
        fee: Yen,
    }

    enters [account, bank_account]
}

event! {
    /// A payout came back.
    pub struct PayoutReturned {
        /// The payout.
        payout: Hash,
        /// Whose.
        account: AccountId,
        /// The bank's own account.
        bank_account: AccountId,
        /// How much, fee included.
        amount: Yen,
        /// Why.
        reason: ReturnReason,
    }

    enters [account, bank_account]
}
