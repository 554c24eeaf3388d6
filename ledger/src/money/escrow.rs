//! Escrows: accounts at banks in which the yen behind a programme's vouchers lie, until it is reconciled.
//!
//! Once its own account pledged it, nothing leaves an escrow but for vouchers, for another escrow of
//! the programme, and by its reconciliation: every other debit is refused (`EscrowBound`). What redeem
//! requests hold from before counts as not available, so settling them takes nothing from the cover.

use ledger_types::operation::AccountKind;
use ledger_types::record::{Account, Cycle};
use ledger_types::{AccountId, BankId, ProgrammeId, Rejection, Timestamp, Yen, refuse_if};

use super::balance::{available_of, take};
use super::check_out;
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

/// Rejects with `EscrowBound` where the account, with this record, is pledged.
pub(super) fn check_bound(
    books: &Books,
    account: &AccountId,
    record: &Account,
) -> Result<(), Rejection> {
    // Few accounts are of the kind: no other payment looks for a pledge.
    let is_bound = record.kind == AccountKind::Program && books.escrow(account).is_some();
    refuse_if(is_bound, Rejection::EscrowBound)
}

/// Those of a programme's escrows that are pledged to it, in their order.
pub(crate) fn pledged(
    books: &Books,
    programme: ProgrammeId,
    escrows: &[AccountId],
) -> Vec<AccountId> {
    let is_pledged = |account: &&AccountId| {
        books.escrow(account).is_some_and(|escrow| escrow.programme == programme)
    };
    escrows.iter().filter(is_pledged).copied().collect()
}

/// What is available in these escrows together.
///
/// Rejections: `AmountOverflow`.
pub(crate) fn cover(books: &Books, escrows: &[AccountId], now: Timestamp) -> Result<Yen, Stop> {
    escrows.iter().try_fold(Yen::ZERO, |sum, account| {
        // Who pledged its account has one, and accounts are never removed.
        let record = must(books.account(account), "an escrow is gone")?;
        let available = available_of(books, account, record, now)?;
        Ok(sum.checked_add(available).ok_or(Rejection::AmountOverflow)?)
    })
}

/// Takes off what of a bank's position counts against no cap what is paid back into an escrow there, but for
/// what a cycle that waits captured of it: that is taken off when the cycle is settled.
///
/// Without it whoever is paid and refunds again and again would make room past the bank's cap.
pub(crate) fn unpledge(books: &mut Books, bank: BankId, amount: Yen) -> Result<(), Fault> {
    let mut record = must(books.bank(bank), "a custodian is gone")?.clone();
    let waiting = books.of_kind::<Cycle>().map(|(_, cycle)| cycle).find(|one| one.ended.is_none());
    let captured = waiting.and_then(|cycle| cycle.pledged.iter().find(|one| one.bank == bank));
    let captured = captured.map_or(Yen::ZERO, |one| one.pledged);
    // What was captured is a part of what is pledged until the cycle ends.
    let since = must(record.pledged.checked_sub(captured), "less is pledged than was captured")?;
    let left = record.pledged.checked_sub(amount.min(since));
    record.pledged = must(left, "a part passes the whole")?;
    books.put_bank(bank, record);
    Ok(())
}

/// What was taken from an escrow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// The bank that keeps it.
    pub(crate) bank: BankId,
    /// How much: not zero.
    pub(crate) amount: Yen,
}

/// Takes `amount` from escrows of one programme that cover it, from each what is available, in their
/// order; from those that are frozen nothing.
///
/// Rejections: `AccountFrozen`, where what is not frozen is too little.
pub(crate) fn draw(
    books: &mut Books,
    escrows: &[AccountId],
    amount: Yen,
    now: Timestamp,
) -> Result<Vec<Drawn>, Stop> {
    let (mut left, mut drawn, mut stopped) = (amount, Vec::new(), Ok(()));
    for account in escrows {
        if let Err(frozen) = check_out(books, account, now) {
            stopped = stopped.and(Err(frozen));
            continue;
        }
        let record = must(books.account(account), "an escrow is gone")?.clone();
        let amount = available_of(books, account, &record, now)?.min(left);
        if amount.is_zero() {
            continue;
        }
        left = must(left.checked_sub(amount), "more is drawn than is asked for")?;
        let bank = take(books, account, record, amount, now)?;
        drawn.push(Drawn { bank, amount });
    }
    if !left.is_zero() {
        stopped?;
        // All that is sold and not used is in the escrows at every height.
        must(None::<()>, "escrows do not cover what was sold")?;
    }
    Ok(drawn)
}
