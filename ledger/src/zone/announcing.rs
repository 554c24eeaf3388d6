//! What changes by announcement: 30 days ahead wherever it takes more of somebody.
//!
//! Whoever relies on what was said can do so: nothing that is announced is replaced by what takes
//! more at any instant than it would have. What takes no more of anybody may begin at once.

use ledger_types::limits::{FEE_AHEAD_MS_MAX, FEE_NOTICE_MS};
use ledger_types::record::{Announced, Dated};
use ledger_types::{Rejection, Timestamp, refuse_if};

use crate::deadline::lies_ahead;

/// Whether a change begins at once, or not too far ahead.
pub(super) fn begins_in_time(from: Timestamp, now: Timestamp) -> bool {
    from <= now || lies_ahead(from, now, FEE_AHEAD_MS_MAX)
}

/// The version after the latest.
///
/// # Errors
/// `ZoneVersionNotNext` where it is not the next one.
pub(super) fn check_next<T>(before: Option<&Announced<T>>, version: u32) -> Result<(), Rejection> {
    let current = before.map_or(0, |before| before.latest.version);
    let is_next = current.checked_add(1) == Some(version);
    refuse_if(!is_next, Rejection::ZoneVersionNotNext { current })
}

/// What stands after `next` was announced at `now`; a change that lies back begins now.
/// `takes_more` says whether the second takes more of somebody than the first.
///
/// Rejections, in order: `ChangeAnnounced`, `NoticeTooShort`.
pub(super) fn announced<T: Clone>(
    before: Option<&Announced<T>>,
    mut next: Dated<T>,
    now: Timestamp,
    takes_more: impl Fn(Option<&T>, Option<&T>) -> bool,
) -> Result<Announced<T>, Rejection> {
    next.from = next.from.max(now);
    let in_force = before.and_then(|before| before.in_force(now));
    let now_says = in_force.map(|dated| &dated.terms);
    let adds = takes_more(now_says, Some(&next.terms));
    match before.and_then(|before| before.waiting(now)) {
        Some(waiting) => {
            let would_say = Some(&waiting.terms);
            let worse = takes_more(would_say, Some(&next.terms))
                || (next.from < waiting.from && adds)
                || (next.from > waiting.from && takes_more(would_say, now_says));
            refuse_if(worse, Rejection::ChangeAnnounced { from: waiting.from })?;
        }
        None => {
            let last = Timestamp::from_millis(u64::MAX);
            let earliest = now.checked_add_millis(FEE_NOTICE_MS).unwrap_or(last);
            let is_short = adds && next.from < earliest;
            refuse_if(is_short, Rejection::NoticeTooShort { earliest })?;
        }
    }
    let before = in_force.filter(|_| next.from > now).cloned();
    Ok(Announced { latest: next, before })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60 * 1000;

    fn at(day: u64) -> Timestamp {
        Timestamp::from_millis(day * DAY)
    }

    /// Announces a price for a day; `None` where none was said takes nothing.
    fn price(
        before: Option<&Announced<u32>>,
        price: u32,
        from: u64,
        now: u64,
    ) -> Result<Announced<u32>, Rejection> {
        let version = before.map_or(1, |before| before.latest.version + 1);
        let next = Dated { version, from: at(from), terms: price };
        announced(before, next, at(now), |before, after| after.unwrap_or(&0) > before.unwrap_or(&0))
    }

    fn said(standing: &Announced<u32>, day: u64) -> Option<u32> {
        standing.in_force(at(day)).map(|dated| dated.terms)
    }

    #[test]
    fn what_takes_more_is_announced_30_days_ahead_and_what_takes_less_begins_at_once() {
        let short = Err(Rejection::NoticeTooShort { earliest: at(130) });
        assert_eq!(price(None, 5, 129, 100), short);
        let first = price(None, 5, 130, 100).unwrap();
        assert_eq!((said(&first, 129), said(&first, 130)), (None, Some(5)));
        let less = price(Some(&first), 4, 0, 140).unwrap();
        assert_eq!((said(&less, 140), less.latest.from), (Some(4), at(140)));
        assert_eq!(less.before, None);
        let short = Err(Rejection::NoticeTooShort { earliest: at(180) });
        assert_eq!(price(Some(&less), 5, 179, 150), short);
        let more = price(Some(&less), 5, 180, 150).unwrap();
        assert_eq!((said(&more, 179), said(&more, 180)), (Some(4), Some(5)));
        assert_eq!(more.waiting(at(179)).unwrap().terms, 5);
        assert_eq!(more.waiting(at(180)), None);
    }

    #[test]
    fn what_was_announced_gives_way_only_to_what_takes_less_at_every_instant() {
        let base = price(None, 0, 0, 0).unwrap();
        let base = price(Some(&base), 4, 50, 10).unwrap();
        let now = 60;
        for (waits, replacement, from, stands) in [
            // A raise that was announced is taken back, or made smaller, at its day or later.
            (6, 4, 60, true),
            (6, 5, 100, true),
            (6, 5, 99, false),
            (6, 5, 101, true),
            (6, 7, 130, false),
            // A reduction that was announced comes no later and is no smaller.
            (2, 1, 60, true),
            (2, 2, 100, true),
            (2, 2, 101, false),
            (2, 3, 60, false),
        ] {
            let waiting = price(Some(&base), waits, 100, now).unwrap();
            let refused = Err(Rejection::ChangeAnnounced { from: at(100) });
            let found = price(Some(&waiting), replacement, from, now);
            assert_eq!(found.is_ok(), stands, "{waits} gives way to {replacement} from {from}");
            assert!(found.is_ok() || found == refused);
        }
    }

    #[test]
    fn near_the_last_instant_what_takes_more_is_refused() {
        let now = Timestamp::from_millis(u64::MAX - 1);
        let next = Dated { version: 1, from: now, terms: 1_u32 };
        let refused = announced(None, next, now, |before, after| after > before);
        let earliest = Timestamp::from_millis(u64::MAX);
        assert_eq!(refused, Err(Rejection::NoticeTooShort { earliest }));
    }
}
