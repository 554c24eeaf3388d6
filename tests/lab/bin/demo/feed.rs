//! The town as a source of transactions, at a rate that changes.

use std::cell::RefCell;
use std::time::Duration;

use kyojo_tests::engine::{End, Meter, Source};
use kyojo_tests::load::Signed;
use ledger_types::{Height, TransactionId};

use crate::town::Town;

/// How many of the latest times to finality are kept.
const TIMES_KEPT: usize = 20_000;

/// What the town does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Citizens open sub-accounts.
    Open,
    /// Citizens pay.
    Pay,
    /// Nothing new; what is under way ends.
    Drain,
}

/// See the module.
pub(crate) struct Feed {
    pub(crate) town: Town,
    /// The height up to which receipts were read.
    pub(crate) height: u64,
    mode: Mode,
    meter: Meter,
    times: Vec<Duration>,
    /// The node that must not be used now.
    dead: Option<usize>,
}

impl Feed {
    /// Nothing happens until a mode is set.
    pub(crate) fn new(town: Town) -> Self {
        let (mode, meter) = (Mode::Drain, Meter::new(Some(0)));
        Self { town, height: 0, mode, meter, times: Vec::new(), dead: None }
    }

    /// Changes what the town does, and how many transactions a second it makes.
    pub(crate) fn set(&mut self, mode: Mode, rate: u32) {
        self.mode = mode;
        self.meter = Meter::new(Some(rate.into()));
    }

    /// Says which node must not be used.
    pub(crate) fn set_dead(&mut self, dead: Option<usize>) {
        self.dead = dead;
    }

    /// The latest times to finality; reading them forgets them.
    pub(crate) fn take_times(&mut self) -> Vec<Duration> {
        std::mem::take(&mut self.times)
    }
}

/// A feed that is shared with the play that goes on beside it, on one thread.
pub(crate) struct Shared<'f>(pub(crate) &'f RefCell<Feed>);

impl Source for Shared<'_> {
    fn take(&mut self, most: usize) -> Vec<Signed> {
        let mut feed = self.0.borrow_mut();
        let (mode, due) = (feed.mode, feed.meter.due());
        // What nobody could do in its time is not made up for.
        feed.meter.gave(due);
        (0..due.min(most))
            .map_while(|_| match mode {
                Mode::Open => feed.town.open_next(),
                Mode::Pay => feed.town.next(),
                Mode::Drain => None,
            })
            .collect()
    }

    fn ended(&mut self, id: &TransactionId, end: End, after: Duration) {
        let mut feed = self.0.borrow_mut();
        feed.town.settle(id, end);
        feed.times.push(after);
        let surplus = feed.times.len().saturating_sub(TIMES_KEPT);
        feed.times.drain(..surplus);
    }

    fn followed(&mut self, height: Height) {
        self.0.borrow_mut().height = height.get();
    }

    fn may_use(&self, node: usize) -> bool {
        self.0.borrow().dead != Some(node)
    }

    fn is_done(&self) -> bool {
        false
    }
}
