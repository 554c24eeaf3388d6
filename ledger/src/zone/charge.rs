//! `Charge` and `Discharge`: a holder moves yen to and from its own sub-account of a zone.
//!
//! The custodian owes the same sum before and after; only where it lies changes. Rejections, in
//! order:
//! - charge: `NotAMoneyAccount`, `ZeroAmount`, `UnknownZone`, `NoZoneAccount`,
//!   `AccountFrozen`, `InsufficientFunds`, `AmountOverflow`;
//! - discharge: `NotAMoneyAccount`, `ZeroAmount`, `UnknownZone`, `NoZoneAccount`,
//!   `InsufficientZoneFunds`, `AmountOverflow`.

use ledger_types::event::{Charged, Discharged};
use ledger_types::operation::{Charge, Discharge};
use ledger_types::{Rejection, refuse_if};

use super::{in_zone, zone_credit, zone_debit};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money;

impl Execute for Charge {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Charge { zone, amount } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let books = &mut *execution.books;
        in_zone(books, zone, &account)?;
        money::debit(books, &account, amount, execution.time)?;
        zone_credit(books, zone, &account, amount)?;
        // Sub-accounts are opened in zones that are there, and zones are never removed.
        let mut record = must(books.zone(zone), "a sub-account's zone is gone")?.clone();
        record.total = record.total.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        books.put_zone(zone, record);
        execution.emit(Charged { zone, account, amount });
        Ok(())
    }
}

impl Execute for Discharge {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Discharge { zone, amount } = *self;
        let account = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let books = &mut *execution.books;
        zone_debit(books, zone, &account, amount)?;
        // The sender was found as an account; accounts and zones are never removed.
        let holder = must(books.account(&account), "the sender is gone")?.clone();
        money::credit(books, &account, holder, amount)?;
        let mut record = must(books.zone(zone), "a sub-account's zone is gone")?.clone();
        // The total is the sum of the zone's sub-accounts, and one of them had `amount`.
        record.total = must(record.total.checked_sub(amount), "a zone's total is too small")?;
        books.put_zone(zone, record);
        execution.emit(Discharged { zone, account, amount });
        Ok(())
    }
}
