//! Postings between custodians: who owes a holder's yen once it has a new holder.
//!
//! Within a bank nothing moves. Across banks the debtor's bank owes its holders less, the
//! creditor's owes its holders more, and the debtor's bank owes the creditor's bank the amount:
//! the pair's position and both net positions move by it, so that net positions always sum to
//! zero. The debtor's bank may not come to owe more than its net debit cap.

use ledger_types::record::{Bank, PairPosition};
use ledger_types::{BankId, Position, Rejection, Yen};

use crate::fault::{Stop, must};
use crate::state::Books;

/// A posting that was checked and only has to be written.
pub(crate) struct Posting(Option<Across>);

struct Across {
    debtor: (BankId, Bank),
    creditor: (BankId, Bank),
    lower: BankId,
    higher: BankId,
    pair: PairPosition,
}

impl Posting {
    /// Checks a payment of `amount` from a holder at one bank to a holder at another.
    ///
    /// Rejections, in order: `NetDebitCapReached`, `AmountOverflow`.
    pub(crate) fn check(
        books: &Books,
        debtor: BankId,
        creditor: BankId,
        amount: Yen,
    ) -> Result<Self, Stop> {
        if debtor == creditor {
            return Ok(Self(None));
        }
        // An account's custodian is a bank, and banks are never removed.
        let mut from = must(books.bank(debtor), "a custodian is gone")?.clone();
        let mut to = must(books.bank(creditor), "a custodian is gone")?.clone();
        let owing = from.position.checked_debit(amount).ok_or(Rejection::AmountOverflow)?;
        if owing.net_debit() > from.net_debit_cap {
            let (net_debit, cap) = (from.position.net_debit(), from.net_debit_cap);
            return Err(Rejection::NetDebitCapReached { net_debit, cap, amount }.into());
        }
        from.position = owing;
        // The debtor has paid already, so the liability covers what it had before: `amount` or more.
        from.liability = must(from.liability.checked_sub(amount), "a liability is too small")?;
        to.position = to.position.checked_credit(amount).ok_or(Rejection::AmountOverflow)?;
        to.liability = to.liability.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        let (lower, higher) = (debtor.min(creditor), debtor.max(creditor));
        let before = books.pair(lower, higher).map_or(Position::ZERO, |pair| pair.position);
        let after = if debtor == lower {
            before.checked_debit(amount)
        } else {
            before.checked_credit(amount)
        };
        let pair = PairPosition { position: after.ok_or(Rejection::AmountOverflow)? };
        Ok(Self(Some(Across {
            debtor: (debtor, from),
            creditor: (creditor, to),
            lower,
            higher,
            pair,
        })))
    }

    /// Writes it.
    pub(crate) fn write(self, books: &mut Books) {
        if let Some(across) = self.0 {
            books.put_bank(across.debtor.0, across.debtor.1);
            books.put_bank(across.creditor.0, across.creditor.1);
            books.put_pair(across.lower, across.higher, across.pair);
        }
    }
}
