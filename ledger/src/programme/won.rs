//! What an application won, what of it was bought, and when the rest can be.

use ledger_types::programme::Draw;
use ledger_types::record::{Round, Ticket};
use ledger_types::{AccountId, Hash, ProgrammeId, Rejection, Timestamp, refuse_if};
use public_draw::on_ledger::order_key_of;
use public_draw::order::{Further, Outcome, Standing};

use super::leaf::Part;
use crate::execution::Execution;
use crate::fault::{Fault, Stop, must};
use crate::state::State;

/// What an application won so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Won {
    /// How many sets it was given in all, by the draw and by waves.
    pub granted: u16,
    /// How many of them were bought.
    pub bought: u16,
    /// From when until when what it was given last is bought; none where it was given nothing.
    pub window: Option<(Timestamp, Timestamp)>,
}

impl Won {
    /// How many sets can be bought at an instant.
    #[must_use]
    pub fn buyable(&self, now: Timestamp) -> u16 {
        // Whoever was given more had bought all that it had won before.
        if self.is_open(now) { self.granted.saturating_sub(self.bought) } else { 0 }
    }

    fn is_open(&self, now: Timestamp) -> bool {
        self.window.is_some_and(|(from, until)| from <= now && now < until)
    }
}

/// How an application stands before the next wave.
pub(super) fn standing(draw: &Draw, key: Hash, ticket: &Ticket) -> Standing {
    walk(draw, key, ticket).0
}

/// How an application stands, and since when it can buy what it was given last.
fn walk(draw: &Draw, key: Hash, ticket: &Ticket) -> (Standing, Option<Timestamp>) {
    let (asked, bought) = (ticket.asked(), ticket.bought());
    let granted = Outcome::from(draw.outcome).granted(&key, asked);
    let mut from = Some(draw.from).filter(|_| granted > 0);
    // What lapsed is never bought later, so that what is bought by now says what was at each wave.
    let mut standing = Standing { key, asked, granted, has_lapsed: bought < granted };
    for wave in &draw.waves {
        let extra = Further::from(*wave).extra(&standing);
        if extra > 0 {
            standing.granted = standing.granted.saturating_add(extra);
            from = Some(wave.from);
        }
        standing.has_lapsed = bought < standing.granted;
    }
    (standing, from)
}

/// What an application won in a round; none before it is drawn.
fn won_in(round: &Round, ticket: &Ticket) -> Option<Won> {
    let (draw, lottery) = (round.draw.as_ref()?, round.terms.lottery?);
    let key = order_key_of(&draw.seed, ticket.lowest)?;
    let (standing, from) = walk(draw, key, ticket);
    let window = from.and_then(|from| Some((from, from.checked_add_millis(lottery.claim_ms)?)));
    Some(Won { granted: standing.granted, bought: ticket.bought(), window })
}

/// The leaves of an application that won so many sets which it can buy now, with their households and
/// how many each gets, in the order of the leaves.
///
/// Rejections, in order: `UnknownRound`, `UnknownTicket`, `NotTicketHolder`, `ClaimOver`, `NothingWon`,
/// `ZeroSets`.
pub(super) fn won(
    execution: &Execution<'_>,
    programme: ProgrammeId,
    round: u16,
    applicant: &AccountId,
    ticket: u32,
    sets: u16,
) -> Result<Vec<Part>, Stop> {
    let books = &*execution.books;
    let of = books.round(programme, round).ok_or(Rejection::UnknownRound)?;
    let record = books.ticket(programme, round, ticket).ok_or(Rejection::UnknownTicket)?;
    refuse_if(record.applicant != *applicant, Rejection::NotTicketHolder)?;
    let won = won_in(of, record).ok_or(Rejection::ClaimOver)?;
    let is_over = won.window.is_some() && !won.is_open(execution.time);
    refuse_if(is_over, Rejection::ClaimOver)?;
    let left = won.buyable(execution.time);
    refuse_if(sets > left, Rejection::NothingWon { left })?;
    refuse_if(sets == 0, Rejection::ZeroSets)?;
    Ok(shared_out(record, sets)?)
}

/// So many sets, to an application's leaves in their order.
fn shared_out(ticket: &Ticket, sets: u16) -> Result<Vec<Part>, Fault> {
    let mut left = sets;
    let mut parts: Vec<Part> = Vec::with_capacity(ticket.leaves.len());
    for leaf in &ticket.leaves {
        let open = must(leaf.asked.checked_sub(leaf.bought), "a leaf has more than it asked for")?;
        let part = open.min(left);
        left = left.saturating_sub(part);
        if part > 0 {
            parts.push((leaf.leaf, leaf.household, part));
        }
    }
    must(Some(parts).filter(|_| left == 0), "an application won more than it asked for")
}

impl State {
    /// What an application won so far; none where there is none, or before the lottery is drawn.
    #[must_use]
    pub fn won(&self, programme: ProgrammeId, round: u16, ticket: u32) -> Option<Won> {
        won_in(self.round(programme, round)?, self.ticket(programme, round, ticket)?)
    }
}
