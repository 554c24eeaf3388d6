//! Rows as a source of transactions: lanes in order, everything else beside each other.
//!
//! A step is sent when the one before it has a receipt; rows of a lane that one sender alone signs
//! go beside each other, for its nonces keep their order. Each sender has at most 128 transactions
//! in flight (its nonce window).

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use kyojo_tests::engine::{End, Engine, Meter, Source};
use kyojo_tests::load::{Payer, Unfinished, now};
use kyojo_tests::measure::{millis, quantile};
use kyojo_tests::progress::Progress;
use ledger_types::{Hash, Height, Nonce, Operation, TransactionId, Yen};
use node_api::query::ByRead;
use node_client::{ClientError, Nonces, Reader, Signed};

use crate::plan::Row;

/// How long a transaction may wait for a block, in milliseconds.
const VALID_MS: u64 = 10 * 60 * 1000;
/// After how long without the end of any transaction the replay gives up.
pub(crate) const STALLED_AFTER: Duration = Duration::from_secs(60);

/// What became of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Rows of which every step was committed.
    pub(crate) committed: u64,
    /// Rows of which a step was rejected or refused, by its code.
    pub(crate) rejected: BTreeMap<u16, u64>,
    /// Transactions that have a receipt.
    pub(crate) transactions: u64,
    /// From sending to seeing the receipt, of each transaction.
    pub(crate) finality: Vec<Duration>,
    /// What committed steps issued in all.
    pub(crate) issued: u128,
    /// What committed steps redeemed in all.
    pub(crate) redeemed: u128,
    /// The last block whose receipts were read.
    pub(crate) height: Height,
}

impl Tally {
    /// How many rows were settled.
    pub(crate) fn settled(&self) -> u64 {
        self.committed + self.rejected.values().sum::<u64>()
    }

    /// The time, in milliseconds, within which this share of the transactions was final.
    pub(crate) fn finality_ms(&self, per_mille: usize) -> f64 {
        let mut sorted = self.finality.clone();
        sorted.sort_unstable();
        millis(quantile(&sorted, per_mille))
    }
}

/// Everyone who sends, with the nonces that they have left.
pub(crate) struct Senders<'p> {
    payers: &'p [Payer],
    nonces: Vec<Nonces>,
    genesis: Hash,
}

impl<'p> Senders<'p> {
    /// The first `existing` senders have accounts already and their nonces are asked for; the
    /// others are new.
    pub(crate) async fn ask(
        engine: &Engine,
        payers: &'p [Payer],
        existing: usize,
    ) -> Result<Self, ClientError> {
        let network = engine.network();
        let mut nonces = vec![Nonces::default(); payers.len()];
        for (payer, nonces) in payers.iter().zip(&mut nonces).take(existing) {
            let address = payer.account.to_address(&network.address_prefix);
            let reader = Reader { address, key: payer.key.clone() };
            let account =
                engine.first().account(&reader.address, &ByRead::default(), &reader).await?;
            *nonces = Nonces::from_account(&account).ok_or(ClientError::Internal)?;
        }
        Ok(Self { payers, nonces, genesis: network.genesis_hash })
    }
}

/// A transaction without a receipt.
#[derive(Clone, Copy)]
struct Flight {
    row: usize,
    step: usize,
    sender: usize,
    nonce: Nonce,
}

/// The rows of one account that did not end.
#[derive(Debug, Default)]
struct Lane {
    /// Those that did not begin, in order.
    waiting: VecDeque<usize>,
    /// How many have begun.
    running: usize,
    /// Who signs all that have begun, where each of them is one transaction of the same sender: its
    /// nonces keep their order.
    signer: Option<usize>,
}

impl Lane {
    /// The next row that may begin: the first one, or one beside others of the same sender.
    fn next(&mut self, rows: &[Row]) -> Option<usize> {
        let first = *self.waiting.front()?;
        let signer = match rows[first].steps.as_slice() {
            [only] => Some(only.sender),
            _ => None,
        };
        if self.running > 0 && (signer.is_none() || signer != self.signer) {
            return None;
        }
        self.running += 1;
        self.signer = signer;
        self.waiting.pop_front()
    }
}

/// See the module.
pub(crate) struct Feed<'r, 's, 'p> {
    rows: &'r [Row],
    senders: &'s mut Senders<'p>,
    /// Lanes with rows that did not end.
    lanes: HashMap<usize, Lane>,
    /// The next row to let in, in the order of the files.
    next_row: usize,
    meter: Meter,
    /// Steps that may be sent, by sender, and the senders that have any.
    ready: Vec<VecDeque<(usize, usize)>>,
    waiting: VecDeque<usize>,
    flights: HashMap<TransactionId, Flight>,
    progress: &'s mut Progress,
    progressed: Instant,
    pub(crate) tally: Tally,
}

impl<'r, 's, 'p> Feed<'r, 's, 'p> {
    /// Lets rows in at so many a second; 0 is as fast as possible.
    pub(crate) fn new(
        rows: &'r [Row],
        senders: &'s mut Senders<'p>,
        rate: u32,
        progress: &'s mut Progress,
    ) -> Self {
        Self {
            rows,
            progress,
            progressed: Instant::now(),
            lanes: HashMap::new(),
            next_row: 0,
            meter: Meter::new((rate > 0).then_some(rate.into())),
            ready: vec![VecDeque::new(); senders.payers.len()],
            waiting: VecDeque::new(),
            flights: HashMap::new(),
            tally: Tally::default(),
            senders,
        }
    }

    /// Lets rows in as the rate allows; a lane's row begins when the one before is settled.
    fn admit(&mut self) {
        let due = self.meter.due().min(self.rows.len() - self.next_row);
        self.meter.gave(due);
        for row in self.next_row..self.next_row + due {
            let lane = self.rows[row].lane;
            self.lanes.entry(lane).or_default().waiting.push_back(row);
            self.begin(lane);
        }
        self.next_row += due;
    }

    fn make_ready(&mut self, row: usize, step: usize) {
        let sender = self.rows[row].steps[step].sender;
        if self.ready[sender].is_empty() {
            self.waiting.push_back(sender);
        }
        self.ready[sender].push_back((row, step));
    }

    fn sign(&mut self, sender: usize) -> Option<Signed> {
        let nonce = self.senders.nonces[sender].take()?;
        let (row, step) = self.ready[sender].pop_front()?;
        let Payer { account, key } = &self.senders.payers[sender];
        let unfinished = Unfinished {
            account: *account,
            nonce,
            valid_until: now().checked_add_millis(VALID_MS).unwrap_or_default(),
            operations: self.rows[row].steps[step].operations.clone(),
            key,
        };
        let signed = unfinished.sign(&self.senders.genesis);
        self.flights.insert(signed.id, Flight { row, step, sender, nonce });
        Some(signed)
    }

    fn committed(&mut self, flight: Flight) {
        self.count_money(flight.row, flight.step);
        if flight.step + 1 < self.rows[flight.row].steps.len() {
            self.make_ready(flight.row, flight.step + 1);
        } else {
            self.tally.committed += 1;
            self.next_of_lane(flight.row);
        }
    }

    fn reject(&mut self, row: usize, code: u16) {
        *self.tally.rejected.entry(code).or_default() += 1;
        self.next_of_lane(row);
    }

    fn next_of_lane(&mut self, row: usize) {
        let lane = self.rows[row].lane;
        if let Some(of) = self.lanes.get_mut(&lane) {
            of.running -= 1;
        }
        self.begin(lane);
        if self.lanes.get(&lane).is_some_and(|lane| lane.running == 0) {
            self.lanes.remove(&lane);
        }
    }

    /// Begins every row of a lane that may.
    fn begin(&mut self, lane: usize) {
        while let Some(row) = self.lanes.get_mut(&lane).and_then(|of| of.next(self.rows)) {
            self.make_ready(row, 0);
        }
    }

    fn count_money(&mut self, row: usize, step: usize) {
        let steps = &self.rows[row].steps;
        for operation in &steps[step].operations {
            if let Operation::Issue(issue) = operation {
                self.tally.issued += u128::from(issue.amount.get());
            }
            if let Operation::SettleRedeem(settle) = operation {
                let mut requests = steps.iter().flat_map(|step| &step.operations);
                let requested = requests.find_map(|operation| {
                    let Operation::RequestRedeem(asked) = operation else { return None };
                    (asked.redeem == settle.redeem).then_some(asked.amount)
                });
                self.tally.redeemed += u128::from(requested.unwrap_or(Yen::ZERO).get());
            }
        }
    }
}

impl Source for Feed<'_, '_, '_> {
    /// Signs what may be sent now, fairly across senders; nothing where nothing may.
    fn take(&mut self, most: usize) -> Vec<Signed> {
        self.admit();
        let mut bundle = Vec::new();
        for _ in 0..self.waiting.len() {
            let Some(sender) = self.waiting.pop_front() else { break };
            while bundle.len() < most && !self.ready[sender].is_empty() {
                let Some(signed) = self.sign(sender) else { break };
                bundle.push(signed);
            }
            if !self.ready[sender].is_empty() {
                self.waiting.push_back(sender);
            }
        }
        bundle
    }

    fn ended(&mut self, id: &TransactionId, end: End, after: Duration) {
        let Some(flight) = self.flights.remove(id) else { return };
        self.progressed = Instant::now();
        let nonces = &mut self.senders.nonces[flight.sender];
        let rejected = match end {
            End::Refused(code) => {
                nonces.give_back(flight.nonce);
                return self.reject(flight.row, code);
            }
            End::Committed => None,
            End::Rejected(code) => Some(code.get()),
        };
        nonces.settle(flight.nonce);
        self.tally.transactions += 1;
        self.tally.finality.push(after);
        match rejected {
            None => self.committed(flight),
            Some(code) => self.reject(flight.row, code),
        }
    }

    fn followed(&mut self, height: Height) {
        self.tally.height = height;
        let (settled, rows) = (self.tally.settled(), self.rows.len());
        self.progress.show(&format!("{settled} of {rows} rows at height {height}"));
    }

    fn has_given_up(&self) -> bool {
        self.progressed.elapsed() > STALLED_AFTER
    }

    fn is_done(&self) -> bool {
        self.tally.settled() >= self.rows.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Step;

    fn row(senders: &[usize]) -> Row {
        let step = |sender: &usize| Step { sender: *sender, operations: Vec::new() };
        Row { lane: 0, steps: senders.iter().map(step).collect() }
    }

    #[test]
    fn rows_of_one_payer_go_beside_each_other_and_wait_for_what_others_sign() {
        let rows: Vec<Row> = [&[5][..], &[5], &[0], &[5], &[5, 0], &[5]].map(row).into();
        let mut lane = Lane { waiting: (0..rows.len()).collect(), ..Lane::default() };
        let mut began = Vec::new();
        while !lane.waiting.is_empty() || lane.running > 0 {
            let together: Vec<usize> = std::iter::from_fn(|| lane.next(&rows)).collect();
            began.push(together);
            lane.running = 0;
        }
        assert_eq!(began, [vec![0, 1], vec![2], vec![3], vec![4], vec![5]]);
    }
}
