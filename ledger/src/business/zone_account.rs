//! `OpenZoneAccount`: a holder opens its own sub-account in a zone.
//!
//! Rejections, in order: `NotAMoneyAccount`, `UnknownZone`, `ZoneAccountExists`.

use ledger_types::operation::OpenZoneAccount;
use ledger_types::{Rejection, Yen};

use crate::event::Event;
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::ZoneAccount;

pub(crate) fn open_zone_account(
    execution: &mut Execution<'_>,
    open: &OpenZoneAccount,
) -> Result<(), Stop> {
    let zone = open.zone;
    let account = execution.sender.account()?;
    if execution.books.zone(zone).is_none() {
        return Err(Rejection::UnknownZone.into());
    }
    if execution.books.zone_account(zone, &account).is_some() {
        return Err(Rejection::ZoneAccountExists.into());
    }
    execution.books.put_zone_account(zone, &account, ZoneAccount { balance: Yen::ZERO });
    execution.emit(Event::ZoneAccountOpened { zone, account });
    Ok(())
}
