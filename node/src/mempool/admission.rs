//! A batch's way from the queue into the pool: cheap refusals first, signatures last.
//!
//! Order: what the pool knows, what the state admits, the signatures, and the pool's own checks
//! again where the transaction goes in. The state is read before the signatures are verified, so a
//! block may come in between: what it includes is known to the pool by then, and whatever else it
//! made inadmissible is dropped when it is selected.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use ledger::{Admission, Bill, Purse};
use ledger_types::verify::SignatureClaim;
use ledger_types::{Hash, Inadmissible, SignedSpans, Timestamp};
use tokio::sync::oneshot;

use super::candidate::{Candidate, wire};
use super::error::SubmitError;
use super::pool::{Known, Lane, Pool, Pooled};
use super::queue::{Batch, Verdict};
use super::signatures::judge;
use super::{Shared, Source, lock};

/// A candidate, and what was decided of it so far.
struct Entry {
    candidate: Candidate,
    lane: Lane,
    bill: Option<Bill>,
    verdict: Option<Verdict>,
}

impl Entry {
    const fn is_open(&self) -> bool {
        self.verdict.is_none()
    }

    const fn envelope(&self) -> Hash {
        self.candidate.transaction.envelope_hash()
    }
}

/// Takes batches and brings them through until the queue is closed.
pub(super) fn work(shared: &Shared) {
    while let Some(batch) = shared.queue.take() {
        bring_through(shared, batch);
    }
}

fn bring_through(shared: &Shared, batch: Batch) {
    let source = batch.source;
    let mut replies = Vec::with_capacity(batch.jobs.len());
    let mut entries = Vec::new();
    for job in batch.jobs {
        replies.push((job.candidates.len(), job.reply));
        let lane = job.lane;
        let open = |candidate| Entry { candidate, lane, bill: None, verdict: None };
        entries.extend(job.candidates.into_iter().map(open));
    }
    let now = check_state(shared, &mut entries);
    check_pool(shared, &mut entries, source, now);
    check_signatures(shared, &mut entries, source);
    let verdicts = insert(shared, entries, source, now);
    let bad = verdicts.iter().filter(|v| v.as_ref().is_err_and(|e| e.is_senders_fault())).count();
    shared.queue.strike(source, bad);
    answer(verdicts, replies);
}

/// Asks the state: who is a data subject, who pays, and what could be in the next block; gives the
/// time that it was asked for.
fn check_state(shared: &Shared, entries: &mut [Entry]) -> Timestamp {
    let state = shared.state.read().unwrap_or_else(std::sync::PoisonError::into_inner);
    let now = state.time().max(shared.clock.now());
    for Entry { candidate, lane, bill, verdict } in entries {
        let transaction = &candidate.transaction;
        if *lane == Lane::Withdrawal && state.subject(&transaction.unsigned.account).is_none() {
            *lane = Lane::Ordinary;
        }
        // Each is judged for itself: which of them the next block takes is decided by turn.
        match Admission::new(&state, now).judge(transaction) {
            Ok(judged) => *bill = Some(judged),
            // A resubmission after the commit is answered as the first submission was.
            Err(Inadmissible::NonceUsed { .. } | Inadmissible::Expired { .. })
                if lock(&shared.pool).is_committed(&candidate.id) =>
            {
                *verdict = Some(Ok(candidate.id));
            }
            Err(reason) => *verdict = Some(Err(candidate.inadmissible(reason))),
        }
    }
    now
}

/// Whether a payer's allowance holds this beside what waits already. What clients send must fit
/// now; what a peer took may wait until the payer has rested, because its clock is another.
fn check_allowance(
    pool: &Pool,
    bill: Option<&Bill>,
    source: Source,
    now: Timestamp,
) -> Result<(), SubmitError> {
    let Some(bill) = bill.filter(|bill| bill.weight.units > 0) else { return Ok(()) };
    let pending = pool.pending_of(bill.payer, bill.purse());
    let waits = match source {
        Source::Peer(_) if bill.ever_fits(pending) => None,
        Source::Client | Source::Peer(_) => bill.wait(now, pending),
    };
    waits.map_or(Ok(()), |seconds| Err(SubmitError::OverAllowance { seconds }))
}

/// Asks the pool: what waits already, and what has no room.
fn check_pool(shared: &Shared, entries: &mut [Entry], source: Source, now: Timestamp) {
    let pool = lock(&shared.pool);
    for entry in entries.iter_mut().filter(|entry| entry.is_open()) {
        let candidate = &entry.candidate;
        match pool.check(&candidate.id, &candidate.transaction, source, entry.lane) {
            Ok(Known::New) => {
                let allowed = check_allowance(&pool, entry.bill.as_ref(), source, now);
                entry.verdict = allowed.err().map(Err);
            }
            Ok(Known::Already) => entry.verdict = Some(Ok(candidate.id)),
            Err(error) => entry.verdict = Some(Err(error)),
        }
    }
}

/// Verifies the signatures of what is still open, as one batch.
fn check_signatures(shared: &Shared, entries: &mut [Entry], source: Source) {
    let mut cold: Vec<&mut Entry> = {
        let verified = lock(&shared.verified);
        let is_cold = |e: &&mut Entry| e.is_open() && !verified.contains(&e.envelope());
        entries.iter_mut().filter(is_cold).collect()
    };
    if cold.is_empty() {
        return;
    }
    let mut messages = Vec::with_capacity(cold.len() * 256);
    let mut spans: Vec<SignedSpans> = Vec::with_capacity(cold.len());
    for entry in &cold {
        spans.push(entry.candidate.transaction.append_signed_bytes(&shared.genesis, &mut messages));
    }
    let mut all: Vec<SignatureClaim<'_>> = Vec::with_capacity(cold.len());
    for (entry, spans) in cold.iter().zip(&spans) {
        all.extend(spans.claims(&entry.candidate.transaction, &messages));
    }
    let mut verdicts = judge(&all).into_iter();
    let mut all_good = true;
    for entry in &mut cold {
        let count = entry.candidate.transaction.signatures();
        // Counted to the end: each entry takes exactly its own verdicts.
        if verdicts.by_ref().take(count).filter(|good| !good).count() > 0 {
            all_good = false;
            entry.verdict = Some(Err(entry.candidate.inadmissible(Inadmissible::BadSignature)));
        }
    }
    shared.queue.note_batch(source, all_good);
}

/// Puts what is still open into the pool, and passes on what came from local clients.
fn insert(shared: &Shared, entries: Vec<Entry>, source: Source, now: Timestamp) -> Vec<Verdict> {
    let mut admitted: Vec<Bytes> = Vec::new();
    let mut envelopes = Vec::with_capacity(entries.len());
    let mut verdicts = Vec::with_capacity(entries.len());
    let mut inserted = 0_u64;
    let mut pool = lock(&shared.pool);
    for Entry { candidate, lane, bill, verdict } in entries {
        // What went in just before, out of the same batch, counts.
        let allowed = || check_allowance(&pool, bill.as_ref(), source, now).err().map(Err);
        if let Some(verdict) = verdict.or_else(allowed) {
            verdicts.push(verdict);
            continue;
        }
        let Candidate { transaction, id } = candidate;
        envelopes.push(transaction.envelope_hash());
        let bytes = (source == Source::Client).then(|| wire(&transaction));
        let payer = bill.as_ref().map_or(transaction.unsigned.account, |bill| bill.payer);
        let purse = bill.as_ref().map_or(Purse::Allowance, Bill::purse);
        let takes = bill.as_ref().map_or(0, Bill::takes);
        let known = pool.insert(Pooled { transaction, id, source, lane, payer, purse, takes });
        if known == Ok(Known::New) {
            inserted += 1;
            admitted.extend(bytes);
        }
        verdicts.push(known.map(|_| id));
    }
    drop(pool);
    let mut verified = lock(&shared.verified);
    envelopes.into_iter().for_each(|envelope| verified.insert(envelope));
    drop(verified);
    if inserted > 0 {
        shared.admitted.fetch_add(inserted, Ordering::Relaxed);
        shared.filled.notify_waiters();
        pass_on(shared, admitted);
    }
    verdicts
}

fn pass_on(shared: &Shared, admitted: Vec<Bytes>) {
    if !admitted.is_empty() && shared.outlet.try_send(admitted).is_err() {
        shared.missed.store(true, Ordering::Release);
    }
}

fn answer(verdicts: Vec<Verdict>, replies: Vec<(usize, oneshot::Sender<Vec<Verdict>>)>) {
    let mut verdicts = verdicts.into_iter();
    for (count, reply) in replies {
        // Whoever asked may have gone; the transactions are in the pool all the same.
        let _ = reply.send(verdicts.by_ref().take(count).collect());
    }
}
