//! `OpenZoneAccount`: a holder opens its own sub-account in a zone.

use ledger_types::event::ZoneAccountOpened;
use ledger_types::operation::OpenZoneAccount;
use ledger_types::record::ZoneAccount;
use ledger_types::{Rejection, Yen, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for OpenZoneAccount {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let zone = self.zone;
        let account = execution.sender.account()?;
        refuse_if(execution.books.zone(zone).is_none(), Rejection::UnknownZone)?;
        if execution.books.zone_account(zone, &account).is_some() {
            return Err(Rejection::ZoneAccountExists.into());
        }
        execution.books.put_zone_account(zone, &account, ZoneAccount { balance: Yen::ZERO });
        execution.emit(ZoneAccountOpened { zone, account });
        Ok(())
    }
}
