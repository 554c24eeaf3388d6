//! What pays inside a zone, and who is paid: sources matched to sub-accounts, each in its order.
//!
//! A payment has up to as many sources as vouchers have escrows, and coin; and as many sub-accounts as
//! the merchant and those who share its fee. Both come to the same sum, and each piece that a source pays
//! to a sub-account is a posting between their custodians.

use ledger_types::{AccountId, BankId, Timestamp, Yen, ZoneId};

use super::zone_credit;
use crate::fault::{Stop, must};
use crate::money::{Cap, Posting};
use crate::state::Books;

/// What was taken from whoever pays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// The custodian from which it comes.
    pub(super) bank: BankId,
    /// How much.
    pub(super) amount: Yen,
    /// Whether it counts against the custodian's cap.
    pub(super) cap: Cap,
}

/// Gives what was taken to sub-accounts: the sources come to the same sum.
///
/// Rejections, in order: `AccountFrozen` (of a float), `NetDebitCapReached`, `AmountOverflow`.
pub(super) fn post(
    books: &mut Books,
    zone: ZoneId,
    sources: Vec<Source>,
    paid: impl IntoIterator<Item = (AccountId, Yen)>,
    now: Timestamp,
) -> Result<(), Stop> {
    let mut sources = sources.into_iter().filter(|source| !source.amount.is_zero());
    let mut from = None;
    for (account, amount) in paid.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        // Who has a sub-account has an account, and accounts are never removed.
        let bank = must(books.account(&account), "a payee's account is gone")?.custodian;
        let mut left = amount;
        while !left.is_zero() {
            let source =
                must(from.take().or_else(|| sources.next()), "less was taken than is paid")?;
            let Source { bank: debtor, amount, cap } = source;
            let piece = amount.min(left);
            Posting::check_under(books, debtor, bank, (piece, cap), now)?.write(books);
            left = must(left.checked_sub(piece), "a piece passes what is paid")?;
            let rest = must(amount.checked_sub(piece), "a piece passes what was taken")?;
            from = (!rest.is_zero()).then_some(Source { amount: rest, ..source });
        }
        zone_credit(books, zone, &account, amount)?;
    }
    Ok(())
}
