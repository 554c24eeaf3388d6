//! The one place where the project reads a wall clock: the time of a network, and of this machine.
//!
//! Whoever stamps or judges an instant that the network knows (a block's time, `valid_until`, how
//! fresh a signed read or a decision is) asks a [`Clock`] that was handed to it when it was made.
//! In every network but a lab that is this machine's time. In a lab network ([`Lab`]) it is
//!
//! ```text
//! genesis time + (real time − the lab's start) × rate
//! ```
//!
//! a pure function of real time and genesis, so that all processes of the network agree without
//! talking. What is an instant or a duration of the *network* goes by [`Clock::now`]. A tolerance
//! for wires and for clocks that differ is real whatever the network's time does: it is turned into
//! the network's by [`Clock::stretched`]. What strangers to the network read (a token of an outside
//! issuer, a cosignature's time, a metric) goes by [`Clock::machine_now`].
//!
//! Durations are not measured here: timeouts, pauses, rate limits and metrics take
//! `std::time::Instant`, which never jumps, says nothing of the date, and is real in a lab too,
//! because disks and wires do not run faster there.
//!
//! The state machine has no clock: no crate that it uses may depend on this one, and
//! `tests/tidy` forbids every other file to read the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ledger_types::{Genesis, Lab, Timestamp};

/// The time of a network; clones agree.
#[derive(Clone, Debug)]
pub struct Clock {
    machine: Machine,
    lab: Option<LabTime>,
}

/// How a lab network's time follows from real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabTime {
    /// The network's time at the lab's start: that of genesis.
    pub genesis_time: Timestamp,
    /// Rate and start.
    pub lab: Lab,
}

impl LabTime {
    /// That of a genesis document; none where its network is no lab.
    #[must_use]
    pub fn of(genesis: &Genesis) -> Option<Self> {
        genesis.lab.map(|lab| Self { genesis_time: genesis.time, lab })
    }

    /// The network's time at a real time: that of genesis before the start, and at the end of what
    /// a [`Timestamp`] can say it stands still.
    #[must_use]
    pub const fn at(&self, real: Timestamp) -> Timestamp {
        let since = real.as_millis().saturating_sub(self.lab.start.as_millis());
        let passed = since.saturating_mul(self.lab.rate.get() as u64);
        Timestamp::from_millis(self.genesis_time.as_millis().saturating_add(passed))
    }
}

#[derive(Clone, Debug)]
enum Machine {
    /// The operating system's.
    System,
    /// Milliseconds since the epoch that only a test moves.
    Stepped(Arc<AtomicU64>),
}

impl Clock {
    /// Real time: that of every network that is no lab.
    #[must_use]
    pub const fn real() -> Self {
        Self { machine: Machine::System, lab: None }
    }

    /// The time of the network with this genesis.
    #[must_use]
    pub fn of(genesis: &Genesis) -> Self {
        Self::of_lab(LabTime::of(genesis))
    }

    /// The time of a lab network, or real time where it is none.
    #[must_use]
    pub const fn of_lab(lab: Option<LabTime>) -> Self {
        Self { machine: Machine::System, lab }
    }

    /// The same network's time on a machine whose clock shows `real` until [`Clock::step`].
    #[must_use]
    pub fn stepped(self, real: Timestamp) -> Self {
        let machine = Machine::Stepped(Arc::new(AtomicU64::new(real.as_millis())));
        Self { machine, lab: self.lab }
    }

    /// Moves a stepped clock and its clones on by a real duration; no other clock can be moved.
    pub fn step(&self, real: Duration) {
        match &self.machine {
            Machine::System => {}
            Machine::Stepped(at) => {
                at.fetch_add(millis(real), Ordering::SeqCst);
            }
        }
    }

    /// The network's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let real = self.machine_now();
        self.lab.map_or(real, |lab| lab.at(real))
    }

    /// This machine's time, whatever the network's is.
    #[must_use]
    pub fn machine_now(&self) -> Timestamp {
        match &self.machine {
            Machine::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(millis(since))
            }
            Machine::Stepped(at) => Timestamp::from_millis(at.load(Ordering::SeqCst)),
        }
    }

    /// How the network's time follows from real time; none where it is real time.
    #[must_use]
    pub const fn lab(&self) -> Option<LabTime> {
        self.lab
    }

    /// How many milliseconds pass in the network during a real duration.
    #[must_use]
    pub fn stretched(&self, real: Duration) -> u64 {
        millis(real).saturating_mul(u64::from(self.lab.map_or(1, |time| time.lab.rate.get())))
    }
}

/// The instant `delta_ms` after another; the end of time where that is past it.
#[must_use]
pub const fn after(instant: Timestamp, delta_ms: u64) -> Timestamp {
    Timestamp::from_millis(instant.as_millis().saturating_add(delta_ms))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use ledger_types::LabRate;
    use ledger_types::lab::LAB_RATE_MAX;
    use proptest::prelude::*;

    use super::*;

    fn lab(rate: u32, genesis: u64, start: u64) -> LabTime {
        let (rate, start) = (LabRate::new(rate).unwrap(), Timestamp::from_millis(start));
        LabTime { genesis_time: Timestamp::from_millis(genesis), lab: Lab { rate, start } }
    }

    #[test]
    fn a_lab_runs_at_its_rate_from_genesis_and_never_before_it() {
        let time = lab(100, 5_000, 1_000_000);
        let at = |real| time.at(Timestamp::from_millis(real)).as_millis();
        assert_eq!([at(0), at(999_999), at(1_000_000)], [5_000; 3]);
        assert_eq!([at(1_000_001), at(1_060_000)], [5_100, 6_005_000]);
        assert_eq!(at(u64::MAX), u64::MAX);
    }

    #[test]
    fn without_a_lab_the_network_has_the_machines_time() {
        let clock = Clock::real().stepped(Timestamp::from_millis(7));
        clock.clone().step(Duration::from_secs(2));
        assert_eq!(clock.now(), Timestamp::from_millis(2_007), "clones are one clock");
        assert_eq!((clock.now(), clock.lab()), (clock.machine_now(), None));
        assert_eq!(clock.stretched(Duration::from_secs(60)), 60_000);
    }

    #[test]
    fn in_a_lab_the_machines_time_and_the_networks_are_two() {
        let clock = Clock::of_lab(Some(lab(100, 5_000, 0))).stepped(Timestamp::from_millis(0));
        clock.step(Duration::from_millis(30));
        let now = (clock.now().as_millis(), clock.machine_now().as_millis());
        assert_eq!(now, (8_000, 30));
        assert_eq!(clock.stretched(Duration::from_secs(60)), 6_000_000);
    }

    #[test]
    fn the_real_clock_is_past_the_year_2025_and_cannot_be_stepped() {
        let clock = Clock::real();
        clock.step(Duration::from_secs(1_000_000_000));
        let year = 365 * 24 * 3_600 * 1_000;
        assert!((55 * year..80 * year).contains(&clock.now().as_millis()));
    }

    proptest! {
        #[test]
        fn a_labs_time_is_monotone_and_two_processes_agree(
            rate in 2..=LAB_RATE_MAX,
            genesis in any::<u64>(),
            start in any::<u64>(),
            reals in proptest::collection::vec(any::<u64>(), 2..20),
            steps in proptest::collection::vec(0_u64..1_000_000_000, 1..20),
        ) {
            let (one, other) = (lab(rate, genesis, start), lab(rate, genesis, start));
            let mut reals = reals;
            reals.sort_unstable();
            let times: Vec<Timestamp> =
                reals.iter().map(|real| one.at(Timestamp::from_millis(*real))).collect();
            prop_assert!(times.is_sorted());
            prop_assert!(times.iter().all(|time| *time >= one.genesis_time));

            // Two machines that started apart and read their clocks at the same real time.
            let real: u64 = start.min(u64::MAX / 2);
            let early = Clock::of_lab(Some(one)).stepped(Timestamp::from_millis(real));
            let total: u64 = steps.iter().sum();
            let mut before = early.now();
            for step in &steps {
                early.step(Duration::from_millis(*step));
                prop_assert!(early.now() >= before);
                before = early.now();
            }
            let late = Timestamp::from_millis(real.saturating_add(total));
            let late = Clock::of_lab(Some(other)).stepped(late);
            prop_assert_eq!(early.now(), late.now());
        }
    }
}
