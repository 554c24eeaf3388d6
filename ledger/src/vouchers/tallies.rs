//! What became of a programme's sets, over all its rounds.

use ledger_types::operation::MerchantClass;
use ledger_types::record::{BucketTally, Instrument, Lot, PaidAndFree, Programme, Tally};
use ledger_types::{ProgrammeId, Yen};

use crate::fault::{Fault, must};
use crate::state::Books;

/// What became of a programme's rounds, in order.
pub(crate) fn tallies<'b>(
    books: &'b Books,
    id: ProgrammeId,
    programme: &Programme,
) -> Result<Vec<(u16, &'b Tally)>, Fault> {
    // Each round begins with its tally, and neither is ever removed.
    let tally = |round| Ok((round, must(books.tally(id, round), "a round has no tally")?));
    (1..=programme.rounds).map(tally).collect()
}

/// What was sold of a programme and not used, ended or not: its escrows have it at every height.
pub(crate) fn unused(books: &Books, id: ProgrammeId, programme: &Programme) -> Result<Yen, Fault> {
    tallies(books, id, programme)?.into_iter().try_fold(Yen::ZERO, |sum, (_, tally)| {
        let sum = tally.unused().and_then(|unused| sum.checked_add(unused));
        // All sets of a programme together are in the range of amounts.
        must(sum, "what was sold passes the range of amounts")
    })
}

/// Counts anew what became of a lot's value, in its round's bucket and in its instrument; `change` gives
/// none where the sums would contradict each other.
pub(crate) fn recount(
    books: &mut Books,
    lot: &Lot,
    change: impl FnOnce(&mut BucketTally, &mut Instrument) -> Option<()>,
) -> Result<(), Fault> {
    // A lot's round, programme and instrument are there and never removed.
    let mut tally = must(books.tally(lot.programme, lot.round), "a lot's round is gone")?.clone();
    let bucket = tally.buckets.get_mut(usize::from(lot.bucket));
    let bucket = must(bucket, "a lot's bucket is gone")?;
    let terms = &must(books.programme(lot.programme), "a lot's programme is gone")?.terms;
    let (zone, number) = (terms.zone, terms.instrument);
    let mut instrument = must(books.instrument(zone, number), "an instrument is gone")?.clone();
    must(change(bucket, &mut instrument), "more became of a lot's value than was sold")?;
    books.put_tally(lot.programme, lot.round, tally);
    books.put_instrument(zone, number, instrument);
    Ok(())
}

/// What of a bucket was used at shops of a class.
pub(crate) fn used_at(tally: &mut BucketTally, class: MerchantClass) -> &mut PaidAndFree {
    match class {
        MerchantClass::Local => &mut tally.used_local,
        MerchantClass::Chain => &mut tally.used_chain,
    }
}
