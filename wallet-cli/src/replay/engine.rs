//! Feeding rows through a node: lanes in order, everything else beside each other.
//!
//! A step is sent when the one before it has a receipt. Each sender has at most 128 transactions
//! in flight (its nonce window). What has no receipt after a while is sent again, byte for byte.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use futures::stream::{FuturesUnordered, StreamExt};
use ledger_types::{
    AccountId, Height, Operation, Outcome, Receipt, SigningKey, Timestamp, TransactionId, Yen,
};
use node_api::ApiCode;
use node_api::body::BulkAnswer;

use super::plan::Row;
use crate::client::{
    BlockReceipts, Client, ClientError, Follow, Nonces, Reader, Signed, Unfinished, VALIDITY,
    bulk_chunks,
};

/// The most transactions of one submission, so that signing the next overlaps with sending it.
const BATCH_MAX: usize = 512;
/// How many submissions may be under way.
const SUBMISSIONS_MAX: usize = 4;
/// After how long without a receipt a transaction is sent again.
const RESEND_AFTER: Duration = Duration::from_secs(4);
/// After how long without any receipt the replay gives up, at least.
const STALLED_AFTER_MIN: Duration = Duration::from_secs(60);
/// How often the rate and lost transactions are looked at.
const TICK: Duration = Duration::from_millis(10);

/// Someone who sends.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account.
    pub account: AccountId,
    /// Its key.
    pub key: SigningKey,
}

/// What became of rows.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Rows of which every step was committed.
    pub committed: u64,
    /// Rows of which a step was rejected or refused, by its code.
    pub rejected: BTreeMap<u16, u64>,
    /// Transactions that have a receipt.
    pub transactions: u64,
    /// From sending to seeing the block, of each transaction.
    pub finality: Vec<Duration>,
    /// What committed steps issued in all.
    pub issued: u128,
    /// What committed steps redeemed in all.
    pub redeemed: u128,
    /// How long it took.
    pub elapsed: Duration,
    /// The last block that settled anything.
    pub height: Height,
}

impl Tally {
    /// How many rows were settled.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.committed + self.rejected.values().sum::<u64>()
    }

    /// The time within which this share (of 100) of the transactions was final.
    #[must_use]
    pub fn finality_percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.finality.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied()
    }
}

/// Why a replay stopped.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The node does not answer as it should.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Nothing was settled for a while.
    #[error("nothing was settled for {} s; {settled} rows were settled before", after.as_secs())]
    Stalled {
        /// For how long.
        after: Duration,
        /// How many rows were settled before.
        settled: u64,
    },
}

/// Feeds rows.
pub struct Engine<'a> {
    client: &'a Client,
    senders: &'a [Sender],
    nonces: Vec<Nonces>,
    follow: Follow,
}

impl<'a> Engine<'a> {
    /// Begins to follow the node. The first `existing` senders have accounts already and their
    /// nonces are asked for; the others are new.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn start(
        client: &'a Client,
        senders: &'a [Sender],
        existing: usize,
    ) -> Result<Self, ClientError> {
        let follow = client.follow(client.status().await?.height);
        let mut nonces = vec![Nonces::default(); senders.len()];
        for (sender, nonces) in senders.iter().zip(&mut nonces).take(existing) {
            let address = sender.account.to_address(&client.network().address_prefix);
            let reader = Reader { address, key: sender.key.clone() };
            let path = format!("/v1/accounts/{}", reader.address);
            let account = client.get(&path, Some(&reader)).await?;
            *nonces = Nonces::from_account(&account).ok_or(ClientError::Internal)?;
        }
        Ok(Self { client, senders, nonces, follow })
    }

    /// Feeds rows at `rate` rows a second (0: as fast as possible) until every one is settled.
    ///
    /// `progress` is called with the number of settled rows whenever it grows.
    ///
    /// # Errors
    /// [`EngineError`]; what was sent before stays sent.
    pub async fn run(
        &mut self,
        rows: &[Row],
        rate: u32,
        progress: &dyn Fn(u64),
    ) -> Result<Tally, EngineError> {
        let mut run = Run::new(rows, self.senders.len(), rate);
        let mut submissions = FuturesUnordered::new();
        let mut tick = tokio::time::interval(TICK);
        let stalled_after = STALLED_AFTER_MIN.max(self.client.timeout());
        let total = rows.len() as u64;
        while run.tally.settled() < total {
            run.admit();
            while submissions.len() < SUBMISSIONS_MAX {
                let batch = run.batch(self);
                if batch.is_empty() {
                    break;
                }
                submissions.push(submit(self.client.clone(), batch));
            }
            tokio::select! {
                block = self.follow.next() => {
                    if run.settle(&block?, &mut self.nonces) {
                        progress(run.tally.settled());
                    }
                }
                Some((ids, answer)) = submissions.next() => {
                    run.answered(&ids, answer, &mut self.nonces)?;
                }
                _ = tick.tick() => run.resend(),
            }
            if run.progressed.elapsed() > stalled_after {
                let settled = run.tally.settled();
                return Err(EngineError::Stalled { after: stalled_after, settled });
            }
        }
        run.tally.elapsed = run.started.elapsed();
        Ok(run.tally)
    }
}

type Answered = (Vec<TransactionId>, Result<BulkAnswer, ClientError>);

async fn submit(client: Client, batch: Vec<Signed>) -> Answered {
    let ids = batch.iter().map(|signed| signed.id).collect();
    let mut whole = BulkAnswer::default();
    let mut before = 0;
    for chunk in bulk_chunks(&batch) {
        match client.submit_bulk(chunk).await {
            Ok(answer) => {
                whole.accepted += answer.accepted;
                whole.refused.extend(answer.refused.into_iter().map(|mut refused| {
                    refused.index += before;
                    refused
                }));
            }
            Err(error) => return (ids, Err(error)),
        }
        before += u32::try_from(chunk.len()).unwrap_or(u32::MAX);
    }
    (ids, Ok(whole))
}

/// A transaction without a receipt.
struct Flight {
    row: usize,
    step: usize,
    sender: usize,
    signed: Signed,
    first_sent: Instant,
    last_sent: Instant,
    again: bool,
}

/// The state of one run.
struct Run<'r> {
    rows: &'r [Row],
    /// Rows of each lane that were not begun, in order; the front one runs where `busy` says so.
    lanes: HashMap<usize, VecDeque<usize>>,
    /// Lanes that were admitted, in the order of the files.
    next_row: usize,
    rate: u32,
    started: Instant,
    progressed: Instant,
    /// Steps that may be sent, by sender, and the senders that have any.
    ready: Vec<VecDeque<(usize, usize)>>,
    waiting: VecDeque<usize>,
    again: VecDeque<TransactionId>,
    flights: HashMap<TransactionId, Flight>,
    resend_looked: Instant,
    tally: Tally,
}

impl<'r> Run<'r> {
    fn new(rows: &'r [Row], senders: usize, rate: u32) -> Self {
        let now = Instant::now();
        Self {
            rows,
            lanes: HashMap::new(),
            next_row: 0,
            rate,
            started: now,
            progressed: now,
            ready: vec![VecDeque::new(); senders],
            waiting: VecDeque::new(),
            again: VecDeque::new(),
            flights: HashMap::new(),
            resend_looked: now,
            tally: Tally::default(),
        }
    }

    /// Lets rows in as the rate allows; a lane's row begins when the one before is settled.
    fn admit(&mut self) {
        let due = match self.rate {
            0 => self.rows.len(),
            rate => {
                let due = self.started.elapsed().as_millis() * u128::from(rate) / 1000;
                usize::try_from(due).unwrap_or(usize::MAX).min(self.rows.len())
            }
        };
        while self.next_row < due {
            let row = self.next_row;
            self.next_row += 1;
            let lane = self.lanes.entry(self.rows[row].lane).or_default();
            lane.push_back(row);
            if lane.len() == 1 {
                self.make_ready(row, 0);
            }
        }
    }

    fn make_ready(&mut self, row: usize, step: usize) {
        let sender = self.rows[row].steps[step].sender;
        if self.ready[sender].is_empty() {
            self.waiting.push_back(sender);
        }
        self.ready[sender].push_back((row, step));
    }

    /// Signs what may be sent now, fairly across senders; nothing where nothing may.
    fn batch(&mut self, engine: &mut Engine<'_>) -> Vec<Signed> {
        let mut batch = Vec::new();
        let now = Instant::now();
        while let Some(id) = self.again.pop_front() {
            if let Some(flight) = self.flights.get_mut(&id) {
                flight.last_sent = now;
                flight.again = true;
                batch.push(flight.signed.clone());
            }
        }
        let valid_until = engine.client.network().valid_until(VALIDITY);
        for _ in 0..self.waiting.len() {
            let Some(sender) = self.waiting.pop_front() else { break };
            while batch.len() < BATCH_MAX && !self.ready[sender].is_empty() {
                let Some(signed) = self.sign(engine, sender, valid_until, now) else { break };
                batch.push(signed);
            }
            if !self.ready[sender].is_empty() {
                self.waiting.push_back(sender);
            }
        }
        batch
    }

    fn sign(
        &mut self,
        engine: &mut Engine<'_>,
        sender: usize,
        valid_until: Timestamp,
        now: Instant,
    ) -> Option<Signed> {
        let nonce = engine.nonces[sender].take()?;
        let (row, step) = self.ready[sender].pop_front()?;
        let Sender { account, key } = &engine.senders[sender];
        let operations = self.rows[row].steps[step].operations.clone();
        let unfinished = Unfinished { account: *account, nonce, valid_until, operations, key };
        let signed = unfinished.sign(&engine.client.network().genesis_hash);
        let flight = Flight {
            row,
            step,
            sender,
            signed: signed.clone(),
            first_sent: now,
            last_sent: now,
            again: false,
        };
        self.flights.insert(signed.id, flight);
        Some(signed)
    }

    /// Takes a block's receipts; whether any row was settled.
    fn settle(&mut self, block: &BlockReceipts, nonces: &mut [Nonces]) -> bool {
        let before = self.tally.settled();
        for receipt in &block.receipts {
            if let Some(flight) = self.flights.remove(&receipt.transaction) {
                nonces[flight.sender].settle(flight.signed.nonce);
                self.tally.transactions += 1;
                self.tally.height = block.height;
                self.tally.finality.push(block.seen.saturating_duration_since(flight.first_sent));
                self.progressed = Instant::now();
                self.receipt(&flight, receipt);
            }
        }
        self.tally.settled() > before
    }

    fn receipt(&mut self, flight: &Flight, receipt: &Receipt) {
        match receipt.outcome {
            Outcome::Committed => {
                self.count_money(flight.row, flight.step);
                if flight.step + 1 < self.rows[flight.row].steps.len() {
                    self.make_ready(flight.row, flight.step + 1);
                } else {
                    self.tally.committed += 1;
                    self.next_of_lane(flight.row);
                }
            }
            Outcome::Rejected { code, .. } => self.reject(flight.row, code.get()),
        }
    }

    fn reject(&mut self, row: usize, code: u16) {
        *self.tally.rejected.entry(code).or_default() += 1;
        self.next_of_lane(row);
    }

    fn next_of_lane(&mut self, row: usize) {
        let lane = self.rows[row].lane;
        let Some(queue) = self.lanes.get_mut(&lane) else { return };
        queue.pop_front();
        match queue.front().copied() {
            Some(next) => self.make_ready(next, 0),
            None => drop(self.lanes.remove(&lane)),
        }
    }

    fn count_money(&mut self, row: usize, step: usize) {
        let row = &self.rows[row];
        for operation in &row.steps[step].operations {
            match operation {
                Operation::Issue(issue) => {
                    self.tally.issued += u128::from(issue.amount.get());
                }
                Operation::SettleRedeem(settle) => {
                    let requested =
                        row.steps.iter().flat_map(|step| &step.operations).find_map(|operation| {
                            match operation {
                                Operation::RequestRedeem(request)
                                    if request.redeem == settle.redeem =>
                                {
                                    Some(request.amount)
                                }
                                _ => None,
                            }
                        });
                    self.tally.redeemed += u128::from(requested.unwrap_or(Yen::ZERO).get());
                }
                _ => {}
            }
        }
    }

    /// Takes a submission's answer: what was refused for now is sent again, the rest is settled.
    fn answered(
        &mut self,
        ids: &[TransactionId],
        answer: Result<BulkAnswer, ClientError>,
        nonces: &mut [Nonces],
    ) -> Result<(), EngineError> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.may_pass() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for refused in answer.refused {
            let id = usize::try_from(refused.index).ok().and_then(|index| ids.get(index));
            let Some(id) = id else { continue };
            let Some(flight) = self.flights.get_mut(id) else { continue };
            if passes(refused.code) {
                // Looked at again a moment later rather than after the full pause.
                flight.last_sent = Instant::now() - RESEND_AFTER + TICK * 10;
            } else if !(flight.again && is_used_nonce(refused.code))
                && let Some(flight) = self.flights.remove(id)
            {
                nonces[flight.sender].give_back(flight.signed.nonce);
                self.progressed = Instant::now();
                self.reject(flight.row, refused.code);
            }
        }
        Ok(())
    }

    /// Marks what has had no receipt for too long.
    fn resend(&mut self) {
        if self.resend_looked.elapsed() < TICK * 10 {
            return;
        }
        self.resend_looked = Instant::now();
        let mut lost: Vec<(Instant, TransactionId)> = self
            .flights
            .iter()
            .filter(|(_, flight)| flight.last_sent.elapsed() >= RESEND_AFTER)
            .map(|(id, flight)| (flight.first_sent, *id))
            .collect();
        lost.sort_unstable();
        for (_, id) in lost {
            if let Some(flight) = self.flights.get_mut(&id) {
                flight.last_sent = self.resend_looked;
                self.again.push_back(id);
            }
        }
    }
}

/// Whether a refusal is about now and not about the transaction.
fn passes(code: u16) -> bool {
    let out_of_window = 1008;
    let for_now = [
        ApiCode::TooManyRequests,
        ApiCode::MempoolFull,
        ApiCode::AccountQuotaReached,
        ApiCode::SourceQuotaReached,
        ApiCode::Busy,
        ApiCode::NotReady,
        ApiCode::ShuttingDown,
    ];
    code == out_of_window || for_now.iter().any(|known| known.number() == code)
}

/// Whether the nonce was used, which a transaction sent twice may have done itself.
const fn is_used_nonce(code: u16) -> bool {
    matches!(code, 1007 | 1012)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let finality = (1..=100).rev().map(Duration::from_millis).collect();
        let tally = Tally { finality, ..Tally::default() };
        assert_eq!(tally.finality_percentile(50), Some(Duration::from_millis(50)));
        assert_eq!(tally.finality_percentile(99), Some(Duration::from_millis(99)));
        assert_eq!(tally.finality_percentile(100), Some(Duration::from_millis(100)));
        assert_eq!(Tally::default().finality_percentile(50), None);
    }
}
