//! `SetPayoutTerms`. Rejections, in order: `NotABank`, `BadPayoutTerms`.

use ledger_types::event::PayoutTermsSet;
use ledger_types::limits::BANK_HOLIDAYS_MAX;
use ledger_types::operation::SetPayoutTerms;
use ledger_types::record::PayoutTerms;
use ledger_types::{BankId, Rejection, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money;
use crate::state::Books;

impl Execute for SetPayoutTerms {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { fee, smallest, ref holidays } = *self;
        let bank = money::sending_bank(execution)?;
        let in_order = holidays.is_sorted_by(|one, next| one < next);
        let is_sound = smallest > fee && in_order && holidays.len() <= BANK_HOLIDAYS_MAX;
        refuse_if(!is_sound, Rejection::BadPayoutTerms)?;
        let books = &mut *execution.books;
        let bank_account = must(books.bank(bank), "the sending bank is gone")?.account;
        books.put_payout_terms(bank, PayoutTerms { fee, smallest, holidays: holidays.clone() });
        execution.emit(PayoutTermsSet { bank, bank_account, fee, smallest });
        Ok(())
    }
}

/// What a bank says of payouts.
pub(super) fn of(books: &Books, bank: BankId) -> PayoutTerms {
    books.payout_terms(bank).cloned().unwrap_or(PayoutTerms::UNSAID)
}
