//! `RegisterParty`: the registrar enters a consent party, which acts through an account of its own.
//!
//! Rejections, in order: `MemberRoleMissing`, `BadPartyRoles`, `PartyExists`,
//! `BadCorporateNumber`, `BadKeySet`.

use ledger_types::consent::PartyStatus;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::RegisterParty;
use ledger_types::{AccountId, PartyRoles, Rejection};

use super::member_with;
use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::{Authority, Party};

pub(crate) fn register_party(
    execution: &mut Execution<'_>,
    register: &RegisterParty,
) -> Result<(), Stop> {
    let RegisterParty { party, roles, regime, corporate_number, keys, threshold } = register;
    member_with(execution, MemberRole::Registrar)?;
    if !are_usable(*roles) {
        return Err(Rejection::BadPartyRoles.into());
    }
    let account = AccountId::of_party(*party);
    if execution.books.party_at(&account).is_some() {
        return Err(Rejection::PartyExists.into());
    }
    if corporate_number.is_some_and(|number| !number.is_valid()) {
        return Err(Rejection::BadCorporateNumber.into());
    }
    let authority = Authority::new(keys, *threshold).ok_or(Rejection::BadKeySet)?;
    let record = Party {
        party: *party,
        roles: *roles,
        regime: *regime,
        corporate_number: *corporate_number,
        status: PartyStatus::Active,
        overdue_reviews: 0,
        authority,
    };
    execution.books.put_party(&account, record);
    execution.emit(Event::PartyRegistered { party: *party });
    Ok(())
}

/// Whether there is a role and every bit has a meaning.
pub(crate) fn are_usable(roles: PartyRoles) -> bool {
    PartyRoles::from_bits(roles.bits()).is_some_and(|known| known.intersects(PartyRoles::ALL))
}
