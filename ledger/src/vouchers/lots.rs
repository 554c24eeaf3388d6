//! Lots: what holders have of programmes, one record of a holder and zone.
//!
//! A lot is worth nothing from the instant at which it ends, and nothing once its programme is closed,
//! whether or not it was taken out. Whoever writes a record takes such lots out first, so that they make
//! room; what ended before its programme was closed is counted as ended then.

use ledger_types::record::{Lot, Lots};
use ledger_types::{AccountId, Rejection, Timestamp, Yen, ZoneId, refuse_if};

use super::tallies::recount;
use crate::fault::{Fault, Stop};
use crate::state::{Books, State};

/// What a holder has in a zone that is worth something at `now`.
pub(crate) fn current(books: &Books, zone: ZoneId, account: &AccountId, now: Timestamp) -> Lots {
    let mut lots = books.lots(zone, account).cloned().unwrap_or_default();
    lots.lots.retain(|lot| lot.expires > now && !is_closed(books, lot));
    lots
}

/// Whether a lot's programme was reconciled.
fn is_closed(books: &Books, lot: &Lot) -> bool {
    books.programme(lot.programme).is_none_or(|programme| programme.closed.is_some())
}

/// Writes what a holder has, made from what [`current`] gave, and counts what had ended.
pub(crate) fn write(
    books: &mut Books,
    zone: ZoneId,
    account: &AccountId,
    lots: Lots,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = books.lots(zone, account).cloned().unwrap_or_default();
    let had_some = !before.lots.is_empty();
    let ended = before.lots.into_iter().filter(|lot| lot.expires <= now);
    for lot in ended {
        if !is_closed(books, &lot) {
            note_ended(books, &lot)?;
        }
    }
    if !lots.lots.is_empty() {
        books.put_lots(zone, account, lots);
    } else if had_some {
        books.remove_lots(zone, account);
    }
    Ok(())
}

/// Counts a lot of a programme that is not closed as ended unused.
fn note_ended(books: &mut Books, lot: &Lot) -> Result<(), Fault> {
    recount(books, lot, |bucket, instrument| {
        bucket.expired = bucket.expired.plus(lot.kind, lot.remaining)?;
        instrument.expired = instrument.expired.checked_add(lot.remaining)?;
        Some(())
    })
}

/// Whether an account has anything in a zone that is worth something.
pub(crate) fn has_some(books: &Books, zone: ZoneId, account: &AccountId, now: Timestamp) -> bool {
    !current(books, zone, account, now).lots.is_empty()
}

/// Whether an account has anything in any zone that is worth something.
pub(crate) fn has_any(books: &Books, account: &AccountId, now: Timestamp) -> bool {
    books.zone_ids().any(|zone| has_some(books, zone, account, now))
}

/// Takes out what an account has that is worth nothing.
pub(crate) fn forget(books: &mut Books, account: &AccountId, now: Timestamp) -> Result<(), Fault> {
    let zones = books.zone_ids().filter(|zone| books.lots(*zone, account).is_some());
    for zone in zones.collect::<Vec<_>>() {
        let lots = current(books, zone, account, now);
        write(books, zone, account, lots, now)?;
    }
    Ok(())
}

/// Moves all that a deceased holder has in a zone to an heir; gives what it is worth.
///
/// Rejections, in order: `NoVouchers`, `TooManyLots`, `AmountOverflow`.
pub(crate) fn inherit(
    books: &mut Books,
    zone: ZoneId,
    (deceased, heir): (&AccountId, &AccountId),
    now: Timestamp,
) -> Result<Yen, Stop> {
    let left = current(books, zone, deceased, now);
    refuse_if(left.lots.is_empty(), Rejection::NoVouchers)?;
    let (mut amount, mut lots) = (Yen::ZERO, current(books, zone, heir, now));
    for lot in left.lots {
        amount = amount.checked_add(lot.remaining).ok_or(Rejection::AmountOverflow)?;
        lots = lots.with(lot).ok_or(Rejection::TooManyLots)?;
    }
    write(books, zone, deceased, Lots::default(), now)?;
    write(books, zone, heir, lots, now)?;
    Ok(amount)
}

impl State {
    /// What a holder has in a zone that is worth something at the tip's time.
    #[must_use]
    pub fn vouchers(&self, zone: ZoneId, account: &AccountId) -> Lots {
        current(&self.books, zone, account, self.time())
    }
}
