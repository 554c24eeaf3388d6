//! `Transfer`: a holder pays another account, within a custodian or across custodians.

use ledger_types::event::Transferred;
use ledger_types::operation::Transfer;
use ledger_types::{Rejection, refuse_if};

use super::custody::{check_holds, check_send};
use super::{Posting, check_holding, check_in, check_payee, credit, debit, spend};
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Transfer {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Transfer { to: creditor, amount, reference } = *self;
        let debtor = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        refuse_if(debtor == creditor, Rejection::SameAccount)?;
        let books = &mut *execution.books;
        let payee = books.account(&creditor).ok_or(Rejection::UnknownAccount)?;
        check_holds(books, payee)?;
        check_send(books, &debtor, payee)?;
        let payee = payee.clone();
        check_in(books, &creditor, execution.time)?;
        check_payee(&payee)?;
        let debtor_bank = debit(books, &debtor, amount, execution.time)?;
        spend(execution, &debtor, payee.kind, amount)?;
        let books = &mut *execution.books;
        check_holding(books, execution.parameters, &creditor, &payee, amount)?;
        Posting::check(books, debtor_bank, payee.custodian, amount, execution.time)?.write(books);
        credit(books, &creditor, payee, amount)?;
        execution.emit(Transferred { debtor, creditor, amount, reference });
        Ok(())
    }
}
