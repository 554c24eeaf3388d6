//! `StopOptOut`: a person objects to an opt-out scheme, alone or at a counter.
//!
//! Rejections, in order: `NotASubject` (by an account that holds money), `PartySuspended` and
//! `PartyRoleMissing` (by a party), `UnknownOptOut`, `OptOutStopped`.
//!
//! The controller knows the person by the commitment, so people who are not users of this ledger
//! and the bereaved can object too. An objection is not taken back.

use ledger_types::event::OptOutStopped;
use ledger_types::operation::StopOptOut;
use ledger_types::record::OptOutStop;
use ledger_types::{PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::Stop;
use crate::person::counter;

impl Execute for StopOptOut {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let StopOptOut { controller, scheme, person, evidence } = *self;
        match execution.sender {
            Sender::Subject(_) => {}
            Sender::Party(_) => {
                acting::acting(execution, PartyRoles::COUNTER)?;
            }
            Sender::Account(_) => return Err(Rejection::NotASubject.into()),
        }
        let books = &mut *execution.books;
        refuse_if(books.opt_out(controller, scheme).is_none(), Rejection::UnknownOptOut)?;
        if books.opt_out_stop(controller, scheme, &person).is_some() {
            return Err(Rejection::OptOutStopped.into());
        }
        if let Sender::Party(counter) = execution.sender {
            counter::count(execution, counter)?;
        }
        let record = OptOutStop { evidence, stopped: execution.height };
        execution.books.put_opt_out_stop(controller, scheme, &person, record);
        execution.emit(OptOutStopped { controller, scheme });
        Ok(())
    }
}
