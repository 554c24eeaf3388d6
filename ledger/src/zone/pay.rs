//! `Pay`: a holder pays a registered merchant inside a zone.
//!
//! In one step: what the payer asks for is moved from its bank balance into its sub-account, the
//! merchant's sub-account is credited with what the zone's fee leaves, whoever shares the fee gets
//! its part, and the payer's custodian comes to owe theirs, under the same cap as a transfer; a prepaid
//! account pays by its issuer's float, which may be frozen (`AccountFrozen` again, after the limits). So fee
//! and net are the payment to the yen, and no more is moved in than is paid: nobody is left with a
//! balance in a zone that it did not ask for. Vouchers pay by their plan, out of their programmes'
//! escrows (`AccountFrozen` again, where those are), and coin the rest. Rejections, in order:
//! `NotAMoneyAccount`, `ZeroAmount`, `ChargePassesAmount` (of what vouchers leave), `SameAccount`,
//! `UnknownZone`, `NoZoneAccount` (where nothing is moved in and no voucher is named), `NotAMerchant`,
//! `MerchantClosed`, `RequestUnusable`, `UnknownTerminal`, `TerminalRightMissing`, `RequestExpired`, `RequestUsed`,
//! `FeeScheduleDiffers`, `LikelyDuplicate`, `TenderChanged`, `AccountFrozen`, `PayeeFrozen`, `InsufficientFunds`, `FloatBound`, `EscrowBound`,
//! `InsufficientZoneFunds`, `KeptInZone`, `PaymentLimitReached`, `DayLimitReached`, `MonthLimitReached`,
//! `HoldingLimitReached`, `NetDebitCapReached`, `AmountOverflow`.

use ledger_types::event::{Charged, LotsSpent, Paid, ZoneAccountOpened};
use ledger_types::operation::{AccountKind, Pay};
use ledger_types::programme::Asked;
use ledger_types::record::{Payment, ZoneAccount};
use ledger_types::{AccountId, Rejection, Yen, ZoneId, refuse_if};

use super::charge::move_in;
use super::fees::Fee;
use super::posting::{Payee, Source, post};
use super::tender::Tender;
use super::{duplicate, in_zone, request, zone_spend};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money::{self, Cap};
use crate::state::Books;

impl Execute for Pay {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Pay { zone, merchant, amount, charge, ref vouchers, ref request, .. } = *self;
        let payer = execution.sender.account()?;
        refuse_if(amount.is_zero() || charge == Some(Yen::ZERO), Rejection::ZeroAmount)?;
        refuse_if(charge > Some(coin_of(self)), Rejection::ChargePassesAmount)?;
        refuse_if(payer == merchant, Rejection::SameAccount)?;
        let (books, now) = (&*execution.books, execution.time);
        match in_zone(books, zone, &payer) {
            Err(Rejection::NoZoneAccount) if charge.is_some() || vouchers.is_some() => {}
            found => found.map(|_| ())?,
        }
        let record = *books.merchant(zone, &merchant).ok_or(Rejection::NotAMerchant)?;
        let closed = record.closed(now);
        closed.map_or(Ok(()), |since| Err(Rejection::MerchantClosed { since }))?;
        let (number, at) = request::number(execution, self)?;
        duplicate::check(books, &payer, self, now)?;
        let terms = request.as_ref().map(|one| &one.terms);
        let asked = Asked { class: record.class, amount, request: terms, now };
        let tender = match vouchers {
            Some(lines) => Tender::of(books, (zone, &payer), &asked, lines)?,
            None => Tender::default(),
        };
        // A plan is never of more than the payment.
        let coin = must(amount.checked_sub(tender.amount), "vouchers pass the payment")?;
        money::check_out(books, &payer, now)?;
        money::check_in(books, &merchant, now)?;
        let fee = Fee::of(books, zone, &record, amount, (at, now))?;
        let net = Fee::net(fee.as_ref(), amount)?;
        if let Some(charge) = charge {
            charge_first(execution, zone, payer, charge)?;
        }
        let by_coin = take_coin(execution, zone, &payer, coin)?;
        let books = &mut *execution.books;
        // Who is a merchant has an account, and accounts are never removed.
        let payee = must(books.account(&merchant), "a merchant's account is gone")?.clone();
        money::check_holding(books, execution.parameters, &merchant, &payee, net)?;
        let mut sources = tender.spend(books, (zone, &payer), (&merchant, record.class), now)?;
        move_into(books, zone, tender.amount)?;
        sources.push(by_coin);
        let net = core::iter::once((Payee::Inside(merchant), net));
        post(books, zone, sources, net.chain(fee.iter().flat_map(Fee::parts)), now)?;
        duplicate::note(books, &payer, self, now);
        let payment = Payment {
            zone,
            payer,
            merchant,
            class: record.class,
            terminal: terms.map(|terms| terms.terminal),
            time: now,
            amount,
            coin,
            lots: tender.taken.clone(),
            fee: fee.as_ref().map(Fee::taken),
            refunded: Yen::ZERO,
            voided: false,
        };
        books.put_payment(&number, payment);
        let reference = terms.map_or(self.reference, |terms| Some(terms.tax_lines));
        execution.emit(Paid {
            zone,
            payer: payer.into(),
            merchant,
            amount,
            cash: request.as_ref().map_or(Yen::ZERO, |one| one.cash),
            request: terms.map(|_| number),
            terminal: terms.map(|terms| terms.terminal),
            reference,
        });
        let (spent, payer) = (tender.spent(), payer.into());
        if !spent.is_empty() {
            execution.emit(LotsSpent { zone, payer, merchant, spent });
        }
        fee.map_or(Ok(()), |fee| fee.note(execution, zone, merchant, amount))
    }
}

/// What of a payment is left for coin, as the payer says it: nothing where its vouchers pass it.
fn coin_of(pay: &Pay) -> Yen {
    let lines = pay.vouchers.as_deref().unwrap_or_default();
    lines
        .iter()
        .try_fold(pay.amount, |left, line| left.checked_sub(line.amount))
        .unwrap_or(Yen::ZERO)
}

/// Takes the coin of a payment from the payer's sub-account, and counts it against the payer's limits:
/// vouchers were counted when they were bought.
///
/// Rejections, in order: `InsufficientZoneFunds`, `KeptInZone`, `PaymentLimitReached`, `DayLimitReached`,
/// `MonthLimitReached`, `AmountOverflow`.
fn take_coin(
    execution: &mut Execution<'_>,
    zone: ZoneId,
    payer: &AccountId,
    amount: Yen,
) -> Result<Source, Stop> {
    let books = &mut *execution.books;
    let bank = must(books.account(payer), "the sender is gone")?.custodian;
    if !amount.is_zero() {
        let is_there = books.zone_account(zone, payer).is_some();
        let available = Yen::ZERO;
        refuse_if(!is_there, Rejection::InsufficientZoneFunds { available, amount })?;
        zone_spend(books, zone, payer, amount, execution.time)?;
        money::spend(execution, payer, AccountKind::Merchant, amount)?;
    }
    Ok(Source { bank, amount, cap: Cap::Counts })
}

/// Counts what comes into a zone out of escrows.
///
/// Rejections: `AmountOverflow`.
fn move_into(books: &mut Books, zone: ZoneId, amount: Yen) -> Result<(), Stop> {
    if amount.is_zero() {
        return Ok(());
    }
    // A merchant's zone is there, and zones are never removed.
    let mut record = must(books.zone(zone), "a merchant's zone is gone")?.clone();
    record.total = record.total.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    books.put_zone(zone, record);
    Ok(())
}

/// Moves `amount` into the payer's sub-account, which is opened where there is none.
///
/// Rejections, in order: `InsufficientFunds`, `AmountOverflow`.
fn charge_first(
    execution: &mut Execution<'_>,
    zone: ZoneId,
    account: AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    if execution.books.zone_account(zone, &account).is_none() {
        execution.books.put_zone_account(zone, &account, ZoneAccount { balance: Yen::ZERO });
        execution.emit(ZoneAccountOpened { zone, account });
    }
    move_in(execution.books, zone, &account, amount, execution.time)?;
    execution.emit(Charged { zone, account, amount });
    Ok(())
}
