//! The REST interface: thin over the mempool and the read side.
//!
//! Every endpoint is in [`router`]; every error is a numbered problem; everything is bounded. What
//! concerns someone is read by signed requests of those whom it concerns.

mod accounts;
mod audit;
mod blocks;
mod bundles;
mod consents;
mod decisions;
mod events;
mod extract;
mod failure;
mod health;
mod limits;
mod logs;
mod measure;
mod network;
pub mod openapi;
mod oversight;
mod reader;
mod registry;
mod rights;
mod serve;
mod submit;
#[cfg(test)]
mod tests;
mod transactions;

use std::sync::Arc;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use network_clock::Clock;
use node_api::ApiCode;
use node_api::path;
use tokio::sync::{Semaphore, watch};

pub use health::Peers;
pub use limits::{PEER_BURST, PEER_REQUESTS_PER_SECOND};
pub use measure::ApiMetrics;
pub use serve::serve;

use crate::audit_log::Published;
use crate::chain::Prover;
use crate::mempool::Mempool;
use crate::query::Query;
use failure::{Answer, Failure};
use limits::Allowances;

/// What the interface stands on.
pub struct Parts {
    /// The read side.
    pub query: Arc<Query>,
    /// Where transactions go in.
    pub mempool: Arc<Mempool>,
    /// What the node knows of its peers.
    pub peers: Box<dyn Fn() -> Peers + Send + Sync>,
    /// The text of the node's metrics.
    pub metrics: Box<dyn Fn() -> String + Send + Sync>,
    /// The interface's own metrics, registered among them.
    pub measured: ApiMetrics,
    /// The audit log as others see it.
    pub audit_log: Published,
    /// Where proofs from the state are asked for.
    pub prover: Arc<Prover>,
    /// The network's clock.
    pub clock: Clock,
    /// Turns true when the node stops: streams end.
    pub shutdown: watch::Receiver<bool>,
}

impl core::fmt::Debug for Parts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Parts").field("query", &self.query).finish_non_exhaustive()
    }
}

/// What handlers share.
struct Api {
    query: Arc<Query>,
    mempool: Arc<Mempool>,
    peers: Box<dyn Fn() -> Peers + Send + Sync>,
    metrics: Box<dyn Fn() -> String + Send + Sync>,
    measured: ApiMetrics,
    audit_log: Published,
    prover: Arc<Prover>,
    clock: Clock,
    shutdown: watch::Receiver<bool>,
    document: Bytes,
    allowances: Allowances,
    in_flight: Semaphore,
    bulk: Semaphore,
    store_reads: Semaphore,
    streams: Arc<Semaphore>,
}

/// Every endpoint.
pub fn router(parts: Parts) -> Router {
    let Parts { query, mempool, peers, metrics, measured, audit_log, prover, clock, shutdown } =
        parts;
    let document = openapi::document().to_string();
    let api = Arc::new(Api {
        query,
        mempool,
        peers,
        metrics,
        measured,
        audit_log,
        prover,
        clock,
        shutdown,
        document: document.into(),
        allowances: Allowances::new(PEER_BURST, PEER_REQUESTS_PER_SECOND),
        in_flight: Semaphore::new(limits::IN_FLIGHT_MAX),
        bulk: Semaphore::new(limits::BULK_MAX),
        store_reads: Semaphore::new(limits::STORE_READS_MAX),
        streams: Arc::new(Semaphore::new(limits::STREAMS_MAX)),
    });
    routes()
        .fallback(failure::no_such_path)
        .method_not_allowed_fallback(failure::method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(&api), limits::keep))
        .layer(middleware::from_fn(failure::describe))
        .layer(middleware::from_fn(guard))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), measure::measure))
        .with_state(api)
}

fn routes() -> Router<Arc<Api>> {
    Router::new()
        .route(path::SUBMIT, post(submit::submit))
        .route(path::SUBMIT_BULK, post(submit::bulk))
        .route(path::TRANSACTION, get(transactions::transaction))
        .route(path::RECEIPT, get(transactions::receipt))
        .route(path::ACCOUNT, get(accounts::account))
        .route(path::HISTORY, get(accounts::history))
        .route(path::BLOCK, get(blocks::block))
        .route(path::BLOCK_RECEIPTS, get(blocks::receipts))
        .route(path::EVENTS, get(events::events))
        .route(path::STATUS, get(network::status))
        .route(path::VALIDATORS, get(network::validators))
        .route(path::SUPPLY, get(network::supply))
        .route(path::ZONES, get(network::zones))
        .route(path::ZONE, get(network::zone))
        .route(path::MERCHANTS, get(network::merchants))
        .route(path::PARTY, get(consents::party))
        .route(path::NOTICE, get(consents::notice))
        .route(path::CONSENTS, get(consents::consents))
        .route(path::CHECK, get(decisions::check))
        .route(path::CONSENT, get(consents::consent))
        .route(path::CONSENT_LOG, get(logs::consent))
        .route(path::SUBJECT_LOG, get(logs::subject))
        .route(path::PARTY_LOG, get(logs::party))
        .route(path::DUTIES, get(logs::duties))
        .route(path::ACCESS, get(decisions::access))
        .route(path::REQUEST, get(oversight::request))
        .route(path::GLASS, get(oversight::glass))
        .route(path::VIEW, get(oversight::view))
        .route(path::LEGAL_BASIS, get(registry::legal_basis))
        .route(path::REGIME, get(registry::regime))
        .route(path::VOCABULARY, get(registry::vocabulary))
        .route(path::JOINT_USE, get(registry::joint_use))
        .route(path::OPT_OUT, get(registry::opt_out))
        .route(path::TERMS, get(registry::terms))
        .route(path::RECONSENTS, get(registry::reconsents))
        .route(path::RECONSENT, get(registry::reconsent))
        .route(path::EMERGENCY, get(registry::emergency))
        .route(path::RECEIPT_PROOF, get(audit::receipt_proof))
        .route(path::RECEIPT_BUNDLE, get(bundles::receipt))
        .route(path::ACCOUNT_BUNDLE, get(bundles::account))
        .route(path::CONSENT_BUNDLE, get(bundles::consent))
        .route(path::BLOCK_BUNDLE, get(bundles::block))
        .route(path::CHECKPOINT, get(audit::checkpoint))
        .route(path::WITNESSED, get(audit::witnessed))
        .route(path::POLICY, get(audit::policy))
        .route(path::LOG_PROOF, get(audit::proof))
        .route(&tile_of_any_name(), get(audit::tile))
        .route(path::DOCUMENT, get(document))
        .route(path::HEALTHZ, get(health::healthz))
        .route(path::READYZ, get(health::readyz))
        .route(path::METRICS, get(health::metrics))
}

/// The router's template of a tile: its name has slashes in it.
fn tile_of_any_name() -> String {
    path::TILE.replace('{', "{*")
}

async fn document(Shared(api): Shared<Arc<Api>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], api.document.clone()).into_response()
}

/// Nothing here may be kept by a cache or taken for another type of content.
async fn guard(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

impl Api {
    /// Reads the store off the runtime's threads.
    async fn blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Query) -> T + Send + 'static,
    ) -> Answer<T> {
        let stopping = |_| Failure::new(ApiCode::ShuttingDown, "the node is stopping");
        let _permit = self.store_reads.acquire().await.map_err(stopping)?;
        let query = Arc::clone(&self.query);
        let failed = |_| Failure::new(ApiCode::InternalFault, "a read ended before its time");
        tokio::task::spawn_blocking(move || read(&query)).await.map_err(failed)
    }
}
