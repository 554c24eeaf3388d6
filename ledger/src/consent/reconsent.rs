//! `RequestReconsent`: a controller asks those who consented under a notice to renew.
//!
//! Rejections, in order: `UnknownParty`, `PartySuspended`, `PartyRoleMissing`, `ReconsentExists`,
//! `UnknownNotice`, `NoticeNotCurrent`, `BadDeadline`, `ReconsentCapReached`.
//!
//! Silence lapses: nothing happens at the deadline. The cap keeps people from being worn down.

use ledger_types::limits::{RECONSENT_AHEAD_MS_MAX, RECONSENT_PERIOD_MS, RECONSENTS_PER_PERIOD};
use ledger_types::operation::RequestReconsent;
use ledger_types::{PartyId, PartyRoles, Rejection};

use super::{after, lies_ahead, party};
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::record::{Reconsent, ReconsentCount};

pub(crate) fn request_reconsent(
    execution: &mut Execution<'_>,
    ask: &RequestReconsent,
) -> Result<(), Stop> {
    let RequestReconsent { request, notice, version, reason, deadline } = *ask;
    let controller = party::acting(execution, PartyRoles::CONTROLLER)?.party;
    if execution.books.reconsent(&request).is_some() {
        return Err(Rejection::ReconsentExists.into());
    }
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
    let event = ConsentEvent::ReconsentRequested { request, controller, notice, version, deadline };
    execution.emit(Event::Consent(event));
    Ok(())
}

/// The controller's requests of late, this one included.
fn counted(execution: &Execution<'_>, controller: PartyId) -> Result<ReconsentCount, Rejection> {
    let now = execution.time;
    let mut count = execution.books.reconsent_count(controller).cloned().unwrap_or_default();
    count.recent.retain(|asked| now < after(*asked, RECONSENT_PERIOD_MS));
    if count.recent.len() >= RECONSENTS_PER_PERIOD {
        return Err(Rejection::ReconsentCapReached);
    }
    count.recent.push(now);
    Ok(count)
}
