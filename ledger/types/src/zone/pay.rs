//! `Pay`: a holder pays a registered merchant inside a zone.
//!
//! The merchant does not learn who pays: it is told a pseudonym, the same for each payment of one
//! payer to this merchant and different at every other.

use super::request::{AnsweredRequest, PaymentRequest, ShopPlace, request_id};
use crate::facts::{event, operation};
use crate::hash::Hash;
use crate::hash::NetworkId;
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
        /// Salted commitment to the receipt that the two parties keep; a request has one of its own.
        reference: Option<Hash>,
        /// The terminal's request that it answers; none where the payer read a code that stays, or none.
        request: Option<AnsweredRequest>,
        /// That the payer knows that it paid this shop as much within three minutes; of payments
        /// without a request alone.
        again: bool,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, ChargePassesAmount, SameAccount, UnknownZone, NoZoneAccount,
        NotAMerchant, MerchantClosed, RequestUnusable, UnknownTerminal, TerminalRightMissing, RequestExpired, RequestUsed,
        FeeScheduleDiffers, LikelyDuplicate, TenderChanged, AccountFrozen, PayeeFrozen, InsufficientFunds, FloatBound,
        EscrowBound, InsufficientZoneFunds, KeptInZone, PaymentLimitReached, DayLimitReached, MonthLimitReached,
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
            request: None,
            again: false,
        },
        Self {
            zone: ZoneId::new(0x0102),
            merchant: account(0x22),
            amount: Yen::new(500),
            charge: Some(Yen::new(200)),
            vouchers: None,
            reference: None,
            request: None,
            again: true,
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
            request: Some(answered_request()),
            again: false,
        },
    ]
    follows |pay, sender| Paid {
        zone: pay.zone,
        payer: sender.into(),
        merchant: pay.merchant,
        amount: pay.amount,
        cash: pay.request.as_ref().map_or(Yen::ZERO, |one| one.cash),
        request: pay.request_id(),
        terminal: pay.request.as_ref().map(|one| one.terms.terminal),
        reference: pay.request.as_ref().map_or(pay.reference, |one| Some(one.terms.tax_lines)),
    }
}

impl Pay {
    /// The number of the request that it answers.
    #[must_use]
    pub fn request_id(&self) -> Option<Hash> {
        let terms = &self.request.as_ref()?.terms;
        Some(request_id(self.zone, &self.merchant, terms.made, &terms.nonce))
    }

    /// The request that it answers, as its terminal must have signed it on this network; none where it
    /// answers none, or no request has such an amount.
    #[must_use]
    pub fn payment_request(&self, network: NetworkId) -> Option<PaymentRequest> {
        let place = ShopPlace { network, zone: self.zone, shop: self.merchant };
        self.request.as_ref()?.request(place, self.amount)
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
        /// How much, without cash.
        amount: Yen,
        /// What was paid in cash beside.
        cash: Yen,
        /// The request that it answered, by which it is refunded; a payment without one has a number of
        /// its own.
        request: Option<Hash>,
        /// The terminal that asked.
        terminal: Option<u16>,
        /// Salted commitment to their receipt.
        reference: Option<Hash>,
    }

    enters [payer, merchant]
    masks payer from merchant
}
