//! `DrawLottery` and `AwardLeft`: who won, and who gets what others let go.
//!
//! A draw and each wave are a few numbers in the round's record, whatever the number of applications:
//! what one won follows from its key in the order, what it asked for and what it bought.

use ledger_types::event::{LeftAwarded, LotteryDrawn};
use ledger_types::limits::COMMITTERS_MIN;
use ledger_types::operation::{AwardLeft, DrawLottery};
use ledger_types::programme::{Draw, Further};
use ledger_types::record::{Deposited, Programme, Round, Ticket};
use ledger_types::{Hash, ProgrammeId, Rejection, refuse_if};
use public_draw::on_ledger::{context_of_round, order_key_of, point};
use public_draw::order::{self, Allocation, Outcome, Standing};
use public_draw::sharing::{PointBytes, seed};

use super::found;
use super::lottery::{check_closed, check_window, deposits, lottery};
use super::won::standing;
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

impl Execute for DrawLottery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round } = *self;
        execution.sender.account()?;
        let (books, now) = (&*execution.books, execution.time);
        let of = found(books, programme)?;
        let (record, terms) = lottery(books, programme, round)?;
        check_closed(&terms, now)?;
        refuse_if(record.draw.is_some(), Rejection::DrawnBefore)?;
        let secrets = secrets(books, programme, of, round)?;
        let from = now.max(record.terms.sale_from);
        check_window(&record.terms, &terms, from)?;
        let context = context_of_round(execution.genesis_hash, programme, round);
        let seed = seed(&must(context, "a round's number passes a byte")?, &secrets);
        let allocation = Allocation::on_ledger(of.terms.allocation);
        let allocation = must(allocation, "a round has a lottery, its programme has none")?;
        let tickets = in_order(books, programme, round, record, &seed)?;
        let asked: Vec<_> = tickets
            .iter()
            .map(|(key, ticket)| order::Ticket { key: *key, asked: ticket.asked() })
            .collect();
        // Applications have leaves of their own, so that no two have one key.
        let outcome = Outcome::of(allocation, record.terms.sets, &asked).ok();
        let outcome = must(outcome, "two applications have one key")?.into();
        let (tickets, asked, sponsor) = (record.tickets, record.asked, of.sponsor);
        let draw = Draw { seed, outcome, drawn: execution.height, from, waves: vec![] };
        let record = Round { draw: Some(draw), ..record.clone() };
        execution.books.put_round(programme, round, record);
        execution.emit(LotteryDrawn { programme, round, seed, outcome, tickets, asked, sponsor });
        Ok(())
    }
}

impl Execute for AwardLeft {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, wave } = *self;
        execution.sender.account()?;
        let (books, now) = (&*execution.books, execution.time);
        let of = found(books, programme)?;
        let (record, terms) = lottery(books, programme, round)?;
        let draw = record.draw.as_ref().ok_or(Rejection::NotDrawn)?;
        // A wave lasts a week at least, and a sale two years at most.
        let last = must(u16::try_from(draw.waves.len()).ok(), "too many waves")?;
        refuse_if(last.checked_add(1) != Some(wave), Rejection::WaveNotNext { last })?;
        let began = draw.waves.last().map_or(draw.from, |further| further.from);
        // It was seen to end before the sale does.
        let until = must(began.checked_add_millis(terms.claim_ms), "a wave has no end")?;
        refuse_if(now < until, Rejection::ClaimsGoOn { until })?;
        check_window(&record.terms, &terms, now)?;
        let tally = must(books.tally(programme, round), "a round has no tally")?;
        let left = record.terms.sets.checked_sub(tally.sets);
        let left = must(left, "more sets were sold than the round has")?;
        let tickets = in_order(books, programme, round, record, &draw.seed)?;
        let standing: Vec<Standing> =
            tickets.iter().map(|(key, ticket)| standing(draw, *key, ticket)).collect();
        let award = order::Further::of(left, &standing).ok();
        let award = must(award, "two applications have one key")?;
        refuse_if(award.given == 0, Rejection::NothingLeft)?;
        let left = must(left.checked_sub(award.given), "more was given than is left")?;
        let order::Further { cut, at, after, given } = award;
        let (award, sponsor) = (Further { from: now, cut, at, after, given }, of.sponsor);
        let mut draw = draw.clone();
        draw.waves.push(award);
        let record = Round { draw: Some(draw), ..record.clone() };
        execution.books.put_round(programme, round, record);
        execution.emit(LeftAwarded { programme, round, wave, award, left, sponsor });
        Ok(())
    }
}

/// The deposited secrets in the committers' order, all of them known.
///
/// Rejections, in order: `SecretsMissing`, `SecretsUnknown`.
fn secrets(
    books: &Books,
    id: ProgrammeId,
    programme: &Programme,
    round: u16,
) -> Result<Vec<PointBytes>, Rejection> {
    let deposits: Vec<&Deposited> = deposits(books, id, programme, round).collect();
    let deposited = u16::try_from(deposits.len()).unwrap_or(u16::MAX);
    let is_enough = deposits.len() >= COMMITTERS_MIN;
    refuse_if(!is_enough, Rejection::SecretsMissing { deposited })?;
    let secrets: Vec<_> = deposits.iter().filter_map(|one| one.secret).map(point).collect();
    let unknown = deposits.len().saturating_sub(secrets.len());
    let unknown = u16::try_from(unknown).unwrap_or(u16::MAX);
    refuse_if(unknown > 0, Rejection::SecretsUnknown { unknown })?;
    Ok(secrets)
}

/// A round's applications with their keys, in the order of these.
fn in_order<'b>(
    books: &'b Books,
    programme: ProgrammeId,
    round: u16,
    of: &Round,
    seed: &Hash,
) -> Result<Vec<(Hash, &'b Ticket)>, Fault> {
    let tickets = (1..=of.tickets).map(|number| {
        let ticket = must(books.ticket(programme, round, number), "an application is gone")?;
        let key = must(order_key_of(seed, ticket.lowest), "a list's number passes a byte")?;
        Ok((key, ticket))
    });
    let mut tickets = tickets.collect::<Result<Vec<_>, Fault>>()?;
    tickets.sort_unstable_by_key(|(key, _)| *key);
    Ok(tickets)
}
