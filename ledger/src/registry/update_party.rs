//! `UpdateParty`: the registrar changes what a party may do, or suspends it.

use ledger_types::event::PartyUpdated;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::UpdateParty;
use ledger_types::{AccountId, Rejection, refuse_if};

use super::register_party::are_usable;
use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for UpdateParty {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let UpdateParty { party, roles, regime, corporate_number, status } = *self;
        member_with(execution, MemberRole::Registrar)?;
        refuse_if(!are_usable(roles), Rejection::BadPartyRoles)?;
        let mut record = execution.books.party(party).ok_or(Rejection::UnknownParty)?.clone();
        if corporate_number.is_some_and(|number| !number.is_valid()) {
            return Err(Rejection::BadCorporateNumber.into());
        }
        (record.roles, record.regime) = (roles, regime);
        (record.corporate_number, record.status) = (corporate_number, status);
        execution.books.put_party(&AccountId::of_party(party), record);
        execution.emit(PartyUpdated { party });
        Ok(())
    }
}
