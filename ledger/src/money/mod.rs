//! Money: accounts, deposit tokens and prepaid value, redemption, payments and interbank positions.

mod balance;
mod bringing_back;
mod closing;
mod custody;
mod cycle;
mod escrow;
mod estate;
mod float;
mod freeze;
mod held;
mod issue;
mod limits;
mod net_debit_cap;
mod open_account;
mod posting;
mod redeem;
mod references;
mod transfer;

pub(crate) use balance::{check_debit, credit, debit};
pub(crate) use bringing_back::bring_back;
pub(crate) use closing::{check_alive, check_payee, check_sender};
pub(crate) use custody::{check_holds, check_merchant, custodian};
pub(crate) use cycle::is_sound as is_cycle_sound;
pub(crate) use escrow::{Drawn, cover, draw, pledged, unpledge};
pub(crate) use freeze::{check_free, check_in, check_out, kept_by_sender};
pub(crate) use held::{Room, redeem as redeem_held, release};
pub(crate) use limits::{check_holding, give_back, spend};
pub(crate) use posting::{Cap, Posting};

use ledger_types::{BankId, Rejection};

use crate::execution::Execution;

/// The bank or issuer whose own account sends.
pub(crate) fn sending_bank(execution: &Execution<'_>) -> Result<BankId, Rejection> {
    let account = execution.sender.account().map_err(|_| Rejection::NotABank)?;
    execution.books.bank_of(&account).ok_or(Rejection::NotABank)
}
