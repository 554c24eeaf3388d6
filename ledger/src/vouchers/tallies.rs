//! What became of a programme's sets, over all its rounds.

use ledger_types::record::{Programme, Tally};
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
