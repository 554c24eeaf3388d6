//! `UpdateParty`: the registrar changes what a party may do, or suspends it.
//!
//! Rejections, in order: `MemberRoleMissing`, `BadPartyRoles`, `UnknownParty`,
//! `BadCorporateNumber`.

use ledger_types::genesis::MemberRole;
use ledger_types::operation::UpdateParty;
use ledger_types::{AccountId, Rejection};

use super::{are_usable, member_with};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;

pub(crate) fn update_party(
    execution: &mut Execution<'_>,
    update: &UpdateParty,
) -> Result<(), Stop> {
    let UpdateParty { party, roles, regime, corporate_number, status } = *update;
    member_with(execution, MemberRole::Registrar)?;
    if !are_usable(roles) {
        return Err(Rejection::BadPartyRoles.into());
    }
    let mut record = execution.books.party(party).ok_or(Rejection::UnknownParty)?.clone();
    if corporate_number.is_some_and(|number| !number.is_valid()) {
        return Err(Rejection::BadCorporateNumber.into());
    }
    (record.roles, record.regime) = (roles, regime);
    (record.corporate_number, record.status) = (corporate_number, status);
    execution.books.put_party(&AccountId::of_party(party), record);
    execution.emit(Event::Consent(ConsentEvent::PartyUpdated { party }));
    Ok(())
}
