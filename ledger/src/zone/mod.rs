//! Business Zones: sub-accounts, merchants, and payments inside a zone.
//!
//! Yen never leaves the Financial Zone: what lies in a zone stays a debt of the holder's
//! custodian, and a payment inside a zone posts between custodians in the same step.

mod announcing;
mod cancel_request;
mod charge;
mod close_merchant;
mod create_zone;
mod duplicate;
mod fees;
mod giving_back;
mod pay;
mod posting;
mod refund;
mod register_merchant;
mod request;
mod tender;
mod terminal;
mod update_merchant;
mod zone_account;

pub(crate) use create_zone::are_areas;
use ledger_types::record::{Zone, ZoneAccount};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, ZoneId, refuse_if};

use crate::execution::{Execution, Sender};
use crate::fault::Stop;
use crate::state::Books;

/// A zone that the sender operates.
///
/// Rejections, in order: `UnknownZone`, `NotZoneOperator`.
pub(crate) fn operated<'e>(
    execution: &'e Execution<'_>,
    zone: ZoneId,
) -> Result<&'e Zone, Rejection> {
    let record = execution.books.zone(zone).ok_or(Rejection::UnknownZone)?;
    let is_operator = execution.sender == Sender::Account(record.operator);
    refuse_if(!is_operator, Rejection::NotZoneOperator)?;
    Ok(record)
}

/// What an account has in a zone; rejections, in order: `UnknownZone`, `NoZoneAccount`.
fn in_zone(books: &Books, zone: ZoneId, account: &AccountId) -> Result<ZoneAccount, Rejection> {
    match books.zone_account(zone, account) {
        Some(found) => Ok(*found),
        None if books.zone(zone).is_none() => Err(Rejection::UnknownZone),
        None => Err(Rejection::NoZoneAccount),
    }
}

/// The same of what leaves the zone or is paid: a merchant that leaves keeps its reserve there, and one
/// that is held all of it.
///
/// Rejections, in order: `UnknownZone`, `NoZoneAccount`, `InsufficientZoneFunds`, `KeptInZone`.
pub(crate) fn zone_spend(
    books: &mut Books,
    zone: ZoneId,
    account: &AccountId,
    amount: Yen,
    now: Timestamp,
) -> Result<(), Stop> {
    let before = in_zone(books, zone, account)?.balance;
    zone_debit(books, zone, account, amount)?;
    let kept = books.merchant(zone, account).and_then(|merchant| merchant.kept(now));
    let free = kept.map(|kept| before.checked_sub(kept).unwrap_or(Yen::ZERO));
    let short = free.filter(|free| *free < amount);
    short.map_or(Ok(()), |free| Err(Rejection::KeptInZone { free }.into()))
}

/// Takes `amount` from a sub-account, or says that there is too little.
fn zone_debit(
    books: &mut Books,
    zone: ZoneId,
    account: &AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    let available = in_zone(books, zone, account)?.balance;
    let balance = available
        .checked_sub(amount)
        .ok_or(Rejection::InsufficientZoneFunds { available, amount })?;
    books.put_zone_account(zone, account, ZoneAccount { balance });
    Ok(())
}

/// Adds `amount` to a sub-account.
fn zone_credit(
    books: &mut Books,
    zone: ZoneId,
    account: &AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    let before = in_zone(books, zone, account)?.balance;
    let balance = before.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    books.put_zone_account(zone, account, ZoneAccount { balance });
    Ok(())
}
