//! `SetNetDebitCap`: the settlement operator bounds what a bank may owe the others on net.
//!
//! Rejections, in order: `MemberRoleMissing`, `UnknownBank`. A cap below what the bank owes
//! already undoes nothing: it refuses the bank's next payment outwards.

use ledger_types::Rejection;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::SetNetDebitCap;

use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::governance::member_with;

pub(crate) fn set_net_debit_cap(
    execution: &mut Execution<'_>,
    set: &SetNetDebitCap,
) -> Result<(), Stop> {
    let SetNetDebitCap { bank: bank_id, cap } = *set;
    let operator = member_with(execution, MemberRole::SettlementOperator)?;
    let mut bank = execution.books.bank(bank_id).ok_or(Rejection::UnknownBank)?.clone();
    bank.net_debit_cap = cap;
    execution.books.put_bank(bank_id, bank);
    execution.emit(Event::NetDebitCapSet { bank: bank_id, cap, operator });
    Ok(())
}
