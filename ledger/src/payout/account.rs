//! `SetPayoutAccount`. Rejections, in order: `NotAMoneyAccount`, `NotAMerchant`.

use ledger_types::event::PayoutAccountSet;
use ledger_types::japan::JapanDay;
use ledger_types::limits::PAYOUT_ACCOUNT_NOTICE_DAYS;
use ledger_types::operation::SetPayoutAccount;
use ledger_types::record::{NextDestination, PayoutAccount};
use ledger_types::{Rejection, refuse_if};

use super::terms;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};

impl Execute for SetPayoutAccount {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let destination = self.destination;
        let account = execution.sender.account()?;
        let (books, now) = (&mut *execution.books, execution.time);
        refuse_if(!books.is_merchant(&account), Rejection::NotAMerchant)?;
        let bank = must(books.account(&account), "the sender is gone")?.custodian;
        let bank_account = must(books.bank(bank), "the custodian is gone")?.account;
        let standing = books.payout_account(&account).map(|record| record.at(now));
        let (record, from) = match standing {
            Some(held) if held != destination => {
                // The day after the last of so many business days has begun when that one is over.
                let days = terms::of(books, bank);
                let begins = days.after(JapanDay::of(now), PAYOUT_ACCOUNT_NOTICE_DAYS).begin();
                let next = Some(NextDestination { destination, from: begins });
                (PayoutAccount { destination: held, next }, begins)
            }
            Some(_) | None => (PayoutAccount { destination, next: None }, now),
        };
        books.put_payout_account(&account, record);
        execution.emit(PayoutAccountSet { account, bank_account, destination, from });
        Ok(())
    }
}
