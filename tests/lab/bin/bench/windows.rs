//! How finality recovers, second by second.

use std::time::{Duration, Instant};

use kyojo_tests::engine::Seen;
use kyojo_tests::measure::{millis, quantile};
use serde::Serialize;

/// Where the 99th percentile counts as recovered.
const RECOVERED: f64 = 200.0;

/// Finality in windows of one second after a loss.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Recovery {
    /// The 99th percentile of the receipts that came in each second; none where none came.
    p99_by_second_ms: Vec<Option<f64>>,
    /// So many seconds after the loss, and in every second from then on, receipts came and their
    /// 99th percentile was below 200 ms; none where the last second was not.
    p99_under_200_ms_from_second: Option<usize>,
}

impl Recovery {
    /// Of what was seen for so long after `begin`.
    pub(crate) fn of(seen: &[Seen], begin: Instant, duration: Duration) -> Self {
        let count = usize::try_from(duration.as_secs()).unwrap_or(usize::MAX);
        let mut windows = vec![Vec::new(); count];
        for seen in seen {
            let second = seen.at.saturating_duration_since(begin).as_secs();
            let window = usize::try_from(second).ok().and_then(|second| windows.get_mut(second));
            if let Some(window) = window {
                window.push(seen.took);
            }
        }
        let p99_by_second_ms: Vec<Option<f64>> = windows.into_iter().map(p99).collect();
        let p99_under_200_ms_from_second = recovered_from(&p99_by_second_ms);
        Self { p99_by_second_ms, p99_under_200_ms_from_second }
    }
}

fn p99(mut window: Vec<Duration>) -> Option<f64> {
    window.sort_unstable();
    (!window.is_empty()).then(|| millis(quantile(&window, 990)))
}

/// The first window from which on all are good.
fn recovered_from(windows: &[Option<f64>]) -> Option<usize> {
    let is_bad = |window: &Option<f64>| window.is_none_or(|p99| p99 >= RECOVERED);
    let from = windows.iter().rposition(is_bad).map_or(0, |last_bad| last_bad + 1);
    (from < windows.len()).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_receipt_counts_in_the_second_in_which_it_came() {
        let begin = Instant::now();
        let seen = |at: u64, took: u64| Seen {
            at: begin + Duration::from_millis(at),
            took: Duration::from_millis(took),
            is_committed: true,
        };
        let all = [
            seen(0, 90),
            seen(999, 950),
            seen(2_100, 1_500),
            seen(3_000, 150),
            seen(3_999, 199),
            seen(4_500, 20),
            seen(5_000, 9_000),
        ];
        let recovery = Recovery::of(&all, begin, Duration::from_secs(5));
        let expected = [Some(950.0), None, Some(1_500.0), Some(199.0), Some(20.0)];
        assert_eq!(recovery.p99_by_second_ms, expected);
        assert_eq!(recovery.p99_under_200_ms_from_second, Some(3));
    }

    #[test]
    fn only_what_stays_good_is_recovered() {
        let cases = [
            (vec![Some(10.0), Some(20.0)], Some(0)),
            (vec![Some(900.0), Some(20.0), Some(200.0), Some(20.0)], Some(3)),
            (vec![Some(20.0), None, Some(20.0)], Some(2)),
            (vec![Some(20.0), Some(201.0)], None),
            (vec![Some(20.0), None], None),
            (vec![], None),
        ];
        for (windows, from) in cases {
            assert_eq!(recovered_from(&windows), from, "{windows:?}");
        }
    }
}
