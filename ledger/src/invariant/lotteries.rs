//! What holds of lotteries at every height, of every programme that is open.

use ledger_types::record::{Household, LeafUse, Programme, Round};
use ledger_types::{ProgrammeId, refuse_if};

use super::InvariantViolation;
use crate::commitment::Key;
use crate::state::{Books, State, parts};

/// Checks applications against their rounds, what is bought against what was won, and the caps of
/// people and households.
pub(super) fn check(state: &State) -> Result<(), InvariantViolation> {
    let books = &state.books;
    for (key, programme) in books.of_kind::<Programme>() {
        let id = ProgrammeId::new(parts::long_number(&key).unwrap_or_default());
        if programme.closed.is_none() {
            for number in 1..=programme.rounds {
                let holds = is_sound(state, id, number) == Some(true);
                let wrong = InvariantViolation::Lottery { programme: id, round: number };
                refuse_if(!holds, wrong)?;
            }
        }
    }
    check_caps(books)
}

/// Whether a round's applications ask for what it says, none bought more than it won, and all that is
/// bought and can be bought is within its sets. None past the range of numbers.
fn is_sound(state: &State, id: ProgrammeId, number: u16) -> Option<bool> {
    let (round, tally) = (state.round(id, number)?, state.tally(id, number)?);
    if round.terms.lottery.is_none() {
        return Some(round.tickets == 0 && round.draw.is_none());
    }
    let (mut asked, mut bought, mut open) = (0_u32, 0_u32, 0_u32);
    for one in 1..=round.tickets {
        let ticket = state.ticket(id, number, one)?;
        let won = state.won(id, number, one);
        let granted = won.map_or(0, |won| won.granted);
        let is_within = ticket.bought() <= granted && granted <= ticket.asked();
        if !is_within || ticket.leaves.iter().any(|leaf| leaf.bought > leaf.asked) {
            return Some(false);
        }
        asked = asked.checked_add(ticket.asked().into())?;
        bought = bought.checked_add(ticket.bought().into())?;
        open = open.checked_add(won.map_or(0, |won| won.buyable(state.time())).into())?;
    }
    let is_given = given(round).is_none_or(|given| given <= round.terms.sets);
    let is_within = bought.checked_add(open)? <= round.terms.sets;
    Some(asked == round.asked && bought == tally.sets && is_given && is_within)
}

/// How many sets a draw gave.
fn given(round: &Round) -> Option<u32> {
    round.draw.as_ref().map(|draw| draw.outcome.given)
}

/// Nobody bought more than one may, and no household.
fn check_caps(books: &Books) -> Result<(), InvariantViolation> {
    let terms = |key: &Key| {
        let id = ProgrammeId::new(parts::long_number(key)?);
        Some((id, &books.programme(id).filter(|one| one.closed.is_none())?.terms))
    };
    for (key, LeafUse { bought, .. }) in books.of_kind::<LeafUse>() {
        let Some((programme, terms)) = terms(&key) else { continue };
        refuse_if(*bought > terms.per_person, InvariantViolation::Cap { programme })?;
    }
    for (key, Household { asked, bought, .. }) in books.of_kind::<Household>() {
        let Some((programme, terms)) = terms(&key) else { continue };
        let most = terms.per_household;
        let holds = most.is_some_and(|most| *bought <= most && *asked <= most);
        refuse_if(!holds, InvariantViolation::Cap { programme })?;
    }
    Ok(())
}
