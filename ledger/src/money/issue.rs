//! `Issue`: a bank creates deposit tokens in an account it keeps, within its allowance.
//!
//! References are the bank's own: two banks may use the same one.

use ledger_types::event::Issued;
use ledger_types::operation::Issue;
use ledger_types::record::{Bank, ReferenceMark};
use ledger_types::{Rejection, Yen, refuse_if};

use super::{check_in, credit, references, sending_bank};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};

impl Execute for Issue {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Issue { account, amount, core_banking_ref } = self;
        let bank_id = sending_bank(execution)?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let record = execution.books.account(account).ok_or(Rejection::UnknownAccount)?;
        refuse_if(record.custodian != bank_id, Rejection::NotCustodian)?;
        refuse_if(!record.kyc_level.may_hold_deposits(), Rejection::KycLevelTooLow)?;
        check_in(execution.books, account, execution.time)?;
        let mark = ReferenceMark::of_issue(core_banking_ref);
        let is_used = references::is_used(execution.books, bank_id, &mark);
        refuse_if(is_used, Rejection::ReferenceRepeated)?;
        let record = record.clone();
        // Banks are never removed, and this one was found by its account.
        let mut bank = must(execution.books.bank(bank_id), "the sending bank is gone")?.clone();
        bank.issued = issued_after(&bank, *amount)?;
        check_total(execution, *amount)?;
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
fn check_total(execution: &Execution<'_>, amount: Yen) -> Result<(), Rejection> {
    let mut banks = execution.books.of_kind::<Bank>();
    let total = banks.try_fold(amount, |sum, (_, bank)| sum.checked_add(bank.issued));
    total.map(|_| ()).ok_or(Rejection::AmountOverflow)
}

/// All issued with `amount` more, within the allowance on what is outstanding.
///
/// A bank that redeemed more than it issued (tokens that came from other banks) may issue as much
/// again before its allowance begins to count.
fn issued_after(bank: &Bank, amount: Yen) -> Result<Yen, Rejection> {
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
