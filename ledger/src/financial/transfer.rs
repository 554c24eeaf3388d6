//! `Transfer`: a holder pays another account, within a bank or across banks.
//!
//! Rejections, in order: `NotAMoneyAccount`, `ZeroAmount`, `SameAccount`, `UnknownAccount`,
//! `KycLevelTooLow`, `InsufficientFunds`, `NetDebitCapReached`, `AmountOverflow`.

use ledger_types::Rejection;
use ledger_types::operation::Transfer;

use super::{Posting, credit, debit};
use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;

pub(crate) fn transfer(execution: &mut Execution<'_>, transfer: &Transfer) -> Result<(), Stop> {
    let Transfer { to: creditor, amount, reference } = *transfer;
    let debtor = execution.sender.account()?;
    if amount.is_zero() {
        return Err(Rejection::ZeroAmount.into());
    }
    if debtor == creditor {
        return Err(Rejection::SameAccount.into());
    }
    let books = &mut *execution.books;
    let payee = books.account(&creditor).ok_or(Rejection::UnknownAccount)?;
    if !payee.kyc_level.may_hold_deposits() {
        return Err(Rejection::KycLevelTooLow.into());
    }
    let payee = payee.clone();
    let debtor_bank = debit(books, &debtor, amount, execution.time)?;
    Posting::check(books, debtor_bank, payee.custodian, amount)?.write(books);
    credit(books, &creditor, payee, amount)?;
    execution.emit(Event::Transferred { debtor, creditor, amount, reference });
    Ok(())
}
