//! What the gateway counts, in Prometheus' text format; no identity is ever a label.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that a counter or gauge shows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// So many now.
    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    /// The number.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Requests for data, in both halves.
    pub requests: Count,
    /// Answers that left with data.
    pub answered: Count,
    /// Requests that the ledger denied.
    pub denied: Count,
    /// Requests that the gateway refused.
    pub refused: Count,
    /// Answers that were cut off because the decision ended.
    pub cut_off: Count,
    /// Halves that were queued.
    pub queued: Count,
    /// Halves of which the ledger has spoken.
    pub recorded: Count,
    /// Halves that the ledger refused.
    pub halves_refused: Count,
    /// Halves that differ from their counterparts.
    pub mismatched: Count,
    /// Holders that were named because their half is missing.
    pub named: Count,
    /// Halves that have been without their counterpart for too long, now.
    pub unmatched: Count,
}

impl Metrics {
    /// The text that Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let rows = [
            ("requests_total", "counter", "Requests for data.", &self.requests),
            ("answered_total", "counter", "Answers that left with data.", &self.answered),
            ("denied_total", "counter", "Requests that the ledger denied.", &self.denied),
            ("refused_total", "counter", "Requests that the gateway refused.", &self.refused),
            ("cut_off_total", "counter", "Answers cut off by a decision's end.", &self.cut_off),
            ("halves_queued_total", "counter", "Halves queued.", &self.queued),
            ("halves_settled_total", "counter", "Halves the ledger spoke on.", &self.recorded),
            ("halves_refused_total", "counter", "Halves the ledger refused.", &self.halves_refused),
            ("halves_mismatched_total", "counter", "Halves that differ.", &self.mismatched),
            ("holders_named_total", "counter", "Holders named for a missing half.", &self.named),
            ("halves_unmatched", "gauge", "Halves alone for too long.", &self.unmatched),
        ];
        let mut text = String::new();
        for (name, kind, help, count) in rows {
            let name = format!("kyojo_gateway_{name}");
            let value = count.get();
            // Writing to a string does not fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        text
    }
}
