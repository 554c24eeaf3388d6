//! Logs and metrics: terminal text or JSON lines, Prometheus; never a key or personal data.

mod gauges;
mod listener;
mod log;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use node_consensus::Steps;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

pub use gauges::Gauges;
pub(crate) use listener::router;
pub use log::init;

/// The node's metrics and the registry in which they are.
#[derive(Debug)]
pub struct Telemetry {
    registry: Registry,
    metrics: Metrics,
}

impl Default for Telemetry {
    fn default() -> Self {
        let mut registry = Registry::default();
        let metrics = Metrics::register(&mut registry);
        Self { registry, metrics }
    }
}

impl Telemetry {
    /// What the node counts and times.
    #[must_use]
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The registry, for metrics of other parts.
    pub const fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// All metrics, those of consensus included, in Prometheus' text format.
    #[must_use]
    pub fn text(&self) -> String {
        const END: &str = "# EOF\n";
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        let ours = text.strip_suffix(END).unwrap_or(&text);
        let consensus = node_consensus::metrics();
        let theirs = consensus.strip_suffix(END).unwrap_or(&consensus);
        format!("{ours}{theirs}{END}")
    }
}

/// How a transaction ended, as a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum OutcomeLabel {
    /// Applied.
    Committed,
    /// Rejected with a receipt.
    Rejected,
}

/// The labels of the count of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct TransactionLabels {
    /// How they ended.
    pub outcome: OutcomeLabel,
}

/// What the node counts and times.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// The height of the last committed block.
    pub height: Gauge,
    /// Transactions in committed blocks.
    pub transactions: Family<TransactionLabels, Counter>,
    /// Transactions that wait in the mempool.
    pub mempool: Gauge,
    /// How long applying a block took.
    pub apply: Histogram,
    /// How long it took from the decision until its block was durable, applied and published.
    pub commit: Histogram,
    /// How long the last sync of a decision took.
    pub fsync: Histogram,
    /// How long it took to judge a proposal.
    pub check: Histogram,
    /// The time between committed blocks, as their headers have it.
    pub block_interval: Histogram,
    /// Peers connected for the exchange of transactions.
    pub peers: Gauge,
    /// The wall-clock time of the last commit, in seconds since the epoch.
    pub last_commit: Gauge<f64, AtomicU64>,
    /// What is said of banks, the disk and the certificate.
    pub gauges: Gauges,
    /// What each step of recent heights took; too much for the registry.
    pub steps: Steps,
}

impl Metrics {
    /// Metrics that are part of `registry`, all under `kyojo_`.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let registry = registry.sub_registry_with_prefix("kyojo");
        let metrics = Self {
            height: Gauge::default(),
            transactions: Family::default(),
            mempool: Gauge::default(),
            apply: seconds(),
            commit: seconds(),
            fsync: seconds(),
            check: seconds(),
            block_interval: seconds(),
            peers: Gauge::default(),
            last_commit: Gauge::default(),
            gauges: Gauges::register(registry),
            steps: Steps::default(),
        };
        registry.register("height", "Height of the last block", metrics.height.clone());
        let help = "Transactions in committed blocks by how they ended";
        registry.register("transactions", help, metrics.transactions.clone());
        let help = "Transactions that wait for a block";
        registry.register("mempool_transactions", help, metrics.mempool.clone());
        let mut timed = |name: &str, help: &str, histogram: &Histogram| {
            registry.register_with_unit(name, help, Unit::Seconds, histogram.clone());
        };
        timed("apply", "Time to apply a block", &metrics.apply);
        timed("commit", "Time from decision to durable and applied", &metrics.commit);
        timed("fsync", "Time to sync a decision to disk", &metrics.fsync);
        timed("check", "Time to judge a proposal", &metrics.check);
        timed("block_interval", "Time between blocks", &metrics.block_interval);
        registry.register("peers", "Connected peers", metrics.peers.clone());
        let help = "When the last block was committed, since the epoch";
        let last = metrics.last_commit.clone();
        registry.register_with_unit("last_commit_time", help, Unit::Seconds, last);
        metrics
    }

    /// Counts a block's transactions by how they ended.
    pub fn count(&self, committed: u64, rejected: u64) {
        for (outcome, count) in
            [(OutcomeLabel::Committed, committed), (OutcomeLabel::Rejected, rejected)]
        {
            self.transactions.get_or_create(&TransactionLabels { outcome }).inc_by(count);
        }
    }
}

/// From 50 µs to about 7 s.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(Duration::from_micros(50).as_secs_f64(), 2.2, 16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ApiMetrics;

    #[test]
    fn every_metric_that_an_alert_names_is_there() {
        let mut telemetry = Telemetry::default();
        let _interface = ApiMetrics::register(telemetry.registry());
        let text = telemetry.text();
        let alerts = include_str!("../deploy/alerts.yml");
        let expressions = alerts.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = expressions.flat_map(|line| line.split(|c| !is_part(c)));
        let named: Vec<&str> = words.filter(|word| word.starts_with("kyojo_")).collect();
        assert!(named.len() > 10, "{named:?}");
        for name in named {
            let family = name.trim_end_matches("_bucket").trim_end_matches("_info");
            assert!(text.contains(&format!("# HELP {family} ")), "{name}");
        }
    }
}
