//! Whether the node lives, whether it is of use, and its metrics.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use ledger_types::{Height, ValidatorSet};
use node_api::body::Health;
use node_api::path;
use node_api::{ApiCode, Problem};

use super::Api;
use super::failure::{Answer, Failure};

/// How many blocks a node may be behind its peers and still be of use.
const LAG_BLOCKS_MAX: u64 = 10;
/// How old the last commit may be while transactions wait, in seconds.
const STALL_SECONDS_MAX: u64 = 10;

/// What the node knows of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peers {
    /// How many are connected.
    pub connected: usize,
    /// How many there are to connect to.
    pub configured: usize,
    /// The greatest height that one of them has.
    pub highest: Height,
    /// The voting power of the validators that answer, this node among them.
    pub answering: u64,
}

/// Whether the process answers at all.
#[utoipa::path(
    get, path = path::HEALTHZ, tag = "node",
    responses((status = 200, description = "It lives.", body = Health)),
)]
pub(super) async fn healthz(Shared(api): Shared<Arc<Api>>) -> Json<Health> {
    Json(health(&api))
}

/// Whether the node is of use: in touch with a quorum, at the tip, and committing what waits.
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
    let since_commit = api.query.feed().since_commit();
    let stopping = *api.shutdown.borrow();
    let waiting = api.mempool.len();
    let peers = (api.peers)();
    let reasons = reasons(health.height, &validators, &peers, waiting, since_commit, stopping);
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

fn reasons(
    height: Height,
    validators: &ValidatorSet,
    peers: &Peers,
    waiting: usize,
    since_commit: Duration,
    stopping: bool,
) -> Vec<String> {
    let mut reasons = Vec::new();
    if stopping {
        reasons.push("the node is stopping".to_owned());
    }
    if peers.configured > 0 && peers.connected == 0 {
        reasons.push(format!("none of {} peers is connected", peers.configured));
    }
    if !validators.is_quorum(peers.answering) {
        let (answering, power) = (peers.answering, validators.total_power());
        reasons.push(format!("validators with {answering} of {power} votes answer: no quorum"));
    }
    let lag = peers.highest.get().saturating_sub(height.get());
    if lag > LAG_BLOCKS_MAX {
        reasons.push(format!("{lag} blocks behind a peer at height {}", peers.highest));
    }
    if waiting > 0 && since_commit > Duration::from_secs(STALL_SECONDS_MAX) {
        let seconds = since_commit.as_secs();
        reasons.push(format!("{waiting} transactions wait, the last commit is {seconds} s old"));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use ledger_types::{SigningKey, Validator};

    use super::*;

    fn validators() -> ValidatorSet {
        let keys = (1..=4).map(|number| SigningKey::from_seed(&[number; 32]).public_key());
        let validators = keys.map(|key| Validator { key, power: 1 });
        ValidatorSet::new(validators.collect()).unwrap()
    }

    fn of(peers: Peers, waiting: usize, seconds: u64) -> usize {
        let since = Duration::from_secs(seconds);
        reasons(Height::new(100), &validators(), &peers, waiting, since, false).len()
    }

    #[test]
    fn each_reason_stands_for_itself() {
        let highest = Height::new(110);
        let well = Peers { connected: 3, configured: 3, highest, answering: 3 };
        assert_eq!(of(well, 5, 10), 0);
        assert_eq!(of(Peers { connected: 0, ..well }, 5, 10), 1);
        assert_eq!(of(Peers { highest: Height::new(111), ..well }, 5, 10), 1);
        assert_eq!(of(Peers { answering: 2, ..well }, 0, 0), 1, "two of four decide nothing");
        assert_eq!(of(well, 5, 11), 1);
        assert_eq!(of(well, 0, 3600), 0);
        let highest = Height::new(999);
        let worst = Peers { connected: 0, configured: 3, highest, answering: 1 };
        assert_eq!(of(worst, 1, 60), 4);
        let unlisted = Peers { answering: 3, ..Peers::default() };
        assert_eq!(of(unlisted, 0, 0), 0);
        let stopping = reasons(Height::new(1), &validators(), &unlisted, 0, Duration::ZERO, true);
        assert_eq!(stopping, ["the node is stopping"]);
    }
}
