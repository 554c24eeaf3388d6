//! Business Zones: sub-accounts, merchants, and payments inside a zone.
//!
//! Yen never leaves the Financial Zone: what lies in a zone stays a debt of the holder's
//! custodian, and a payment inside a zone posts between custodians in the same step.

mod charge;
mod pay;
mod register_merchant;
mod zone_account;

use ledger_types::{AccountId, Rejection, Yen, ZoneId};

use crate::fault::Stop;
use crate::state::Books;
use ledger_types::record::ZoneAccount;

/// What an account has in a zone; rejections, in order: `UnknownZone`, `NoZoneAccount`.
fn in_zone(books: &Books, zone: ZoneId, account: &AccountId) -> Result<ZoneAccount, Rejection> {
    match books.zone_account(zone, account) {
        Some(found) => Ok(*found),
        None if books.zone(zone).is_none() => Err(Rejection::UnknownZone),
        None => Err(Rejection::NoZoneAccount),
    }
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
