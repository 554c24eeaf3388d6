//! What people see while the network runs: one line that changes, on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Between two lines where standard error is no terminal.
const EVERY: Duration = Duration::from_secs(2);
/// Between two changes of the line where it is one.
const EVERY_ON_TERMINAL: Duration = Duration::from_millis(100);

/// The line.
#[derive(Debug)]
pub(super) struct Progress {
    on_terminal: bool,
    shown: Option<Instant>,
}

impl Progress {
    /// Nothing shown yet.
    pub(super) fn new() -> Self {
        Self { on_terminal: std::io::stderr().is_terminal(), shown: None }
    }

    /// Shows how far things are, unless something was shown just before.
    pub(super) fn show(&mut self, line: &str) {
        let every = if self.on_terminal { EVERY_ON_TERMINAL } else { EVERY };
        if self.shown.is_some_and(|shown| shown.elapsed() < every) {
            return;
        }
        self.shown = Some(Instant::now());
        if self.on_terminal {
            eprint!("\r\x1b[2K{line}");
            // A terminal that cannot be written to shows no progress; nothing depends on it.
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    /// Says something that stays.
    pub(super) fn say(&mut self, line: &str) {
        if self.on_terminal && self.shown.take().is_some() {
            eprint!("\r\x1b[2K");
        }
        eprintln!("{line}");
    }
}

/// A duration at `per_mille` of sorted ones, in milliseconds with one decimal.
pub(super) fn quantile(sorted: &[Duration], per_mille: usize) -> f64 {
    let index = (sorted.len() * per_mille / 1_000).min(sorted.len().saturating_sub(1));
    let micros = sorted.get(index).map_or(0, Duration::as_micros);
    let tenths = u32::try_from(micros / 100).unwrap_or(u32::MAX);
    f64::from(tenths) / 10.0
}

/// A number of yen as people read it: `1,234,567円`.
pub(super) fn yen(amount: u64) -> String {
    let digits = amount.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + "円"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_are_grouped_by_three() {
        let cases = [(0, "0円"), (999, "999円"), (1_000, "1,000円"), (1_234_567, "1,234,567円")];
        for (amount, text) in cases {
            assert_eq!(yen(amount), text);
        }
    }

    #[test]
    fn quantiles_are_of_the_sorted_times() {
        let times: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(quantile(&times, 500), 51.0);
        assert_eq!(quantile(&times, 990), 100.0);
        assert_eq!(quantile(&times, 1_000), 100.0);
        assert_eq!(quantile(&[], 500), 0.0);
    }
}
