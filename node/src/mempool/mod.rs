//! Transactions that wait for a block: verified, admitted, bounded, fair across accounts.
//!
//! [`Mempool::submit`] is the only way in. It decodes where it is called; threads of the mempool
//! then take what is queued, one source at a time, ask the latest state, verify the signatures in
//! batches, and put the good ones into the pool. [`Mempool::select`] fills a block by turn of
//! account. [`Mempool::committed`] takes out what a block included or ended. What local clients
//! send is handed to the gossip through [`Outlet`]; what peers send is not passed on.
//!
//! Locks are taken in this order and none is held while signatures are verified: the state, the
//! pool, the memory of verified envelopes.

mod admission;
mod candidate;
mod error;
mod lanes;
mod limits;
mod pool;
mod queue;
mod recent;
mod signatures;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use bytes::Bytes;
use ledger::{Admission, State};
use ledger_types::verify::{BATCH_MAX, SignatureClaim, verify_all};
use ledger_types::{
    Enveloped, Hash, Height, NetworkId, Receipt, SignedSpans, Timestamp, TransactionId,
};
use libp2p::PeerId;
use network_clock::Clock;
use tokio::sync::{Notify, mpsc, oneshot};

pub use error::{Quota, SubmitError};
pub use limits::{ACCOUNT_TRANSACTIONS_MAX, Limits};
pub use queue::{STRIKES_MAX, THROTTLED_FOR};

use candidate::{Candidate, wire};
use limits::JOB_TRANSACTIONS_MAX;
use pool::{Lane, Pool};
use queue::{Job, Queue};
use recent::Recent;

/// Where a transaction came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A client of this node.
    Client,
    /// A peer's ingress.
    Peer(PeerId),
}

/// How many bundles may wait for the gossip; past them it asks for what waits in the pool.
const OUTLET_BUNDLES_MAX: usize = 1024;

/// What local clients sent and the pool took, for the gossip: encoded transactions in bundles.
pub type Outlet = mpsc::Receiver<Vec<Bytes>>;

/// See the module.
#[derive(Debug)]
pub struct Mempool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    genesis: Hash,
    network: NetworkId,
    state: Arc<RwLock<State>>,
    /// Decides what may wait here, never what a block may hold.
    clock: Clock,
    pool: Mutex<Pool>,
    verified: Mutex<Recent>,
    queue: Queue,
    filled: Notify,
    height: AtomicU64,
    admitted: AtomicU64,
    outlet: mpsc::Sender<Vec<Bytes>>,
    /// The outlet was full once and something was not passed on.
    missed: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds these locks leaves a value half changed when it panics.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mempool {
    /// A mempool over the chain's state and the network's clock, with its threads running, and the
    /// gossip's end of it.
    ///
    /// # Errors
    /// The operating system's, where it gives no thread.
    pub fn start(
        limits: Limits,
        state: Arc<RwLock<State>>,
        clock: Clock,
    ) -> Result<(Arc<Self>, Outlet), std::io::Error> {
        let (outlet, bundles) = mpsc::channel(OUTLET_BUNDLES_MAX);
        let (genesis, height) = {
            let state = state.read().unwrap_or_else(PoisonError::into_inner);
            (state.genesis_hash(), state.height())
        };
        let shared = Arc::new(Shared {
            genesis,
            network: genesis.network(),
            state,
            clock,
            pool: Mutex::new(Pool::new(limits)),
            verified: Mutex::new(Recent::new(limits.remembered)),
            queue: Queue::new(limits.queued_max),
            filled: Notify::new(),
            height: AtomicU64::new(height.get()),
            admitted: AtomicU64::new(0),
            outlet,
            missed: AtomicBool::new(false),
        });
        let mempool = Arc::new(Self { shared: Arc::clone(&shared) });
        for number in 0..verifiers(limits.verifiers) {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name(format!("verifier-{number}"))
                .spawn(move || admission::work(&shared))?;
        }
        Ok((mempool, bundles))
    }

    /// Takes encoded transactions in; one answer each, in their order.
    ///
    /// What waits already, or was committed of late, answers with its identity as it did before.
    pub async fn submit(
        &self,
        bundle: Vec<Bytes>,
        source: Source,
    ) -> Vec<Result<TransactionId, SubmitError>> {
        let Shared { genesis, network, .. } = self.shared.as_ref();
        let decode = |bytes: Bytes| Candidate::decode(&bytes, genesis, *network);
        self.bring_in(bundle, decode, source).await
    }

    /// Takes in one transaction that a local client sent and that was decoded already.
    ///
    /// # Errors
    /// [`SubmitError`] says why it was not taken.
    pub async fn submit_decoded(
        &self,
        transaction: Enveloped,
    ) -> Result<TransactionId, SubmitError> {
        let Shared { genesis, network, .. } = self.shared.as_ref();
        let of = |transaction| Candidate::of(transaction, genesis, *network);
        let verdict = self.bring_in(vec![transaction], of, Source::Client).await.pop();
        verdict.unwrap_or(Err(SubmitError::Stopping))
    }

    async fn bring_in<T>(
        &self,
        bundle: Vec<T>,
        candidate: impl Fn(T) -> Result<Candidate, SubmitError>,
        source: Source,
    ) -> Vec<queue::Verdict> {
        let shared = &self.shared;
        let mut verdicts: Vec<_> = bundle.iter().map(|_| Err(SubmitError::Stopping)).collect();
        if shared.queue.is_throttled(source) {
            verdicts.fill(Err(SubmitError::Throttled));
            return verdicts;
        }
        let (mut payments, mut withdrawals) = (Places::default(), Places::default());
        let mut bad = 0;
        for (place, (sent, verdict)) in bundle.into_iter().zip(&mut verdicts).enumerate() {
            match candidate(sent) {
                Ok(candidate) if candidate.is_withdrawal() => withdrawals.push(place, candidate),
                Ok(candidate) => payments.push(place, candidate),
                Err(error) => {
                    bad += usize::from(error.is_senders_fault());
                    *verdict = Err(error);
                }
            }
        }
        shared.queue.strike(source, bad);
        let mut waiting = Vec::new();
        for (places, lane) in [(withdrawals, Lane::Withdrawal), (payments, Lane::Ordinary)] {
            self.enqueue(places, lane, source, &mut verdicts, &mut waiting);
        }
        for (places, answers) in waiting {
            // No answer means that the node is stopping, which the verdicts say already.
            let answers = answers.await.unwrap_or_default();
            for (place, answer) in places.into_iter().zip(answers) {
                if let Some(verdict) = verdicts.get_mut(place) {
                    *verdict = answer;
                }
            }
        }
        verdicts
    }

    fn enqueue(
        &self,
        places: Places,
        lane: Lane,
        source: Source,
        verdicts: &mut [queue::Verdict],
        waiting: &mut Vec<(Vec<usize>, oneshot::Receiver<Vec<queue::Verdict>>)>,
    ) {
        for Places { places, candidates } in places.into_jobs() {
            let (reply, answers) = oneshot::channel();
            match self.shared.queue.push(source, Job { candidates, lane, reply }) {
                Ok(()) => waiting.push((places, answers)),
                Err(error) => {
                    for place in places {
                        if let Some(verdict) = verdicts.get_mut(place) {
                            *verdict = Err(error.clone());
                        }
                    }
                }
            }
        }
    }

    /// Transactions for a block after `state` at `time`: admissible, by turn of account.
    ///
    /// What no later block may hold either is dropped on the way.
    #[must_use]
    pub fn select(&self, state: &State, time: Timestamp) -> Vec<Enveloped> {
        let mut admission = Admission::new(state, time);
        let mut pool = lock(&self.shared.pool);
        let (selected, refused) = pool.select(|transaction| admission.take(transaction));
        for (id, _) in refused.iter().filter(|(_, reason)| !reason.may_pass()) {
            pool.remove(id);
        }
        selected
    }

    /// Takes out what a block included and what ended with it; `state` is the state after it.
    pub fn committed(&self, transactions: &[Enveloped], receipts: &[Receipt], state: &State) {
        self.shared.height.store(state.height().get(), Ordering::Release);
        let ids = receipts.iter().map(|receipt| receipt.transaction);
        let mut pool = lock(&self.shared.pool);
        let mut left = pool.included(ids, transactions.iter());
        left.extend(pool.expire(state.time()));
        drop(pool);
        // Freed here, where nobody waits for the pool.
        drop(left);
    }

    /// Whether this envelope's signatures were verified here, as far as is remembered.
    #[must_use]
    pub fn is_verified(&self, envelope: &Hash) -> bool {
        lock(&self.shared.verified).contains(envelope)
    }

    /// Whether every signature of a block's transactions holds; verifies what is not remembered, on
    /// the calling thread and as many others as help.
    #[must_use]
    pub fn verify_transactions(&self, transactions: &[Enveloped]) -> bool {
        let cold: Vec<&Enveloped> = {
            let verified = lock(&self.shared.verified);
            transactions.iter().filter(|one| !verified.contains(&one.envelope_hash())).collect()
        };
        let genesis = &self.shared.genesis;
        let share = cold.len().div_ceil(processors()).max(BATCH_MAX / 4);
        let all_hold = std::thread::scope(|scope| {
            let mut shares = cold.chunks(share);
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> =
                shares.map(|part| scope.spawn(move || verify_part(part, genesis))).collect();
            let own = verify_part(own, genesis);
            others.into_iter().fold(own, |all, part| part.join().unwrap_or(false) && all)
        });
        if all_hold {
            let mut verified = lock(&self.shared.verified);
            cold.into_iter().for_each(|one| verified.insert(one.envelope_hash()));
        }
        all_hold
    }

    /// Returns once something waits.
    pub async fn wait_nonempty(&self) {
        self.wait(|pool| pool.len() > 0).await;
    }

    /// Returns once a block's worth waits.
    pub async fn wait_block(&self) {
        self.wait(Pool::fills_block).await;
    }

    async fn wait(&self, holds: impl Fn(&Pool) -> bool) {
        loop {
            let mut filled = std::pin::pin!(self.shared.filled.notified());
            filled.as_mut().enable();
            if holds(&lock(&self.shared.pool)) {
                return;
            }
            filled.await;
        }
    }

    /// A waiting transaction.
    #[must_use]
    pub fn get(&self, id: &TransactionId) -> Option<Enveloped> {
        lock(&self.shared.pool).get(id).map(|pooled| pooled.transaction.clone())
    }

    /// How many transactions wait.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.shared.pool).len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much memory the payments that wait take, as [`Limits::bytes_max`] counts it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        lock(&self.shared.pool).bytes()
    }

    /// How many transactions were taken in since the start.
    #[must_use]
    pub fn admitted_total(&self) -> u64 {
        self.shared.admitted.load(Ordering::Relaxed)
    }

    /// The height of the state that [`Mempool::committed`] saw last.
    #[must_use]
    pub fn height(&self) -> Height {
        Height::new(self.shared.height.load(Ordering::Acquire))
    }

    /// What local clients sent and still waits, encoded, oldest turn first, up to `bytes_max`.
    #[must_use]
    pub fn local(&self, bytes_max: usize) -> Vec<Bytes> {
        let mut room = bytes_max;
        let mut picked = Vec::new();
        let pool = lock(&self.shared.pool);
        for pooled in pool.waiting().filter(|pooled| pooled.source == Source::Client) {
            let Some(rest) = room.checked_sub(pooled.transaction.length()) else { break };
            room = rest;
            picked.push(wire(&pooled.transaction));
        }
        picked
    }

    /// Whether something was not handed to the gossip since this was asked last.
    #[must_use]
    pub fn take_missed(&self) -> bool {
        self.shared.missed.swap(false, Ordering::AcqRel)
    }
}

impl Drop for Mempool {
    fn drop(&mut self) {
        self.shared.queue.close();
    }
}

/// Candidates of one submission with their places in it.
#[derive(Default)]
struct Places {
    places: Vec<usize>,
    candidates: Vec<Candidate>,
}

impl Places {
    fn push(&mut self, place: usize, candidate: Candidate) {
        self.places.push(place);
        self.candidates.push(candidate);
    }

    /// In parts of at most a job's size.
    fn into_jobs(mut self) -> Vec<Self> {
        let mut jobs = Vec::new();
        while self.candidates.len() > JOB_TRANSACTIONS_MAX {
            let rest = Self {
                places: self.places.split_off(JOB_TRANSACTIONS_MAX),
                candidates: self.candidates.split_off(JOB_TRANSACTIONS_MAX),
            };
            jobs.push(core::mem::replace(&mut self, rest));
        }
        if !self.candidates.is_empty() {
            jobs.push(self);
        }
        jobs
    }
}

fn verify_part(part: &[&Enveloped], genesis: &Hash) -> bool {
    part.chunks(BATCH_MAX).all(|chunk| {
        let mut bytes = Vec::with_capacity(chunk.len() * 256);
        let spans: Vec<SignedSpans> =
            chunk.iter().map(|one| one.append_signed_bytes(genesis, &mut bytes)).collect();
        let claims: Vec<SignatureClaim<'_>> =
            chunk.iter().zip(&spans).flat_map(|(one, spans)| spans.claims(one, &bytes)).collect();
        verify_all(&claims)
    })
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, core::num::NonZero::get)
}

/// How many threads verify: as asked, or half of the processors.
fn verifiers(asked: usize) -> usize {
    if asked == 0 { (processors() / 2).max(1) } else { asked }
}
