//! The operators' listener, beside the interface: what is too much for metrics.
//!
//! It says how long each step of recent heights took here. Nobody but the operator needs that, so
//! it has an address of its own, and none unless the configuration gives it one.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use ledger_types::Height;
use node_consensus::{StepTimes, Steps};
use serde::{Deserialize, Serialize};

/// What the steps of heights took.
const STEPS: &str = "/steps";

/// From which height on.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Since {
    #[serde(default)]
    from: u64,
}

/// A committed height as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct HeightBody {
    height: u64,
    /// Microseconds by step.
    took_us: BTreeMap<&'static str, u64>,
}

impl From<StepTimes> for HeightBody {
    fn from(times: StepTimes) -> Self {
        let micros = |took: core::time::Duration| u64::try_from(took.as_micros());
        let took = times.took.into_iter();
        Self {
            height: times.height.get(),
            took_us: took
                .map(|(step, took)| (step.name(), micros(took).unwrap_or(u64::MAX)))
                .collect(),
        }
    }
}

/// What the listener answers.
pub(crate) fn router(steps: Steps) -> Router {
    Router::new().route(STEPS, get(shown)).with_state(steps)
}

async fn shown(State(steps): State<Steps>, Query(since): Query<Since>) -> Json<Vec<HeightBody>> {
    Json(steps.since(Height::new(since.from)).into_iter().map(HeightBody::from).collect())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt as _;
    use node_consensus::Step;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(steps: &Steps, path: &str) -> Value {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = router(steps.clone()).oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{path}");
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn committed_heights_are_shown_from_one_on_with_their_steps() {
        let steps = Steps::default();
        for height in 1..=3 {
            for step in [Step::Gather, Step::Fsync, Step::Apply] {
                steps.mark(Height::new(height), step);
            }
        }
        steps.mark(Height::new(4), Step::Gather);
        let all = answer(&steps, STEPS).await;
        assert_eq!(all.as_array().map(Vec::len), Some(3));
        let some = answer(&steps, &format!("{STEPS}?from=3")).await;
        assert_eq!(some[0]["height"], 3);
        let took = some[0]["took_us"].as_object().unwrap();
        assert_eq!(took.keys().collect::<Vec<_>>(), ["apply", "fsync", "gather"]);
        assert!(took.values().all(Value::is_u64), "{some}");
    }
}
