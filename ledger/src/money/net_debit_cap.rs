//! `SetNetDebitCap`: the settlement operator bounds what a bank may owe the others on net.
//!
//! Rejections, in order: `MemberRoleMissing`, `UnknownBank`, `IssuerHasNoPosition`. A cap below what the bank owes
//! already undoes nothing: it refuses the bank's next payment outwards.

use ledger_types::event::NetDebitCapSet;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::SetNetDebitCap;
use ledger_types::{Rejection, refuse_if};

use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for SetNetDebitCap {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let SetNetDebitCap { bank: bank_id, cap } = *self;
        let operator = member_with(execution, MemberRole::SettlementOperator)?;
        let mut bank = execution.books.bank(bank_id).ok_or(Rejection::UnknownBank)?.clone();
        refuse_if(!bank.kind.is_bank(), Rejection::IssuerHasNoPosition)?;
        bank.net_debit_cap = cap;
        execution.books.put_bank(bank_id, bank);
        execution.emit(NetDebitCapSet { bank: bank_id, cap, operator });
        Ok(())
    }
}
