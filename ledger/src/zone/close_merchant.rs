//! `HoldMerchant` and `CloseMerchant`: a shop's takings stay in the zone, and a shop leaves.
//!
//! Rejections, in order:
//! - hold: `UnknownZone`, `NotZoneOperator`, `NotAMerchant`;
//! - close: `UnknownZone`, `NotZoneOperator`, `NotAMerchant`, `MerchantClosed`, `BadLastDay`.

use ledger_types::day::DAY_MS;
use ledger_types::event::{MerchantClosing, MerchantHeld};
use ledger_types::japan::JapanDay;
use ledger_types::limits::LAST_DAY_AHEAD_MAX;
use ledger_types::operation::{CloseMerchant, HoldMerchant};
use ledger_types::record::{Closing, Merchant};
use ledger_types::{Rejection, Timestamp, refuse_if};

use super::operated;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for HoldMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, merchant, ground } = *self;
        operated(execution, zone)?;
        let books = &mut *execution.books;
        let record = *books.merchant(zone, &merchant).ok_or(Rejection::NotAMerchant)?;
        books.put_merchant(zone, &merchant, Merchant { held: ground, ..record });
        execution.emit(MerchantHeld { zone, merchant, ground });
        Ok(())
    }
}

impl Execute for CloseMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, merchant, last_day, reserve } = *self;
        operated(execution, zone)?;
        let now = execution.time;
        let record = execution.books.merchant(zone, &merchant).ok_or(Rejection::NotAMerchant)?;
        let record = *record;
        let closed = record.closed(now);
        closed.map_or(Ok(()), |since| Err(Rejection::MerchantClosed { since }))?;
        let from = last_day.over();
        let refunded_for = execution.parameters.retention.payment_days;
        let until = reserved_until(from, refunded_for).ok_or(Rejection::BadLastDay)?;
        let today = JapanDay::of(now);
        let latest = JapanDay::new(today.get().saturating_add(LAST_DAY_AHEAD_MAX));
        refuse_if(last_day < today || last_day > latest, Rejection::BadLastDay)?;
        let closing = Some(Closing { from, reserve, until });
        execution.books.put_merchant(zone, &merchant, Merchant { closing, ..record });
        execution.emit(MerchantClosing { zone, merchant, from, reserve, until });
        Ok(())
    }
}

/// From when on no payment is remembered that was made before an instant: payments are kept by the day
/// with which their identity begins, which may be a day off.
fn reserved_until(from: Timestamp, payment_days: u32) -> Option<Timestamp> {
    let days = u64::from(payment_days).checked_add(2)?;
    from.checked_add_millis(days.checked_mul(DAY_MS)?)
}
