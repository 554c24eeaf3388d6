//! What waits for verification, in a line for each source, served in turn.
//!
//! A batch holds transactions of one source only, so that a bad signature costs its sender alone
//! (protocol rule 6). A source whose batches fail gets smaller ones, and a peer that keeps sending
//! what no honest peer passes on must wait.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use ledger_types::TransactionId;
use ledger_types::verify::BATCH_MAX;

use super::Source;
use super::candidate::Candidate;
use super::error::SubmitError;
use super::limits::{BATCH_MIN, QUEUED_WITHDRAWALS_MAX};
use super::pool::Lane;

/// How many bad transactions a peer may send before it must wait.
pub const STRIKES_MAX: u32 = 16;
/// How long a peer waits then; afterwards it starts afresh.
pub const THROTTLED_FOR: Duration = Duration::from_secs(10);

/// What became of one transaction.
pub(super) type Verdict = Result<TransactionId, SubmitError>;

/// Transactions of one submission that are verified together.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) candidates: Vec<Candidate>,
    /// What they ask to be, before the state says whether the sender is a data subject.
    pub(super) lane: Lane,
    /// Where the verdicts go, in the order of the candidates.
    pub(super) reply: oneshot::Sender<Vec<Verdict>>,
}

/// Jobs of one source.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) source: Source,
    pub(super) jobs: Vec<Job>,
}

/// One source's line.
#[derive(Debug)]
struct Line {
    payments: VecDeque<Job>,
    withdrawals: VecDeque<Job>,
    queued_payments: usize,
    queued_withdrawals: usize,
    batch: usize,
    strikes: u32,
    throttled_until: Option<Instant>,
}

impl Line {
    const fn new() -> Self {
        Self {
            payments: VecDeque::new(),
            withdrawals: VecDeque::new(),
            queued_payments: 0,
            queued_withdrawals: 0,
            batch: BATCH_MAX,
            strikes: 0,
            throttled_until: None,
        }
    }

    fn is_empty(&self) -> bool {
        self.payments.is_empty() && self.withdrawals.is_empty()
    }

    fn is_throttled(&mut self, now: Instant) -> bool {
        if self.throttled_until.is_some_and(|until| now >= until) {
            self.throttled_until = None;
            self.strikes = 0;
        }
        self.throttled_until.is_some()
    }

    /// Jobs of up to a batch, withdrawals first; at least one job where there is one.
    fn drain(&mut self) -> Vec<Job> {
        let mut jobs = Vec::new();
        let mut signatures = 0;
        while let Some(next) = self.withdrawals.front().or_else(|| self.payments.front()) {
            signatures += signatures_of(next);
            if signatures > self.batch && !jobs.is_empty() {
                break;
            }
            if let Some(job) = self.withdrawals.pop_front() {
                self.queued_withdrawals -= job.candidates.len();
                jobs.push(job);
            } else if let Some(job) = self.payments.pop_front() {
                self.queued_payments -= job.candidates.len();
                jobs.push(job);
            }
        }
        jobs
    }
}

fn signatures_of(job: &Job) -> usize {
    job.candidates.iter().map(|c| c.transaction.signatures()).sum()
}

#[derive(Debug, Default)]
struct Lines {
    of: BTreeMap<Source, Line>,
    /// Sources with something waiting, each once.
    turns: VecDeque<Source>,
    closed: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Queue {
    queued_max: usize,
    lines: Mutex<Lines>,
    filled: Condvar,
}

impl Queue {
    pub(super) fn new(queued_max: usize) -> Self {
        Self { queued_max, lines: Mutex::default(), filled: Condvar::new() }
    }

    /// Puts a job in its source's line.
    ///
    /// Withdrawals of consent have room of their own in it.
    pub(super) fn push(&self, source: Source, job: Job) -> Result<(), SubmitError> {
        let mut lines = self.lock();
        if lines.closed {
            return Err(SubmitError::Stopping);
        }
        let line = lines.of.entry(source).or_insert_with(Line::new);
        let count = job.candidates.len();
        let (queued, most) = match job.lane {
            Lane::Ordinary => (&mut line.queued_payments, self.queued_max),
            Lane::Withdrawal => (&mut line.queued_withdrawals, QUEUED_WITHDRAWALS_MAX),
        };
        if *queued > 0 && *queued + count > most {
            return Err(SubmitError::Busy);
        }
        *queued += count;
        let was_empty = line.is_empty();
        match job.lane {
            Lane::Ordinary => line.payments.push_back(job),
            Lane::Withdrawal => line.withdrawals.push_back(job),
        }
        if was_empty {
            lines.turns.push_back(source);
        }
        drop(lines);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for something and takes a batch of it; `None` once the queue is closed.
    pub(super) fn take(&self) -> Option<Batch> {
        let mut lines = self.lock();
        loop {
            if lines.closed {
                return None;
            }
            if let Some(source) = lines.turns.pop_front() {
                let Some(line) = lines.of.get_mut(&source) else { continue };
                let jobs = line.drain();
                if !line.is_empty() {
                    lines.turns.push_back(source);
                    self.filled.notify_one();
                }
                return Some(Batch { source, jobs });
            }
            lines = self.filled.wait(lines).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a source must wait.
    pub(super) fn is_throttled(&self, source: Source) -> bool {
        let mut lines = self.lock();
        lines.of.get_mut(&source).is_some_and(|line| line.is_throttled(Instant::now()))
    }

    /// Notes that a source sent this many transactions that no honest one passes on.
    ///
    /// Local clients are many behind one source: each is answered, none makes the others wait.
    pub(super) fn strike(&self, source: Source, bad: usize) {
        if source == Source::Client || bad == 0 {
            return;
        }
        let mut lines = self.lock();
        let line = lines.of.entry(source).or_insert_with(Line::new);
        line.strikes = line.strikes.saturating_add(u32::try_from(bad).unwrap_or(u32::MAX));
        if line.strikes >= STRIKES_MAX && line.throttled_until.is_none() {
            line.throttled_until = Instant::now().checked_add(THROTTLED_FOR);
        }
    }

    /// Sizes a source's next batches by how its last one ended.
    pub(super) fn note_batch(&self, source: Source, all_good: bool) {
        let mut lines = self.lock();
        let Some(line) = lines.of.get_mut(&source) else { return };
        line.batch = if all_good { line.batch * 2 } else { line.batch / 2 };
        line.batch = line.batch.clamp(BATCH_MIN, BATCH_MAX);
    }

    /// Ends the queue: nothing more is taken, and what waits is answered with nothing.
    pub(super) fn close(&self) {
        let mut lines = self.lock();
        lines.closed = true;
        lines.of.clear();
        lines.turns.clear();
        drop(lines);
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
