//! `NotifyOptOut`: a controller notifies a scheme that people may object to.
//!
//! Only chapter 4 of the APPI knows opt-outs (article 27, paragraph 2), and nothing is used before
//! the waiting time that the filing starts is over.

use ledger_types::consent::Mechanism;
use ledger_types::event::OptOutNotified;
use ledger_types::operation::NotifyOptOut;
use ledger_types::record::OptOut;
use ledger_types::{PartyRoles, Regime, Rejection};

use crate::acting;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for NotifyOptOut {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let NotifyOptOut { scheme, filing_hash, prohibited_hash, wait_until, basis } = *self;
        let sender = acting::acting(execution, PartyRoles::CONTROLLER)?;
        let (controller, regime) = (sender.party, sender.regime);
        if regime != Regime::Private {
            return Err(Rejection::OptOutRegimeRefused.into());
        }
        if execution.books.opt_out(controller, scheme).is_some() {
            return Err(Rejection::OptOutExists.into());
        }
        let law = execution.books.legal_basis(basis).ok_or(Rejection::UnknownLegalBasis)?;
        if law.mechanism != Mechanism::OptOut || !law.regimes.contains(regime) {
            return Err(Rejection::LegalBasisRefused.into());
        }
        if wait_until <= execution.time {
            return Err(Rejection::BadDeadline.into());
        }
        let notified = execution.height;
        let record = OptOut { filing_hash, prohibited_hash, wait_until, basis, notified };
        execution.books.put_opt_out(controller, scheme, record);
        let event = OptOutNotified { controller, scheme, wait_until };
        execution.emit(event);
        Ok(())
    }
}
