//! What a payer may use where something was given to it, or by it: a raise lasts until an instant.
//!
//! What is given is taken of the giver's, so that all payers together never have more: the giver's
//! burst and rate are lower while it lasts, and a burst comes back as used. Else one burst, given to
//! each of many in turn, would be used by all of them.

use ledger_types::allowance::{Allowance, Allowances, Means, Used};
use ledger_types::limits::AGED_PER_BLOCK_MAX;
use ledger_types::operation::AccountKind;
use ledger_types::record::{Given, GivenUntil, Kind, Raise};
use ledger_types::{AccountId, Timestamp};

use crate::commitment::Key;
use crate::state::{Books, parts};

/// What a payer may use at an instant, and what it has in use by then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) means: Means,
    pub(crate) used: Used,
}

impl Standing {
    /// That of a payer whose kind has this allowance and whose record says this is used.
    pub(crate) fn of(
        books: &Books,
        payer: &AccountId,
        kind: Allowance,
        used: Used,
        now: Timestamp,
    ) -> Self {
        let (raise, given) = (books.raise(payer), books.given(payer));
        let given = given.map_or(&[][..], |given| given.until.as_slice());
        let means = |lasts: &dyn Fn(Timestamp) -> bool| {
            let more = raise.filter(|raise| lasts(raise.until)).map_or(NOTHING, |raise| raise.more);
            Means::of_kind(kind).with(more).without(sum(given, lasts))
        };
        let ends = raise.map(|raise| raise.until).into_iter();
        let mut ends: Vec<Timestamp> =
            ends.chain(given.iter().map(|entry| entry.until)).filter(|end| *end <= now).collect();
        ends.sort_unstable();
        ends.dedup();
        let settled = ends.iter().fold(used, |used, end| {
            let back = sum(given, &|until| until == *end).burst;
            used.settled(means(&|until| until >= *end).allowance, *end).and(back)
        });
        Self { means: means(&|until| until > now), used: settled }
    }
}

/// Nothing given.
pub(crate) const NOTHING: Allowance = Allowance { burst: 0, per_minute: 0 };

/// What was given, of the instants that are asked for.
pub(crate) fn sum(given: &[GivenUntil], counts: &dyn Fn(Timestamp) -> bool) -> Allowance {
    given.iter().filter(|entry| counts(entry.until)).fold(NOTHING, |sum, entry| Allowance {
        burst: sum.burst.saturating_add(entry.allowance.burst),
        per_minute: sum.per_minute.saturating_add(entry.allowance.per_minute),
    })
}

/// The same, when what has ended leaves the books: the payer's record is to be written with it.
pub(crate) fn settle(
    books: &mut Books,
    payer: &AccountId,
    kind: Allowance,
    used: Used,
    now: Timestamp,
) -> Standing {
    // Nearly every payer was given nothing and gave nothing: no more is looked up for it.
    if books.raise(payer).is_none() && books.given(payer).is_none() {
        return Standing { means: Means::of_kind(kind), used };
    }
    let standing = Standing::of(books, payer, kind, used, now);
    if books.raise(payer).is_some_and(|raise| raise.until <= now) {
        books.remove_raise(payer);
    }
    if let Some(given) = books.given(payer)
        && given.until.first().is_some_and(|first| first.until <= now)
    {
        let lasting = given.until.iter().filter(|entry| entry.until > now).copied().collect();
        put_given(books, payer, lasting);
    }
    standing
}

/// Writes what a payer gave; no record says nothing.
pub(crate) fn put_given(books: &mut Books, payer: &AccountId, until: Vec<GivenUntil>) {
    if until.is_empty() {
        books.remove_given(payer);
    } else {
        books.put_given(payer, Given { until });
    }
}

/// Writes what a payer has in use at an instant, where another rate begins, and `back` more.
pub(crate) fn rest(
    books: &mut Books,
    allowances: &Allowances,
    payer: &AccountId,
    now: Timestamp,
    back: u32,
) {
    let rested = |books: &mut Books, kind, used| {
        let Standing { means, used } = settle(books, payer, kind, used, now);
        used.settled(means.allowance, now).and(back)
    };
    if let Some(mut record) = books.account(payer).cloned() {
        record.authority.used =
            rested(books, of_account(record.kind, allowances), record.authority.used);
        books.put_account(payer, record);
    } else if let Some(mut record) = books.subject(payer).cloned() {
        record.authority.used = rested(books, allowances.subject, record.authority.used);
        books.put_subject(payer, record);
    } else if let Some(mut record) = books.party_at(payer).cloned() {
        record.authority.used = rested(books, allowances.institution, record.authority.used);
        books.put_party(payer, record);
    }
}

/// Takes out what has ended, of payers that send nothing more too: a bounded part a block.
pub(crate) fn run(books: &mut Books, allowances: &Allowances, now: Timestamp) {
    go_on::<Raise>(books, allowances, now, |raise| raise.until <= now);
    go_on::<Given>(books, allowances, now, |given| {
        given.until.first().is_none_or(|first| first.until <= now)
    });
}

fn go_on<K: Kind + 'static>(
    books: &mut Books,
    allowances: &Allowances,
    now: Timestamp,
    has_ended: impl Fn(&K) -> bool,
) {
    let kind = u32::from(K::NUMBER);
    let from = books.cursor(kind, 0).map_or_else(|| Key::of([K::NUMBER]), |one| one.from);
    let some = books.of_kind_from::<K>(&from).take(AGED_PER_BLOCK_MAX);
    let looked_at: Vec<(Key, bool)> = some.map(|(key, one)| (key, has_ended(one))).collect();
    books.go_on_after(kind, looked_at.last().map(|(key, _)| *key), looked_at.len());
    for (key, _) in looked_at.iter().filter(|(_, ended)| *ended) {
        if let Some(payer) = parts::account_after(1, key) {
            rest(books, allowances, &payer, now, 0);
        }
    }
}

/// The allowance of an account's kind.
pub(crate) const fn of_account(kind: AccountKind, allowances: &Allowances) -> Allowance {
    match kind {
        AccountKind::Citizen => allowances.citizen,
        AccountKind::Merchant => allowances.merchant,
        AccountKind::Bank => allowances.bank,
        AccountKind::Issuer | AccountKind::Municipality | AccountKind::Program => {
            allowances.institution
        }
        AccountKind::Operator => allowances.operator,
    }
}
