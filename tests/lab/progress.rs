//! What people see while the network runs: one line that changes, on standard error.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Between two lines where standard error is no terminal.
const EVERY: Duration = Duration::from_secs(2);
/// Between two changes of the line where it is one.
const EVERY_ON_TERMINAL: Duration = Duration::from_millis(100);

/// The line.
#[derive(Debug, Default)]
pub struct Progress {
    quiet: bool,
    on_terminal: bool,
    shown: Option<Instant>,
}

impl Progress {
    /// Nothing shown yet.
    #[must_use]
    pub fn new() -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        Self { on_terminal, ..Self::default() }
    }

    /// A line that is never shown.
    #[must_use]
    pub fn quiet() -> Self {
        Self { quiet: true, ..Self::default() }
    }

    /// Shows how far things are, unless something was shown just before.
    pub fn show(&mut self, line: &str) {
        let every = if self.on_terminal { EVERY_ON_TERMINAL } else { EVERY };
        if self.quiet || self.shown.is_some_and(|shown| shown.elapsed() < every) {
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
    pub fn say(&mut self, line: &str) {
        if self.quiet {
            return;
        }
        if self.on_terminal && self.shown.take().is_some() {
            eprint!("\r\x1b[2K");
        }
        eprintln!("{line}");
    }
}

/// A number of yen as people read it: `1,234,567円`.
#[must_use]
pub fn yen(amount: u64) -> String {
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
}
