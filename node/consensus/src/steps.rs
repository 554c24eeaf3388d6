//! When each step of each recent height ended here: a bounded memory that shows what was slow.
//!
//! A step is noted at its end, so what it took is the time since the step before it. Nothing is
//! decided by these instants.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_types::Height;

/// How many heights are remembered, the last ones.
const HEIGHTS_MAX: usize = 4_096;

/// A step of a height on this node, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Since the end of the height before: waiting for its time to come.
    Gather,
    /// Until the proposal was made here, or its opening came: rounds that failed lie in it.
    Propose,
    /// Until the proposed block was handed out here, or was here whole.
    Parts,
    /// Until it was judged; a block made here is not.
    Check,
    /// Until a quorum of prevotes let this validator precommit.
    Prevote,
    /// Until a quorum of precommits decided.
    Precommit,
    /// Until the decision was durable.
    Fsync,
    /// Until the block was applied and published.
    Apply,
}

impl Step {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gather => "gather",
            Self::Propose => "propose",
            Self::Parts => "parts",
            Self::Check => "check",
            Self::Prevote => "prevote",
            Self::Precommit => "precommit",
            Self::Fsync => "fsync",
            Self::Apply => "apply",
        }
    }
}

/// The instants at which a height's steps ended.
type Marks = BTreeMap<Step, Instant>;

/// The memory; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Steps(Arc<Mutex<BTreeMap<Height, Marks>>>);

/// What the steps of a committed height took; steps that it did without are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTimes {
    /// The height.
    pub height: Height,
    /// Each step with the time since the one before, in their order.
    pub took: Vec<(Step, Duration)>,
}

impl Steps {
    /// Notes that a step of this height has just ended.
    pub fn mark(&self, height: Height, step: Step) {
        self.mark_at(height, step, Instant::now());
    }

    fn mark_at(&self, height: Height, step: Step, now: Instant) {
        let mut heights = self.lock();
        let marks = heights.entry(height).or_default();
        if step == Step::Gather {
            // A height starts once; what follows is done anew in each round.
            marks.entry(step).or_insert(now);
        } else {
            marks.insert(step, now);
        }
        while heights.len() > HEIGHTS_MAX {
            heights.pop_first();
        }
    }

    /// The remembered heights from `from` on that are committed, in order.
    #[must_use]
    pub fn since(&self, from: Height) -> Vec<StepTimes> {
        let heights = self.lock();
        let ended = |height: u64| {
            heights.get(&Height::new(height)).and_then(|marks| marks.get(&Step::Apply)).copied()
        };
        heights
            .range(from..)
            .filter(|(_, marks)| marks.contains_key(&Step::Apply))
            .map(|(height, marks)| StepTimes {
                height: *height,
                took: times(height.get().checked_sub(1).and_then(ended), marks),
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Height, Marks>> {
        // Each change leaves the map whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time between each step's end and the latest end before it; what ended before took none.
fn times(before: Option<Instant>, marks: &Marks) -> Vec<(Step, Duration)> {
    let mut last = before;
    let mut took = Vec::with_capacity(marks.len());
    for (step, at) in marks {
        if let Some(last) = last {
            took.push((*step, at.saturating_duration_since(last)));
        }
        last = last.max(Some(*at));
    }
    took
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(begin: Instant, millis: u64) -> Instant {
        begin + Duration::from_millis(millis)
    }

    fn millis(times: &StepTimes) -> Vec<(&'static str, u128)> {
        times.took.iter().map(|(step, took)| (step.name(), took.as_millis())).collect()
    }

    #[test]
    fn a_step_takes_from_the_end_of_the_one_before() {
        let (steps, begin) = (Steps::default(), Instant::now());
        let mark = |height, step, ms| steps.mark_at(Height::new(height), step, at(begin, ms));
        mark(7, Step::Apply, 100);
        mark(8, Step::Gather, 150);
        mark(8, Step::Propose, 160);
        mark(8, Step::Check, 161);
        mark(8, Step::Prevote, 190);
        // A second round: the height did not start again.
        mark(8, Step::Gather, 700);
        mark(8, Step::Propose, 720);
        mark(8, Step::Check, 721);
        mark(8, Step::Prevote, 740);
        mark(8, Step::Precommit, 745);
        assert_eq!(steps.since(Height::new(8)), [], "it is not committed yet");
        mark(8, Step::Fsync, 750);
        mark(8, Step::Apply, 753);
        let since = steps.since(Height::new(8));
        assert_eq!(since.len(), 1);
        let expected = [
            ("gather", 50),
            ("propose", 570),
            ("check", 1),
            ("prevote", 19),
            ("precommit", 5),
            ("fsync", 5),
            ("apply", 3),
        ];
        assert_eq!(millis(&since[0]), expected);
    }

    #[test]
    fn what_came_before_its_height_started_took_no_time() {
        let (steps, begin) = (Steps::default(), Instant::now());
        let mark = |height, step, ms| steps.mark_at(Height::new(height), step, at(begin, ms));
        mark(2, Step::Propose, 10);
        mark(2, Step::Parts, 12);
        mark(1, Step::Apply, 20);
        mark(2, Step::Gather, 25);
        mark(2, Step::Check, 26);
        mark(2, Step::Apply, 27);
        let since = steps.since(Height::new(2));
        let expected = [("gather", 5), ("propose", 0), ("parts", 0), ("check", 1), ("apply", 1)];
        assert_eq!(millis(&since[0]), expected);
    }

    #[test]
    fn the_oldest_heights_are_forgotten() {
        let steps = Steps::default();
        let count = HEIGHTS_MAX as u64 + 10;
        for height in 1..=count {
            steps.mark(Height::new(height), Step::Apply);
        }
        let since = steps.since(Height::GENESIS);
        assert_eq!(since.len(), HEIGHTS_MAX);
        assert_eq!(since.first().map(|times| times.height.get()), Some(11));
        assert_eq!(since.last().map(|times| times.height.get()), Some(count));
    }
}
