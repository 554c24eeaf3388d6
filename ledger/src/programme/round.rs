//! `OpenRound`: a programme's next sale.
//!
//! Rejections, in order: `UnknownProgramme`, `NotSponsor`, `ProgrammeClosed`, `RoundNotNext`,
//! `RoundGoesOn`, `BadRound`, `EscrowMissing`. What the rounds before did not sell is there to be sold
//! again.

use ledger_types::event::RoundOpened;
use ledger_types::genesis::LotteryTimes;
use ledger_types::limits::ROUNDS_MAX;
use ledger_types::operation::OpenRound;
use ledger_types::programme::{Allocation, LotteryTerms, ProgrammeTerms, RoundTerms};
use ledger_types::record::{BucketTally, Instrument, Programme, Round, Tally};
use ledger_types::{ProgrammeId, Rejection, Timestamp, refuse_if};

use super::sponsored;
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::money;
use crate::state::Books;
use crate::vouchers::tallies;

impl Execute for OpenRound {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, terms } = *self;
        let record = sponsored(execution, programme)?;
        let (books, now, last) = (&*execution.books, execution.time, record.rounds);
        let is_next = last.checked_add(1) == Some(round);
        refuse_if(!is_next, Rejection::RoundNotNext { last })?;
        let before = books.round(programme, last);
        let goes_on = before.is_some_and(|before| before.terms.sale_until > now);
        refuse_if(goes_on, Rejection::RoundGoesOn)?;
        let sold = sold(books, programme, record)?;
        let fits = sold.checked_add(terms.sets).is_some_and(|all| all <= record.terms.sets);
        refuse_if(!fits || round > ROUNDS_MAX, Rejection::BadRound)?;
        let of = &record.terms;
        // A programme's instrument is there, and instruments are never removed.
        let instrument = must(books.instrument(of.zone, of.instrument), "an instrument is gone")?;
        let least = &execution.parameters.lotteries;
        let is_usable = is_usable(&terms, of, instrument, now)
            && terms.lottery.as_ref().is_none_or(|lottery| is_lottery(lottery, &terms, least, now));
        refuse_if(!is_usable, Rejection::BadRound)?;
        let main = of.escrows.first().copied();
        let is_funded = !money::pledged(books, programme, main.as_slice()).is_empty();
        refuse_if(!is_funded, Rejection::EscrowMissing)?;
        let (sponsor, opened) = (record.sponsor, execution.height);
        let buckets = vec![BucketTally::default(); of.buckets.len()];
        let record = Programme { rounds: round, ..record.clone() };
        let books = &mut *execution.books;
        books.put_programme(programme, record);
        books.put_round(
            programme,
            round,
            Round { terms, opened, tickets: 0, asked: 0, draw: None },
        );
        books.put_tally(programme, round, Tally { sets: 0, buckets });
        execution.emit(RoundOpened { programme, round, sponsor });
        Ok(())
    }
}

/// How many sets the rounds so far sold.
fn sold(books: &Books, id: ProgrammeId, programme: &Programme) -> Result<u32, Fault> {
    tallies(books, id, programme)?.into_iter().try_fold(0_u32, |sum, (_, tally)| {
        // Rounds sell no more than the programme has.
        must(sum.checked_add(tally.sets), "more sets were sold than there are")
    })
}

/// Whether a round has sets and its dates are in order, within the programme's, and such that what is
/// sold first can be used.
fn is_usable(
    round: &RoundTerms,
    programme: &ProgrammeTerms,
    instrument: &Instrument,
    now: Timestamp,
) -> bool {
    let RoundTerms { sets, sale_from, sale_until, ref lottery } = *round;
    let is_drawn = programme.allocation != Allocation::FirstCome;
    let ends = instrument.life.ends(sale_from);
    sets > 0
        && now <= sale_from
        && sale_from < sale_until
        && sale_until <= programme.use_until
        && ends.is_none_or(|ends| ends > programme.use_from)
        && lottery.is_some() == is_drawn
}

/// Whether there is time to deposit before applications, to open secrets after them, and to buy.
fn is_lottery(
    lottery: &LotteryTerms,
    round: &RoundTerms,
    least: &LotteryTimes,
    now: Timestamp,
) -> bool {
    let LotteryTerms { apply_from, apply_until, claim_ms } = *lottery;
    let ends = |from: Timestamp, after| from.checked_add_millis(after);
    let by_end = |ends: Option<Timestamp>| ends.is_some_and(|ends| ends <= round.sale_until);
    now < apply_from
        && apply_from < apply_until
        && apply_until <= round.sale_from
        && claim_ms >= least.claim_ms_min
        && by_end(ends(apply_until, least.secrets_ms_min))
        && by_end(ends(round.sale_from, claim_ms))
}
