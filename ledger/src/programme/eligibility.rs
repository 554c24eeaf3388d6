//! `SupplementEligibility` and `RevokeLeaf`: lists of who may buy, and leaves that are taken back.

use ledger_types::event::{EligibilitySupplemented, LeafRevoked};
use ledger_types::limits::{ELIGIBILITY_LEAVES_MAX, ELIGIBILITY_LISTS_MAX};
use ledger_types::operation::{RevokeLeaf, SupplementEligibility};
use ledger_types::record::{EligibilityList, LeafPlace, LeafUse, Programme, Round};
use ledger_types::{ProgrammeId, Rejection, Timestamp, refuse_if};

use super::leaf;
use super::sponsored;
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

impl Execute for SupplementEligibility {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, list, root, size } = *self;
        let record = sponsored(execution, programme)?;
        let last = record.lists;
        refuse_if(last == 0, Rejection::NobodyIsListed)?;
        let round = execution.books.round(programme, record.rounds);
        // Whoever knows a seed chooses no place in it: neither of a leaf nor of a list.
        let undrawn = round.filter(|round| round.draw.is_none());
        let awaits = undrawn.is_some_and(|round| is_drawing(round, execution.time));
        refuse_if(awaits, Rejection::NotDrawn)?;
        refuse_if(last.checked_add(1) != Some(list), Rejection::ListNotNext { last })?;
        let fits = (1..=ELIGIBILITY_LEAVES_MAX).contains(&size) && list <= ELIGIBILITY_LISTS_MAX;
        refuse_if(!fits, Rejection::BadList)?;
        let (sponsor, record) = (record.sponsor, Programme { lists: list, ..record.clone() });
        execution.books.put_programme(programme, record);
        execution.books.put_eligibility(programme, list, EligibilityList { root, size });
        execution.emit(EligibilitySupplemented { programme, list, size, sponsor });
        Ok(())
    }
}

impl Execute for RevokeLeaf {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, leaf, reason } = *self;
        let record = sponsored(execution, programme)?;
        refuse_if(record.lists == 0, Rejection::NobodyIsListed)?;
        let (books, sponsor) = (&*execution.books, record.sponsor);
        let list = books.eligibility(programme, leaf.list);
        let is_listed = list.is_some_and(|list| leaf.index < list.size);
        refuse_if(!is_listed, Rejection::BadLeaf)?;
        let used = leaf::use_of(books, programme, leaf);
        refuse_if(used.revoked.is_some(), Rejection::LeafIsRevoked)?;
        refuse_if(used.bought > 0, Rejection::LeafBought)?;
        let round = books.round(programme, used.round).filter(|_| used.ticket > 0);
        let is_in_draw = round.is_some_and(|round| is_drawing(round, execution.time));
        refuse_if(is_in_draw, Rejection::LeafInDraw)?;
        if let Some(round) = round.filter(|round| is_applying(round, execution.time)) {
            let round = round.clone();
            leave(execution.books, programme, leaf, &used, round)?;
        }
        let used = LeafUse { revoked: Some(reason), ..used };
        execution.books.put_leaf_use(programme, leaf, used);
        execution.emit(LeafRevoked { programme, leaf, reason, sponsor });
        Ok(())
    }
}

/// Whether applications are closed and the sale goes on.
fn is_drawing(round: &Round, now: Timestamp) -> bool {
    let closed = round.terms.lottery.is_some_and(|lottery| lottery.apply_until <= now);
    closed && now < round.terms.sale_until
}

fn is_applying(round: &Round, now: Timestamp) -> bool {
    round.terms.lottery.is_some_and(|lottery| now < lottery.apply_until)
}

/// Takes what a leaf asked for out of its application. The leaf itself stays in it: the application's
/// place in the order does not move.
fn leave(
    books: &mut Books,
    programme: ProgrammeId,
    leaf: LeafPlace,
    used: &LeafUse,
    round: Round,
) -> Result<(), Fault> {
    let ticket = books.ticket(programme, used.round, used.ticket);
    let mut ticket = must(ticket, "an application is gone")?.clone();
    let found = ticket.leaves.iter_mut().find(|one| one.leaf == leaf);
    let found = must(found, "an application has lost a leaf")?;
    let (sets, household) = (found.asked, found.household);
    found.asked = 0;
    let asked = round.asked.checked_sub(sets.into());
    let asked = must(asked, "a leaf asked for more than all together")?;
    leaf::note_left(books, programme, used.round, &household, sets)?;
    books.put_ticket(programme, used.round, used.ticket, ticket);
    books.put_round(programme, used.round, Round { asked, ..round });
    Ok(())
}
