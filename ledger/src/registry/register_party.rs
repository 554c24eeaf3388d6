//! `RegisterParty`: the registrar enters a consent party, which acts through an account of its own.

use ledger_types::consent::PartyStatus;
use ledger_types::event::PartyRegistered;
use ledger_types::genesis::MemberRole;
use ledger_types::operation::RegisterParty;
use ledger_types::record::{Authority, Party};
use ledger_types::{AccountId, PartyRoles, Rejection, refuse_if};

use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for RegisterParty {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RegisterParty { party, roles, regime, corporate_number, keys, threshold } = self;
        member_with(execution, MemberRole::Registrar)?;
        refuse_if(!are_usable(*roles), Rejection::BadPartyRoles)?;
        let account = AccountId::of_party(*party);
        refuse_if(execution.books.party_at(&account).is_some(), Rejection::PartyExists)?;
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
        execution.emit(PartyRegistered { party: *party });
        Ok(())
    }
}

/// Whether there is a role and every bit has a meaning.
pub(crate) fn are_usable(roles: PartyRoles) -> bool {
    PartyRoles::from_bits(roles.bits()).is_some_and(|known| known.intersects(PartyRoles::ALL))
}
