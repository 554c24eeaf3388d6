//! `Issue`: a bank creates deposit tokens in an account it keeps, within its allowance; an issuer
//! creates prepaid value, within its allowance and its float.
//!
//! Rejections, in order: `NotABank`, `ZeroAmount`, `UnknownAccount`, `NotCustodian`, `KycLevelTooLow`,
//! `PayeeFrozen`, `ReferenceRepeated`, `IssueAllowanceExceeded`, `FloatTooSmall`, `AmountOverflow`.
//! References are the bank's own: two banks may use the same one.

use ledger_types::event::Issued;
use ledger_types::operation::Issue;
use ledger_types::record::{Bank, ReferenceMark};
use ledger_types::{Rejection, Yen, refuse_if};

use super::custody::check_holds;
use super::{check_holding, check_in, check_payee, credit, float, references, sending_bank};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::state::Books;

impl Execute for Issue {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Issue { account, amount, core_banking_ref } = self;
        let bank_id = sending_bank(execution)?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let record = execution.books.account(account).ok_or(Rejection::UnknownAccount)?;
        refuse_if(record.custodian != bank_id, Rejection::NotCustodian)?;
        check_holds(execution.books, record)?;
        check_in(execution.books, account, execution.time)?;
        check_payee(record)?;
        let mark = ReferenceMark::of_issue(core_banking_ref);
        let is_used = references::is_used(execution.books, bank_id, &mark);
        refuse_if(is_used, Rejection::ReferenceRepeated)?;
        check_holding(execution.books, execution.parameters, account, record, *amount)?;
        let record = record.clone();
        // Banks are never removed, and this one was found by its account.
        let mut bank = must(execution.books.bank(bank_id), "the sending bank is gone")?.clone();
        bank.issued = issued_after(&bank, *amount)?;
        float::check_covers(execution.books, &bank, *amount, execution.time)?;
        check_total(execution.books, *amount)?;
        bank.liability = bank.liability.checked_add(*amount).ok_or(Rejection::AmountOverflow)?;
        credit(execution.books, account, record, *amount)?;
        execution.books.put_bank(bank_id, bank);
        references::note(execution.books, bank_id, mark);
        execution.emit(Issued { account: *account, bank: bank_id, amount: *amount });
        Ok(())
    }
}

/// Whether all that all banks ever issued stays in the range of amounts with `amount` more.
///
/// What they redeemed, what is outstanding and what lies in zones are parts of it, so that no sum
/// over them passes the range either.
pub(super) fn check_total(books: &Books, amount: Yen) -> Result<(), Rejection> {
    let mut banks = books.of_kind::<Bank>();
    let total = banks.try_fold(amount, |sum, (_, bank)| sum.checked_add(bank.issued));
    total.map(|_| ()).ok_or(Rejection::AmountOverflow)
}

/// All issued with `amount` more, within the allowance on what is outstanding.
///
/// A bank that redeemed more than it issued (tokens that came from other banks) may issue as much
/// again before its allowance begins to count.
pub(super) fn issued_after(bank: &Bank, amount: Yen) -> Result<Yen, Rejection> {
    let outstanding = bank.issued.checked_sub(bank.redeemed).unwrap_or(Yen::ZERO);
    let allowance = bank.issue_allowance;
    let issued = bank.issued.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    let within = match issued.checked_sub(bank.redeemed) {
        Some(after) => after <= allowance,
        None => true,
    };
    if within {
        Ok(issued)
    } else {
        Err(Rejection::IssueAllowanceExceeded { outstanding, allowance, amount })
    }
}
