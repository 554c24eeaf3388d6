//! Requests of subjects, broken glass and audit views, for those who take part in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::Hash;
use node_api::body::{GlassBody, RequestBody, ViewBody};
use node_api::path;
use node_api::query::Right;
use node_api::{ApiCode, Problem};

use super::extract::{self, Params, Segments};
use super::failure::{Answer, Failure};
use super::reader::SignedParts;
use super::{Api, rights};
use crate::query::records;

/// Nothing is ever taken away from these registers, so a right to read it means that it is there.
fn gone() -> Failure {
    Failure::new(ApiCode::InternalFault, "a record is gone")
}

/// What a subject asked of a controller, for both of them and for auditors with a view.
#[utoipa::path(
    get, path = path::REQUEST, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits."), Right),
    security(("reader" = [])),
    responses(
        (status = 200, description = "The request and its answer.", body = RequestBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not signed, or not entitled (6107, 6110)."),
    ),
)]
pub(super) async fn request(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<String>,
    Params(asked): Params<Right>,
    signed: SignedParts,
) -> Answer<Json<RequestBody>> {
    let id: Hash = extract::parse(&id)?;
    let state = api.query.state();
    let reader = signed.reader(&state)?;
    rights::request(&state, &reader, &id, asked.view.as_ref())?;
    records::request(&state, &id).map(Json).ok_or_else(gone)
}

/// A broken glass, for who broke it and for whoever audits.
#[utoipa::path(
    get, path = path::GLASS, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits.")),
    security(("reader" = [])),
    responses(
        (status = 200, description = "The glass and its review.", body = GlassBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not signed, or not entitled (6107)."),
    ),
)]
pub(super) async fn glass(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<String>,
    signed: SignedParts,
) -> Answer<Json<GlassBody>> {
    let id: Hash = extract::parse(&id)?;
    let state = api.query.state();
    let reader = signed.reader(&state)?;
    rights::glass(&state, &reader, &id)?;
    records::glass(&state, &id).map(Json).ok_or_else(gone)
}

/// An audit view, for who reads by it, who gave it and whom it is about.
#[utoipa::path(
    get, path = path::VIEW, tag = "consent",
    params(("id" = String, Path, description = "64 hexadecimal digits.")),
    security(("reader" = [])),
    responses(
        (status = 200, description = "The view.", body = ViewBody),
        (status = "4XX", body = Problem, content_type = "application/problem+json",
            description = "Not signed, or not entitled (6107)."),
    ),
)]
pub(super) async fn view(
    Shared(api): Shared<Arc<Api>>,
    Segments(id): Segments<String>,
    signed: SignedParts,
) -> Answer<Json<ViewBody>> {
    let id: Hash = extract::parse(&id)?;
    let state = api.query.state();
    let reader = signed.reader(&state)?;
    rights::audit_view(&state, &reader, &id)?;
    records::view(&state, &id).map(Json).ok_or_else(gone)
}
