//! `DeclareEmergency` and `EndEmergency`: disaster profiles apply while enough members say so.
//!
//! Rejections, in order:
//! - declare: `MemberRoleMissing` (by an account through which no member acts), `BadDeadline`,
//!   `EmergencyEndorsed`;
//! - end: `MemberRoleMissing`, `UnknownEmergency`.
//!
//! An emergency is in force while `EMERGENCY_SIGNERS` members with accounts of their own endorse
//! it, the city among them. Endorsements lapse by block time.

use ledger_types::event::{EmergencyEnded, EmergencyEndorsed};
use ledger_types::genesis::MemberRole;
use ledger_types::limits::EMERGENCY_AHEAD_MS_MAX;
use ledger_types::operation::{DeclareEmergency, EndEmergency};
use ledger_types::record::Endorsement;
use ledger_types::{AccountId, Rejection, refuse_if};

use crate::acting::{member, member_with};
use crate::deadline::lies_ahead;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for DeclareEmergency {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let DeclareEmergency { area, until, ground } = *self;
        let account: AccountId = member(execution)?;
        let now = execution.time;
        refuse_if(!lies_ahead(until, now, EMERGENCY_AHEAD_MS_MAX), Rejection::BadDeadline)?;
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
        execution.emit(EmergencyEndorsed { area, member: account, in_force_until });
        Ok(())
    }
}

impl Execute for EndEmergency {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let area = self.area;
        let member = member_with(execution, MemberRole::City)?;
        refuse_if(execution.books.emergency(area).is_none(), Rejection::UnknownEmergency)?;
        execution.books.remove_emergency(area);
        execution.emit(EmergencyEnded { area, member });
        Ok(())
    }
}
