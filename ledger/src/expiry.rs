//! Records that end: they leave some days after the day with which their identity begins, settlement
//! cycles after the day on which they ended.
//!
//! At the start of every block, empty ones too, the old ones of each kind are gone through in order
//! of key, which is that of their days: at most `AGED_PER_BLOCK_MAX` are looked at, and the next
//! block goes on where this one stopped. What has ended leaves; what is unmatched, overdue, not
//! reviewed, not answered or not told stays, whatever its age, and so no due loses its record.
//!
//! What left is gone from the state alone: an access with both halves is served by nodes, from their
//! index and log, for as long as genesis says (three years at least).
//!
//! A record is kept for three days at least, and an identity is taken only while its day is next to
//! the block's, so none is ever taken twice: whoever repeats a request is told that it exists, and
//! later that its day is over.

use ledger_types::genesis::Retention;
use ledger_types::limits::{AGED_PER_BLOCK_MAX, PAYMENTS_AGED_PER_BLOCK_MAX, RETENTION_DAYS_MIN};
use ledger_types::record::{
    Access, AskedRequest, Cancelled, Cycle, Glass, Key, Kind, LogRead, Pairing, Payment, Payout,
    Redeem, RedeemStatus,
};
use ledger_types::{Day, Hash, Timestamp};

use crate::state::{Books, parts};

const _: () = assert!(RETENTION_DAYS_MIN >= 3, "a day that is taken is at most one day off");

/// Whether an identity begins with the block's day or with one next to it.
pub(crate) fn is_of_now(id: &Hash, now: Timestamp) -> bool {
    Day::of_id(id).is_next_to(Day::of(now))
}

/// Takes out what has ended and is old enough.
pub(crate) fn run(books: &mut Books, retention: &Retention, now: Timestamp) {
    let Retention {
        redeem_days,
        request_days,
        payment_days,
        access_days,
        glass_days,
        read_days,
        ..
    } = *retention;
    let before = |days| Day::of(now).before(days);
    go_on::<Redeem>(books, before(redeem_days), |redeem| {
        redeem.status != RedeemStatus::Open || redeem.expires <= now
    });
    go_on::<Payout>(books, before(redeem_days), |payout| payout.status.has_ended());
    go_on::<AskedRequest>(books, before(request_days), |asked| asked.answer.is_some());
    go_on::<Access>(books, before(access_days), |access| access.pairing() == Pairing::Matched);
    go_on::<Glass>(books, before(glass_days), |glass| {
        glass.review.is_some() && glass.notified.is_some()
    });
    go_on::<LogRead>(books, before(read_days), |_| true);
    take_out::<Payment>(books, before(payment_days));
    take_out::<Cancelled>(books, before(payment_days));
    cycles(books, before(redeem_days));
}

/// Takes out settlement cycles that ended before `kept_from`, but for the last one, on which numbers
/// count on. They end in the order of their numbers, so that none stays behind one that leaves.
fn cycles(books: &mut Books, kept_from: Day) {
    let has_ended = |cycle: &Cycle| cycle.ended.is_some_and(|over| Day::of(over.time) < kept_from);
    let followed = books.of_kind::<Cycle>().zip(books.of_kind::<Cycle>().skip(1));
    let old = followed.map(|(cycle, _)| cycle).take_while(|(_, cycle)| has_ended(cycle));
    let old: Vec<Key> = old.take(AGED_PER_BLOCK_MAX).map(|(key, _)| key).collect();
    old.iter().for_each(|key| books.remove_aged(key));
}

/// Takes out the oldest of a kind that ends with its day alone.
fn take_out<K: Kind + 'static>(books: &mut Books, kept_from: Day) {
    let old = books.of_kind::<K>().map(|(key, _)| key);
    let old = old.take_while(|key| parts::day(key).is_some_and(|day| day < kept_from));
    let old: Vec<Key> = old.take(PAYMENTS_AGED_PER_BLOCK_MAX).collect();
    old.iter().for_each(|key| books.remove_aged(key));
}

/// Looks at the next of a kind whose day is before `kept_from`.
fn go_on<K: Kind + 'static>(books: &mut Books, kept_from: Day, has_ended: impl Fn(&K) -> bool) {
    let kind = u32::from(K::NUMBER);
    let from = books.cursor(kind, 0).map_or_else(|| Key::of([K::NUMBER]), |cursor| cursor.from);
    let old = books.of_kind_from::<K>(&from);
    let old = old.take_while(|(key, _)| parts::day(key).is_some_and(|day| day < kept_from));
    let looked_at: Vec<(Key, bool)> =
        old.take(AGED_PER_BLOCK_MAX).map(|(key, record)| (key, has_ended(record))).collect();
    books.go_on_after(kind, looked_at.last().map(|(key, _)| *key), looked_at.len());
    for (key, _) in looked_at.iter().filter(|(_, ended)| *ended) {
        books.remove_aged(key);
    }
}
