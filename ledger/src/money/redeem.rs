//! `RequestRedeem`, `ClaimRedeem`, `ReleaseRedeem`, `SettleRedeem`, `CancelRedeem`: deposit tokens paid
//! out by their custodian.
//!
//! A request holds its amount until it is settled, cancelled or its time comes, whichever is
//! first, and only one of them. Who pays cash claims first: while the claim lasts nobody takes the
//! request back and no second clerk claims it, and what was never claimed is never settled. A claim
//! ends with its request at the latest, so that no request lapses under one that lasts. Rejections, in
//! order:
//! - request: `NotAMoneyAccount`, `ZeroAmount`, `RedeemExists`, `RedeemDayRefused`,
//!   `PrepaidNotRedeemable`, `AccountFrozen`, `InsufficientFunds`, `FloatBound`, `EscrowBound`,
//!   `TooManyOpenRedeems`, `RedeemPastTime`;
//! - claim: `NotABank`, `UnknownRedeem`, `NotCustodian`, `RedeemExpired`, `RedeemClaimed`, `BadClaim`,
//!   `AccountFrozen`, `HolderDeceased`;
//! - release: `NotABank`, `UnknownRedeem`, `NotCustodian`, `RedeemExpired`, `RedeemNotClaimed`;
//! - settle: `NotABank`, `UnknownRedeem`, `NotCustodian`, `RedeemExpired`, `RedeemNotClaimed`,
//!   `AccountFrozen`, `AmountOverflow`;
//! - cancel: `NotAMoneyAccount`, `UnknownRedeem`, `NotCustodian`, `RedeemExpired`, `RedeemClaimed`.

use ledger_types::event::{
    RedeemCancelled, RedeemClaimed, RedeemReleased, RedeemRequested, RedeemSettled,
};
use ledger_types::limits::{CLAIM_AHEAD_MS_MAX, REDEEM_EXPIRY_MS};
use ledger_types::operation::{
    CancelRedeem, ClaimRedeem, ReleaseRedeem, RequestRedeem, SettleRedeem,
};
use ledger_types::record::{OpenRedeem, Redeem, RedeemStatus};
use ledger_types::{BankId, Hash, Rejection, Timestamp, refuse_if};

use super::balance::available_of;
use super::custody::custodian;
use super::held::{Room, redeem, release};
use super::{check_alive, check_out, escrow, float, sending_bank};
use crate::execution::{Execute, Execution};
use crate::expiry;
use crate::fault::{Stop, must};

impl Execute for RequestRedeem {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RequestRedeem { redeem, amount } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let is_used = execution.books.is_requested(&redeem);
        refuse_if(is_used, Rejection::RedeemExists)?;
        let now = execution.time;
        refuse_if(!expiry::is_of_now(&redeem, now), Rejection::RedeemDayRefused)?;
        let books = &mut *execution.books;
        // The sender was found as an account, and accounts are never removed; nor are banks.
        let record = must(books.account(&account), "the sender is gone")?.clone();
        let is_prepaid = !custodian(books, &record)?.kind.is_bank();
        refuse_if(is_prepaid, Rejection::PrepaidNotRedeemable)?;
        check_out(books, &account, now)?;
        let available = available_of(books, &account, &record, now)?;
        refuse_if(amount > available, Rejection::InsufficientFunds { available, amount })?;
        float::check_bound(books, &account, &record, available, amount)?;
        escrow::check_bound(books, &account, &record)?;
        let room = Room::of(books, &account, now)?;
        let expires = now.checked_add_millis(REDEEM_EXPIRY_MS).ok_or(Rejection::RedeemPastTime)?;
        let bank = record.custodian;
        let bank_account = must(books.bank(bank), "the custodian is gone")?.account;
        room.hold(books, &account, record, OpenRedeem { redeem, amount, expires })?;
        let (status, claimed_until) = (RedeemStatus::Open, None);
        books.put_redeem(&redeem, Redeem { account, bank, amount, expires, status, claimed_until });
        execution.emit(RedeemRequested { redeem, account, bank, bank_account, amount, expires });
        Ok(())
    }
}

impl Execute for ClaimRedeem {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { redeem, until } = *self;
        let (bank, request) = owed_by_sender(execution, &redeem)?;
        let Redeem { account, amount, expires, .. } = request;
        let now = execution.time;
        refuse_claimed(&request, now)?;
        let latest =
            now.checked_add_millis(CLAIM_AHEAD_MS_MAX).map_or(expires, |at| at.min(expires));
        refuse_if(until <= now || until > latest, Rejection::BadClaim { expires })?;
        // What could not be settled is not to be paid.
        check_out(execution.books, &account, now)?;
        // Accounts are never removed.
        check_alive(must(execution.books.account(&account), "a request's account is gone")?)?;
        let claimed = Redeem { claimed_until: Some(until), ..request };
        execution.books.put_redeem(&redeem, claimed);
        let bank_account = must(execution.books.bank(bank), "the sending bank is gone")?.account;
        execution.emit(RedeemClaimed { redeem, account, bank, bank_account, amount, until });
        Ok(())
    }
}

impl Execute for ReleaseRedeem {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let redeem = self.redeem;
        let (bank, request) = owed_by_sender(execution, &redeem)?;
        refuse_if(request.claimed_until.is_none(), Rejection::RedeemNotClaimed)?;
        let Redeem { account, amount, .. } = request;
        execution.books.put_redeem(&redeem, Redeem { claimed_until: None, ..request });
        let bank_account = must(execution.books.bank(bank), "the sending bank is gone")?.account;
        execution.emit(RedeemReleased { redeem, account, bank, bank_account, amount });
        Ok(())
    }
}

impl Execute for SettleRedeem {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let (bank_id, request) = owed_by_sender(execution, &self.redeem)?;
        refuse_if(request.claimed_until.is_none(), Rejection::RedeemNotClaimed)?;
        let Redeem { account, amount, .. } = request;
        check_out(execution.books, &account, execution.time)?;
        let books = &mut *execution.books;
        let record = release(books, &account, &self.redeem, amount)?;
        redeem(books, &account, record, amount)?;
        let bank_account = must(books.bank(bank_id), "the sending bank is gone")?.account;
        let settled = Redeem { status: RedeemStatus::Settled, ..request };
        books.put_redeem(&self.redeem, settled);
        let redeem = self.redeem;
        execution.emit(RedeemSettled { redeem, account, bank: bank_id, bank_account, amount });
        Ok(())
    }
}

impl Execute for CancelRedeem {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let sender = execution.sender.account()?;
        let request = open_request(execution, &self.redeem)?;
        let Redeem { account, bank, amount, .. } = request;
        if sender != account && execution.books.bank_of(&sender) != Some(bank) {
            return Err(Rejection::NotCustodian.into());
        }
        refuse_lapsed(&request, execution.time)?;
        refuse_claimed(&request, execution.time)?;
        // A request names its account's custodian, and banks are never removed.
        let bank_account = must(execution.books.bank(bank), "the custodian is gone")?.account;
        let record = release(execution.books, &account, &self.redeem, amount)?;
        execution.books.put_account(&account, record);
        let cancelled = Redeem { status: RedeemStatus::Cancelled, ..request };
        execution.books.put_redeem(&self.redeem, cancelled);
        let redeem = self.redeem;
        execution.emit(RedeemCancelled { redeem, account, bank, bank_account, amount });
        Ok(())
    }
}

/// The request, where the sender is the bank that owes it and it has not lapsed; and that bank.
fn owed_by_sender(execution: &Execution<'_>, redeem: &Hash) -> Result<(BankId, Redeem), Rejection> {
    let bank = sending_bank(execution)?;
    let request = open_request(execution, redeem)?;
    refuse_if(request.bank != bank, Rejection::NotCustodian)?;
    refuse_lapsed(&request, execution.time)?;
    Ok((bank, request))
}

/// The request, where nothing ended it (it may have lapsed).
fn open_request(execution: &Execution<'_>, redeem: &Hash) -> Result<Redeem, Rejection> {
    let request = execution.books.redeem(redeem).copied().ok_or(Rejection::UnknownRedeem)?;
    match request.status {
        RedeemStatus::Open => Ok(request),
        RedeemStatus::Settled | RedeemStatus::Cancelled => Err(Rejection::UnknownRedeem),
    }
}

fn refuse_lapsed(request: &Redeem, now: Timestamp) -> Result<(), Rejection> {
    let expired = request.expires;
    refuse_if(expired <= now, Rejection::RedeemExpired { expired })
}

fn refuse_claimed(request: &Redeem, now: Timestamp) -> Result<(), Rejection> {
    let claim = request.claim(now);
    claim.map_or(Ok(()), |until| Err(Rejection::RedeemClaimed { until }))
}
