//! Hands the town's transactions to the nodes and follows their receipts, block by block.
//!
//! A transaction counts as committed only when its receipt was read from a node. One whose receipt
//! stays away is handed over again, to any node: the same bytes are committed at most once.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use ledger_types::Receipt;

use super::http::Client;
use super::town::{Bytes, Town};

/// How many transactions go in one request at most.
const BUNDLE_MAX: usize = 512;
/// How many transactions may wait for their receipts at once.
const WAITING_MAX: usize = 8_192;
/// Between two bundles.
const TICK: Duration = Duration::from_millis(10);
/// Between two looks for a new block.
const LOOK_AGAIN: Duration = Duration::from_millis(4);
/// A receipt that stays away for so long means that the transaction is handed over again.
const OVERDUE: Duration = Duration::from_secs(3);
/// How many of the latest times to finality are kept.
const TIMES_KEPT: usize = 20_000;

/// What the traffic does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Citizens open sub-accounts.
    Open,
    /// Citizens pay.
    Pay,
    /// Nothing new; what is under way ends.
    Drain,
}

/// The traffic, shared by those who hand over and those who follow.
pub(super) struct Traffic {
    nodes: Vec<Node>,
    town: Mutex<Town>,
    mode: Mutex<Mode>,
    rate: AtomicU32,
    height: AtomicU64,
    times: Mutex<Vec<Duration>>,
}

struct Node {
    address: SocketAddr,
    /// Whether transactions are handed to it.
    in_use: AtomicBool,
}

/// A panic while holding a lock here ends the process; there is nothing half-done to fear.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Traffic {
    /// Traffic among the nodes; none until a rate is set.
    pub(super) fn new(nodes: &[SocketAddr], town: Town) -> Arc<Self> {
        let node = |address: &SocketAddr| Node { address: *address, in_use: AtomicBool::new(true) };
        Arc::new(Self {
            nodes: nodes.iter().map(node).collect(),
            town: Mutex::new(town),
            mode: Mutex::new(Mode::Open),
            rate: AtomicU32::new(0),
            height: AtomicU64::new(0),
            times: Mutex::new(Vec::new()),
        })
    }

    /// Looks at the town.
    pub(super) fn town(&self) -> MutexGuard<'_, Town> {
        lock(&self.town)
    }

    /// Changes what the traffic does.
    pub(super) fn set_mode(&self, mode: Mode) {
        *lock(&self.mode) = mode;
    }

    /// Changes how many transactions a second are made.
    pub(super) fn set_rate(&self, rate: u32) {
        self.rate.store(rate, Ordering::Release);
    }

    /// Whether a node is used.
    pub(super) fn use_node(&self, index: usize, in_use: bool) {
        if let Some(node) = self.nodes.get(index) {
            node.in_use.store(in_use, Ordering::Release);
        }
    }

    /// The height up to which receipts were read.
    pub(super) fn height(&self) -> u64 {
        self.height.load(Ordering::Acquire)
    }

    /// The latest times to finality; reading them forgets them.
    pub(super) fn take_times(&self) -> Vec<Duration> {
        std::mem::take(&mut *lock(&self.times))
    }

    /// Hands over without end.
    pub(super) async fn hand_over(self: Arc<Self>) -> anyhow::Result<()> {
        let mut clients = self.clients();
        let mut turn = 0;
        let mut owed = 0_u64;
        let mut before = Instant::now();
        loop {
            tokio::time::sleep(TICK).await;
            let now = Instant::now();
            let micros = u64::try_from((now - before).as_micros()).unwrap_or(u64::MAX);
            before = now;
            owed = owed.saturating_add(
                micros.saturating_mul(u64::from(self.rate.load(Ordering::Acquire))),
            );
            let due = usize::try_from(owed / 1_000_000).unwrap_or(BUNDLE_MAX).min(BUNDLE_MAX);
            owed %= 1_000_000;
            let mut bundle = self.overdue();
            bundle.extend(self.make(due));
            if !bundle.is_empty() {
                turn = self.next_in_use(turn + 1);
                if let Some(client) = clients.get_mut(turn) {
                    submit(client, &bundle).await?;
                }
            }
        }
    }

    fn clients(&self) -> Vec<Client> {
        self.nodes.iter().map(|node| Client::new(node.address)).collect()
    }

    fn overdue(&self) -> Vec<Bytes> {
        let before = Instant::now().checked_sub(OVERDUE);
        before.map_or_else(Vec::new, |before| self.town().overdue(before, BUNDLE_MAX))
    }

    fn make(&self, count: usize) -> Vec<Bytes> {
        let mode = *lock(&self.mode);
        let mut town = self.town();
        let now = town.now();
        let room = WAITING_MAX.saturating_sub(town.waiting());
        (0..count.min(room))
            .map_while(|_| match mode {
                Mode::Open => town.open_next(now),
                Mode::Pay => town.next(now),
                Mode::Drain => None,
            })
            .collect()
    }

    /// The first node in use from `from` on, around the end.
    fn next_in_use(&self, from: usize) -> usize {
        let count = self.nodes.len().max(1);
        let mut candidates = (0..count).map(|offset| (from + offset) % count);
        let in_use = |index: &usize| {
            self.nodes.get(*index).is_some_and(|node| node.in_use.load(Ordering::Acquire))
        };
        candidates.find(in_use).unwrap_or(0)
    }

    /// Follows the receipts of every block without end.
    pub(super) async fn follow(self: Arc<Self>) -> anyhow::Result<()> {
        let mut clients = self.clients();
        let mut at = 0;
        let mut next = 1;
        loop {
            let in_use = self.next_in_use(at);
            let Some(client) = clients.get_mut(in_use) else { return Ok(()) };
            match receipts(client, next).await {
                Ok(Some(list)) => {
                    self.settle(&list);
                    self.height.store(next, Ordering::Release);
                    next += 1;
                }
                Ok(None) => tokio::time::sleep(LOOK_AGAIN).await,
                // The node may have been killed: another has the same receipts.
                Err(_) => {
                    at = in_use + 1;
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            }
        }
    }

    fn settle(&self, list: &[Receipt]) {
        let mut town = self.town();
        let times: Vec<Duration> = list.iter().filter_map(|receipt| town.settle(receipt)).collect();
        let mut kept = lock(&self.times);
        kept.extend(times);
        let surplus = kept.len().saturating_sub(TIMES_KEPT);
        kept.drain(..surplus);
    }
}

/// The receipts of a block; `None` where it is not there yet.
async fn receipts(client: &mut Client, height: u64) -> anyhow::Result<Option<Vec<Receipt>>> {
    let path = format!("/v1/blocks/{height}/receipts");
    let answer = client.get(&path, "application/octet-stream").await?;
    if answer.status == 404 {
        return Ok(None);
    }
    ensure!(answer.status == 200, "GET {path}: status {}", answer.status);
    Ok(Some(borsh::from_slice(&answer.body)?))
}

/// Hands a bundle to a node. Whatever it does not take, or cannot answer, is overdue later.
async fn submit(client: &mut Client, bundle: &[Bytes]) -> anyhow::Result<()> {
    let mut body = Vec::with_capacity(bundle.len() * 256);
    for bytes in bundle {
        body.extend_from_slice(&u32::try_from(bytes.len())?.to_le_bytes());
        body.extend_from_slice(bytes);
    }
    // A node that was just killed answers nothing; the receipts tell what became of the bundle.
    let _ = client.post("/v1/transactions/bulk", &body).await;
    Ok(())
}
