//! Settlement cycles: public, as the positions that they settle are.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use node_api::ApiCode;
use node_api::body::{CycleBody, CyclesBody};
use node_api::path;

use super::Api;
use super::extract::Segments;
use super::failure::{Answer, Failure};
use crate::query::cycles as found;

/// The settlement cycles, newest first.
///
/// Those that ended leave the ledger's state some weeks later; the histories of the settlement operator
/// and of every bank that had something to pay or to get have them still.
#[utoipa::path(
    get, path = path::CYCLES, tag = "network",
    responses((status = 200, description = "Those in the state.", body = CyclesBody)),
)]
pub(super) async fn cycles(Shared(api): Shared<Arc<Api>>) -> Json<CyclesBody> {
    Json(found::cycles(&api.query.state()))
}

/// A settlement cycle: who owes how much, payments that settle it, and who confirmed.
#[utoipa::path(
    get, path = path::CYCLE, tag = "network",
    params(("cycle" = u32, Path, description = "Its number.")),
    responses(
        (status = 200, description = "The cycle.", body = CycleBody),
        (status = 404, description = "There was none with this number (6219)."),
        (status = 410, description = "It ended and has left the state (6220): the histories of the \
            settlement operator and of every bank that had something to pay or to get have it still."),
    ),
)]
pub(super) async fn cycle(
    Shared(api): Shared<Arc<Api>>,
    Segments(cycle): Segments<u32>,
) -> Answer<Json<CycleBody>> {
    let state = api.query.state();
    if let Some(body) = found::cycle(&state, cycle) {
        return Ok(Json(body));
    }
    Err(if found::has_left(&state, cycle) {
        let said = format!(
            "cycle {cycle} ended: the histories of the settlement operator and of every bank that had \
             something to pay or to get have it"
        );
        Failure::new(ApiCode::CycleLeft, said)
    } else {
        Failure::new(ApiCode::CycleNotFound, format!("there was no cycle {cycle}"))
    })
}
