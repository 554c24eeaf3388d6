//! What holds of vouchers at every height, over all records.

use std::collections::BTreeMap;

use ledger_types::limits::LOTS_MAX;
use ledger_types::operation::AccountKind;
use ledger_types::programme::LotKind;
use ledger_types::record::{Escrow, Instrument, Lot, Lots, Programme};
use ledger_types::{AccountId, InstrumentId, ProgrammeId, Yen, ZoneId, refuse_if};

use super::{InvariantViolation, add};
use crate::fault::Stop;
use crate::money;
use crate::state::{Books, State, parts};
use crate::vouchers::{tallies, unused};

/// The place of a value in the tallies.
type Place = (ProgrammeId, u16, u16, LotKind);

/// Checks lots against tallies, tallies against escrows, and instruments against their programmes.
pub(super) fn check(state: &State) -> Result<(), InvariantViolation> {
    let books = &state.books;
    let held = held(books)?;
    let mut outstanding: BTreeMap<(ZoneId, InstrumentId), Yen> = BTreeMap::new();
    let mut seen = Yen::ZERO;
    for (key, programme) in books.of_kind::<Programme>() {
        let id = ProgrammeId::new(parts::long_number(&key).unwrap_or_default());
        let of_all = check_tallies(books, id, programme, &held)?;
        seen = add(seen, of_all)?;
        let terms = &programme.terms;
        let sum = outstanding.entry((terms.zone, terms.instrument)).or_default();
        *sum = add(*sum, of_all)?;
        check_cover(state, id, programme)?;
    }
    // Every lot of an open programme has a place in its tallies.
    let all = held.values().try_fold(Yen::ZERO, |sum, one| add(sum, *one))?;
    refuse_if(all != seen, InvariantViolation::Lots)?;
    for (key, instrument) in books.of_kind::<Instrument>() {
        let zone = ZoneId::new(parts::number(&key).unwrap_or_default());
        let number = InstrumentId::new(parts::long_number_at(&key, 3).unwrap_or_default());
        let sum = outstanding.get(&(zone, number)).copied().unwrap_or_default();
        // What is refunded is outstanding again, whatever was sold since.
        let holds = instrument.outstanding() == Some(sum);
        refuse_if(!holds, InvariantViolation::Instrument { zone, instrument: number })?;
    }
    check_escrows(books)
}

/// What holders have of programmes that are not closed, ended lots that were not taken out included.
fn held(books: &Books) -> Result<BTreeMap<Place, Yen>, InvariantViolation> {
    let mut held: BTreeMap<Place, Yen> = BTreeMap::new();
    for (_, Lots { lots }) in books.of_kind::<Lots>() {
        refuse_if(!are_sound(lots), InvariantViolation::Lots)?;
        for lot in lots.iter().filter(|lot| is_open(books, lot.programme)) {
            let place = (lot.programme, lot.round, lot.bucket, lot.kind);
            let sum = held.entry(place).or_default();
            *sum = add(*sum, lot.remaining)?;
        }
    }
    Ok(held)
}

fn is_open(books: &Books, programme: ProgrammeId) -> bool {
    books.programme(programme).is_some_and(|record| record.closed.is_none())
}

/// Some, no more than may be, in order, none empty, no two the same in all but what is left.
fn are_sound(lots: &[Lot]) -> bool {
    let bare = |lot: &Lot| Lot { remaining: Yen::ZERO, ..*lot };
    (1..=LOTS_MAX).contains(&lots.len())
        && lots.is_sorted_by(|one, next| bare(one) < bare(next))
        && lots.iter().all(|lot| !lot.remaining.is_zero())
}

/// Compares a programme's tallies with what holders have; gives what is outstanding of it.
fn check_tallies(
    books: &Books,
    id: ProgrammeId,
    programme: &Programme,
    held: &BTreeMap<Place, Yen>,
) -> Result<Yen, InvariantViolation> {
    let wrong = InvariantViolation::Tally { programme: id };
    let tallies = tallies(books, id, programme).map_err(|_| wrong.clone())?;
    let mut all = Yen::ZERO;
    for (round, tally) in tallies {
        let sold = books.round(id, round).is_some_and(|round| tally.sets <= round.terms.sets);
        let are_all = tally.buckets.len() == programme.terms.buckets.len();
        refuse_if(!sold || !are_all, wrong.clone())?;
        for (bucket, one) in (0_u16..).zip(&tally.buckets) {
            for kind in LotKind::ALL.iter().copied() {
                let left = one.outstanding(kind).ok_or_else(|| wrong.clone())?;
                let lots = held.get(&(id, round, bucket, kind)).copied().unwrap_or_default();
                refuse_if(left != lots, wrong.clone())?;
                all = add(all, left)?;
            }
        }
    }
    Ok(all)
}

/// 5: the escrows of a programme that is not closed have all that was sold and not used.
fn check_cover(
    state: &State,
    id: ProgrammeId,
    programme: &Programme,
) -> Result<(), InvariantViolation> {
    if programme.closed.is_some() {
        return Ok(());
    }
    let cover = state.programme_cover(id).ok_or(InvariantViolation::Overflow)?;
    let (held, needed) = cover;
    refuse_if(needed > held, InvariantViolation::Cover { programme: id, held, needed })
}

/// Each escrow is a program account of an open programme that names it, and nobody's merchant.
fn check_escrows(books: &Books) -> Result<(), InvariantViolation> {
    for (key, Escrow { programme }) in books.of_kind::<Escrow>() {
        let account = parts::account_after(1, &key).unwrap_or(AccountId::new([0; 20]));
        let is_named = books.programme(*programme).is_some_and(|record| {
            record.closed.is_none() && record.terms.escrows.contains(&account)
        });
        let is_kind =
            books.account(&account).is_some_and(|record| record.kind == AccountKind::Program);
        let holds = is_named && is_kind && !books.is_merchant(&account);
        refuse_if(!holds, InvariantViolation::Dangling { account })?;
    }
    Ok(())
}

impl State {
    /// What is available in a programme's pledged escrows at the tip's time, and what was sold and not
    /// used, which is never more; none where there is no such programme.
    #[must_use]
    pub fn programme_cover(&self, id: ProgrammeId) -> Option<(Yen, Yen)> {
        let (books, programme) = (&self.books, self.programme(id)?);
        let escrows = money::pledged(books, id, &programme.terms.escrows);
        let held: Result<Yen, Stop> = money::cover(books, &escrows, self.time());
        Some((held.ok()?, unused(books, id, programme).ok()?))
    }
}
