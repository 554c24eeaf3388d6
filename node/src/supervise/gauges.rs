//! The gauges that no event moves are set again and again: peers, the pool, banks, disk, certificate.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::api::Tls;
use crate::gossip::Peers;
use crate::mempool::Mempool;
use crate::query::Query;
use crate::telemetry::Metrics;

/// How often they are set.
const SET_EVERY: Duration = Duration::from_secs(1);
/// The room that is left is asked for once in so many times.
const FREE_EVERY: u64 = 30;
/// The room that is used, more seldom: files are counted one by one, and there are many some day.
const USED_EVERY: u64 = 600;

/// What the gauges are set from.
pub(super) struct Sources {
    pub(super) home: PathBuf,
    pub(super) peers: Arc<Peers>,
    pub(super) mempool: Arc<Mempool>,
    pub(super) query: Arc<Query>,
    pub(super) tls: Option<Tls>,
}

/// Keeps the gauges until the node stops.
pub(super) async fn watch(metrics: Metrics, from: Sources, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(SET_EVERY);
    for tick in 0_u64.. {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        metrics.peers.set(gauge(from.peers.connected()));
        metrics.mempool.set(gauge(from.mempool.len()));
        metrics.gauges.set_banks(&from.query.state());
        metrics.gauges.certificate_ends.set(from.tls.as_ref().map_or(0, Tls::ends));
        let is_used = tick % USED_EVERY == 0;
        if is_used || tick % FREE_EVERY == 0 {
            let (gauges, home) = (metrics.gauges.clone(), from.home.clone());
            // It ends by itself; a look that fails leaves what the last one said.
            drop(tokio::task::spawn_blocking(move || {
                gauges.set_free(&home);
                if is_used {
                    gauges.set_used(&home);
                }
            }));
        }
    }
}
