//! `RequestReconsent`: a controller asks those who consented under a notice to renew.
//!
//! Silence lapses: nothing happens at the deadline. The cap keeps people from being worn down.

use ledger_types::event::ReconsentRequested;
use ledger_types::limits::{RECONSENT_AHEAD_MS_MAX, RECONSENT_PERIOD_MS, RECONSENTS_PER_PERIOD};
use ledger_types::operation::RequestReconsent;
use ledger_types::record::{Reconsent, ReconsentCount};
use ledger_types::{PartyId, PartyRoles, Rejection, refuse_if};

use crate::acting;
use crate::deadline::{after, lies_ahead};
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for RequestReconsent {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let RequestReconsent { request, notice, version, reason, deadline } = *self;
        let controller = acting::acting(execution, PartyRoles::CONTROLLER)?.party;
        refuse_if(execution.books.reconsent(&request).is_some(), Rejection::ReconsentExists)?;
        let record = execution.books.notice(controller, notice).ok_or(Rejection::UnknownNotice)?;
        if record.version != version {
            return Err(Rejection::NoticeNotCurrent { current: record.version }.into());
        }
        if !lies_ahead(deadline, execution.time, RECONSENT_AHEAD_MS_MAX) {
            return Err(Rejection::BadDeadline.into());
        }
        let count = counted(execution, controller)?;
        let requested = execution.height;
        let record = Reconsent { controller, notice, version, reason, deadline, requested };
        execution.books.put_reconsent_count(controller, count);
        execution.books.put_reconsent(&request, record);
        execution.emit(ReconsentRequested { request, controller, notice, version, deadline });
        Ok(())
    }
}

/// The controller's recent requests, this one included.
fn counted(execution: &Execution<'_>, controller: PartyId) -> Result<ReconsentCount, Rejection> {
    let now = execution.time;
    let mut count = execution.books.reconsent_count(controller).cloned().unwrap_or_default();
    count.recent.retain(|asked| now < after(*asked, RECONSENT_PERIOD_MS));
    refuse_if(count.recent.len() >= RECONSENTS_PER_PERIOD, Rejection::ReconsentCapReached)?;
    count.recent.push(now);
    Ok(count)
}
