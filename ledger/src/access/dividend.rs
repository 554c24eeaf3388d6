//! `PayDividend`: a month's dividends (情報の対価) in bulk, so that no payment tells of a use.
//!
//! Rejections, in order: `NotAMoneyAccount`, `UnknownTerms`, `NotTermsPayer`, `BadDividend`,
//! `DividendPaid`, then for each row those of `Transfer`. All rows are paid or none.

use ledger_types::event::DividendPaid;
use ledger_types::limits::DIVIDEND_ROWS_MAX;
use ledger_types::operation::{PayDividend, Transfer};
use ledger_types::record::Dividend;
use ledger_types::{Rejection, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PayDividend {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PayDividend { controller, terms, month, chunk, .. } = *self;
        let payer = execution.sender.account()?;
        let record = execution.books.terms(controller, terms).ok_or(Rejection::UnknownTerms)?;
        refuse_if(record.payer != payer, Rejection::NotTermsPayer)?;
        let rows = u32::try_from(self.rows.len()).map_err(|_| Rejection::BadDividend)?;
        if !is_month(month) || !(1..=DIVIDEND_ROWS_MAX).contains(&self.rows.len()) {
            return Err(Rejection::BadDividend.into());
        }
        if execution.books.dividend(controller, terms, month, chunk).is_some() {
            return Err(Rejection::DividendPaid.into());
        }
        for row in &self.rows {
            let transfer = Transfer { to: row.to, amount: row.amount, reference: None };
            transfer.execute(execution)?;
        }
        let paid = Dividend { rows, paid: execution.height };
        execution.books.put_dividend(controller, terms, month, chunk, paid);
        execution.emit(DividendPaid { controller, terms, month, chunk, rows });
        Ok(())
    }
}

/// Whether the number is a month as yyyymm, from the year 1000 on.
fn is_month(month: u32) -> bool {
    let year = month.checked_div(100);
    let of_year = month.checked_rem(100);
    year.is_some_and(|year| (1000..=9999).contains(&year))
        && of_year.is_some_and(|month| (1..=12).contains(&month))
}
