//! `Transfer`: a holder pays another account, within a bank or across banks.

use ledger_types::event::Transferred;
use ledger_types::operation::Transfer;
use ledger_types::{Rejection, refuse_if};

use super::{Posting, check_in, credit, debit};
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
        refuse_if(!payee.kyc_level.may_hold_deposits(), Rejection::KycLevelTooLow)?;
        let payee = payee.clone();
        check_in(books, &creditor, execution.time)?;
        let debtor_bank = debit(books, &debtor, amount, execution.time)?;
        Posting::check(books, debtor_bank, payee.custodian, amount)?.write(books);
        credit(books, &creditor, payee, amount)?;
        execution.emit(Transferred { debtor, creditor, amount, reference });
        Ok(())
    }
}
