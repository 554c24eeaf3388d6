//! `Apply`: somebody enters a lottery for up to four people.
//!
//! Rejections, in order: `NotAMoneyAccount`, `UnknownProgramme`, `UnknownRound`, `NoLottery`,
//! `ApplicationsNotOpen`, `SecretsMissing`, `AppliedBefore`, `TooManyTickets`, `BadLeaf`,
//! `LeafIsRevoked`, `LeafUsed`, `ZeroSets`, `PersonCapReached`, `HouseholdCapReached`.

use ledger_types::event::TicketEntered;
use ledger_types::limits::{COMMITTERS_MIN, TICKETS_MAX};
use ledger_types::operation::Apply;
use ledger_types::programme::TicketLeaf;
use ledger_types::record::{Applicant, Round, Ticket};
use ledger_types::{Rejection, refuse_if};

use super::found;
use super::leaf::{self, Part};
use super::lottery::{deposits, lottery};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};

impl Execute for Apply {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, ref leaves } = *self;
        let applicant = execution.sender.account()?;
        let books = &*execution.books;
        let of = found(books, programme)?;
        let (record, terms) = lottery(books, programme, round)?;
        let is_open = terms.apply_from <= execution.time && execution.time < terms.apply_until;
        refuse_if(!is_open, Rejection::ApplicationsNotOpen)?;
        let deposited = deposits(books, programme, of, round).count();
        let missing = u16::try_from(deposited).unwrap_or(u16::MAX);
        let missing = Rejection::SecretsMissing { deposited: missing };
        refuse_if(deposited < COMMITTERS_MIN, missing)?;
        let before = books.applicant(programme, round, &applicant);
        refuse_if(before.is_some(), Rejection::AppliedBefore)?;
        refuse_if(record.tickets >= TICKETS_MAX, Rejection::TooManyTickets)?;
        let mut parts = leaf::claim(execution, programme, round, &applicant, leaves)?;
        parts.sort_unstable();
        let ticket = must(ticket(applicant, &parts), "an application has no leaf")?;
        let (number, asked) = (record.tickets.checked_add(1), ticket.asked());
        let number = must(number, "applications pass the range")?;
        // Twenty thousand applications do not pass it together.
        let all = must(record.asked.checked_add(asked.into()), "sets pass the range")?;
        let record = Round { tickets: number, asked: all, ..record.clone() };
        let books = &mut *execution.books;
        leaf::note_entered(books, programme, round, number, &parts)?;
        books.put_round(programme, round, record);
        books.put_ticket(programme, round, number, ticket);
        books.put_applicant(programme, round, &applicant, Applicant { ticket: number });
        execution.emit(TicketEntered { programme, round, ticket: number, applicant, asked });
        Ok(())
    }
}

fn ticket(applicant: ledger_types::AccountId, parts: &[Part]) -> Option<Ticket> {
    let (lowest, _, _) = *parts.first()?;
    let leaf = |(leaf, household, asked): &Part| TicketLeaf {
        leaf: *leaf,
        household: *household,
        asked: *asked,
        bought: 0,
    };
    Some(Ticket { applicant, lowest, leaves: parts.iter().map(leaf).collect() })
}
