//! The one engine of the lab: hands transactions to nodes, follows every block, and sends again
//! what has no receipt.
//!
//! What is sent, and what follows from its end, is a [`Source`]'s affair. A transaction counts as
//! committed or rejected only once its receipt was read from a node. One that is sent again is sent
//! with the same bytes, which the ledger commits at most once.

mod meter;
mod queue;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ledger_types::rejection::RejectionCode;
use ledger_types::{Height, Inadmissible, Nonce, Outcome, TransactionId};
use node_api::ApiCode;
use node_api::body::BulkAnswer;
use node_client::{
    BlockReceipts, Client, ClientError, Follow, Network, Options, Signed, bulk_chunks,
};
use tokio::task::JoinSet;

pub use meter::Meter;
pub use queue::{Queue, Seen, Tally, drive};

/// How many requests may be under way in all, and at least at each node.
const REQUESTS_MAX: usize = 4;
/// How often the source, the followed node and lost transactions are looked at.
const TICK: Duration = Duration::from_millis(5);
/// How often lost transactions are looked for.
const LOOK_FOR_LOST: Duration = Duration::from_millis(100);

/// How transactions are handed over.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many may be under way at once.
    pub in_flight_max: usize,
    /// How many go in one request.
    pub bundle: usize,
    /// After how long without a receipt a transaction is sent again; without it, never, and what a
    /// node refuses for now is refused.
    pub again_after: Option<Duration>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its receipt says so.
    Committed,
    /// Its receipt says so, by this rule.
    Rejected(RejectionCode),
    /// A node refused it at its door, by this code.
    Refused(u16),
}

/// Where transactions come from, and who is told of their ends.
pub trait Source {
    /// At most `most` transactions that may go now.
    fn take(&mut self, most: usize) -> Vec<Signed>;

    /// A transaction ended, so long after it was first sent.
    fn ended(&mut self, id: &TransactionId, end: End, after: Duration);

    /// The receipts of this height, and of all before, have been read.
    fn followed(&mut self, _height: Height) {}

    /// Whether a node may be used now.
    fn may_use(&self, _node: usize) -> bool {
        true
    }

    /// Whether to stop although transactions are under way.
    fn has_given_up(&self) -> bool {
        false
    }

    /// Whether nothing will come any more, once all that is under way has ended.
    fn is_done(&self) -> bool;
}

/// Nodes to which transactions are handed and whose blocks are followed.
#[derive(Clone, Debug)]
pub struct Engine {
    nodes: Vec<Client>,
    pace: Pace,
}

impl Engine {
    /// Connects to the nodes at `urls`, at least one.
    ///
    /// # Errors
    /// [`ClientError`] where one does not answer.
    pub async fn connect(
        urls: &[String],
        timeout: Duration,
        pace: Pace,
    ) -> Result<Self, ClientError> {
        let mut nodes = Vec::with_capacity(urls.len());
        for url in urls {
            nodes.push(Client::connect(&Options { timeout, ..Options::new(url) }).await?);
        }
        if nodes.is_empty() {
            return Err(ClientError::BadUrl { url: String::new() });
        }
        Ok(Self { nodes, pace })
    }

    /// The network of the nodes.
    #[must_use]
    pub fn network(&self) -> &Network {
        self.first().network()
    }

    /// The first node's client.
    #[must_use]
    pub fn first(&self) -> &Client {
        &self.nodes[0]
    }

    /// Feeds what the source gives until it is done and everything has ended, or it has given up.
    ///
    /// # Errors
    /// [`ClientError`] where a node answers what the API does not define, or none can be followed
    /// any more. What was sent before stays sent.
    pub async fn run(&self, source: &mut impl Source) -> Result<(), ClientError> {
        let tip = self.first().status().await?.height;
        let mut run = Run::new(self, tip);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            run.hand_over(source);
            if (source.is_done() && run.flights.is_empty()) || source.has_given_up() {
                return Ok(());
            }
            tokio::select! {
                block = run.follow.next() => run.block(block, source)?,
                Some(answered) = run.requests.join_next() => {
                    run.answered(answered.map_err(|_| ClientError::Internal)?, source)?;
                }
                _ = tick.tick() => {
                    run.mark_lost();
                    run.follow_another_if_gone(source);
                }
            }
        }
    }
}

/// A transaction without a receipt.
struct Flight {
    signed: Signed,
    first_sent: Instant,
    last_sent: Instant,
    /// Whether it was sent more than once.
    again: bool,
}

/// What became of one request.
struct Answered {
    node: usize,
    ids: Vec<TransactionId>,
    answer: Result<BulkAnswer, ClientError>,
}

struct Run<'e> {
    engine: &'e Engine,
    flights: HashMap<TransactionId, Flight>,
    /// What has had no receipt for too long.
    lost: Vec<TransactionId>,
    looked: Instant,
    requests: JoinSet<Answered>,
    /// Requests under way, by node.
    busy: Vec<usize>,
    /// The node to ask next.
    turn: usize,
    follow: Follow,
    followed: usize,
    height: Height,
    /// How many nodes in a row could not be followed.
    unfollowed: usize,
}

impl<'e> Run<'e> {
    fn new(engine: &'e Engine, tip: Height) -> Self {
        Self {
            engine,
            flights: HashMap::new(),
            lost: Vec::new(),
            looked: Instant::now(),
            requests: JoinSet::new(),
            busy: vec![0; engine.nodes.len()],
            turn: 0,
            follow: engine.first().follow(tip),
            followed: 0,
            height: tip,
            unfollowed: 0,
        }
    }

    /// Makes requests while there is a free node, room, and something to send.
    fn hand_over(&mut self, source: &mut impl Source) {
        while let Some(node) = self.free_node(source) {
            let mut bundle = self.again();
            if bundle.is_empty() {
                bundle = self.fresh(source);
            }
            if bundle.is_empty() {
                return;
            }
            self.turn = node + 1;
            self.busy[node] += 1;
            self.requests.spawn(submit(node, self.engine.nodes[node].clone(), bundle));
        }
    }

    fn free_node(&self, source: &impl Source) -> Option<usize> {
        let count = self.busy.len();
        let most = (REQUESTS_MAX / count).max(1);
        let mut nodes = (0..count).map(|offset| (self.turn + offset) % count);
        nodes.find(|node| self.busy[*node] < most && source.may_use(*node))
    }

    /// Lost transactions that still have no receipt.
    fn again(&mut self) -> Vec<Signed> {
        let now = Instant::now();
        let count = self.lost.len().min(self.engine.pace.bundle);
        let mut bundle = Vec::with_capacity(count);
        for id in self.lost.drain(..count) {
            let Some(flight) = self.flights.get_mut(&id) else { continue };
            flight.last_sent = now;
            flight.again = true;
            bundle.push(flight.signed.clone());
        }
        bundle
    }

    fn fresh(&mut self, source: &mut impl Source) -> Vec<Signed> {
        let Pace { in_flight_max, bundle, .. } = self.engine.pace;
        let room = in_flight_max.saturating_sub(self.flights.len()).min(bundle);
        // Half-empty requests would cost the nodes more than the wait for receipts costs here.
        if room < bundle.min(in_flight_max) / 2 {
            return Vec::new();
        }
        let bundle = source.take(room);
        let now = Instant::now();
        for signed in &bundle {
            let (first_sent, last_sent) = (now, now);
            let flight = Flight { signed: signed.clone(), first_sent, last_sent, again: false };
            self.flights.insert(signed.id, flight);
        }
        bundle
    }

    fn block(
        &mut self,
        block: Result<BlockReceipts, ClientError>,
        source: &mut impl Source,
    ) -> Result<(), ClientError> {
        match block {
            Ok(block) => {
                for receipt in &block.receipts {
                    let Some(flight) = self.flights.remove(&receipt.transaction) else { continue };
                    let end = match receipt.outcome {
                        Outcome::Committed => End::Committed,
                        Outcome::Rejected { code, .. } => End::Rejected(code),
                    };
                    source.ended(&receipt.transaction, end, flight.first_sent.elapsed());
                }
                self.height = block.height;
                self.unfollowed = 0;
                source.followed(block.height);
                Ok(())
            }
            Err(error) => {
                self.unfollowed += 1;
                if self.unfollowed >= self.engine.nodes.len() {
                    return Err(error);
                }
                self.follow_another(source);
                Ok(())
            }
        }
    }

    fn follow_another_if_gone(&mut self, source: &impl Source) {
        if !source.may_use(self.followed) {
            self.follow_another(source);
        }
    }

    /// Any other node has the same receipts.
    fn follow_another(&mut self, source: &impl Source) {
        let count = self.engine.nodes.len();
        let mut others = (1..count).map(|offset| (self.followed + offset) % count);
        if let Some(other) = others.find(|node| source.may_use(*node)) {
            self.followed = other;
            self.follow = self.engine.nodes[other].follow(self.height);
        }
    }

    /// Takes a request's answer: what a node refuses for now is sent again soon.
    fn answered(
        &mut self,
        answered: Answered,
        source: &mut impl Source,
    ) -> Result<(), ClientError> {
        self.busy[answered.node] -= 1;
        let answer = match answered.answer {
            Ok(answer) => answer,
            // The node may have died under the request: receipts tell what became of it.
            Err(error) if error.may_pass() => return Ok(()),
            Err(error) => return Err(error),
        };
        for refused in answer.refused {
            let index = usize::try_from(refused.index).ok();
            let Some(id) = index.and_then(|index| answered.ids.get(index)) else { continue };
            let Some(flight) = self.flights.get_mut(id) else { continue };
            match self.engine.pace.again_after {
                Some(after) if passes(refused.code) => {
                    let soon = Instant::now().checked_sub(after.saturating_sub(LOOK_FOR_LOST));
                    flight.last_sent = soon.unwrap_or(flight.last_sent);
                }
                _ if flight.again && is_used_nonce(refused.code) => {}
                _ => {
                    let after = flight.first_sent.elapsed();
                    self.flights.remove(id);
                    source.ended(id, End::Refused(refused.code), after);
                }
            }
        }
        Ok(())
    }

    /// Marks what has had no receipt for too long, the oldest first.
    fn mark_lost(&mut self) {
        let Some(after) = self.engine.pace.again_after else { return };
        if !self.lost.is_empty() || self.looked.elapsed() < LOOK_FOR_LOST {
            return;
        }
        self.looked = Instant::now();
        let lost = self.flights.iter().filter(|(_, flight)| flight.last_sent.elapsed() >= after);
        let mut lost: Vec<_> = lost.map(|(id, flight)| (flight.first_sent, *id)).collect();
        lost.sort_unstable();
        self.lost = lost.into_iter().map(|(_, id)| id).collect();
    }
}

async fn submit(node: usize, client: Client, bundle: Vec<Signed>) -> Answered {
    let ids = bundle.iter().map(|signed| signed.id).collect();
    let mut whole = BulkAnswer::default();
    let mut before = 0;
    for chunk in bulk_chunks(&bundle) {
        match client.submit_bulk(chunk).await {
            Ok(answer) => {
                whole.accepted += answer.accepted;
                whole.refused.extend(answer.refused.into_iter().map(|mut refused| {
                    refused.index += before;
                    refused
                }));
            }
            Err(error) => return Answered { node, ids, answer: Err(error) },
        }
        before += u32::try_from(chunk.len()).unwrap_or(u32::MAX);
    }
    Answered { node, ids, answer: Ok(whole) }
}

/// Whether a refusal is about now and not about the transaction.
fn passes(code: u16) -> bool {
    let out_of_window =
        Inadmissible::NonceOutOfWindow { nonce: Nonce::new(0), lowest_unused: Nonce::new(0) }
            .code();
    let for_now = [
        ApiCode::TooManyRequests,
        ApiCode::MempoolFull,
        ApiCode::AccountQuotaReached,
        ApiCode::AllowanceUsed,
        ApiCode::SourceQuotaReached,
        ApiCode::Busy,
        ApiCode::NotReady,
        ApiCode::ShuttingDown,
    ];
    code == out_of_window || for_now.iter().any(|known| known.number() == code)
}

/// Whether the nonce was used, which a transaction that was sent twice may have done itself.
fn is_used_nonce(code: u16) -> bool {
    let used = Inadmissible::NonceUsed { nonce: Nonce::new(0) }.code();
    code == used || code == Inadmissible::NonceRepeated.code()
}

#[cfg(test)]
mod tests {
    use ledger_types::{AccountId, AddressPrefix, Hash, Receipt, SigningKey};
    use node_api::body::RefusedBody;

    use super::*;
    use crate::load::{Payer, transfer};

    /// Nodes that nobody runs: nothing that is handed over arrives.
    fn engine(nodes: usize, again_after: Option<Duration>) -> Engine {
        let prefix = AddressPrefix::new("test").unwrap();
        let network = Network {
            genesis_hash: Hash::ZERO,
            address_prefix: prefix,
            directory_keys: Vec::new(),
            clock: network_clock::Clock::real(),
        };
        let timeout = Duration::from_millis(1);
        let node = |_| {
            let options = Options { timeout, ..Options::new("http://127.0.0.1:9") };
            Client::offline(&options, network.clone()).unwrap()
        };
        let pace = Pace { in_flight_max: 8, bundle: 4, again_after };
        Engine { nodes: (0..nodes).map(node).collect(), pace }
    }

    fn load(count: u64) -> Vec<Signed> {
        let payer =
            Payer { account: AccountId::new([1; 20]), key: SigningKey::from_seed(&[1; 32]) };
        let made = |nonce| transfer(&Hash::ZERO, &payer, nonce, AccountId::new([2; 20]), 1);
        (0..count).map(made).collect()
    }

    /// A queue that hears of ends and may lose a node.
    struct Few {
        queue: Queue,
        ends: Vec<(TransactionId, End)>,
        dead: Option<usize>,
    }

    impl Few {
        fn new(count: u64) -> Self {
            Self { queue: Queue::new(load(count), None), ends: Vec::new(), dead: None }
        }
    }

    impl Source for Few {
        fn take(&mut self, most: usize) -> Vec<Signed> {
            self.queue.take(most)
        }

        fn ended(&mut self, id: &TransactionId, end: End, _: Duration) {
            self.ends.push((*id, end));
        }

        fn may_use(&self, node: usize) -> bool {
            self.dead != Some(node)
        }

        fn is_done(&self) -> bool {
            self.queue.is_done()
        }
    }

    fn mark_lost(run: &mut Run<'_>) {
        run.looked = Instant::now().checked_sub(LOOK_FOR_LOST).unwrap();
        run.mark_lost();
    }

    fn committed(signed: &[Signed]) -> BlockReceipts {
        let receipt = |signed: &Signed| Receipt {
            transaction: signed.id,
            height: Height::new(1),
            index: 0,
            outcome: Outcome::Committed,
        };
        let receipts = signed.iter().map(receipt).collect();
        BlockReceipts { height: Height::new(1), receipts, seen: Instant::now() }
    }

    fn refused(signed: &Signed, code: u16) -> Answered {
        let (name, detail) = (String::new(), String::new());
        let refused = vec![RefusedBody { index: 0, code, name, detail }];
        Answered { node: 0, ids: vec![signed.id], answer: Ok(BulkAnswer { accepted: 0, refused }) }
    }

    #[tokio::test]
    async fn what_has_no_receipt_in_time_is_handed_over_again_with_the_same_bytes() {
        let engine = engine(1, Some(Duration::ZERO));
        let (mut run, mut few) = (Run::new(&engine, Height::GENESIS), Few::new(3));
        let sent = run.fresh(&mut few);
        assert_eq!(sent.len(), 3);
        mark_lost(&mut run);
        let again = run.again();
        assert_eq!(again.len(), 3);
        assert!(again.iter().all(|signed| sent.contains(signed)));
        run.block(Ok(committed(&sent[..2])), &mut few).unwrap();
        mark_lost(&mut run);
        assert_eq!(run.again(), sent[2..], "what has a receipt is not");
        run.block(Ok(committed(&sent)), &mut few).unwrap();
        assert_eq!(few.ends.len(), 3, "a receipt counts once");
        mark_lost(&mut run);
        assert_eq!(run.again(), []);
    }

    #[tokio::test]
    async fn a_refusal_for_now_is_none_where_things_are_sent_again() {
        let full = ApiCode::MempoolFull.number();
        for (again_after, ends) in [(Some(Duration::from_secs(60)), 0), (None, 1)] {
            let engine = engine(1, again_after);
            let (mut run, mut few) = (Run::new(&engine, Height::GENESIS), Few::new(1));
            let sent = run.fresh(&mut few);
            run.busy = vec![1];
            run.answered(refused(&sent[0], full), &mut few).unwrap();
            assert_eq!((few.ends.len(), run.flights.len()), (ends, 1 - ends));
        }
    }

    #[tokio::test]
    async fn a_used_nonce_is_the_senders_own_where_the_bytes_were_sent_before() {
        let used = Inadmissible::NonceRepeated.code();
        let engine = engine(1, Some(Duration::ZERO));
        let (mut run, mut few) = (Run::new(&engine, Height::GENESIS), Few::new(2));
        let sent = run.fresh(&mut few);
        run.busy = vec![3];
        run.answered(refused(&sent[0], used), &mut few).unwrap();
        assert_eq!(few.ends, [(sent[0].id, End::Refused(used))]);
        mark_lost(&mut run);
        assert_eq!(run.again(), sent[1..]);
        run.answered(refused(&sent[1], used), &mut few).unwrap();
        assert_eq!((few.ends.len(), run.flights.len()), (1, 1), "its receipt will come");
    }

    #[tokio::test]
    async fn a_node_that_must_not_be_used_is_neither_asked_nor_followed() {
        let engine = engine(3, None);
        let (mut run, mut few) = (Run::new(&engine, Height::GENESIS), Few::new(1));
        few.dead = Some(0);
        assert_eq!(run.free_node(&few), Some(1));
        run.follow_another_if_gone(&few);
        assert_eq!(run.followed, 1);
        run.busy = vec![0, 1, 0];
        assert_eq!(run.free_node(&few), Some(2));
        run.busy = vec![0, 1, 1];
        assert_eq!(run.free_node(&few), None);
    }
}
