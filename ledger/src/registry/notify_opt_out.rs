//! `NotifyOptOut`: a controller notifies a scheme that people may object to.
//!
//! Only chapter 4 of the APPI knows opt-outs (article 27, paragraph 2), and nothing is used before
//! the waiting time that the filing starts is over.

use ledger_types::consent::Mechanism;
use ledger_types::event::OptOutNotified;
use ledger_types::operation::NotifyOptOut;
use ledger_types::record::OptOut;
use ledger_types::{PartyRoles, Regime, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for NotifyOptOut {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let NotifyOptOut { scheme, filing_hash, prohibited_hash, wait_until, basis } = *self;
        let sender = acting::acting(execution, PartyRoles::CONTROLLER)?;
        let (controller, regime) = (sender.party, sender.regime);
        refuse_if(regime != Regime::Private, Rejection::OptOutRegimeRefused)?;
        refuse_if(execution.books.opt_out(controller, scheme).is_some(), Rejection::OptOutExists)?;
        let law = execution.books.legal_basis(basis).ok_or(Rejection::UnknownLegalBasis)?;
        if law.mechanism != Mechanism::OptOut || !law.regimes.contains(regime) {
            return Err(Rejection::LegalBasisRefused.into());
        }
        refuse_if(wait_until <= execution.time, Rejection::BadDeadline)?;
        let notified = execution.height;
        let record = OptOut { filing_hash, prohibited_hash, wait_until, basis, notified };
        execution.books.put_opt_out(controller, scheme, record);
        execution.emit(OptOutNotified { controller, scheme, wait_until });
        Ok(())
    }
}
