//! Premium vouchers: instruments, programmes, their rounds and lotteries (protocol rules 47 to 49).
//!
//! A programme's vouchers are lots of their holders, each a claim on its sponsor; the yen behind all that
//! was sold and not used lie in the programme's escrows at every height. What was sold is what was
//! used and what ended, paid for and free each, and the reconciliation says it to the yen.

mod apply;
mod committee;
mod create;
mod draw;
mod eligibility;
mod fund;
mod instrument;
mod leaf;
mod lottery;
mod purchase;
mod reconcile;
mod round;
mod secret;
mod sweep;
mod won;

pub(crate) use sweep::run as sweep;
pub use won::Won;

use ledger_types::record::Programme;
use ledger_types::{ProgrammeId, Rejection, refuse_if};

use crate::execution::{Execution, Sender};
use crate::state::Books;

/// A programme; rejects with `UnknownProgramme` where there is none.
fn found(books: &Books, programme: ProgrammeId) -> Result<&Programme, Rejection> {
    books.programme(programme).ok_or(Rejection::UnknownProgramme)
}

/// A programme that the sender sponsors, and that is not closed.
///
/// Rejections, in order: `UnknownProgramme`, `NotSponsor`, `ProgrammeClosed`.
fn sponsored<'e>(
    execution: &'e Execution<'_>,
    programme: ProgrammeId,
) -> Result<&'e Programme, Rejection> {
    let record = found(execution.books, programme)?;
    let is_sponsor = execution.sender == Sender::Account(record.sponsor);
    refuse_if(!is_sponsor, Rejection::NotSponsor)?;
    refuse_if(record.closed.is_some(), Rejection::ProgrammeClosed)?;
    Ok(record)
}
