//! Floats: the account at a bank that covers all that a prepaid issuer owes, at every height.
//!
//! What is available in it never falls below the issuer's liability. Each rule that lowers the one
//! or raises the other asks here: what leaves a float by its own holder (`FloatBound`), what an
//! issuer issues for money that it took (`FloatTooSmall`). Payments out of and into prepaid accounts
//! move both by the same amount (`posting.rs`). What lapses only adds to what is available.

use ledger_types::operation::AccountKind;
use ledger_types::record::{Account, Bank};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, refuse_if};

use super::balance::available_of;
use crate::fault::{Fault, Stop, must};
use crate::state::{Books, State};

impl State {
    /// What is available in the float of a prepaid issuer at the tip's time; none for a bank.
    #[must_use]
    pub fn float(&self, custodian: &Bank) -> Option<Yen> {
        custodian.kind.float().and_then(|float| self.available(&float, self.time()))
    }
}

/// The issuer of which this account, with this record, is the float.
pub(super) fn issuer_of<'b>(
    books: &'b Books,
    account: &AccountId,
    record: &Account,
) -> Option<&'b Bank> {
    // A float is an issuer's account, which few are: no other payment reads the custodians.
    if record.kind != AccountKind::Issuer {
        return None;
    }
    let custodians = books.of_kind::<Bank>().map(|(_, custodian)| custodian);
    custodians.into_iter().find(|custodian| custodian.kind.float() == Some(*account))
}

/// Rejects with `FloatBound` where `amount` of what is available in the account covers what an
/// issuer owes.
pub(super) fn check_bound(
    books: &Books,
    account: &AccountId,
    record: &Account,
    available: Yen,
    amount: Yen,
) -> Result<(), Rejection> {
    let Some(issuer) = issuer_of(books, account, record) else { return Ok(()) };
    let free = available.checked_sub(issuer.liability).unwrap_or(Yen::ZERO);
    refuse_if(amount > free, Rejection::FloatBound { free, amount })
}

/// Rejects with `FloatTooSmall` where the custodian is an issuer whose float does not cover `amount`
/// more.
pub(super) fn check_covers(
    books: &Books,
    custodian: &Bank,
    amount: Yen,
    now: Timestamp,
) -> Result<(), Stop> {
    let Some((float, record)) = of(books, custodian)? else { return Ok(()) };
    let available = available_of(books, &float, record, now)?;
    let free = available.checked_sub(custodian.liability).unwrap_or(Yen::ZERO);
    Ok(refuse_if(amount > free, Rejection::FloatTooSmall { free, amount })?)
}

/// The float of an issuer and its record; none for a bank.
pub(super) fn of<'b>(
    books: &'b Books,
    custodian: &Bank,
) -> Result<Option<(AccountId, &'b Account)>, Fault> {
    let Some(float) = custodian.kind.float() else { return Ok(None) };
    // Genesis names a float that is there, and accounts are never removed.
    let record = must(books.account(&float), "a float is gone")?;
    Ok(Some((float, record)))
}
