//! What an account's requests hold of it: those to be paid out in cash, and payouts of shops.
//!
//! All of them lie in one list beside the account, whose sum is its `held`.

use ledger_types::limits::OPEN_REDEEMS_MAX;
use ledger_types::record::{Account, OpenRedeem, OpenRedeems};
use ledger_types::{AccountId, Hash, Rejection, Timestamp, Yen, refuse_if};

use super::balance::write_open_redeems;
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

/// An account's list without what has lapsed, in which there is room for one more.
pub(crate) struct Room {
    open: OpenRedeems,
    lapsed: Yen,
}

impl Room {
    /// Rejections: `TooManyOpenRedeems`.
    pub(crate) fn of(books: &Books, account: &AccountId, now: Timestamp) -> Result<Self, Stop> {
        let mut open = books.open_redeems(account).cloned().unwrap_or_default();
        // What is listed sums to `held`, which is in range.
        let lapsed = must(open.lapsed(now), "lapsed requests pass the range of amounts")?;
        open.requests.retain(|request| request.expires > now);
        refuse_if(open.requests.len() >= OPEN_REDEEMS_MAX, Rejection::TooManyOpenRedeems)?;
        Ok(Self { open, lapsed })
    }

    /// Holds what a request is of, which is available in the account with this record.
    pub(crate) fn hold(
        self,
        books: &mut Books,
        account: &AccountId,
        mut record: Account,
        request: OpenRedeem,
    ) -> Result<(), Fault> {
        let Self { mut open, lapsed } = self;
        // `lapsed` is a part of `held`; the rest and the amount, which is available, are the balance's.
        let held = record.held.checked_sub(lapsed);
        let held = held.and_then(|held| held.checked_add(request.amount));
        record.held = must(held, "held value passes the range of amounts")?;
        open.requests.push(request);
        books.put_account(account, record);
        write_open_redeems(books, account, open);
        Ok(())
    }
}

/// Takes a request off its account's list; gives the account's record with as much less held, which is
/// for the caller to write.
///
/// A request that did not end and has not lapsed is listed. What is listed sums to `held`.
pub(crate) fn release(
    books: &mut Books,
    account: &AccountId,
    request: &Hash,
    amount: Yen,
) -> Result<Account, Fault> {
    let mut record = must(books.account(account), "a request's account is gone")?.clone();
    record.held = must(record.held.checked_sub(amount), "a request holds too much")?;
    let mut open = must(books.open_redeems(account), "an open request is not listed")?.clone();
    open.requests.retain(|entry| entry.redeem != *request);
    let listed = open.requests.iter().try_fold(Yen::ZERO, |sum, r| sum.checked_add(r.amount));
    if listed != Some(record.held) {
        return Err(Fault::Contradiction { what: "held value is not what the requests hold" });
    }
    write_open_redeems(books, account, open);
    Ok(record)
}

/// Takes what the account with this record owes no more out of its balance, and out of what its bank
/// owes: the bank paid it outside.
///
/// Rejections: `AmountOverflow`.
pub(crate) fn redeem(
    books: &mut Books,
    account: &AccountId,
    mut record: Account,
    amount: Yen,
) -> Result<(), Stop> {
    // What was held never passes the balance, which is a part of the bank's liability. Banks are never
    // removed.
    record.balance = must(record.balance.checked_sub(amount), "a held amount is not posted")?;
    let id = record.custodian;
    let mut bank = must(books.bank(id), "the custodian is gone")?.clone();
    bank.liability = must(bank.liability.checked_sub(amount), "a liability is too small")?;
    bank.redeemed = bank.redeemed.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    books.put_account(account, record);
    books.put_bank(id, bank);
    Ok(())
}
