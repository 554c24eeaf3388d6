//! What was committed of late: receipts for those who wait, events for those who listen.
//!
//! One task takes each committed block once. A receipt finds its waiters by the transaction's
//! identity, so waiting costs a look-up a transaction however many wait. Recent receipts and events
//! stay here, bounded, so that the index may lie behind without anyone missing anything.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_types::{Height, Receipt, TransactionId};
use node_api::body::BlockEvent;
use tokio::sync::{oneshot, watch};

use crate::store::Committed;

/// How long the feed may lie behind the state: the first takes a block a moment after the second.
const BEHIND_MAX: Duration = Duration::from_secs(2);
/// The most receipts that are kept, but always those of the last block.
const RECEIPTS_MAX: usize = 131_072;
/// The most events that are kept.
const EVENTS_MAX: usize = 1024;

/// See the module.
#[derive(Debug)]
pub struct Feed {
    recent: Mutex<Recent>,
    height: watch::Sender<Height>,
}

#[derive(Debug)]
struct Recent {
    last_commit: Instant,
    by_id: HashMap<TransactionId, Receipt>,
    blocks: VecDeque<(Height, Arc<[Receipt]>)>,
    events: VecDeque<BlockEvent>,
    waiters: HashMap<TransactionId, Vec<(u64, oneshot::Sender<Receipt>)>>,
    next_ticket: u64,
}

/// A wait for one receipt; gives its place up when it is dropped.
#[derive(Debug)]
pub struct Waiting {
    feed: Arc<Feed>,
    id: TransactionId,
    ticket: u64,
    receipt: oneshot::Receiver<Receipt>,
}

impl Waiting {
    /// The receipt, once a block holds the transaction; `None` where the node stops first.
    pub async fn receipt(&mut self) -> Option<Receipt> {
        (&mut self.receipt).await.ok()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut recent = self.feed.lock();
        if let Some(waiters) = recent.waiters.get_mut(&self.id) {
            waiters.retain(|(ticket, _)| *ticket != self.ticket);
            if waiters.is_empty() {
                recent.waiters.remove(&self.id);
            }
        }
    }
}

impl Feed {
    /// A feed of what comes after `height`.
    #[must_use]
    pub fn new(height: Height) -> Arc<Self> {
        let recent = Recent {
            last_commit: Instant::now(),
            by_id: HashMap::new(),
            blocks: VecDeque::new(),
            events: VecDeque::new(),
            waiters: HashMap::new(),
            next_ticket: 0,
        };
        Arc::new(Self { recent: Mutex::new(recent), height: watch::Sender::new(height) })
    }

    /// Takes a committed block: whoever waits for its receipts gets them.
    pub fn committed(&self, committed: &Committed) {
        let receipts: Arc<[Receipt]> = committed.applied.receipts.as_slice().into();
        self.enter(event(committed), receipts);
    }

    /// The same from a block's event and receipts.
    pub fn enter(&self, event: BlockEvent, receipts: Arc<[Receipt]>) {
        let height = event.height;
        if height <= *self.height.borrow() {
            return;
        }
        let mut recent = self.lock();
        for receipt in receipts.iter() {
            recent.by_id.insert(receipt.transaction, *receipt);
            if recent.waiters.is_empty() {
                continue;
            }
            for (_, waiter) in recent.waiters.remove(&receipt.transaction).unwrap_or_default() {
                // Who stopped waiting needs no answer.
                let _ = waiter.send(*receipt);
            }
        }
        recent.last_commit = Instant::now();
        recent.blocks.push_back((height, receipts));
        recent.events.push_back(event);
        recent.forget();
        drop(recent);
        self.height.send_replace(height);
    }

    /// The last height taken, as it grows.
    #[must_use]
    pub fn height(&self) -> watch::Receiver<Height> {
        self.height.subscribe()
    }

    /// Waits until a block that the state has was taken here too; whether it was.
    pub async fn reaches(&self, height: Height) -> bool {
        let mut fed = self.height();
        let reached = fed.wait_for(|fed| *fed >= height);
        matches!(tokio::time::timeout(BEHIND_MAX, reached).await, Ok(Ok(_)))
    }

    /// The receipt of a transaction committed of late.
    #[must_use]
    pub fn receipt(&self, id: &TransactionId) -> Option<Receipt> {
        self.lock().by_id.get(id).copied()
    }

    /// The receipts of a recent block.
    #[must_use]
    pub fn receipts(&self, height: Height) -> Option<Arc<[Receipt]>> {
        let recent = self.lock();
        let place = recent.blocks.binary_search_by_key(&height, |(height, _)| *height).ok()?;
        recent.blocks.get(place).map(|(_, receipts)| Arc::clone(receipts))
    }

    /// The event of a recent block.
    #[must_use]
    pub fn event(&self, height: Height) -> Option<BlockEvent> {
        let recent = self.lock();
        let place = recent.events.binary_search_by_key(&height, |event| event.height).ok()?;
        recent.events.get(place).cloned()
    }

    /// Waits for a receipt; one that is recent comes at once.
    #[must_use]
    pub fn wait(self: &Arc<Self>, id: TransactionId) -> Waiting {
        let (sender, receipt) = oneshot::channel();
        let mut recent = self.lock();
        let ticket = recent.next_ticket;
        recent.next_ticket = ticket.wrapping_add(1);
        match recent.by_id.get(&id).copied() {
            Some(known) => {
                // The receiver is right here.
                let _ = sender.send(known);
            }
            None => recent.waiters.entry(id).or_default().push((ticket, sender)),
        }
        drop(recent);
        Waiting { feed: Arc::clone(self), id, ticket, receipt }
    }

    /// How long ago the last block was taken; since the start where none was.
    #[must_use]
    pub fn since_commit(&self) -> Duration {
        self.lock().last_commit.elapsed()
    }

    /// How many waits there are.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.lock().waiters.values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Recent> {
        // Nothing that holds the lock leaves a value half changed when it panics.
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn forget(&mut self) {
        while self.events.len() > EVENTS_MAX {
            self.events.pop_front();
        }
        while self.by_id.len() > RECEIPTS_MAX && self.blocks.len() > 1
            || self.blocks.len() > EVENTS_MAX
        {
            let Some((_, receipts)) = self.blocks.pop_front() else { break };
            for receipt in receipts.iter() {
                self.by_id.remove(&receipt.transaction);
            }
        }
    }
}

/// A block's event.
fn event(committed: &Committed) -> BlockEvent {
    let header = &committed.block.header;
    event_of(header.height, committed.hash, header.time, &committed.applied.receipts)
}

/// A block's event from what is known of it.
pub(super) fn event_of(
    height: Height,
    hash: ledger_types::Hash,
    time: ledger_types::Timestamp,
    receipts: &[Receipt],
) -> BlockEvent {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let committed = receipts.iter().filter(|receipt| receipt.is_committed()).count();
    BlockEvent {
        height,
        hash,
        time: time.into(),
        transactions: count(receipts.len()),
        committed: count(committed),
        rejected: count(receipts.len() - committed),
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{Hash, Outcome, Timestamp};

    use super::*;

    fn id(height: u64, index: u32) -> TransactionId {
        TransactionId::new(Hash::of(&[&height.to_be_bytes(), &index.to_be_bytes()]))
    }

    fn enter(feed: &Feed, height: u64, count: u32) {
        let receipts: Arc<[Receipt]> = (0..count)
            .map(|index| Receipt {
                transaction: id(height, index),
                height: Height::new(height),
                index,
                outcome: Outcome::Committed,
            })
            .collect();
        let time = Timestamp::from_millis(height);
        feed.enter(event_of(Height::new(height), Hash::ZERO, time, &receipts), receipts);
    }

    #[tokio::test]
    async fn a_receipt_reaches_all_who_wait_for_it_and_nobody_else() {
        let feed = Feed::new(Height::GENESIS);
        let (mut one, mut two) = (feed.wait(id(1, 0)), feed.wait(id(1, 0)));
        let other = feed.wait(id(9, 9));
        assert_eq!(feed.waiting(), 3);
        enter(&feed, 1, 2);
        assert_eq!(one.receipt().await.unwrap().transaction, id(1, 0));
        assert_eq!(two.receipt().await.unwrap().transaction, id(1, 0));
        assert_eq!(feed.waiting(), 1);
        drop(other);
        assert_eq!(feed.waiting(), 0);
    }

    #[tokio::test]
    async fn a_recent_receipt_comes_at_once() {
        let feed = Feed::new(Height::GENESIS);
        enter(&feed, 1, 2);
        let mut waiting = feed.wait(id(1, 1));
        assert_eq!(waiting.receipt().await.unwrap().index, 1);
        assert_eq!(feed.waiting(), 0);
    }

    #[test]
    fn the_memory_is_bounded_and_keeps_the_newest() {
        let feed = Feed::new(Height::GENESIS);
        let blocks = 40_u64;
        for height in 1..=blocks {
            enter(&feed, height, 5000);
        }
        assert!(feed.lock().by_id.len() <= RECEIPTS_MAX);
        assert_eq!(feed.receipt(&id(1, 0)), None);
        assert!(feed.receipts(Height::new(1)).is_none());
        assert!(feed.receipt(&id(blocks, 4999)).is_some());
        assert_eq!(feed.receipts(Height::new(blocks)).unwrap().len(), 5000);
        assert_eq!(feed.event(Height::new(1)).unwrap().transactions, 5000);
        assert!(feed.event(Height::new(blocks + 1)).is_none());
    }

    #[test]
    fn a_block_that_is_known_changes_nothing() {
        let feed = Feed::new(Height::new(5));
        enter(&feed, 5, 1);
        assert_eq!(feed.receipt(&id(5, 0)), None);
        enter(&feed, 6, 1);
        enter(&feed, 6, 2);
        assert_eq!(feed.receipts(Height::new(6)).unwrap().len(), 1);
        assert_eq!(*feed.height().borrow(), Height::new(6));
    }
}
