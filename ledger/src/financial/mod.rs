//! The Financial Zone: accounts, deposit tokens, redemption, transfers and interbank positions.

mod balance;
mod issue;
mod net_debit_cap;
mod open_account;
mod posting;
mod redeem;
mod transfer;

pub(crate) use balance::{available, credit, debit};
pub(crate) use issue::issue;
pub(crate) use net_debit_cap::set_net_debit_cap;
pub(crate) use open_account::open_account;
pub(crate) use posting::Posting;
pub(crate) use redeem::{cancel_redeem, request_redeem, settle_redeem};
pub(crate) use transfer::transfer;

use ledger_types::{BankId, Rejection};

use crate::execution::Execution;

/// The bank whose own account sends.
fn sending_bank(execution: &Execution<'_>) -> Result<BankId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::NotABank)?;
    execution.books.bank_of(&account).ok_or(Rejection::NotABank)
}
