//! Instruments, premium voucher programmes and their lotteries: public, but for who applied.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger::State;
use ledger_types::record::{Programme, Round};
use ledger_types::{ProgrammeId, ZoneId};
use node_api::ApiCode;
use node_api::body::{
    InstrumentsBody, ProgrammeBody, ProgrammesBody, SecretsBody, TicketPage, TicketsBody,
};
use node_api::path;
use node_api::query::{ByRead, Page};

use super::Api;
use super::accounts;
use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::network::no_zone;
use super::published::published;
use super::reader::SignedParts;
use crate::query::{Cursor as _, TicketCursor, books, lotteries, programmes as found};
use crate::rights::{Matter, Named};

published! { "programmes";
    /// The instruments of a zone: what its vouchers are in law.
    INSTRUMENTS instruments("zone" = u16, "The zone's number.")
    -> InstrumentsBody "In order of number.", or "The zone is not there (6205)." || no_zone(zone),
    |state, zone: ZoneId| found::instruments(state, zone);

    /// A programme with its rounds: terms, escrows, and what became of what was sold.
    PROGRAMME programme("programme" = u32, "Its number.")
    -> ProgrammeBody "The programme.", or "Not there (6222)." || no_programme(programme),
    |state, programme: ProgrammeId| found::programme(state, programme);
}

/// Premium voucher programmes, those that were reconciled too.
#[utoipa::path(
    get, path = path::PROGRAMMES, tag = "programmes",
    responses((status = 200, description = "In order of number.", body = ProgrammesBody)),
)]
pub(super) async fn programmes(Shared(api): Shared<Arc<Api>>) -> Json<ProgrammesBody> {
    Json(found::programmes(&api.query.state()))
}

/// A round's applications, without who applied: with the seed, enough to draw again.
#[utoipa::path(
    get, path = path::TICKETS, tag = "programmes",
    params(
        ("programme" = u32, Path, description = "The programme."),
        ("round" = u16, Path, description = "The round."),
        Page,
    ),
    responses(
        (status = 200, description = "A page, in order of number.", body = TicketPage),
        (status = "4XX", description = "Not there (6222, 6223), or no more: the programme was reconciled (6225)."),
    ),
)]
pub(super) async fn tickets(
    Shared(api): Shared<Arc<Api>>,
    Segments((programme, number)): Segments<(ProgrammeId, u16)>,
    Params(page): Params<Page>,
) -> Answer<Json<TicketPage>> {
    let (after, limit) = extract::page::<TicketCursor>(page.cursor.as_deref(), page.limit)?;
    let state = api.query.state();
    let (_, round) = open_round(&state, programme, number)?;
    let first = after.map_or(1, |TicketCursor(last)| last.saturating_add(1));
    let shown: Vec<u32> = (first..=round.tickets).take(limit).collect();
    let next = shown.last().filter(|last| **last < round.tickets);
    let next = next.map(|last| TicketCursor(*last).text());
    let ticket = |ticket| lotteries::public_ticket(&state, programme, number, ticket);
    Ok(Json(TicketPage { tickets: shown.into_iter().filter_map(ticket).collect(), next }))
}

/// What committers deposited for a round's lottery: enough to make the seed again.
#[utoipa::path(
    get, path = path::SECRETS, tag = "programmes",
    params(
        ("programme" = u32, Path, description = "The programme."),
        ("round" = u16, Path, description = "The round."),
    ),
    responses(
        (status = 200, description = "In order of the committers' places.", body = SecretsBody),
        (status = "4XX", description = "Not there (6222, 6223), or no more: the programme was reconciled (6225)."),
    ),
)]
pub(super) async fn secrets(
    Shared(api): Shared<Arc<Api>>,
    Segments((programme, number)): Segments<(ProgrammeId, u16)>,
) -> Answer<Json<SecretsBody>> {
    let state = api.query.state();
    let (record, _) = open_round(&state, programme, number)?;
    Ok(Json(lotteries::secrets(&state, programme, record, number)))
}

/// The lotteries that an account entered, newest first, as long as their programmes are open.
#[utoipa::path(
    get, path = path::ACCOUNT_TICKETS, tag = "accounts",
    params(("address" = String, Path, description = "The account's address."), ByRead),
    responses(
        (status = 200, description = "What it asked for, won and bought.", body = TicketsBody),
        (status = "4XX", description = "Not signed, not entitled, or not there."),
    ),
)]
pub(super) async fn account_tickets(
    Shared(api): Shared<Arc<Api>>,
    Segments(address): Segments<String>,
    Params(asked): Params<ByRead>,
    signed: SignedParts,
) -> Answer<Json<TicketsBody>> {
    let named = Named { read: asked.read, ..Named::default() };
    let (account, _) = api.entitled_by(named, &address, &signed, Matter::Tickets)?;
    let state = api.query.state();
    if books::account(&state, &account).is_none() {
        return Err(accounts::not_found(&address));
    }
    Ok(Json(lotteries::tickets(&state, &account)))
}

fn no_programme(programme: ProgrammeId) -> Failure {
    Failure::new(ApiCode::ProgrammeNotFound, format!("programme {programme} is not there"))
}

/// A round of a programme that is open: of others the applications leave the state.
fn open_round(state: &State, programme: ProgrammeId, round: u16) -> Answer<(&Programme, &Round)> {
    let record = state.programme(programme).ok_or_else(|| no_programme(programme))?;
    let found = state.round(programme, round).ok_or_else(|| {
        let said = format!("programme {programme} has no round {round}");
        Failure::new(ApiCode::RoundNotFound, said)
    })?;
    if record.closed.is_some() {
        let said = format!("programme {programme} was reconciled: its sums are still there");
        return Err(Failure::new(ApiCode::LotteryLeft, said));
    }
    Ok((record, found))
}
