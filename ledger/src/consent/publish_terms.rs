//! `PublishTerms`: a controller publishes what it pays for data (情報の対価).
//!
//! Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `TermsExist`,
//! `UnknownAccount`, `UnknownZone`.

use ledger_types::operation::PublishTerms;
use ledger_types::{PartyRoles, Rejection};

use super::party;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::Terms;

pub(crate) fn publish_terms(
    execution: &mut Execution<'_>,
    publish: &PublishTerms,
) -> Result<(), Stop> {
    let PublishTerms { terms, payer, unit_hash, zone } = *publish;
    let controller = party::acting(execution, PartyRoles::CONTROLLER)?.party;
    let books = &mut *execution.books;
    if books.terms(controller, terms).is_some() {
        return Err(Rejection::TermsExist.into());
    }
    if books.account(&payer).is_none() {
        return Err(Rejection::UnknownAccount.into());
    }
    if zone.is_some_and(|zone| books.zone(zone).is_none()) {
        return Err(Rejection::UnknownZone.into());
    }
    let record = Terms { payer, unit_hash, zone, published: execution.height };
    books.put_terms(controller, terms, record);
    let event = ConsentEvent::TermsPublished { controller, terms, payer };
    execution.emit(Event::Consent(event));
    Ok(())
}
