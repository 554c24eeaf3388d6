//! `Freeze` and `Unfreeze`, and the two questions that every movement of money asks.
//!
//! A freeze is of money alone. What it leaves free: consents and withdrawals; `CancelRedeem`, which
//! releases what is held; `Discharge`, by which the holder's own comes back; and what others may
//! still do with their own. A limit of zero is no substitute: it has no ground, no end, and nobody
//! is told.

use ledger_types::event::{AccountFrozen, AccountUnfrozen};
use ledger_types::limits::FREEZE_AHEAD_MS_MAX;
use ledger_types::operation::{Freeze, Unfreeze};
use ledger_types::record::Frozen;
use ledger_types::{AccountId, BankId, Rejection, Timestamp, refuse_if};

use super::sending_bank;
use crate::deadline::lies_ahead;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::state::{Books, State};

impl Execute for Freeze {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Freeze { account, direction, basis, ground, until } = *self;
        let (custodian, now) = (kept_by_sender(execution, &account)?, execution.time);
        let books = &mut *execution.books;
        refuse_if(in_force(books, &account, now).is_some(), Rejection::FreezeExists)?;
        refuse_if(!lies_ahead(until, now, FREEZE_AHEAD_MS_MAX), Rejection::BadFreeze)?;
        let frozen = execution.height;
        let record = Frozen { direction, basis, ground, until, by: custodian, frozen };
        books.put_frozen(&account, record);
        execution.emit(AccountFrozen { account, custodian, direction, basis, until });
        Ok(())
    }
}

impl Execute for Unfreeze {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let account = self.account;
        let (custodian, now) = (kept_by_sender(execution, &account)?, execution.time);
        let books = &mut *execution.books;
        refuse_if(in_force(books, &account, now).is_none(), Rejection::NotFrozen)?;
        books.remove_frozen(&account);
        execution.emit(AccountUnfrozen { account, custodian });
        Ok(())
    }
}

/// The sending bank, which keeps the account.
///
/// Rejections, in order: `NotABank`, `UnknownAccount`, `NotCustodian`.
pub(crate) fn kept_by_sender(
    execution: &Execution<'_>,
    account: &AccountId,
) -> Result<BankId, Rejection> {
    let bank = sending_bank(execution)?;
    let record = execution.books.account(account).ok_or(Rejection::UnknownAccount)?;
    refuse_if(record.custodian != bank, Rejection::NotCustodian)?;
    Ok(bank)
}

fn in_force<'b>(books: &'b Books, account: &AccountId, now: Timestamp) -> Option<&'b Frozen> {
    books.frozen(account).filter(|frozen| frozen.is_in_force(now))
}

/// Rejects with `AccountFrozen` where no money may leave the account.
pub(crate) fn check_out(
    books: &Books,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Rejection> {
    match in_force(books, account, now) {
        Some(frozen) if frozen.direction.stops_out() => {
            Err(Rejection::AccountFrozen { until: frozen.until })
        }
        Some(_) | None => Ok(()),
    }
}

/// Rejects with `AccountFrozen` where the account's money is stopped in any way.
pub(crate) fn check_free(
    books: &Books,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Rejection> {
    let frozen = in_force(books, account, now);
    frozen.map_or(Ok(()), |frozen| Err(Rejection::AccountFrozen { until: frozen.until }))
}

/// Rejects with `PayeeFrozen` where no money may come into the account.
pub(crate) fn check_in(
    books: &Books,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), Rejection> {
    let stopped = in_force(books, account, now).is_some_and(|one| one.direction.stops_in());
    refuse_if(stopped, Rejection::PayeeFrozen)
}

impl State {
    /// The freeze of an account that is in force at the tip's time.
    #[must_use]
    pub fn freeze_in_force(&self, account: &AccountId) -> Option<&Frozen> {
        in_force(&self.books, account, self.time())
    }
}
