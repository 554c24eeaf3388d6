//! Whether the node lives, whether it is of use, and its metrics.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ledger_types::Height;
use node_api::body::Health;
use node_api::path;
use node_api::{ApiCode, Problem};

use super::Api;
use super::failure::{Answer, Failure};
use crate::outlook::Now;

/// Whether the process answers at all.
#[utoipa::path(
    get, path = path::HEALTHZ, tag = "node",
    responses((status = 200, description = "It lives.", body = Health)),
)]
pub(super) async fn healthz(Shared(api): Shared<Arc<Api>>) -> Json<Health> {
    Json(health(&api))
}

/// Whether the node is of use: a quorum votes, it is at the tip, and what waits is committed.
///
/// An idle network makes few blocks, so that the last one's age alone says nothing.
#[utoipa::path(
    get, path = path::READYZ, tag = "node",
    responses(
        (status = 200, description = "It is.", body = Health),
        (status = 503, description = "It is not (7004), with the reasons."),
    ),
)]
pub(super) async fn readyz(Shared(api): Shared<Arc<Api>>) -> Answer<Json<Health>> {
    let health = health(&api);
    let validators = api.query.state().validators().clone();
    let reasons = (api.outlook)().waits(&validators, &api.now(health.height));
    if reasons.is_empty() {
        return Ok(Json(health));
    }
    let detail = reasons.join("; ");
    Err(Failure::from(Problem::new(ApiCode::NotReady, detail).because(reasons)))
}

/// The node's metrics as Prometheus reads them.
#[utoipa::path(
    get, path = path::METRICS, tag = "node",
    responses((status = 200, description = "OpenMetrics text.", body = String,
        content_type = "application/openmetrics-text")),
)]
pub(super) async fn metrics(Shared(api): Shared<Arc<Api>>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], (api.metrics)()).into_response()
}

fn health(api: &Api) -> Health {
    Health { status: "ok".to_owned(), height: api.query.state().height() }
}

impl Api {
    /// What readiness depends on beside the outlook.
    pub(super) fn now(&self, height: Height) -> Now {
        Now {
            height,
            waiting: self.mempool.len(),
            since_commit: self.query.feed().since_commit(),
            is_stopping: *self.shutdown.borrow(),
        }
    }
}
