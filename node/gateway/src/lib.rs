//! The consent gateway: a proxy in front of a data API, and its counterpart beside a data user.
//!
//! The [`recipient`] half knows who asks (a regional identity, by OpenID Connect), has the ledger
//! decide ([`signer`]), and asks the holder's gateway. The [`holder`] half believes nothing that it
//! can check: who signed, that the access was committed and serves once, that the consent still
//! stands now, and that what is asked lies within the opened terms. It forwards, gives out only the
//! fields and periods that were agreed ([`filter`]), and has its half of the record queued on disk
//! before the first byte of an answer leaves ([`queue`], [`store`]).
//!
//! The rule kept throughout: **no fresh decision, no data.** A decision is relied on until the
//! earlier of its own end and Δ after the block that it was read at; where no node answers in that
//! time, the gateway refuses.

pub mod code;
pub mod commands;
pub mod config;
pub mod disclosure;
pub mod filter;
pub mod holder;
pub mod keep;
pub mod metrics;
pub mod nodes;
pub mod oidc;
pub mod queue;
pub mod recipient;
pub mod route;
pub mod scope;
pub mod serve;
pub mod signer;
pub mod store;
pub mod tip;
pub mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use ledger_types::rejection::RejectionCode;
use network_clock::after;

use code::{Code, Refusal};
use metrics::Metrics;
use nodes::Nodes;

/// The paths that say how a gateway is: `/healthz`, `/readyz` (a node answers with a current
/// block) and `/metrics`.
pub(crate) fn serve_health(nodes: Nodes, metrics: Arc<Metrics>) -> Router {
    let ready = move || {
        let nodes = nodes.clone();
        async move { ready(&nodes).await }
    };
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(move || async move { metrics.text() }))
}

async fn ready(nodes: &Nodes) -> Response {
    let stale = |detail: &str| Refusal::new(Code::NoFreshDecision, detail).into_response();
    match nodes.status().await {
        Ok(status) => {
            let until = after(status.time.get(), status.decision_validity_ms);
            if nodes.clock().now() < until {
                (StatusCode::OK, "ready\n").into_response()
            } else {
                stale("the node's last block is older than a decision may be")
            }
        }
        Err(_) => stale("no node answers"),
    }
}

/// What answers where there is nothing.
pub(crate) async fn no_such_path() -> Refusal {
    Refusal::new(Code::NoSuchRoute, "there is nothing at this path")
}

/// Counts an answer.
pub(crate) fn counted<T>(metrics: &Metrics, answer: &Result<T, Refusal>) {
    match answer {
        Ok(_) => metrics.answered.add(),
        Err(refusal) if is_ledgers(refusal.code) => metrics.denied.add(),
        Err(_) => metrics.refused.add(),
    }
}

/// Whether a code is one of the ledger's rules.
fn is_ledgers(code: u16) -> bool {
    let ledgers = RejectionCode::new(code);
    ledger_types::Rejection::ALL.iter().any(|(known, _)| *known == ledgers)
}
