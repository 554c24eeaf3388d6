//! `DeclareEmergency` and `EndEmergency`: disaster profiles apply while enough members say so.
//!
//! Rejections, in order:
//! - declare: `MemberRoleMissing` (by an account through which no member acts), `BadDeadline`,
//!   `EmergencyEndorsed`;
//! - end: `MemberRoleMissing`, `UnknownEmergency`.
//!
//! An emergency is in force while `EMERGENCY_SIGNERS` members with accounts of their own endorse
//! it, the city among them. Endorsements lapse by block time.

use ledger_types::genesis::MemberRole;
use ledger_types::limits::EMERGENCY_AHEAD_MS_MAX;
use ledger_types::operation::{DeclareEmergency, EndEmergency};
use ledger_types::{AccountId, Rejection};

use super::lies_ahead;
use crate::event::{ConsentEvent, Event};
use crate::execution::Execution;
use crate::fault::Stop;
use crate::governance::{member, member_with};
use crate::record::Endorsement;

pub(crate) fn declare_emergency(
    execution: &mut Execution<'_>,
    declare: &DeclareEmergency,
) -> Result<(), Stop> {
    let DeclareEmergency { area, until, ground } = *declare;
    let account: AccountId = member(execution)?;
    let now = execution.time;
    if !lies_ahead(until, now, EMERGENCY_AHEAD_MS_MAX) {
        return Err(Rejection::BadDeadline.into());
    }
    let mut record = execution.books.emergency(area).cloned().unwrap_or_default();
    record.endorsements.retain(|endorsement| now < endorsement.until);
    if record.endorsements.iter().any(|endorsement| endorsement.account == account) {
        return Err(Rejection::EmergencyEndorsed.into());
    }
    let is_city = member_with(execution, MemberRole::City).is_ok();
    let given = execution.height;
    record.endorsements.push(Endorsement { account, is_city, until, ground, given });
    let in_force_until = record.in_force_until(now);
    execution.books.put_emergency(area, record);
    let event = ConsentEvent::EmergencyEndorsed { area, member: account, in_force_until };
    execution.emit(Event::Consent(event));
    Ok(())
}

pub(crate) fn end_emergency(execution: &mut Execution<'_>, end: &EndEmergency) -> Result<(), Stop> {
    let area = end.area;
    let member = member_with(execution, MemberRole::City)?;
    if execution.books.emergency(area).is_none() {
        return Err(Rejection::UnknownEmergency.into());
    }
    execution.books.remove_emergency(area);
    execution.emit(Event::Consent(ConsentEvent::EmergencyEnded { area, member }));
    Ok(())
}
