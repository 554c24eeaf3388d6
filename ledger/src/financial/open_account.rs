//! `OpenAccount`: a bank opens an account of which it is the custodian.
//!
//! Rejections, in order: `NotABank`, `AccountKindRefused`, `AccountExists`, `BadKeySet`.

use ledger_types::operation::{AccountKind, OpenAccount};
use ledger_types::{AccountId, Rejection, Yen};

use super::sending_bank;
use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::{Account, Authority};

pub(crate) fn open_account(execution: &mut Execution<'_>, open: &OpenAccount) -> Result<(), Stop> {
    let custodian = sending_bank(execution)?;
    if open.kind == AccountKind::Bank {
        return Err(Rejection::AccountKindRefused.into());
    }
    let account = AccountId::opened_by(custodian, &open.holder_commitment);
    if execution.books.account(&account).is_some() {
        return Err(Rejection::AccountExists.into());
    }
    let authority = Authority::new(&open.keys, open.threshold).ok_or(Rejection::BadKeySet)?;
    let record = Account {
        custodian,
        kind: open.kind,
        kyc_level: open.kyc_level,
        holder_commitment: open.holder_commitment,
        balance: Yen::ZERO,
        held: Yen::ZERO,
        authority,
        opened: execution.height,
    };
    execution.books.put_account(&account, record);
    execution.emit(Event::AccountOpened { account, custodian });
    Ok(())
}
