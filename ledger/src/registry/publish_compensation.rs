//! `PublishCompensation`: a controller publishes what it pays for data (情報の対価).

use ledger_types::event::CompensationPublished;
use ledger_types::operation::PublishCompensation;
use ledger_types::record::Compensation;
use ledger_types::{PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PublishCompensation {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PublishCompensation { terms, payer, unit_hash, zone } = *self;
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        let books = &mut *execution.books;
        refuse_if(books.terms(controller, terms).is_some(), Rejection::TermsExist)?;
        refuse_if(books.account(&payer).is_none(), Rejection::UnknownAccount)?;
        refuse_if(zone.is_some_and(|zone| books.zone(zone).is_none()), Rejection::UnknownZone)?;
        let record = Compensation { payer, unit_hash, zone, published: execution.height };
        books.put_terms(controller, terms, record);
        execution.emit(CompensationPublished { controller, terms, payer });
        Ok(())
    }
}
