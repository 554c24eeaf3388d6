//! The request that a payment answers: whether the terminal's, good now, and not used before.
//!
//! Its signature was checked with the transaction's own, by the key that the payment names; here that key
//! is compared with the terminal's.

use ledger_types::limits::REQUEST_EARLY_MS;
use ledger_types::operation::{AnsweredRequest, Pay};
use ledger_types::payment::payment_id;
use ledger_types::zone::{RequestTerms, TerminalRights};
use ledger_types::{AccountId, Hash, Rejection, Timestamp, ZoneId, refuse_if};

use super::terminal::acting;
use crate::execution::Execution;
use crate::expiry::is_of_now;
use crate::state::Books;

/// The number of a payment, and the instant whose fee schedule decides: the request's, where it answers
/// one.
///
/// Rejections, in order: `RequestUnusable`, `UnknownTerminal`, `TerminalRightMissing`, `RequestExpired`,
/// `RequestUsed`, `FeeScheduleDiffers`.
pub(super) fn number(execution: &Execution<'_>, pay: &Pay) -> Result<(Hash, Timestamp), Rejection> {
    let now = execution.time;
    let Some((answered, id)) = pay.request.as_ref().zip(pay.request_id()) else {
        let (height, place) = (execution.height, execution.transaction);
        return Ok((payment_id(height, place, execution.operation, now), now));
    };
    let (books, terms) = (&*execution.books, &answered.terms);
    refuse_if(!is_usable(pay, answered), Rejection::RequestUnusable)?;
    let signed = |key: &_| *key == answered.key;
    acting(books, pay.zone, &pay.merchant, terms.terminal, TerminalRights::REQUEST, signed)?;
    refuse_if(!is_good(terms, now), Rejection::RequestExpired { until: terms.expires() })?;
    refuse_if(is_used(books, &id), Rejection::RequestUsed)?;
    let made = terms.made.min(now);
    refuse_if(
        !is_in_force(books, pay, terms.fee_schedule, made, now),
        Rejection::FeeScheduleDiffers,
    )?;
    Ok((id, made))
}

/// Whether request and payment fit together, as far as they can be judged alone.
fn is_usable(pay: &Pay, answered: &AnsweredRequest) -> bool {
    let amount = answered.amount(pay.amount);
    let is_sound = amount.is_some_and(|amount| answered.terms.check(amount).is_ok());
    let takes_cash = answered.terms.takes_cash || answered.cash.is_zero();
    is_sound && takes_cash && pay.reference.is_none() && !pay.again
}

/// Whether it is good now. A terminal's clock may be a little ahead.
fn is_good(terms: &RequestTerms, now: Timestamp) -> bool {
    let latest = now.checked_add_millis(REQUEST_EARLY_MS);
    now < terms.expires() && latest.is_none_or(|latest| terms.made <= latest)
}

/// Whether a request was paid or taken back.
fn is_used(books: &Books, id: &Hash) -> bool {
    books.payment(id).is_some() || books.cancelled(id).is_some()
}

/// Rejects what is not of today, or was paid or taken back.
///
/// Rejections, in order: `RequestExpired`, `RequestUsed`.
pub(super) fn check_unused(
    books: &Books,
    id: &Hash,
    made: Timestamp,
    now: Timestamp,
) -> Result<(), Rejection> {
    refuse_if(!is_of_now(id, now), Rejection::RequestExpired { until: made })?;
    refuse_if(is_used(books, id), Rejection::RequestUsed)
}

/// Whether this version of the fee schedule was in force when the request was made, 0 where there was none,
/// and has the tier that the merchant is in by now.
fn is_in_force(books: &Books, pay: &Pay, version: u32, made: Timestamp, now: Timestamp) -> bool {
    let schedules = books.fee_schedules(pay.zone);
    let Some(schedule) = schedules.and_then(|all| all.in_force(made)) else { return version == 0 };
    let tier = books.merchant(pay.zone, &pay.merchant).map(|one| usize::from(one.tier_at(now)));
    schedule.version == version && tier.is_some_and(|tier| tier < schedule.terms.tiers.len())
}

/// What a payment is remembered by, for somebody who looks for it.
pub(super) fn found<'b>(
    books: &'b Books,
    zone: ZoneId,
    merchant: &AccountId,
    id: &Hash,
) -> Result<&'b ledger_types::record::Payment, Rejection> {
    let payment = books.payment(id).ok_or(Rejection::UnknownPayment)?;
    let is_theirs = payment.zone == zone && payment.merchant == *merchant;
    refuse_if(!is_theirs, Rejection::UnknownPayment)?;
    Ok(payment)
}
