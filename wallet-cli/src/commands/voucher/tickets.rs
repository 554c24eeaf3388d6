//! `voucher tickets`: what somebody applied for, what was won, and until when it can be bought.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ledger_types::ProgrammeId;
use node_api::body::TicketBody;

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let client = &session.client;
    let tickets = client.account_tickets(&reader.address, &reader).await?.tickets;
    if tickets.is_empty() {
        let text = app.text("note-no-tickets", &[]);
        return Ok(Reply::new(json!({ "tickets": [] }), text).next("kyojo programme ls"));
    }
    let mut names: BTreeMap<ProgrammeId, String> = BTreeMap::new();
    for ticket in &tickets {
        if let Entry::Vacant(place) = names.entry(ticket.programme) {
            place.insert(client.programme(ticket.programme).await?.name);
        }
    }
    let titles =
        ["label-voucher", "label-round", "label-asked", "label-won", "label-bought", "label-to-do"];
    let row = |ticket: &TicketBody| {
        let won = ticket.won.map(|won| won.to_string());
        vec![
            names.get(&ticket.programme).cloned().unwrap_or_default(),
            ticket.round.to_string(),
            ticket.asked.to_string(),
            won.unwrap_or_else(|| app.text("label-not-drawn", &[])),
            ticket.bought.to_string(),
            to_do(app, ticket),
        ]
    };
    let rows: Vec<Vec<String>> = tickets.iter().map(row).collect();
    let text = app.table(&titles, &rows, &[1, 2, 3, 4]);
    let buyable = tickets.iter().find(|ticket| ticket.buyable > 0);
    let next = buyable.map(|ticket| format!("kyojo voucher buy {}", ticket.programme));
    let reply = Reply::new(json!({ "tickets": tickets }), text);
    Ok(match next {
        Some(next) => reply.next(next),
        None => reply.next("kyojo history"),
    })
}

/// What there is to do now, and until when.
fn to_do(app: &App, ticket: &TicketBody) -> String {
    let until = ticket.until.map(|until| calendar::show_end(app.output.lang, until.get()));
    let until = until.unwrap_or_default();
    let from = ticket.from.map(|from| calendar::show(from.get())).unwrap_or_default();
    let left = ticket.won.unwrap_or(0).saturating_sub(ticket.bought);
    let sets = ticket.buyable.to_string();
    match (ticket.won, ticket.buyable, left) {
        (None, _, _) => app.text("note-ticket-waits", &[]),
        (Some(0), _, _) => app.text("note-ticket-lost", &[]),
        (Some(_), _, 0) => app.text("note-ticket-bought", &[]),
        (Some(_), 0, _) => app.text("note-ticket-not-now", &[("from", &from), ("until", &until)]),
        (Some(_), _, _) => app.text("note-ticket-buy", &[("sets", &sets), ("until", &until)]),
    }
}
