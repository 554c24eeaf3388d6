//! `UpdateMerchant`: a zone's operator says anew of what class and tier a merchant is.
//!
//! What the merchant was charged this fiscal year stays: a cap counts all of it, whatever the tier. A
//! tier that may cost it more is announced, and gives way to what costs no more at once.

use ledger_types::event::MerchantUpdated;
use ledger_types::limits::FEE_NOTICE_MS;
use ledger_types::operation::UpdateMerchant;
use ledger_types::record::{Merchant, NextTier};
use ledger_types::{Rejection, Timestamp, ZoneId, refuse_if};

use super::fees::check_tier;
use super::operated;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::state::Books;

impl Execute for UpdateMerchant {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, merchant, class, tier, profile } = *self;
        operated(execution, zone)?;
        let books = &mut *execution.books;
        let before = *books.merchant(zone, &merchant).ok_or(Rejection::NotAMerchant)?;
        let now = execution.time;
        check_tier(books, zone, tier, now)?;
        refuse_if(!profile.is_sound(), Rejection::BadMerchantProfile)?;
        let from = begins(books, zone, &before, tier, now)?;
        let (tier_now, next_tier) = if from > now {
            (before.tier_at(now), Some(NextTier { tier, from }))
        } else {
            (tier, None)
        };
        let after = Merchant { class, tier: tier_now, next_tier, profile, ..before };
        books.put_merchant(zone, &merchant, after);
        execution.emit(MerchantUpdated { zone, merchant, class, tier, from });
        Ok(())
    }
}

/// From when on a merchant may be in a tier: at once where it can cost no more, else 30 days ahead, or
/// when a tier was announced that costs as much.
///
/// Rejections: `AmountOverflow`, where there is no such day.
fn begins(
    books: &Books,
    zone: ZoneId,
    before: &Merchant,
    tier: u16,
    now: Timestamp,
) -> Result<Timestamp, Rejection> {
    let schedules = books.fee_schedules(zone);
    let costs_more = |from: u16| {
        let standing = schedules.map(|all| [all.in_force(now), all.waiting(now)]);
        let mut standing = standing.into_iter().flatten().flatten();
        standing.any(|dated| dated.terms.costs_more(from, tier))
    };
    if !costs_more(before.tier_at(now)) {
        return Ok(now);
    }
    match before.waiting(now).filter(|next| !costs_more(next.tier)) {
        Some(next) => Ok(next.from),
        None => now.checked_add_millis(FEE_NOTICE_MS).ok_or(Rejection::AmountOverflow),
    }
}
