//! `Charge` and `Discharge`: a holder moves yen to and from its own sub-account of a zone.
//!
//! The custodian owes the same sum before and after; only where it lies changes. Rejections, in
//! order:
//! - charge: `NotAMoneyAccount`, `ZeroAmount`, `UnknownZone`, `NoZoneAccount`,
//!   `AccountFrozen`, `InsufficientFunds`, `FloatBound`, `AmountOverflow`;
//! - discharge: `NotAMoneyAccount`, `ZeroAmount`, `UnknownZone`, `NoZoneAccount`,
//!   `InsufficientZoneFunds`, `KeptInZone`, `AmountOverflow`.

use ledger_types::event::Charged;
use ledger_types::operation::{Charge, Discharge};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, ZoneId, refuse_if};

use super::{in_zone, zone_credit, zone_spend};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money;
use crate::state::Books;

impl Execute for Charge {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Charge { zone, amount } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let books = &mut *execution.books;
        in_zone(books, zone, &account)?;
        move_in(books, zone, &account, amount, execution.time)?;
        execution.emit(Charged { zone, account, amount });
        Ok(())
    }
}

/// Moves a holder's yen into its own sub-account, which is there.
///
/// Rejections, in order: `AccountFrozen`, `InsufficientFunds`, `AmountOverflow`.
pub(super) fn move_in(
    books: &mut Books,
    zone: ZoneId,
    account: &AccountId,
    amount: Yen,
    now: Timestamp,
) -> Result<(), Stop> {
    money::debit(books, account, amount, now)?;
    zone_credit(books, zone, account, amount)?;
    // Sub-accounts are opened in zones that are there, and zones are never removed.
    let mut record = must(books.zone(zone), "a sub-account's zone is gone")?.clone();
    record.total = record.total.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    books.put_zone(zone, record);
    Ok(())
}

impl Execute for Discharge {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Discharge { zone, amount } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        zone_spend(execution.books, zone, &account, amount, execution.time)?;
        money::bring_back(execution, zone, account, amount)
    }
}
