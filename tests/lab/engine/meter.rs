//! Lets so many a second through.

use std::time::Instant;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// How many a second; none is as many as are asked for.
    rate: Option<u64>,
    since: Instant,
    given: u64,
}

impl Meter {
    /// Begins to count now.
    #[must_use]
    pub fn new(rate: Option<u64>) -> Self {
        Self { rate, since: Instant::now(), given: 0 }
    }

    /// How many may go now.
    #[must_use]
    pub fn due(&self) -> usize {
        self.due_after(self.since.elapsed().as_millis())
    }

    fn due_after(&self, millis: u128) -> usize {
        let Some(rate) = self.rate else { return usize::MAX };
        let due = (u128::from(rate) * millis / 1000).saturating_sub(u128::from(self.given));
        usize::try_from(due).unwrap_or(usize::MAX)
    }

    /// Notes that so many went.
    pub fn gave(&mut self, count: usize) {
        self.given = self.given.saturating_add(count as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_is_not_due_again() {
        let mut meter = Meter::new(Some(500));
        assert_eq!((meter.due_after(0), meter.due_after(1), meter.due_after(2)), (0, 0, 1));
        assert_eq!(meter.due_after(1_000), 500);
        meter.gave(400);
        assert_eq!((meter.due_after(700), meter.due_after(1_000)), (0, 100));
        assert_eq!(Meter::new(Some(0)).due_after(1_000_000), 0);
        assert_eq!(Meter::new(None).due(), usize::MAX);
    }
}
