//! The processes that speak under one identity: one after the other where a node is started again, in
//! turn where two nodes have one network key.
//!
//! Each draws a number when it starts. One that is heard again after another one was heard did not end:
//! a single word of it may have been late, three may not.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many processes are remembered.
const REMEMBERED_MAX: usize = 8;
/// So often one that was there before has to be heard again.
const RETURNS: usize = 3;
/// Within so much time; so long it is told, too, after one of the two was stopped.
const WITHIN: Duration = Duration::from_secs(30);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Processes {
    current: Option<u64>,
    /// Those that were heard before it.
    before: VecDeque<u64>,
    /// When one of these was heard again.
    returns: VecDeque<Instant>,
}

impl Processes {
    /// A process said something.
    pub(super) fn hear(&mut self, process: u64, now: Instant) {
        let Some(last) = self.current.replace(process).filter(|last| *last != process) else {
            return;
        };
        if self.before.contains(&process) {
            push(&mut self.returns, now, RETURNS);
        }
        self.before.retain(|before| *before != process);
        push(&mut self.before, last, REMEMBERED_MAX);
    }

    /// Whether two of them run.
    pub(super) fn are_two(&self, now: Instant) -> bool {
        let first = self.returns.front().filter(|_| self.returns.len() == RETURNS);
        first.is_some_and(|first| now.saturating_duration_since(*first) <= WITHIN)
    }
}

/// Adds to the newest, and lets the oldest go.
fn push<T>(kept: &mut VecDeque<T>, new: T, most: usize) {
    kept.push_back(new);
    if kept.len() > most {
        kept.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(processes: &[u64]) -> (Processes, Instant) {
        let (mut all, now) = (Processes::default(), Instant::now());
        processes.iter().for_each(|process| all.hear(*process, now));
        (all, now)
    }

    #[test]
    fn a_node_that_is_started_again_is_one_node() {
        let starts: Vec<u64> = (0..100).flat_map(|process| [process, process]).collect();
        let (all, now) = heard(&starts);
        assert!(!all.are_two(now) && all.before.len() == REMEMBERED_MAX);
        // A word of the one before may come late, and the new one goes on.
        let (all, now) = heard(&[1, 1, 2, 1, 2, 2, 2]);
        assert!(!all.are_two(now));
    }

    #[test]
    fn two_nodes_that_speak_in_turn_are_two_until_one_is_silent() {
        let (mut all, now) = heard(&[1, 2, 1, 2]);
        assert!(!all.are_two(now));
        all.hear(1, now);
        assert!(all.are_two(now));
        (0..10).for_each(|_| all.hear(1, now));
        assert!(all.are_two(now + WITHIN));
        assert!(!all.are_two(now + WITHIN + Duration::from_millis(1)));
    }
}
