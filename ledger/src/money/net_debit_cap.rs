//! `SetNetDebitCap`: the settlement operator bounds what a bank may owe the others on net.
//!
//! Rejections, in order: `MemberRoleMissing`, `UnknownBank`. A cap below what the bank owes
//! already undoes nothing: it refuses the bank's next payment outwards.

use ledger_types::Rejection;
use ledger_types::event::NetDebitCapSet;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::SetNetDebitCap;

use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for SetNetDebitCap {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let SetNetDebitCap { bank: bank_id, cap } = *self;
        let operator = member_with(execution, MemberRole::SettlementOperator)?;
        let mut bank = execution.books.bank(bank_id).ok_or(Rejection::UnknownBank)?.clone();
        bank.net_debit_cap = cap;
        execution.books.put_bank(bank_id, bank);
        execution.emit(NetDebitCapSet { bank: bank_id, cap, operator });
        Ok(())
    }
}
