//! `CloseAccount`, `MarkDeceased` and `CorrectDeath`, and what every sender is asked first.
//!
//! An account is never removed: nonces, references and proofs rest on it. It ends by its status. A
//! closed one has nothing, sends nothing and receives nothing, for good. Of a deceased holder's the
//! keys act no more, whatever they would send; what comes in is taken, since a pension that is paid
//! back, or a rent that comes late, is a matter between the bank and whoever paid; and the custodian
//! alone moves what is there, by `TransferEstate`. A death that was none is taken back, and the keys
//! act again: both are events of the account's history, with who said so and when.
//!
//! Rejections, in order:
//! - close: `NotAMoneyAccount`, `UnknownAccount`, `NotCustodian`, `AccountClosed`, `AccountInUse`,
//!   `AccountFrozen`, `RecoveryExists`, `AccountNotEmpty`, `StillAMerchant`, `ZoneFundsLeft`, `VouchersLeft`;
//! - mark: `NotABank`, `UnknownAccount`, `NotCustodian`, `AccountClosed`, `AlreadyDeceased`,
//!   `NotAPerson`, `AccountInUse`;
//! - correct: `NotABank`, `UnknownAccount`, `NotCustodian`, `NotDeceased`.

use ledger_types::event::{
    AccountClosed, DeathCorrected, DeceasedMarked, PayoutCancelled, RedeemCancelled,
};
use ledger_types::operation::{AccountKind, CloseAccount, CorrectDeath, MarkDeceased};
use ledger_types::record::{
    Account, AccountStatus, OpenRedeem, OpenRedeems, Payout, PayoutStatus, Redeem, RedeemStatus,
    Zone,
};
use ledger_types::{AccountId, Hash, Rejection, Timestamp, Yen, refuse_if};

use super::balance::write_open_redeems;
use super::float::issuer_of;
use super::{check_free, kept_by_sender};
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Fault, Stop, must};
use crate::state::Books;
use crate::vouchers;

/// Rejects whatever is sent from an account that is closed, or whose holder died.
///
/// It is asked before each operation: one may close the account that sends the next.
///
/// Rejections, in order: `AccountClosed`, `HolderDeceased`.
pub(crate) fn check_sender(execution: &Execution<'_>) -> Result<(), Stop> {
    let Sender::Account(account) = execution.sender else { return Ok(()) };
    // The sender was found as an account, and accounts are never removed.
    let record = must(execution.books.account(&account), "the sender is gone")?;
    Ok(check_alive(record)?)
}

/// Rejections, in order: `AccountClosed`, `HolderDeceased`.
pub(crate) fn check_alive(record: &Account) -> Result<(), Rejection> {
    match record.status {
        AccountStatus::Open => Ok(()),
        AccountStatus::Deceased => Err(Rejection::HolderDeceased),
        AccountStatus::Closed => Err(Rejection::AccountClosed),
    }
}

/// Rejects with `PayeeClosed` where nothing may come into the account any more.
pub(crate) fn check_payee(record: &Account) -> Result<(), Rejection> {
    refuse_if(record.status == AccountStatus::Closed, Rejection::PayeeClosed)
}

impl Execute for CloseAccount {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let account = self.account;
        let mut record = closed_by_sender(execution, &account)?;
        check_unused(execution.books, &account)?;
        check_nothing_left(execution.books, &account, &record, execution.time)?;
        let custodian = record.custodian;
        record.status = AccountStatus::Closed;
        let books = &mut *execution.books;
        for (zone, _) in books.sub_accounts(&account) {
            books.remove_zone_account(zone, &account);
        }
        forget(books, &account);
        vouchers::forget(books, &account, execution.time)?;
        books.put_account(&account, record);
        execution.emit(AccountClosed { account, custodian });
        Ok(())
    }
}

/// Takes out what stands beside an account for as long as it pays.
fn forget(books: &mut Books, account: &AccountId) {
    if books.own_limits(account).is_some() {
        books.remove_own_limits(account);
    }
    if books.spending(account).is_some() {
        books.remove_spending(account);
    }
    let zones = books.zone_ids().filter(|zone| books.recent(*zone, account).is_some());
    for zone in zones.collect::<Vec<_>>() {
        books.remove_recent(zone, account);
    }
    if books.payout_account(account).is_some() {
        books.remove_payout_account(account);
    }
    // One that lapsed: none waits.
    if books.account_recovery(account).is_some() {
        books.remove_account_recovery(account);
    }
}

/// An account that the sender holds or keeps, and that is not closed.
fn closed_by_sender(execution: &Execution<'_>, account: &AccountId) -> Result<Account, Rejection> {
    let (sender, books) = (execution.sender.account()?, &*execution.books);
    let record = books.account(account).ok_or(Rejection::UnknownAccount)?;
    let is_kept = books.bank_of(&sender) == Some(record.custodian);
    refuse_if(sender != *account && !is_kept, Rejection::NotCustodian)?;
    refuse_if(record.status == AccountStatus::Closed, Rejection::AccountClosed)?;
    Ok(record.clone())
}

/// Rejects with `AccountInUse` where a bank, a member or a zone's operator acts through the account, an
/// issuer's debts are covered by it, or it sponsors a programme that is not closed.
fn check_unused(books: &Books, account: &AccountId) -> Result<(), Rejection> {
    let mut zones = books.of_kind::<Zone>();
    let is_float = books.account(account).and_then(|record| issuer_of(books, account, record));
    let is_used = books.bank_of(account).is_some()
        || is_float.is_some()
        || books.is_member(account)
        || zones.any(|(_, zone)| zone.operator == *account)
        || books.is_sponsor(account);
    refuse_if(is_used, Rejection::AccountInUse)
}

/// Rejections, in order: `AccountFrozen`, `RecoveryExists`, `AccountNotEmpty`, `StillAMerchant`,
/// `ZoneFundsLeft`, `VouchersLeft`. What redeem requests hold is a part of the balance.
fn check_nothing_left(
    books: &Books,
    account: &AccountId,
    record: &Account,
    now: Timestamp,
) -> Result<(), Rejection> {
    check_free(books, account, now)?;
    let recovery = books.account_recovery(account);
    refuse_if(recovery.is_some_and(|one| one.is_pending(now)), Rejection::RecoveryExists)?;
    let balance = record.balance;
    refuse_if(!balance.is_zero(), Rejection::AccountNotEmpty { balance })?;
    refuse_if(books.is_merchant_at(account, now), Rejection::StillAMerchant)?;
    let in_zones = books.sub_accounts(account);
    let left = in_zones.into_iter().find(|(_, balance)| !balance.is_zero());
    left.map_or(Ok(()), |(_, balance)| Err(Rejection::ZoneFundsLeft { balance }))?;
    let is_bound = books.escrow(account).is_some() || vouchers::has_any(books, account, now);
    refuse_if(is_bound, Rejection::VouchersLeft)
}

impl Execute for MarkDeceased {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let account = self.account;
        let custodian = kept_by_sender(execution, &account)?;
        let record = must(execution.books.account(&account), "an account is gone")?;
        let (status, kind) = (record.status, record.kind);
        refuse_if(status == AccountStatus::Closed, Rejection::AccountClosed)?;
        refuse_if(status == AccountStatus::Deceased, Rejection::AlreadyDeceased)?;
        refuse_if(!is_of_person(kind), Rejection::NotAPerson)?;
        check_unused(execution.books, &account)?;
        give_back(execution, &account)?;
        let books = &mut *execution.books;
        if books.account_recovery(&account).is_some() {
            books.remove_account_recovery(&account);
        }
        set_status(books, &account, AccountStatus::Deceased)?;
        execution.emit(DeceasedMarked { account, custodian });
        Ok(())
    }
}

impl Execute for CorrectDeath {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let account = self.account;
        let custodian = kept_by_sender(execution, &account)?;
        let books = &mut *execution.books;
        let status = must(books.account(&account), "an account is gone")?.status;
        refuse_if(status != AccountStatus::Deceased, Rejection::NotDeceased)?;
        set_status(books, &account, AccountStatus::Open)?;
        execution.emit(DeathCorrected { account, custodian });
        Ok(())
    }
}

fn set_status(books: &mut Books, account: &AccountId, status: AccountStatus) -> Result<(), Fault> {
    let mut record = must(books.account(account), "an account is gone")?.clone();
    record.status = status;
    books.put_account(account, record);
    Ok(())
}

/// Whether a holder of this kind can die: a person, or a shop that is one.
const fn is_of_person(kind: AccountKind) -> bool {
    match kind {
        AccountKind::Citizen | AccountKind::Merchant => true,
        AccountKind::Bank
        | AccountKind::Issuer
        | AccountKind::Municipality
        | AccountKind::Operator
        | AccountKind::Program => false,
    }
}

/// Gives back what redeem requests hold, but for those under which the bank may have paid: it claimed
/// them, and settles or releases them itself.
fn give_back(execution: &mut Execution<'_>, account: &AccountId) -> Result<(), Fault> {
    let (books, now) = (&mut *execution.books, execution.time);
    let Some(open) = books.open_redeems(account).cloned() else { return Ok(()) };
    let mut kept = OpenRedeems::default();
    let mut cancelled = Vec::new();
    for entry in open.requests.into_iter().filter(|entry| entry.expires > now) {
        if is_given_back(books, &entry.redeem)? {
            cancelled.push(entry);
        } else {
            kept.requests.push(entry);
        }
    }
    let held = kept.requests.iter().try_fold(Yen::ZERO, |sum, one| sum.checked_add(one.amount));
    let mut record = must(books.account(account), "an account is gone")?.clone();
    // Listed requests sum to what was held before, of which these are a part.
    record.held = must(held, "held value passes the range of amounts")?;
    let bank = record.custodian;
    let bank_account = must(books.bank(bank), "the custodian is gone")?.account;
    books.put_account(account, record);
    write_open_redeems(books, account, kept);
    for OpenRedeem { redeem, amount, .. } in cancelled {
        let account = *account;
        if execution.books.payout(&redeem).is_some() {
            execution.emit(PayoutCancelled { payout: redeem, account, bank_account, amount });
        } else {
            execution.emit(RedeemCancelled { redeem, account, bank, bank_account, amount });
        }
    }
    Ok(())
}

/// Ends a request that is listed and has not lapsed, where the bank cannot have paid it; whether it was.
fn is_given_back(books: &mut Books, id: &Hash) -> Result<bool, Fault> {
    if let Some(payout) = books.payout(id).copied() {
        let is_sent = matches!(payout.status, PayoutStatus::Sent { .. });
        if !is_sent {
            books.put_payout(id, Payout { status: PayoutStatus::Cancelled, ..payout });
        }
        return Ok(!is_sent);
    }
    let request = *must(books.redeem(id), "a listed request is gone")?;
    let is_claimed = request.claimed_until.is_some();
    if !is_claimed {
        books.put_redeem(id, Redeem { status: RedeemStatus::Cancelled, ..request });
    }
    Ok(!is_claimed)
}
