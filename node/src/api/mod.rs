//! The REST interface: thin over the mempool and the read side.
//!
//! Every path is in `routes`; every error is a numbered problem; everything is bounded. What
//! concerns someone is read by signed requests of those whom it concerns: [`rights`](crate::rights)
//! decides who they are.

mod accesses;
mod accounts;
mod audit;
mod blocks;
mod bundles;
mod consents;
mod cycles;
mod decisions;
mod events;
mod extract;
mod failure;
mod health;
mod keys;
mod limits;
mod logs;
mod measure;
mod network;
pub mod openapi;
mod oversight;
mod programmes;
mod published;
mod reader;
mod references;
mod registry;
mod reports;
mod routes;
mod serve;
mod shops;
mod submit;
#[cfg(test)]
pub(crate) mod tests;
mod tls;
mod transactions;

use std::sync::Arc;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use network_clock::Clock;
use node_api::ApiCode;
use node_api::head::{self, HeadFault};
use tokio::sync::{Semaphore, watch};

pub use limits::{PEER_BURST, PEER_REQUESTS_PER_SECOND};
pub use measure::ApiMetrics;
pub use serve::serve;
pub use tls::Tls;

use crate::audit_log::Published;
use crate::chain::Prover;
use crate::directory::Directories;
use crate::mempool::Mempool;
use crate::outlook::Outlook;
use crate::query::{Query, QueryError};
use failure::{Answer, Failure};
use limits::{Allowances, Shares};

/// What the interface stands on.
pub struct Parts {
    /// The read side.
    pub query: Arc<Query>,
    /// Where transactions go in.
    pub mempool: Arc<Mempool>,
    /// What the node says of itself and its peers.
    pub outlook: Box<dyn Fn() -> Outlook + Send + Sync>,
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
    /// The names to which signed reads are addressed.
    pub names: Vec<String>,
    /// The directory of public names.
    pub directories: Arc<Directories>,
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
    outlook: Box<dyn Fn() -> Outlook + Send + Sync>,
    metrics: Box<dyn Fn() -> String + Send + Sync>,
    measured: ApiMetrics,
    audit_log: Published,
    prover: Arc<Prover>,
    clock: Clock,
    names: Arc<[String]>,
    directories: Arc<Directories>,
    shutdown: watch::Receiver<bool>,
    document: Bytes,
    allowances: Allowances,
    in_flight: Semaphore,
    bulk: Semaphore,
    bulk_of_peer: Arc<Shares>,
    store_reads: Semaphore,
    streams: Arc<Semaphore>,
}

/// Every endpoint.
pub fn router(parts: Parts) -> Router {
    let Parts { query, mempool, outlook, metrics, measured, audit_log, .. } = parts;
    let (prover, clock, names, shutdown) = (parts.prover, parts.clock, parts.names, parts.shutdown);
    let directories = parts.directories;
    let document = openapi::document().to_string();
    let api = Arc::new(Api {
        query,
        mempool,
        outlook,
        metrics,
        measured,
        audit_log,
        prover,
        clock,
        names: names.into(),
        directories,
        shutdown,
        document: document.into(),
        allowances: Allowances::new(PEER_BURST, PEER_REQUESTS_PER_SECOND),
        in_flight: Semaphore::new(limits::IN_FLIGHT_MAX),
        bulk: Semaphore::new(limits::BULK_MAX),
        bulk_of_peer: Shares::new(limits::BULK_OF_PEER_MAX),
        store_reads: Semaphore::new(limits::STORE_READS_MAX),
        streams: Arc::new(Semaphore::new(limits::STREAMS_MAX)),
    });
    routes::routes()
        .fallback(failure::no_such_path)
        .method_not_allowed_fallback(failure::method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(&api), limits::keep))
        .layer(middleware::from_fn(whole_head))
        .layer(middleware::from_fn(failure::describe))
        .layer(middleware::from_fn(guard))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), measure::measure))
        .with_state(api)
}

async fn document(Shared(api): Shared<Arc<Api>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], api.document.clone()).into_response()
}

/// Refuses what does not name its host once, or has a head that is too large.
async fn whole_head(request: axum::extract::Request, next: Next) -> Result<Response, Failure> {
    head(&request).map_err(|fault| {
        let code = match fault {
            HeadFault::TooLarge(_) => ApiCode::HeadersTooLarge,
            HeadFault::NoHost | HeadFault::ManyHosts(_) | HeadFault::NotAHost => ApiCode::BadHost,
        };
        Failure::new(code, fault.to_string())
    })?;
    Ok(next.run(request).await)
}

fn head(request: &axum::extract::Request) -> Result<(), HeadFault> {
    let target = request.uri().to_string().len();
    // The version is always as long as this one.
    let line = request.method().as_str().len() + target + "  HTTP/1.1".len();
    let fields = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    head::check(request.version() >= Version::HTTP_11, line, fields)
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

    /// Reads the index, once it has what the state has.
    async fn indexed<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Query) -> Result<T, QueryError> + Send + 'static,
    ) -> Answer<T> {
        self.query.caught_up().await;
        Ok(self.blocking(read).await??)
    }
}
