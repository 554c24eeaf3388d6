//! Postings between custodians: who owes a holder's yen once it has a new holder.
//!
//! Within a custodian nothing moves. Across banks the debtor's bank owes its holders less, the
//! creditor's owes its holders more, and the debtor's bank owes the creditor's bank the amount:
//! the pair's position and both net positions move by it, so that net positions always sum to
//! zero. The debtor's bank may not come to owe more than its net debit cap; what an escrow pays for a
//! voucher does not count against it.
//!
//! A prepaid issuer pays and is paid at once, by its float, so that it never owes another custodian
//! nor is owed anything: what leaves its holders it redeems and its float pays, what comes to them it
//! issues, within its allowance, and its float is paid. Between the float's bank and the other bank
//! the rest is a payment like any. Float and liability move by the same amount, so the float covers
//! after it what the issuer owes where it did before.

use ledger_types::record::{Account, Bank, OpenRedeems, PairPosition};
use ledger_types::{AccountId, BankId, Position, Rejection, Timestamp, Yen};

use super::balance::{after_debit, write_open_redeems};
use super::issue::{check_total, issued_after};
use super::{check_in, check_out, float};
use crate::fault::{Stop, must};
use crate::state::Books;

/// Whether a payment between banks counts against the cap of the debtor's bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cap {
    /// It does.
    Counts,
    /// It does not: an escrow pays a voucher, and what it pays is there to be settled with.
    Pledged,
}

/// A posting that was checked and only has to be written.
#[derive(Default)]
pub(crate) struct Posting {
    redeemed: Option<ByFloat>,
    issued: Option<ByFloat>,
    across: Option<Across>,
}

/// An issuer and its float, as a payment leaves them.
struct ByFloat {
    issuer: (BankId, Bank),
    float: (AccountId, Account),
    /// The requests that hold of the float, where some lapsed and are released.
    open: Option<OpenRedeems>,
}

struct Across {
    debtor: (BankId, Bank),
    creditor: (BankId, Bank),
    lower: BankId,
    higher: BankId,
    pair: PairPosition,
}

impl Posting {
    /// Checks a payment of `amount` from a holder at one custodian to a holder at another.
    ///
    /// Neither holder is a float where the other one is an issuer's customer. Rejections, in order:
    /// `AccountFrozen` and `PayeeFrozen` (of floats), `IssueAllowanceExceeded`, `NetDebitCapReached`,
    /// `AmountOverflow`.
    pub(crate) fn check(
        books: &Books,
        debtor: BankId,
        creditor: BankId,
        amount: Yen,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        Self::check_under(books, debtor, creditor, (amount, Cap::Counts), now)
    }

    /// The same, where the cap counts or does not.
    ///
    /// Rejections: those of [`Self::check`], without `NetDebitCapReached` of what is pledged.
    pub(crate) fn check_under(
        books: &Books,
        debtor: BankId,
        creditor: BankId,
        (amount, cap): (Yen, Cap),
        now: Timestamp,
    ) -> Result<Self, Stop> {
        if debtor == creditor {
            return Ok(Self::default());
        }
        let redeemed = ByFloat::redeem(books, debtor, amount, now)?;
        let issued = ByFloat::issue(books, creditor, amount, now)?;
        let debtor = redeemed.as_ref().map_or(debtor, ByFloat::bank);
        let creditor = issued.as_ref().map_or(creditor, ByFloat::bank);
        let across = Across::check(books, debtor, creditor, amount, cap)?;
        Ok(Self { redeemed, issued, across })
    }

    /// Writes it.
    pub(crate) fn write(self, books: &mut Books) {
        for by_float in self.redeemed.into_iter().chain(self.issued) {
            let ByFloat { issuer, float, open } = by_float;
            books.put_bank(issuer.0, issuer.1);
            books.put_account(&float.0, float.1);
            if let Some(open) = open {
                write_open_redeems(books, &float.0, open);
            }
        }
        if let Some(across) = self.across {
            books.put_bank(across.debtor.0, across.debtor.1);
            books.put_bank(across.creditor.0, across.creditor.1);
            books.put_pair(across.lower, across.higher, across.pair);
        }
    }
}

impl ByFloat {
    /// What leaves an issuer's holders: it owes them less, and its float pays. None at a bank.
    fn redeem(
        books: &Books,
        issuer: BankId,
        amount: Yen,
        now: Timestamp,
    ) -> Result<Option<Self>, Stop> {
        let mut bank = must(books.bank(issuer), "a custodian is gone")?.clone();
        let Some((float, record)) = float::of(books, &bank)? else { return Ok(None) };
        check_out(books, &float, now)?;
        // The debtor had `amount`, which is a part of the liability, which the float covers.
        let (record, open) = after_debit(books, &float, record.clone(), amount, now)?;
        bank.liability = must(bank.liability.checked_sub(amount), "a liability is too small")?;
        bank.redeemed = bank.redeemed.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        Ok(Some(Self { issuer: (issuer, bank), float: (float, record), open }))
    }

    /// What comes to an issuer's holders: it owes them more, and its float is paid. None at a bank.
    fn issue(
        books: &Books,
        issuer: BankId,
        amount: Yen,
        now: Timestamp,
    ) -> Result<Option<Self>, Stop> {
        let mut bank = must(books.bank(issuer), "a custodian is gone")?.clone();
        let Some((float, record)) = float::of(books, &bank)? else { return Ok(None) };
        check_in(books, &float, now)?;
        bank.issued = issued_after(&bank, amount)?;
        check_total(books, amount)?;
        bank.liability = bank.liability.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        let mut record = record.clone();
        record.balance = record.balance.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        Ok(Some(Self { issuer: (issuer, bank), float: (float, record), open: None }))
    }

    /// The bank that keeps the float.
    const fn bank(&self) -> BankId {
        self.float.1.custodian
    }
}

impl Across {
    /// A payment between two banks; none where they are one.
    fn check(
        books: &Books,
        debtor: BankId,
        creditor: BankId,
        amount: Yen,
        cap: Cap,
    ) -> Result<Option<Self>, Stop> {
        if debtor == creditor {
            return Ok(None);
        }
        // An account's custodian is there, and custodians are never removed.
        let mut from = must(books.bank(debtor), "a custodian is gone")?.clone();
        let mut to = must(books.bank(creditor), "a custodian is gone")?.clone();
        let net_debit = from.counted_debit();
        from.position = from.position.checked_debit(amount).ok_or(Rejection::AmountOverflow)?;
        if cap == Cap::Pledged {
            from.pledged = from.pledged.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        } else if from.counted_debit() > from.net_debit_cap {
            let cap = from.net_debit_cap;
            return Err(Rejection::NetDebitCapReached { net_debit, cap, amount }.into());
        }
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
        let (debtor, creditor) = ((debtor, from), (creditor, to));
        Ok(Some(Self { debtor, creditor, lower, higher, pair }))
    }
}
