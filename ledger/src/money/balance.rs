//! What an account can pay, and the two writes that change what it has.
//!
//! A redeem request holds value until its instant and not after it. Nothing sweeps: at that
//! instant the amount counts as available, and the account's next debit takes lapsed requests out
//! of `held` in the same write. So `held` never passes the balance, and no block does more work
//! than its transactions ask for (at most `OPEN_REDEEMS_MAX` requests a debit).

use ledger_types::record::{Account, OpenRedeems};
use ledger_types::{AccountId, BankId, Rejection, Timestamp, Yen, refuse_if};

use super::{check_out, escrow, float};
use crate::fault::{Fault, Stop, must};
use crate::state::{Books, State};

impl State {
    /// What an account could pay at `now`: posted, less what requests hold that have not lapsed.
    #[must_use]
    pub fn available(&self, account: &AccountId, now: Timestamp) -> Option<Yen> {
        let record = self.books.account(account)?;
        available_of(&self.books, account, record, now).ok()
    }
}

/// What the account with this record could pay at `now`.
pub(crate) fn available_of(
    books: &Books,
    account: &AccountId,
    record: &Account,
    now: Timestamp,
) -> Result<Yen, Fault> {
    let held = held_at(books, account, record, now)?;
    // `held` grows by what is available alone, and a debit takes no more than that.
    must(record.balance.checked_sub(held), "an account holds more than is posted")
}

fn held_at(
    books: &Books,
    account: &AccountId,
    record: &Account,
    now: Timestamp,
) -> Result<Yen, Fault> {
    if record.held.is_zero() {
        return Ok(Yen::ZERO);
    }
    // `held` is the sum of what is listed: both change in the same write, by the same amount. So the
    // list is there where anything is held, and no part of it passes what is held.
    let open = must(books.open_redeems(account), "held value has no request")?;
    let lapsed = must(open.lapsed(now), "lapsed requests pass the range of amounts")?;
    must(record.held.checked_sub(lapsed), "lapsed requests pass what is held")
}

/// Takes `amount` from what the account could pay at `now`, and releases what has lapsed; gives
/// the account's custodian.
///
/// Rejections, in order: `AccountFrozen`, `InsufficientFunds`, `FloatBound`, `EscrowBound`.
pub(crate) fn debit(
    books: &mut Books,
    account: &AccountId,
    amount: Yen,
    now: Timestamp,
) -> Result<BankId, Stop> {
    let record = check_debit(books, account, amount, now)?;
    Ok(take(books, account, record, amount, now)?)
}

/// Checks that `amount` may be taken; gives the account's record.
///
/// Rejections: those of [`debit`].
pub(crate) fn check_debit(
    books: &Books,
    account: &AccountId,
    amount: Yen,
    now: Timestamp,
) -> Result<Account, Stop> {
    // The debtor has an account, and accounts are never removed.
    let record = must(books.account(account), "the debtor is gone")?.clone();
    check_out(books, account, now)?;
    let available = available_of(books, account, &record, now)?;
    refuse_if(amount > available, Rejection::InsufficientFunds { available, amount })?;
    float::check_bound(books, account, &record, available, amount)?;
    escrow::check_bound(books, account, &record)?;
    Ok(record)
}

/// Takes `amount`, which is available, from the account with this record, and releases what has
/// lapsed; gives the account's custodian.
pub(super) fn take(
    books: &mut Books,
    account: &AccountId,
    record: Account,
    amount: Yen,
    now: Timestamp,
) -> Result<BankId, Fault> {
    let (record, open) = after_debit(books, account, record, amount, now)?;
    let custodian = record.custodian;
    books.put_account(account, record);
    if let Some(open) = open {
        write_open_redeems(books, account, open);
    }
    Ok(custodian)
}

/// The account's record once `amount`, which is available, left it and what has lapsed is released;
/// and its list of requests, where some of it lapsed.
pub(super) fn after_debit(
    books: &Books,
    account: &AccountId,
    mut record: Account,
    amount: Yen,
    now: Timestamp,
) -> Result<(Account, Option<OpenRedeems>), Fault> {
    let held = held_at(books, account, &record, now)?;
    let mut open = None;
    if held != record.held {
        // Something had lapsed, so there is a list.
        let mut rest = must(books.open_redeems(account), "held value has no request")?.clone();
        rest.requests.retain(|request| request.expires > now);
        open = Some(rest);
    }
    // What is available is the balance less what is held.
    record.balance = must(record.balance.checked_sub(amount), "available passes the balance")?;
    must(record.balance.checked_sub(held), "more is paid than is available")?;
    record.held = held;
    Ok((record, open))
}

/// Adds `amount` to what is posted in the account, whose record as it stands is given.
pub(crate) fn credit(
    books: &mut Books,
    account: &AccountId,
    mut record: Account,
    amount: Yen,
) -> Result<(), Stop> {
    record.balance = record.balance.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    books.put_account(account, record);
    Ok(())
}

/// Writes the list of requests that hold value, or removes it where none does.
pub(super) fn write_open_redeems(books: &mut Books, account: &AccountId, open: OpenRedeems) {
    if open.requests.is_empty() {
        books.remove_open_redeems(account);
    } else {
        books.put_open_redeems(account, open);
    }
}
