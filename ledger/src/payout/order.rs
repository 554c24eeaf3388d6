//! `RequestPayout`, `CancelPayout`, `SendPayout`, `CompletePayout`, `ReturnPayout`.
//!
//! Rejections, in order:
//! - request: `NotAMoneyAccount`, `ZeroAmount`, `UnknownZone`, `NotAMerchant`, `PayoutExists`,
//!   `PayoutDayRefused`, `NoPayoutAccount`, `PayoutFeeDiffers`, `PayoutTooSmall`, `AccountFrozen`,
//!   `NoZoneAccount`, `InsufficientZoneFunds`, `KeptInZone`, `TooManyOpenRedeems`, `AmountOverflow`;
//! - cancel: `NotAMoneyAccount`, `UnknownPayout`, `NotCustodian`, `PayoutNotWaiting`;
//! - send: `NotABank`, `UnknownPayout`, `NotCustodian`, `PayoutNotWaiting`, `NotABankDay`, `KeptInZone`,
//!   `AccountFrozen`;
//! - complete: `NotABank`, `UnknownPayout`, `NotCustodian`, `PayoutNotSent`, `AmountOverflow`;
//! - return: `NotABank`, `UnknownPayout`, `NotCustodian`, `PayoutNotSent`.
//!
//! A freeze stops what is not sent yet; of what was sent the bank says what became of it.

use ledger_types::event::{
    PayoutCancelled, PayoutCompleted, PayoutRequested, PayoutReturned, PayoutSent,
};
use ledger_types::japan::JapanDay;
use ledger_types::limits::TRANSFER_DAY_AHEAD_MAX;
use ledger_types::operation::{
    CancelPayout, CompletePayout, RequestPayout, ReturnPayout, SendPayout,
};
use ledger_types::record::{OpenRedeem, Payout, PayoutStatus};
use ledger_types::{AccountId, Hash, Rejection, Timestamp, Yen, refuse_if};

use super::terms;
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::{Fault, Stop, must};
use crate::{money, zone};

/// A payout holds its amount until somebody says what became of it.
const NEVER: Timestamp = Timestamp::from_millis(u64::MAX);

impl Execute for RequestPayout {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { payout, zone, amount, fee, statement } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let (books, now) = (&mut *execution.books, execution.time);
        refuse_if(books.zone(zone).is_none(), Rejection::UnknownZone)?;
        refuse_if(books.merchant(zone, &account).is_none(), Rejection::NotAMerchant)?;
        refuse_if(books.is_requested(&payout), Rejection::PayoutExists)?;
        refuse_if(!expiry::is_of_now(&payout, now), Rejection::PayoutDayRefused)?;
        let destination = books.payout_account(&account).map(|record| record.at(now));
        let destination = destination.ok_or(Rejection::NoPayoutAccount)?;
        let bank = must(books.account(&account), "the sender is gone")?.custodian;
        let asked = terms::of(books, bank);
        refuse_if(fee != asked.fee, Rejection::PayoutFeeDiffers { fee: asked.fee })?;
        let smallest = asked.smallest;
        refuse_if(amount < smallest, Rejection::PayoutTooSmall { smallest })?;
        money::check_out(books, &account, now)?;
        zone::zone_spend(books, zone, &account, amount, now)?;
        let room = money::Room::of(books, &account, now)?;
        money::bring_back(execution, zone, account, amount)?;
        let books = &mut *execution.books;
        let record = must(books.account(&account), "the sender is gone")?.clone();
        // What came back just now is available.
        let held = OpenRedeem { redeem: payout, amount, expires: NEVER };
        room.hold(books, &account, record, held)?;
        let bank_account = must(books.bank(bank), "the custodian is gone")?.account;
        let status = PayoutStatus::Requested;
        let record = Payout { account, bank, zone, amount, fee, destination, statement, status };
        books.put_payout(&payout, record);
        execution.emit(PayoutRequested {
            payout,
            account,
            bank,
            bank_account,
            zone,
            amount,
            fee,
            destination,
            statement,
        });
        Ok(())
    }
}

impl Execute for CancelPayout {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let payout = self.payout;
        let sender = execution.sender.account()?;
        let record = found(execution, &payout)?;
        let is_bank = execution.books.bank_of(&sender) == Some(record.bank);
        refuse_if(sender != record.account && !is_bank, Rejection::NotCustodian)?;
        check_waits(&record)?;
        give_back(execution, &payout, &record, PayoutStatus::Cancelled)?;
        let (account, amount) = (record.account, record.amount);
        let bank_account = account_of(execution, &record)?;
        execution.emit(PayoutCancelled { payout, account, bank_account, amount });
        Ok(())
    }
}

impl Execute for SendPayout {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { payout, on, file } = *self;
        let record = owed_by_sender(execution, &payout)?;
        check_waits(&record)?;
        let (books, now) = (&mut *execution.books, execution.time);
        let today = JapanDay::of(now);
        let latest = JapanDay::new(today.get().saturating_add(TRANSFER_DAY_AHEAD_MAX));
        let is_day = terms::of(books, record.bank).sends_on(on);
        refuse_if(!is_day || on < today || on > latest, Rejection::NotABankDay)?;
        let merchant = books.merchant(record.zone, &record.account);
        let is_held = merchant.is_some_and(|merchant| merchant.held.is_some());
        refuse_if(is_held, Rejection::KeptInZone { free: Yen::ZERO })?;
        money::check_out(books, &record.account, now)?;
        let status = PayoutStatus::Sent { on, file };
        books.put_payout(&payout, Payout { status, ..record });
        let Payout { account, amount, fee, .. } = record;
        let bank_account = account_of(execution, &record)?;
        execution.emit(PayoutSent { payout, account, bank_account, amount, fee, on, file });
        Ok(())
    }
}

impl Execute for CompletePayout {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let payout = self.payout;
        let record = owed_by_sender(execution, &payout)?;
        let on = sent_on(&record)?;
        refuse_if(JapanDay::of(execution.time) < on, Rejection::PayoutNotSent)?;
        let Payout { account, amount, fee, .. } = record;
        let books = &mut *execution.books;
        let rest = money::release(books, &account, &payout, amount)?;
        money::redeem_held(books, &account, rest, amount)?;
        books.put_payout(&payout, Payout { status: PayoutStatus::Completed, ..record });
        let bank_account = account_of(execution, &record)?;
        execution.emit(PayoutCompleted { payout, account, bank_account, amount, fee });
        Ok(())
    }
}

impl Execute for ReturnPayout {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { payout, reason } = *self;
        let record = owed_by_sender(execution, &payout)?;
        sent_on(&record)?;
        give_back(execution, &payout, &record, PayoutStatus::Returned { reason })?;
        let (account, amount) = (record.account, record.amount);
        let bank_account = account_of(execution, &record)?;
        execution.emit(PayoutReturned { payout, account, bank_account, amount, reason });
        Ok(())
    }
}

fn found(execution: &Execution<'_>, payout: &Hash) -> Result<Payout, Rejection> {
    execution.books.payout(payout).copied().ok_or(Rejection::UnknownPayout)
}

/// A payout that the sender, a bank, owes.
fn owed_by_sender(execution: &Execution<'_>, payout: &Hash) -> Result<Payout, Rejection> {
    let bank = money::sending_bank(execution)?;
    let record = found(execution, payout)?;
    refuse_if(record.bank != bank, Rejection::NotCustodian)?;
    Ok(record)
}

fn check_waits(payout: &Payout) -> Result<(), Rejection> {
    match payout.status {
        PayoutStatus::Requested => Ok(()),
        PayoutStatus::Sent { .. }
        | PayoutStatus::Completed
        | PayoutStatus::Returned { .. }
        | PayoutStatus::Cancelled => Err(Rejection::PayoutNotWaiting),
    }
}

/// The day of a transfer that was sent and of which nobody said what became of it.
fn sent_on(payout: &Payout) -> Result<JapanDay, Rejection> {
    match payout.status {
        PayoutStatus::Sent { on, .. } => Ok(on),
        PayoutStatus::Requested
        | PayoutStatus::Completed
        | PayoutStatus::Returned { .. }
        | PayoutStatus::Cancelled => Err(Rejection::PayoutNotSent),
    }
}

/// What a payout held is its account's again.
fn give_back(
    execution: &mut Execution<'_>,
    payout: &Hash,
    record: &Payout,
    status: PayoutStatus,
) -> Result<(), Fault> {
    let books = &mut *execution.books;
    let rest = money::release(books, &record.account, payout, record.amount)?;
    books.put_account(&record.account, rest);
    books.put_payout(payout, Payout { status, ..*record });
    Ok(())
}

/// The own account of the bank that a payout names; banks are never removed.
fn account_of(execution: &Execution<'_>, payout: &Payout) -> Result<AccountId, Fault> {
    Ok(must(execution.books.bank(payout.bank), "the custodian is gone")?.account)
}
