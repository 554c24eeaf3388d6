//! What comes back from a zone into its holder's balance: by `Discharge`, or for heirs.

use ledger_types::event::Discharged;
use ledger_types::{AccountId, Yen, ZoneId};

use super::credit;
use crate::execution::Execution;
use crate::fault::{Stop, must};

/// Adds `amount`, which was taken from the account's sub-account of the zone, to its balance, and
/// takes it from what lies in the zone.
///
/// Rejections: `AmountOverflow`.
pub(crate) fn bring_back(
    execution: &mut Execution<'_>,
    zone: ZoneId,
    account: AccountId,
    amount: Yen,
) -> Result<(), Stop> {
    let books = &mut *execution.books;
    // Who has a sub-account has an account; accounts and zones are never removed.
    let holder = must(books.account(&account), "a sub-account's account is gone")?.clone();
    credit(books, &account, holder, amount)?;
    let mut record = must(books.zone(zone), "a sub-account's zone is gone")?.clone();
    // The total is the sum of the zone's sub-accounts, and one of them had `amount`.
    record.total = must(record.total.checked_sub(amount), "a zone's total is too small")?;
    books.put_zone(zone, record);
    execution.emit(Discharged { zone, account, amount });
    Ok(())
}
