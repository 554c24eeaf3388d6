//! `Pay`: a holder pays a registered merchant inside a zone.
//!
//! The merchant does not learn who pays: it is told a pseudonym, the same for each payment of one
//! payer to this merchant and different at every other.

use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::id::{AccountId, ProgrammeId, ZoneId};
use crate::json::Whose;
use crate::tender::{LotKind, TenderLine};
use crate::yen::Yen;

operation! {
    /// By the payer.
    pub struct Pay {
        /// The zone.
        zone: ZoneId,
        /// The merchant's account.
        merchant: AccountId,
        /// How much.
        amount: Yen,
        /// How much of it is first moved from the payer's own bank balance into its sub-account,
        /// which is opened where there is none; nothing where it is left out.
        charge: Option<Yen>,
        /// What of it vouchers pay, as the payer saw it; none of them where it is left out.
        vouchers: Option<Vec<TenderLine>>,
        /// Salted commitment to the receipt that the two parties keep.
        reference: Option<Hash>,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, ChargePassesAmount, SameAccount, UnknownZone, NoZoneAccount,
        NotAMerchant, TenderChanged, AccountFrozen, PayeeFrozen, InsufficientFunds, FloatBound,
        EscrowBound, InsufficientZoneFunds, PaymentLimitReached, DayLimitReached, MonthLimitReached,
        HoldingLimitReached, NetDebitCapReached, AmountOverflow,
    ]
    samples [
        Self {
            zone: ZoneId::new(0x0102),
            merchant: account(0x22),
            amount: Yen::new(500),
            charge: None,
            vouchers: None,
            reference: Some(hash(0x23)),
        },
        Self {
            zone: ZoneId::new(0x0102),
            merchant: account(0x22),
            amount: Yen::new(500),
            charge: Some(Yen::new(200)),
            vouchers: None,
            reference: None,
        },
        Self {
            zone: ZoneId::new(0x0102),
            merchant: account(0x22),
            amount: Yen::new(500),
            charge: None,
            vouchers: Some(vec![TenderLine {
                programme: ProgrammeId::new(0x0708),
                bucket: 1,
                kind: LotKind::Free,
                amount: Yen::new(300),
            }]),
            reference: None,
        },
    ]
    follows |pay, sender| Paid {
        zone: pay.zone,
        payer: sender.into(),
        merchant: pay.merchant,
        amount: pay.amount,
        reference: pay.reference,
    }
}

event! {
    /// A merchant was paid inside a zone.
    pub struct Paid {
        /// The zone.
        zone: ZoneId,
        /// The payer.
        payer: Whose,
        /// The merchant.
        merchant: AccountId,
        /// How much.
        amount: Yen,
        /// Salted commitment to their receipt.
        reference: Option<Hash>,
    }

    enters [payer, merchant]
    masks payer from merchant
}
