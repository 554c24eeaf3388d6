//! A round's lottery, as every step of it looks at it.

use ledger_types::programme::{LotteryTerms, RoundTerms};
use ledger_types::record::{Deposited, Programme, Round};
use ledger_types::{ProgrammeId, Rejection, Timestamp, refuse_if};

use crate::execution::Execution;
use crate::state::Books;

/// A round with its lottery.
///
/// Rejections, in order: `UnknownRound`, `NoLottery`.
pub(super) fn lottery(
    books: &Books,
    programme: ProgrammeId,
    round: u16,
) -> Result<(&Round, LotteryTerms), Rejection> {
    let record = books.round(programme, round).ok_or(Rejection::UnknownRound)?;
    let terms = record.terms.lottery.ok_or(Rejection::NoLottery)?;
    Ok((record, terms))
}

/// Rejects with `ApplicationsNotClosed` where they are not.
pub(super) fn check_closed(terms: &LotteryTerms, now: Timestamp) -> Result<(), Rejection> {
    refuse_if(now < terms.apply_until, Rejection::ApplicationsNotClosed)
}

/// Rejects with `SaleOver` where what is bought from an instant on could not be for the whole time that
/// is promised, before the sale ends.
pub(super) fn check_window(
    round: &RoundTerms,
    terms: &LotteryTerms,
    from: Timestamp,
) -> Result<(), Rejection> {
    let until = from.checked_add_millis(terms.claim_ms);
    let ends_in_time = until.is_some_and(|until| until <= round.sale_until);
    refuse_if(!ends_in_time, Rejection::SaleOver)
}

/// The place of the sending committer.
///
/// Rejections, in order: `NotACommitter`.
pub(super) fn sending_committer(
    execution: &Execution<'_>,
    programme: &Programme,
) -> Result<u16, Rejection> {
    let signing = execution.sender.signing();
    let mut places = (0_u16..).zip(&programme.terms.committers);
    let found = places.find(|(_, committer)| committer.account == signing);
    found.map(|(place, _)| place).ok_or(Rejection::NotACommitter)
}

/// What committers deposited in a round, in their order.
pub(super) fn deposits<'b>(
    books: &'b Books,
    id: ProgrammeId,
    programme: &Programme,
    round: u16,
) -> impl Iterator<Item = &'b Deposited> + use<'b> {
    let places = (0_u16..).take(programme.terms.committers.len());
    places.filter_map(move |place| books.deposited(id, round, place))
}
