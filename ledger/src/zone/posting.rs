//! What pays inside a zone, and who is paid: sources matched to sub-accounts, each in its order.
//!
//! A payment has up to as many sources as vouchers have escrows, and coin; and as many sub-accounts as
//! the merchant and those who share its fee. Both come to the same sum, and each piece that a source pays
//! to a sub-account is a posting between their custodians.

use ledger_types::{AccountId, BankId, Timestamp, Yen, ZoneId};

use super::zone_credit;
use crate::fault::{Stop, must};
use crate::money::{self, Cap, Posting};
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

/// Who is paid, and where.
#[derive(Clone, Copy, Debug)]
pub(super) enum Payee {
    /// A sub-account of the zone.
    Inside(AccountId),
    /// An account at its bank, out of the zone.
    Outside(AccountId),
    /// A programme's escrow, which takes back what it paid for.
    Escrow(AccountId),
}

impl Payee {
    const fn account(self) -> AccountId {
        match self {
            Self::Inside(account) | Self::Outside(account) | Self::Escrow(account) => account,
        }
    }
}

/// Gives what was taken to those who are paid: the sources come to the same sum.
///
/// Rejections, in order: `AccountFrozen` (of a float), `NetDebitCapReached`, `AmountOverflow`.
pub(super) fn post(
    books: &mut Books,
    zone: ZoneId,
    sources: Vec<Source>,
    paid: impl IntoIterator<Item = (Payee, Yen)>,
    now: Timestamp,
) -> Result<(), Stop> {
    let mut sources = sources.into_iter().filter(|source| !source.amount.is_zero());
    let mut from = None;
    for (payee, amount) in paid.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        let account = payee.account();
        // Who has a sub-account has an account, and accounts are never removed.
        let bank = must(books.account(&account), "a payee's account is gone")?.custodian;
        let mut left = amount;
        while !left.is_zero() {
            let source =
                must(from.take().or_else(|| sources.next()), "less was taken than is paid")?;
            let Source { bank: debtor, amount, cap } = source;
            let piece = amount.min(left);
            Posting::check_under(books, debtor, bank, (piece, cap), now)?.write(books);
            if matches!(payee, Payee::Escrow(_)) && debtor != bank {
                money::unpledge(books, bank, piece)?;
            }
            left = must(left.checked_sub(piece), "a piece passes what is paid")?;
            let rest = must(amount.checked_sub(piece), "a piece passes what was taken")?;
            from = (!rest.is_zero()).then_some(Source { amount: rest, ..source });
        }
        credit(books, zone, payee, amount)?;
    }
    Ok(())
}

/// Writes what somebody is paid.
///
/// Rejections: `AmountOverflow`.
fn credit(books: &mut Books, zone: ZoneId, payee: Payee, amount: Yen) -> Result<(), Stop> {
    match payee {
        Payee::Inside(account) => zone_credit(books, zone, &account, amount),
        Payee::Outside(account) | Payee::Escrow(account) => {
            // It lay in the zone until now, and zones are never removed.
            let mut record = must(books.zone(zone), "a merchant's zone is gone")?.clone();
            let total = record.total.checked_sub(amount);
            record.total = must(total, "more leaves a zone than lies in it")?;
            books.put_zone(zone, record);
            let record = must(books.account(&account), "a payee's account is gone")?.clone();
            money::credit(books, &account, record, amount)
        }
    }
}
