//! When the next height begins: blocks gather, at a pace that follows what a block costs here.
//!
//! Deciding a block costs every validator some processor time however little is in it. A height
//! therefore begins no sooner after the one before than [`REST`] times that cost, so that deciding
//! takes a known share of one processor while little is to be done, and no later than genesis
//! allows. Whoever pays after a pause does not wait: the height before began long ago.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use tokio::time::Instant as Deadline;

use crate::mempool::Mempool;

/// A height lasts so many times what deciding it costs in processor time.
const REST: u32 = 16;
/// The newest height's weight in the average cost is one part of so many.
const MEMORY: u32 = 16;

/// See the module.
#[derive(Debug)]
pub(super) struct Pace {
    /// The longest that waiting transactions are gathered, from genesis.
    gather_max: Duration,
    /// How long nothing may happen.
    idle: Duration,
    last: Mutex<Last>,
}

/// The height that began last.
#[derive(Clone, Copy, Debug)]
struct Last {
    at: Instant,
    /// This process's time then; none where the system does not tell.
    used: Option<ProcessTime>,
    /// The average cost of deciding a height.
    cost: Duration,
}

impl Last {
    fn note(&mut self, used: Duration) {
        self.cost = self.cost - self.cost / MEMORY + used / MEMORY;
    }
}

impl Pace {
    pub(super) fn new(gather_max: Duration, idle: Duration) -> Self {
        // Until heights have been measured, they are taken to cost as much as genesis allows for.
        let last = Last { at: Instant::now(), used: None, cost: gather_max / REST };
        Self { gather_max, idle, last: Mutex::new(last) }
    }

    /// A height begins now.
    pub(super) fn begins(&self) {
        let mut last = self.last();
        last.at = Instant::now();
        last.used = ProcessTime::try_now().ok();
    }

    /// The height that began last is committed.
    pub(super) fn committed(&self) {
        let mut last = self.last();
        // Once for each beginning.
        if let Some(used) = last.used.take().and_then(|since| since.try_elapsed().ok()) {
            last.note(used);
        }
    }

    /// How long transactions are gathered.
    pub(super) fn gather(&self) -> Duration {
        self.last().cost.saturating_mul(REST).min(self.gather_max)
    }

    /// Returns when the next height should begin.
    pub(super) async fn wait(&self, mempool: &Mempool) {
        let began = self.last().at;
        let gather = self.gather();
        let after = |wait| Deadline::from_std(began.checked_add(wait).unwrap_or(began));
        tokio::select! {
            () = mempool.wait_block() => {}
            () = async {
                mempool.wait_nonempty().await;
                tokio::time::sleep_until(after(gather)).await;
            } => {}
            () = tokio::time::sleep_until(after(self.idle)) => {}
        }
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        // Replaced field by field by code that cannot panic between.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mempool::Source;
    use crate::mempool::testing::{start, world};

    const MOST: Duration = Duration::from_millis(400);
    const IDLE: Duration = Duration::from_millis(400);

    #[test]
    fn blocks_gather_for_as_long_as_deciding_one_costs_and_no_longer_than_genesis_says() {
        let pace = Pace::new(MOST, IDLE);
        assert_eq!(pace.gather(), MOST / REST * REST, "until one was measured");
        let after = |used: Duration| {
            (0..200).for_each(|_| pace.last().note(used));
            pace.gather()
        };
        let cheap = after(Duration::from_millis(5));
        let off = cheap.abs_diff(REST * Duration::from_millis(5));
        assert!(off < Duration::from_millis(1), "{cheap:?}");
        assert_eq!(after(Duration::from_millis(500)), MOST);
        assert!(after(Duration::ZERO) < Duration::from_millis(1), "and it follows down again");
    }

    #[tokio::test]
    async fn nothing_is_begun_for_nothing_until_the_network_was_idle() {
        let (mempool, _outlet) = start(&world(1));
        let pace = Pace::new(MOST, IDLE);
        let began = Instant::now();
        pace.begins();
        pace.wait(&mempool).await;
        assert!(began.elapsed() >= IDLE);
    }

    #[tokio::test]
    async fn what_waits_is_gathered_and_after_a_pause_goes_at_once() {
        let world = world(1);
        let (mempool, _outlet) = start(&world);
        let pace = Pace::new(MOST, Duration::from_secs(60));
        let began = Instant::now();
        pace.begins();
        let taken = mempool.submit(vec![world.signed(0, 0)], Source::Client).await;
        assert!(taken[0].is_ok(), "{taken:?}");
        pace.wait(&mempool).await;
        assert!(began.elapsed() >= pace.gather() - Duration::from_millis(1));
        let again = Instant::now();
        pace.wait(&mempool).await;
        assert!(again.elapsed() < pace.gather() / 2, "the height before began long ago");
    }
}
