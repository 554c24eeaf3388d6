//! Money: accounts, deposit tokens, redemption, payments and interbank positions.

mod balance;
mod freeze;
mod issue;
mod net_debit_cap;
mod open_account;
mod posting;
mod redeem;
mod references;
mod transfer;

pub(crate) use balance::{credit, debit};
pub(crate) use freeze::{check_in, check_out, kept_by_sender};
pub(crate) use posting::Posting;

use ledger_types::{BankId, Rejection};

use crate::execution::Execution;

/// The bank whose own account sends.
fn sending_bank(execution: &Execution<'_>) -> Result<BankId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::NotABank)?;
    execution.books.bank_of(&account).ok_or(Rejection::NotABank)
}
