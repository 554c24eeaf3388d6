//! `Refund` and `Void`: a shop gives back what it was paid.
//!
//! Value goes back to where it came from, in the reverse of the order in which it was spent; what of it
//! is over goes to the sponsor, and no voucher becomes coin. The fee follows: what was taken of it is
//! at any time the fee of what is not refunded.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ProgrammeId, ZoneId};
use crate::json::{Whose, names, shape};
use crate::tender::LotKind;
use crate::yen::Yen;
use crate::zone::FeePart;

operation! {
    /// By the merchant's account, or by the key of one of its terminals that may, within its caps.
    pub struct Refund {
        /// The zone.
        zone: ZoneId,
        /// The payment: its request's number, or its own where it answered none.
        payment: Hash,
        /// How much.
        amount: Yen,
        /// What the sender knows to have been refunded of it before, so that none is made twice.
        before: Yen,
        /// The terminal whose key signs this transaction; the account's own keys do where it is left out.
        terminal: Option<u16>,
        /// Salted commitment to the return invoice.
        reference: Option<Hash>,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, UnknownTerminal, TerminalRightMissing, UnknownPayment, PaymentVoided,
        RefundedBefore, RefundPassesPayment, TerminalCapReached, AccountFrozen, PayeeFrozen, PayeeClosed,
        TooManyLots, InsufficientZoneFunds, IssueAllowanceExceeded, NetDebitCapReached, AmountOverflow,
    ]
    samples [
        Self {
            zone: ZoneId::new(0x0102),
            payment: hash(0x5e),
            amount: Yen::new(300),
            before: Yen::new(200),
            terminal: Some(3),
            reference: Some(hash(0x5f)),
        },
        Self {
            zone: ZoneId::new(0x0102),
            payment: hash(0x5e),
            amount: Yen::new(300),
            before: Yen::ZERO,
            terminal: None,
            reference: None,
        },
    ]
    signed by terminal in zone
}

operation! {
    /// By the merchant's account, or by the key of one of its terminals that may: the whole payment is
    /// undone, on its day in Japan and before anything of it was refunded.
    pub struct Void {
        /// The zone.
        zone: ZoneId,
        /// The payment: its request's number, or its own where it answered none.
        payment: Hash,
        /// The terminal whose key signs this transaction; the account's own keys do where it is left out.
        terminal: Option<u16>,
    }

    refused [
        NotAMoneyAccount, UnknownTerminal, TerminalRightMissing, UnknownPayment, PaymentVoided, VoidOver,
        AccountFrozen, PayeeFrozen, PayeeClosed, TooManyLots, InsufficientZoneFunds,
        IssueAllowanceExceeded, NetDebitCapReached, AmountOverflow,
    ]
    samples [Self { zone: ZoneId::new(0x0102), payment: hash(0x5e), terminal: None }]
    signed by terminal in zone
}

event! {
    /// A shop refunded.
    pub struct Refunded {
        /// The zone.
        zone: ZoneId,
        /// The payment.
        payment: Hash,
        /// Who had paid.
        payer: Whose,
        /// The merchant.
        merchant: AccountId,
        /// The terminal that did.
        terminal: Option<u16>,
        /// How much.
        amount: Yen,
        /// What of it came back as coin; the rest was of vouchers.
        coin: Yen,
        /// What is refunded of the payment so far, this included.
        refunded: Yen,
        /// Salted commitment to the return invoice.
        reference: Option<Hash>,
    }

    enters [payer, merchant]
    masks payer from merchant
}

event! {
    /// A shop undid a payment of the day.
    pub struct Voided {
        /// The zone.
        zone: ZoneId,
        /// The payment.
        payment: Hash,
        /// Who had paid.
        payer: Whose,
        /// The merchant.
        merchant: AccountId,
        /// The terminal that did.
        terminal: Option<u16>,
        /// How much.
        amount: Yen,
        /// What of it came back as coin; the rest was of vouchers.
        coin: Yen,
    }

    enters [payer, merchant]
    masks payer from merchant
}

names! {
    /// What became of what was refunded of a lot.
    pub enum LotFate {
        /// The payer has it again.
        Returned = 0 as "returned",
        /// It had ended: it is the programme's to reconcile.
        Ended = 1 as "ended",
        /// The programme takes nothing back any more: its sponsor got the yen.
        Sponsor = 2 as "sponsor",
    }
}

shape! {
    /// What was refunded of one round, bucket and kind.
    #[derive(Copy)]
    pub struct ReturnedLot {
        /// The programme.
        programme: ProgrammeId,
        /// The round in which it was bought.
        round: u16,
        /// The bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind,
        /// How much.
        amount: Yen,
        /// What became of it.
        fate: LotFate,
    }
}

event! {
    /// What was paid with vouchers was refunded or voided.
    pub struct LotsReturned {
        /// The zone.
        zone: ZoneId,
        /// The payment.
        payment: Hash,
        /// Who had paid.
        payer: Whose,
        /// The merchant.
        merchant: AccountId,
        /// What, in the order in which it went back.
        returned: Vec<ReturnedLot>,
        /// The sponsors that got what came too late for their programmes.
        sponsors: Vec<AccountId>,
    }

    enters [payer, merchant, sponsors]
    masks payer from merchant
}

event! {
    /// What of a fee is not due any more went back to the merchant.
    pub struct FeeReturned {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        merchant: AccountId,
        /// What was refunded or voided.
        gross: Yen,
        /// What went back to the merchant.
        fee: Yen,
        /// By which version of the schedule it had been taken.
        version: u32,
        /// Who gave back how much. Whoever could not is not among them.
        parts: Vec<FeePart>,
        /// What the regional fund got of that, where less of the fee is rounded down.
        fund: Option<FeePart>,
    }

    enters [merchant, parts, fund]
}
