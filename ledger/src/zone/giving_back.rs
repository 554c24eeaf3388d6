//! What a refund moves: lots to the payer, yen into escrows and sub-accounts, and the fee back to the shop.
//!
//! Lots go back from the last one on that was spent, then coin. What of a lot had ended is the programme's
//! to reconcile; what comes once its refunds are over is its sponsor's. The fee that stays taken is the fee
//! of what is not refunded; whoever cannot give its part back keeps it, and the shop bears that, so that no
//! frozen or empty account stops a refund.

use std::collections::BTreeMap;

use ledger_types::event::{FeeReturned, LotFate, LotsReturned, ReturnedLot};
use ledger_types::operation::MerchantClass;
use ledger_types::record::{Lot, Payment, Programme};
use ledger_types::zone::FeePart;
use ledger_types::{AccountId, BankId, Hash, ProgrammeId, Rejection, Timestamp, Yen, refuse_if};

use super::charge::move_in;
use super::fees::takes;
use super::posting::{Payee, Source, post};
use super::zone_debit;
use crate::execution::Execution;
use crate::fault::{Fault, Stop, must};
use crate::money::{self, Cap};
use crate::state::Books;
use crate::vouchers::{self, recount, used_at};

/// Gives back `amount` of a payment, which has as much left; tells lots and fee, and gives what came back
/// as coin.
///
/// Rejections, in order: `AccountFrozen`, `PayeeFrozen`, `PayeeClosed`, `TooManyLots`,
/// `InsufficientZoneFunds`, `IssueAllowanceExceeded`, `NetDebitCapReached`, `AmountOverflow`.
pub(super) fn give_back(
    execution: &mut Execution<'_>,
    id: Hash,
    payment: &Payment,
    amount: Yen,
) -> Result<Yen, Stop> {
    let Payment { zone, payer, merchant, .. } = *payment;
    let (books, now) = (&mut *execution.books, execution.time);
    money::check_out(books, &merchant, now)?;
    money::check_in(books, &payer, now)?;
    // Who paid and who was paid had accounts, and accounts are never removed.
    let holder = must(books.account(&payer), "a payer's account is gone")?;
    money::check_payee(holder)?;
    let bank = must(books.account(&merchant), "a merchant's account is gone")?.custodian;
    let (lots, coin) = must(payment.returned(amount), "more goes back than was paid")?;
    let back = return_lots(execution, payment, &lots, bank)?;
    let fee = FeeBack::of(execution.books, payment, amount, execution)?;
    let books = &mut *execution.books;
    let due = must(amount.checked_sub(fee.net), "a fee passes its payment")?;
    zone_debit(books, zone, &merchant, due)?;
    let mut sources = vec![Source { bank, amount: due, cap: Cap::Counts }];
    sources.extend(fee.collect(execution, payment)?);
    let books = &mut *execution.books;
    let fund = fee.fund.map(|part| (Payee::Inside(part.account), part.amount));
    let paid = [(Payee::Inside(payer), coin)].into_iter().chain(back.paid).chain(fund);
    post(books, zone, sources, paid, now)?;
    money::give_back(books, &payer, payment.time, coin);
    if !back.returned.is_empty() {
        let (returned, sponsors) = (back.returned, back.sponsors);
        let payer = payer.into();
        let told = LotsReturned { zone, payment: id, payer, merchant, returned, sponsors };
        execution.emit(told);
    }
    fee.note(execution, payment, amount)?;
    Ok(coin)
}

/// What goes back of lots.
#[derive(Default)]
struct LotsBack {
    returned: Vec<ReturnedLot>,
    sponsors: Vec<AccountId>,
    /// Who gets the yen behind them.
    paid: Vec<(Payee, Yen)>,
}

/// Returns lots to the payer, or to whoever has them once they ended; says who gets the yen behind them.
///
/// Rejections, in order: `TooManyLots`, `PayeeFrozen`, `PayeeClosed`, `AmountOverflow`.
fn return_lots(
    execution: &mut Execution<'_>,
    payment: &Payment,
    lots: &[Lot],
    bank: BankId,
) -> Result<LotsBack, Stop> {
    let mut back = LotsBack::default();
    if lots.is_empty() {
        return Ok(back);
    }
    let Payment { zone, payer, class, .. } = *payment;
    let (books, now) = (&mut *execution.books, execution.time);
    let mut held = vouchers::current(books, zone, &payer, now);
    let mut to_escrows: BTreeMap<ProgrammeId, Yen> = BTreeMap::new();
    for lot in lots {
        let Lot { programme: id, round, bucket, kind, expires, remaining: amount, .. } = *lot;
        let programme = must(books.programme(id), "a lot's programme is gone")?;
        let is_over = programme.closed.is_some() || programme.terms.refund_until <= now;
        let fate = if is_over {
            back.pay_sponsor(programme, amount)?;
            LotFate::Sponsor
        } else {
            let sum = to_escrows.entry(id).or_default();
            *sum = sum.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
            let fate = if expires <= now { LotFate::Ended } else { LotFate::Returned };
            note_unused(books, lot, class, fate)?;
            if fate == LotFate::Returned {
                held = held.with(*lot).ok_or(Rejection::TooManyLots)?;
            }
            fate
        };
        back.returned.push(ReturnedLot { programme: id, round, bucket, kind, amount, fate });
    }
    for (id, amount) in to_escrows {
        back.paid.push((Payee::Escrow(escrow(execution, id, bank)?), amount));
    }
    for account in &back.sponsors {
        money::check_in(execution.books, account, now)?;
        let record = execution.books.account(account);
        money::check_payee(must(record, "a sponsor's account is gone")?)?;
    }
    vouchers::write(execution.books, zone, &payer, held, now)?;
    Ok(back)
}

impl LotsBack {
    /// The sponsor gets what comes too late.
    ///
    /// Rejections: `AmountOverflow`.
    fn pay_sponsor(&mut self, programme: &Programme, amount: Yen) -> Result<(), Stop> {
        let sponsor = programme.sponsor;
        if !self.sponsors.contains(&sponsor) {
            self.sponsors.push(sponsor);
        }
        self.paid.push((Payee::Outside(sponsor), amount));
        Ok(())
    }
}

/// The escrow that takes back what a shop at a bank gives back: the one there, or the first that is not
/// frozen.
///
/// Rejections: `PayeeFrozen`, where all are.
fn escrow(execution: &Execution<'_>, id: ProgrammeId, bank: BankId) -> Result<AccountId, Stop> {
    let (books, now) = (&*execution.books, execution.time);
    let programme = must(books.programme(id), "a lot's programme is gone")?;
    let mut escrows = money::pledged(books, id, &programme.terms.escrows);
    escrows.retain(|account| money::check_in(books, account, now).is_ok());
    let is_near =
        |account: &&AccountId| books.account(account).is_some_and(|one| one.custodian == bank);
    let found = escrows.iter().find(is_near).or(escrows.first());
    Ok(*found.ok_or(Rejection::PayeeFrozen)?)
}

/// Takes back that something was used, of the round and of the instrument; what ended is counted so.
fn note_unused(
    books: &mut Books,
    lot: &Lot,
    class: MerchantClass,
    fate: LotFate,
) -> Result<(), Fault> {
    let (kind, amount) = (lot.kind, lot.remaining);
    recount(books, lot, |bucket, instrument| {
        let used = used_at(bucket, class);
        *used = used.minus(kind, amount)?;
        instrument.used = instrument.used.checked_sub(amount)?;
        if fate == LotFate::Ended {
            bucket.expired = bucket.expired.plus(kind, amount)?;
            instrument.expired = instrument.expired.checked_add(amount)?;
        }
        Some(())
    })
}

/// What of the fee goes back.
#[derive(Default)]
struct FeeBack {
    version: u32,
    /// Who gives how much.
    parts: Vec<FeePart>,
    /// What the fund gets of it, where less of the fee is rounded down.
    fund: Option<FeePart>,
    /// What the shop gets.
    net: Yen,
}

impl FeeBack {
    /// What is not due any more once `amount` more is refunded, of those who can give it.
    fn of(
        books: &Books,
        payment: &Payment,
        amount: Yen,
        execution: &Execution<'_>,
    ) -> Result<Self, Stop> {
        let Some(taken) = &payment.fee else { return Ok(Self::default()) };
        let left = payment.left();
        let after = must(left.checked_sub(amount), "more goes back than is left")?;
        let (mut parts, mut fund, mut sum) = (Vec::new(), None, Yen::ZERO);
        for (before, after) in taken.parts(left).into_iter().zip(taken.parts(after)) {
            let account = before.account;
            if let Some(amount) = before.amount.checked_sub(after.amount) {
                if !amount.is_zero() && gives(books, payment, &account, amount, execution)? {
                    sum = must(sum.checked_add(amount), "parts pass their fee")?;
                    parts.push(FeePart { account, amount });
                }
            } else {
                let more = after.amount.checked_sub(before.amount);
                fund = more.map(|amount| FeePart { account, amount });
            }
        }
        let fund = fund.filter(|one| takes(books, payment.zone, &one.account, execution.time));
        // No more of it than the others give.
        let fund = fund.map(|one| FeePart { amount: one.amount.min(sum), ..one });
        let fund = fund.filter(|one| !one.amount.is_zero());
        let net = sum.checked_sub(fund.map_or(Yen::ZERO, |one| one.amount));
        let net = must(net, "the fund gets more than is given")?;
        Ok(Self { version: taken.version, parts, fund, net })
    }

    /// Takes the parts from those who give them.
    fn collect(
        &self,
        execution: &mut Execution<'_>,
        payment: &Payment,
    ) -> Result<Vec<Source>, Stop> {
        let (books, now, zone) = (&mut *execution.books, execution.time, payment.zone);
        let mut sources = Vec::new();
        for FeePart { account, amount } in &self.parts {
            let inside = books.zone_account(zone, account).map_or(Yen::ZERO, |one| one.balance);
            if let Some(short) = amount.checked_sub(inside).filter(|short| !short.is_zero()) {
                // The merchant itself may be one of them, and have given from the same balance before.
                let (available, amount) = (inside, *amount);
                let short_of = Rejection::InsufficientZoneFunds { available, amount };
                refuse_if(!could_pay(books, account, short, now)?, short_of)?;
                move_in(books, zone, account, short, now)?;
            }
            zone_debit(books, zone, account, *amount)?;
            let bank = must(books.account(account), "a recipient's account is gone")?.custodian;
            sources.push(Source { bank, amount: *amount, cap: Cap::Counts });
        }
        Ok(sources)
    }

    /// Notes that the merchant was charged less in the year of the payment, and says it.
    fn note(
        self,
        execution: &mut Execution<'_>,
        payment: &Payment,
        gross: Yen,
    ) -> Result<(), Stop> {
        let Payment { zone, merchant, time, .. } = *payment;
        let Self { version, parts, fund, net } = self;
        if parts.is_empty() {
            return Ok(());
        }
        let books = &mut *execution.books;
        let mut record = *must(books.merchant(zone, &merchant), "the merchant is gone")?;
        if record.charged.year == record.charged.at(time).year {
            let charged = record.charged.amount.checked_sub(net);
            record.charged.amount = must(charged, "less was charged than comes back")?;
            books.put_merchant(zone, &merchant, record);
        }
        let fee = net;
        execution.emit(FeeReturned { zone, merchant, gross, fee, version, parts, fund });
        Ok(())
    }
}

/// Whether a recipient can give `amount` back: from its sub-account, and what that is short of from its bank
/// account.
fn gives(
    books: &Books,
    payment: &Payment,
    account: &AccountId,
    amount: Yen,
    execution: &Execution<'_>,
) -> Result<bool, Stop> {
    let (zone, now) = (payment.zone, execution.time);
    let Some(inside) = books.zone_account(zone, account) else { return Ok(false) };
    if money::check_out(books, account, now).is_err() {
        return Ok(false);
    }
    let short = amount.checked_sub(inside.balance).unwrap_or(Yen::ZERO);
    if short.is_zero() {
        return Ok(true);
    }
    could_pay(books, account, short, now)
}

/// Whether so much may be taken from an account at its bank.
fn could_pay(
    books: &Books,
    account: &AccountId,
    amount: Yen,
    now: Timestamp,
) -> Result<bool, Stop> {
    match money::check_debit(books, account, amount, now) {
        Ok(_) => Ok(true),
        Err(Stop::Rejected(_)) => Ok(false),
        Err(broken @ Stop::Broken(_)) => Err(broken),
    }
}
