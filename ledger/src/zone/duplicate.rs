//! Payments that are likely made twice: of one payer to one shop, as much, within three minutes, by codes
//! that stay. A request is consumed once anyway.

use ledger_types::limits::{DUPLICATE_MS, RECENT_PAYMENTS_MAX};
use ledger_types::operation::Pay;
use ledger_types::record::{RecentPayment, RecentPayments};
use ledger_types::{AccountId, Rejection, Timestamp};

use crate::state::Books;

/// Rejects with `LikelyDuplicate` what the payer paid a moment ago, unless it says that it knows.
pub(super) fn check(
    books: &Books,
    payer: &AccountId,
    pay: &Pay,
    now: Timestamp,
) -> Result<(), Rejection> {
    if pay.request.is_some() || pay.again {
        return Ok(());
    }
    let Some(recent) = books.recent(pay.zone, payer) else { return Ok(()) };
    let is_same = |one: &&RecentPayment| {
        one.merchant == pay.merchant && one.amount == pay.amount && is_recent(one, now)
    };
    let same = recent.payments.iter().rev().find(is_same);
    same.map_or(Ok(()), |one| Err(Rejection::LikelyDuplicate { paid: one.time }))
}

/// Remembers a payment, and forgets those that are too old.
pub(super) fn note(books: &mut Books, payer: &AccountId, pay: &Pay, now: Timestamp) {
    if pay.request.is_some() {
        return;
    }
    let mut payments = books.recent(pay.zone, payer).cloned().unwrap_or_default().payments;
    payments.retain(|one| is_recent(one, now));
    if payments.len() >= RECENT_PAYMENTS_MAX {
        payments.remove(0);
    }
    payments.push(RecentPayment { merchant: pay.merchant, amount: pay.amount, time: now });
    books.put_recent(pay.zone, payer, RecentPayments { payments });
}

fn is_recent(one: &RecentPayment, now: Timestamp) -> bool {
    one.time.checked_add_millis(DUPLICATE_MS).is_none_or(|end| now < end)
}
