//! Requests of subjects, broken glass and audit views, for those who take part in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::Hash;
use node_api::body::{GlassBody, RequestBody, ViewBody};
use node_api::path;
use node_api::query::Right;

use super::Api;
use super::extract::{Params, Segments};
use super::failure::{Answer, gone};
use super::reader::SignedParts;
use crate::query::records;
use crate::rights::{Matter, Named};

/// What a subject asked of a controller, for both of them and for auditors with a view.
#[utoipa::path(
    get, path = path::REQUEST, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits."), Right),
    responses(
        (status = 200, description = "The request and its answer.", body = RequestBody),
        (status = "4XX", description = "Not signed, or not entitled (6107, 6110)."),
    ),
)]
pub(super) async fn request(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Json<RequestBody>> {
    let state = api.query.state();
    signed.ask(&state, Named::from(&asked), &Matter::Request(id))?;
    records::request(&state, &id).map(Json).ok_or_else(gone)
}

/// A broken glass, for who broke it and for whoever audits.
#[utoipa::path(
    get, path = path::GLASS, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits.")),
    responses(
        (status = 200, description = "The glass and its review.", body = GlassBody),
        (status = "4XX", description = "Not signed, or not entitled (6107)."),
    ),
)]
pub(super) async fn glass(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    signed: SignedParts,
) -> Answer<Json<GlassBody>> {
    let state = api.query.state();
    signed.ask(&state, Named::default(), &Matter::Glass(id))?;
    records::glass(&state, &id).map(Json).ok_or_else(gone)
}

/// An audit view, for who reads by it, who gave it and whom it is about.
#[utoipa::path(
    get, path = path::VIEW, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits.")),
    responses(
        (status = 200, description = "The view.", body = ViewBody),
        (status = "4XX", description = "Not signed, or not entitled (6107)."),
    ),
)]
pub(super) async fn view(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<Hash>,
    signed: SignedParts,
) -> Answer<Json<ViewBody>> {
    let state = api.query.state();
    signed.ask(&state, Named::default(), &Matter::AuditView(id))?;
    records::view(&state, &id).map(Json).ok_or_else(gone)
}
