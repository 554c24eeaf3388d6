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
use node_api::ApiCode;
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
    let Parts { query, mempool, peers, metrics, measured, audit_log, prover, shutdown } = parts;
    let document = openapi::document().to_string();
    let api = Arc::new(Api {
        query,
        mempool,
        peers,
        metrics,
        measured,
        audit_log,
        prover,
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
        .route("/v1/transactions", post(submit::submit))
        .route("/v1/transactions/bulk", post(submit::bulk))
        .route("/v1/transactions/{id}", get(transactions::transaction))
        .route("/v1/receipts/{id}", get(transactions::receipt))
        .route("/v1/accounts/{address}", get(accounts::account))
        .route("/v1/accounts/{address}/history", get(accounts::history))
        .route("/v1/blocks/{height}", get(blocks::block))
        .route("/v1/blocks/{height}/receipts", get(blocks::receipts))
        .route("/v1/events", get(events::events))
        .route("/v1/status", get(network::status))
        .route("/v1/validators", get(network::validators))
        .route("/v1/supply", get(network::supply))
        .route("/v1/zones", get(network::zones))
        .route("/v1/zones/{zone}", get(network::zone))
        .route("/v1/zones/{zone}/merchants", get(network::merchants))
        .route("/v1/parties/{party}", get(consents::party))
        .route("/v1/notices/{party}/{notice}", get(consents::notice))
        .route("/v1/consents", get(consents::consents))
        .route("/v1/consents/check", get(decisions::check))
        .route("/v1/consents/{id}", get(consents::consent))
        .route("/v1/consents/{id}/log", get(logs::consent))
        .route("/v1/subjects/{address}/log", get(logs::subject))
        .route("/v1/parties/{party}/log", get(logs::party))
        .route("/v1/parties/{party}/duties", get(logs::duties))
        .route("/v1/accesses/{id}", get(decisions::access))
        .route("/v1/requests/{id}", get(oversight::request))
        .route("/v1/glasses/{id}", get(oversight::glass))
        .route("/v1/views/{id}", get(oversight::view))
        .route("/v1/legal-bases/{id}", get(registry::legal_basis))
        .route("/v1/regimes/{regime}", get(registry::regime))
        .route("/v1/vocabularies/{id}/{version}", get(registry::vocabulary))
        .route("/v1/joint-uses/{party}/{scheme}/{version}", get(registry::joint_use))
        .route("/v1/opt-outs/{party}/{scheme}", get(registry::opt_out))
        .route("/v1/terms/{party}/{terms}", get(registry::terms))
        .route("/v1/reconsents", get(registry::reconsents))
        .route("/v1/reconsents/{request}", get(registry::reconsent))
        .route("/v1/emergencies/{area}", get(registry::emergency))
        .route("/v1/receipts/{id}/proof", get(audit::receipt_proof))
        .route("/v1/receipts/{id}/bundle", get(bundles::receipt))
        .route("/v1/accounts/{address}/bundle", get(bundles::account))
        .route("/v1/consents/{id}/bundle", get(bundles::consent))
        .route("/v1/blocks/{height}/bundle", get(bundles::block))
        .route("/audit/checkpoint", get(audit::checkpoint))
        .route("/audit/witnessed", get(audit::witnessed))
        .route("/audit/policy", get(audit::policy))
        .route("/audit/proof/{index}", get(audit::proof))
        .route("/audit/tile/{*tile}", get(audit::tile))
        .route("/openapi.json", get(document))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
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
