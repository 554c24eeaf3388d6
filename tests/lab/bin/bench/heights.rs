//! What the steps of single heights took, as a validator's operators' listener tells it.

use std::collections::BTreeMap;
use std::time::Duration;

use kyojo_tests::measure::millis;
use kyojo_tests::rest::http_client;
use serde::{Deserialize, Serialize};

/// How many of the slowest are shown.
const SLOWEST: usize = 5;
/// How long the listener may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A height, from the end of the one before to its own.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Height {
    height: u64,
    took_us: BTreeMap<String, u64>,
}

/// One of the slowest.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SlowHeight {
    height: u64,
    /// From the end of the height before to its own.
    pub ms: f64,
    /// The step that took longest.
    step: String,
    step_ms: f64,
    steps_ms: BTreeMap<String, f64>,
}

impl Height {
    fn took(&self) -> Duration {
        self.took_us.values().copied().map(Duration::from_micros).sum()
    }

    fn slow(&self) -> SlowHeight {
        let ms = |us: u64| millis(Duration::from_micros(us));
        let longest = self.took_us.iter().max_by_key(|(_, us)| **us);
        SlowHeight {
            height: self.height,
            ms: millis(self.took()),
            step: longest.map(|(step, _)| step.clone()).unwrap_or_default(),
            step_ms: longest.map(|(_, us)| ms(*us)).unwrap_or_default(),
            steps_ms: self.took_us.iter().map(|(step, us)| (step.clone(), ms(*us))).collect(),
        }
    }
}

/// The heights from `from` to `to`, as far as the validator remembers them.
pub(crate) async fn fetch(url: &str, from: u64, to: u64) -> anyhow::Result<Vec<Height>> {
    let client = http_client().timeout(ANSWER_WITHIN).build()?;
    let answer = client.get(format!("{url}/steps?from={from}")).send().await?;
    let mut heights: Vec<Height> = answer.error_for_status()?.json().await?;
    heights.retain(|height| height.height <= to);
    let forgotten = (to + 1).saturating_sub(from).saturating_sub(heights.len() as u64);
    if forgotten > 0 {
        eprintln!("{forgotten} heights are no longer remembered: they count in no slow height");
    }
    Ok(heights)
}

/// How many took longer.
pub(crate) fn over(heights: &[Height], bound: Duration) -> usize {
    heights.iter().filter(|height| height.took() > bound).count()
}

/// Those that took longest, the slowest first.
pub(crate) fn slowest(heights: &[Height]) -> Vec<SlowHeight> {
    let mut slow: Vec<&Height> = heights.iter().collect();
    slow.sort_by_key(|height| std::cmp::Reverse(height.took()));
    slow.truncate(SLOWEST);
    slow.into_iter().map(Height::slow).collect()
}

/// The slowest of several runs.
pub(crate) fn slowest_of(runs: impl Iterator<Item = Vec<SlowHeight>>) -> Vec<SlowHeight> {
    let mut slow: Vec<SlowHeight> = runs.flatten().collect();
    slow.sort_by(|one, other| other.ms.total_cmp(&one.ms));
    slow.truncate(SLOWEST);
    slow
}

#[cfg(test)]
mod tests {
    use super::*;

    fn height(height: u64, took: &[(&str, u64)]) -> Height {
        let took_us = took.iter().map(|(step, ms)| ((*step).to_owned(), ms * 1_000)).collect();
        Height { height, took_us }
    }

    #[test]
    fn the_slowest_come_first_with_the_step_that_was_slow() {
        let quick = (10..20).map(|number| height(number, &[("gather", 20), ("fsync", number)]));
        let mut heights: Vec<Height> = quick.collect();
        heights.push(height(7, &[("gather", 1), ("propose", 640), ("apply", 3)]));
        let slow = slowest(&heights);
        let shown: Vec<_> = slow.iter().map(|slow| (slow.height, slow.step.as_str())).collect();
        let expected =
            [(7, "propose"), (19, "gather"), (18, "gather"), (17, "gather"), (16, "gather")];
        assert_eq!(shown, expected);
        assert_eq!((slow[0].ms, slow[0].step_ms), (644.0, 640.0));
        assert_eq!(over(&heights, Duration::from_millis(600)), 1);
        let other = slowest(&[height(3, &[("check", 50)])]);
        let both = slowest_of([other, slow].into_iter());
        assert_eq!(both.iter().map(|slow| slow.height).collect::<Vec<_>>(), [7, 3, 19, 18, 17]);
    }
}
