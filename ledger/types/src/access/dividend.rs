//! `PayDividend`: a month's dividends (情報の対価) in bulk, so that no payment tells of a use.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::facts::{event, operation};
use crate::height::Height;
use crate::id::{AccountId, PartyId};
use crate::json::shape;
use crate::yen::Yen;

operation! {
    /// By the payer of terms of compensation: one bulk of a month's dividends.
    pub struct PayDividend {
        /// Whose terms.
        controller: PartyId,
        /// The terms.
        terms: u32,
        /// The month, as yyyymm.
        month: u32,
        /// Which part of the month's rows this is.
        chunk: u32,
        /// Who is paid how much.
        rows: Vec<DividendRow>,
    }

    refused [
        NotAMoneyAccount, UnknownTerms, NotTermsPayer, BadDividend, DividendPaid, ZeroAmount,
        SameAccount, UnknownAccount, KycLevelTooLow, PayeeFrozen, PayeeClosed, AccountFrozen,
        InsufficientFunds, PaymentLimitReached, SendLimitReached, DayLimitReached, MonthLimitReached,
        SendMonthLimitReached, HoldingLimitReached, NetDebitCapReached, AmountOverflow,
    ]
    samples [Self {
        controller: PARTY,
        terms: 6,
        month: 202_611,
        chunk: 1,
        rows: vec![
            DividendRow { to: account(0x87), amount: Yen::new(30) },
            DividendRow { to: account(0x88), amount: Yen::new(40) },
        ],
    }]
}

shape! {
    /// One payment of a bulk.
    #[derive(Copy)]
    pub struct DividendRow {
        /// The creditor.
        to: AccountId,
        /// How much.
        amount: Yen,
    }
}

/// A part of a month's dividends that was paid.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Dividend {
    /// How many were paid.
    pub rows: u32,
    /// When.
    pub paid: Height,
}

event! {
    /// A part of a month's dividends was paid.
    pub struct DividendPaid {
        /// Whose terms.
        controller: PartyId,
        /// The terms.
        terms: u32,
        /// The month, as yyyymm.
        month: u32,
        /// The part.
        chunk: u32,
        /// How many were paid.
        rows: u32,
    }

    enters [controller]
}
