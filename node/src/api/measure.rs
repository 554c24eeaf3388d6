//! Metrics of the interface: how many requests by route and status, and how long they take.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State as Shared};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use super::Api;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

/// The interface's own metrics.
#[derive(Clone, Debug)]
pub struct ApiMetrics {
    requests: Family<Answered, Counter>,
    seconds: Histogram,
    bulk_transactions: Counter,
}

impl ApiMetrics {
    /// Enters the metrics under `api_` in a registry.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            requests: Family::default(),
            seconds: Histogram::new(exponential_buckets(0.0005, 2.0, 16)),
            bulk_transactions: Counter::default(),
        };
        let registry = registry.sub_registry_with_prefix("api");
        let requests = metrics.requests.clone();
        registry.register("requests", "Requests answered, by route and status", requests);
        let seconds = metrics.seconds.clone();
        registry.register("request_seconds", "How long requests took to answer", seconds);
        let bulk = metrics.bulk_transactions.clone();
        registry.register("bulk_transactions", "Transactions that came in bulk", bulk);
        metrics
    }

    pub(super) fn bulk(&self, transactions: usize) {
        self.bulk_transactions.inc_by(u64::try_from(transactions).unwrap_or(u64::MAX));
    }
}

/// Counts and times each answer.
pub(super) async fn measure(
    Shared(api): Shared<Arc<Api>>,
    request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    api.measured.seconds.observe(started.elapsed().as_secs_f64());
    let status = response.status().as_u16();
    api.measured.requests.get_or_create(&Answered { route, status }).inc();
    response
}
