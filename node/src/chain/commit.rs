//! Making, judging and committing a block: all of it blocking, on threads that may block.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Instant;

use bytes::Bytes;
use ledger::{Applied, State};
use ledger_types::{Block, CommitCertificate, Hash, Height, Timestamp};
use node_consensus::{Fault, Proposed, Step, Validity};

use super::{Chain, Tip, lock};
use crate::audit_log::is_due;
use crate::store::{Committed, Roots, Seen, StoreError};

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        if error.is_full() {
            Self::full(error)
        } else if error.is_lasting() {
            Self::lasting(error)
        } else {
            Self::new(error)
        }
    }
}

fn invalid(reason: impl core::fmt::Display) -> Validity {
    Validity::Invalid { reason: reason.to_string() }
}

impl Chain {
    /// Makes a block for `height` from what waits, its body durable when this returns.
    ///
    /// # Errors
    /// [`Fault`] where this node does not propose, `height` is not next, or the disk refuses.
    pub fn propose_block(&self, height: Height) -> Result<Proposed, Fault> {
        let Some(proposer) = self.settings.proposer else {
            return Err(Fault::lasting("asked for a proposal, but this node has no consensus key"));
        };
        let block = {
            let state = self.read();
            if state.height().next() != Some(height) {
                let tip = state.height();
                return Err(Fault::new(format!("asked to propose {height} after {tip}")));
            }
            let soonest = state.time().checked_add_millis(1);
            let soonest = soonest.ok_or_else(|| Fault::lasting("block time is at its end"))?;
            let time = self.settings.clock.now().max(soonest);
            let transactions = self.mempool.select(&state, time);
            ledger::propose(&state, transactions, time, proposer, self.tip_certificate())
        };
        let (hash, bytes) = (block.header.hash(), Bytes::from(block.encode()));
        self.keep(height, hash, &bytes, Arc::new(block))?;
        Ok(Proposed { hash, bytes })
    }

    /// Judges a live proposal; a valid body is durable when this returns.
    ///
    /// # Errors
    /// [`Fault`] where the disk refuses.
    pub fn check_block(
        &self,
        height: Height,
        hash: Hash,
        bytes: &Bytes,
    ) -> Result<Validity, Fault> {
        let began = Instant::now();
        if lock(&self.pending).contains_key(&hash) {
            return Ok(Validity::Valid);
        }
        let block = match decode(height, hash, bytes) {
            Ok(block) => block,
            Err(reason) => return Ok(Validity::NotTheBlock { reason }),
        };
        let now = self.settings.clock.now().as_millis();
        let latest = now.saturating_add(drift_ms(self.settings.drift_max));
        let time = block.header.time;
        if time.as_millis() > latest {
            return Ok(refused(&block, format!("its time is {time} ms, the latest {latest}")));
        }
        if let Err(reason) = ledger::validate(&self.read(), &block) {
            return Ok(refused(&block, reason));
        }
        if !self.mempool.verify_transactions(&block.body.transactions) {
            return Ok(invalid("a transaction's signature does not verify"));
        }
        self.keep(height, hash, bytes, Arc::new(block))?;
        self.metrics.check.observe(began.elapsed().as_secs_f64());
        Ok(Validity::Valid)
    }

    /// Judges bytes that are said to be the block of a verified certificate (protocol rule 19).
    ///
    /// # Errors
    /// [`Fault`] where they are, and do not follow our own parent: this node or a quorum is wrong.
    pub fn check_synced_block(
        &self,
        certificate: &CommitCertificate,
        bytes: &Bytes,
    ) -> Result<Validity, Fault> {
        let (height, hash) = (certificate.height, certificate.block);
        let block = match decode(height, hash, bytes) {
            Ok(block) => block,
            Err(reason) => return Ok(Validity::NotTheBlock { reason }),
        };
        let tip = self.tip().height;
        if tip.next() != Some(height) {
            return Ok(refused(&block, format!("height {height} does not follow the tip {tip}")));
        }
        let decided = |what: &dyn core::fmt::Display| {
            Fault::lasting(format!("decided block {hash} of height {height}: {what}"))
        };
        if let Err(reason) = ledger::validate(&self.read(), &block) {
            return match refused(&block, reason) {
                Validity::Invalid { reason } => Err(decided(&reason)),
                others @ (Validity::Valid | Validity::NotTheBlock { .. }) => Ok(others),
            };
        }
        if !self.mempool.verify_transactions(&block.body.transactions) {
            return Err(decided(&"a signature in it does not verify"));
        }
        self.keep(height, hash, bytes, Arc::new(block))?;
        self.synced.fetch_max(height.get(), Ordering::AcqRel);
        Ok(Validity::Valid)
    }

    fn keep(
        &self,
        height: Height,
        hash: Hash,
        bytes: &[u8],
        block: Arc<Block>,
    ) -> Result<(), Fault> {
        self.noted(self.store.log().put_body(height, hash, bytes))?;
        lock(&self.pending).insert(hash, block);
        Ok(())
    }

    /// Commits the block of a certificate: durable, applied, published.
    ///
    /// Its eleven steps stand in this order, under a lock of their own, because of each other:
    /// 1. The decision is made durable, so that nothing is shown that a crash could take back; and
    ///    before step 2, because the log is what knows a second decision of a past height as a fork.
    /// 2. A height that was committed before ends here: nothing is done twice.
    /// 3. The body is found, which was durable before anyone voted for it.
    /// 4. It is applied, with readers kept out for this step alone; the steps before need no state.
    /// 5. Its roots are written beside it. They come of step 4, and need not be durable: a replay
    ///    compares with those that are there, and the next header vouches for the rest.
    /// 6. The mempool lets go of what the block holds, judged by the state after it; before step 11,
    ///    because whoever sees the new tip may propose on it.
    /// 7. Where a checkpoint is due, its tip is taken while the state is that of this height, and
    ///    the sums that the ledger keeps are compared with those of all accounts.
    /// 8. So are the proofs that are waited for, where the log will be cosigned at this block.
    /// 9. So is what the archive keeps of records; with that the state's lock is given back.
    /// 10. The archive gets the block, and the checkpoint behind it: in the order of heights, and
    ///     before anyone hears of the block and asks the index for it. A full queue waits here.
    /// 11. Metrics and subscribers are told, and the tip moves last, when all of it is true.
    ///
    /// # Errors
    /// [`Fault`] where it could not be made durable, its body is missing, or it does not apply.
    pub fn commit(&self, certificate: CommitCertificate) -> Result<(), Fault> {
        self.noted(self.commit_block(certificate))
    }

    /// Notes a fault: from then on no checkpoint is written.
    pub(super) fn noted<T, E: Into<Fault>>(&self, done: Result<T, E>) -> Result<T, Fault> {
        done.map_err(|error| {
            self.fault();
            error.into()
        })
    }

    fn commit_block(&self, certificate: CommitCertificate) -> Result<(), Fault> {
        let began = Instant::now();
        let _committing = lock(&self.committing);
        if self.closed.load(Ordering::Acquire) {
            return Err(Fault::new("the node is stopping"));
        }
        let (height, hash) = (certificate.height, certificate.block);
        let log = self.store.log();
        log.decide(&certificate)?;
        if height <= self.tip().height {
            return Ok(());
        }
        self.metrics.fsync.observe(log.sync_took().as_secs_f64());
        self.metrics.steps.mark(height, Step::Fsync);
        let block = self.decided_block(height, hash)?;
        let applying = Instant::now();
        let applied = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            ledger::apply(&mut state, &block).map_err(Fault::lasting)?
        };
        self.metrics.apply.observe(applying.elapsed().as_secs_f64());
        log.put_roots(height, &roots_of(&applied))?;
        let state = self.read();
        self.mempool.committed(&block.body.transactions, &applied.receipts, &state);
        let tip = if self.checkpoint_due(&applied) {
            state.recount().map_err(Fault::lasting)?;
            Some(state.tip_bytes())
        } else {
            None
        };
        let parent_time = self.tip().time;
        let now = Tip::of(&state);
        if is_due(parent_time, now.time) {
            self.prover.serve(&state);
        }
        let committed = Arc::new(Committed::new(block, certificate, applied, &state));
        drop(state);
        self.store.archive(Arc::clone(&committed), self.seen(height), tip)?;
        self.measure(&committed, parent_time);
        self.publish(committed, now);
        self.pace.committed();
        self.metrics.steps.mark(height, Step::Apply);
        self.metrics.commit.observe(began.elapsed().as_secs_f64());
        Ok(())
    }

    fn seen(&self, height: Height) -> Seen {
        if self.synced.load(Ordering::Acquire) == height.get() { Seen::Behind } else { Seen::Live }
    }

    fn decided_block(&self, height: Height, hash: Hash) -> Result<Arc<Block>, Fault> {
        if let Some(block) = lock(&self.pending).remove(&hash) {
            return Ok(block);
        }
        let bytes = self.store.log().body(height, hash)?;
        let bytes = bytes.ok_or(StoreError::BodyMissing { height, hash })?;
        decode(height, hash, &bytes).map(Arc::new).map_err(Fault::lasting)
    }

    fn checkpoint_due(&self, applied: &Applied) -> bool {
        let mut since = lock(&self.since_checkpoint);
        since.blocks = since.blocks.saturating_add(1);
        let transactions = u32::try_from(applied.receipts.len()).unwrap_or(u32::MAX);
        since.transactions = since.transactions.saturating_add(transactions);
        let is_due = since.blocks >= self.settings.checkpoint_blocks
            || since.transactions >= self.settings.checkpoint_transactions;
        if is_due {
            *since = super::SinceCheckpoint::default();
        }
        is_due
    }

    fn measure(&self, committed: &Committed, parent_time: Timestamp) {
        let receipts = &committed.applied.receipts;
        let applied = receipts.iter().filter(|receipt| receipt.is_committed()).count();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.metrics.count(count(applied), count(receipts.len() - applied));
        let height = i64::try_from(committed.applied.height.get()).unwrap_or(i64::MAX);
        self.metrics.height.set(height);
        self.metrics.mempool.set(i64::try_from(self.mempool.len()).unwrap_or(i64::MAX));
        // Genesis may lie as far back as it likes: the first block has no interval.
        if committed.applied.height.get() > 1 {
            let interval = committed.block.header.time.as_millis() - parent_time.as_millis();
            let interval = std::time::Duration::from_millis(interval);
            self.metrics.block_interval.observe(interval.as_secs_f64());
        }
        // What watches the node compares it with real time.
        let now = self.settings.clock.machine_now().as_millis();
        let now = std::time::Duration::from_millis(now);
        self.metrics.last_commit.set(now.as_secs_f64());
    }

    fn publish(&self, committed: Arc<Committed>, tip: Tip) {
        // All of them were of this height.
        lock(&self.pending).clear();
        {
            let mut last = lock(&self.last);
            last.certificate = Some(committed.certificate.clone());
            last.at = Instant::now();
        }
        tracing::debug!(
            height = %tip.height,
            transactions = committed.applied.receipts.len(),
            "block committed"
        );
        self.tip.send_replace(tip);
        // No subscriber is no error.
        let _ = self.commits.send(committed);
    }
}

/// The block in these bytes, if its header has this hash and height.
pub(super) fn decode(height: Height, hash: Hash, bytes: &[u8]) -> Result<Block, String> {
    let block = Block::decode(bytes).map_err(|error| error.to_string())?;
    let found = block.header.hash();
    if found != hash {
        return Err(format!("the bytes are block {found}, not {hash}"));
    }
    if block.header.height != height {
        return Err(format!("the block is of height {}, not {height}", block.header.height));
    }
    Ok(block)
}

/// The verdict on a block that is refused: others' contents may have been put under its header, and
/// then these bytes say nothing of the block.
///
/// [`ledger::validate`] takes no block with other contents, so that only one that is refused has
/// them hashed a second time.
fn refused(block: &Block, reason: impl core::fmt::Display) -> Validity {
    let Block { header, body } = block;
    let certificate = body.parent_certificate.as_ref();
    if certificate.map_or(Hash::ZERO, CommitCertificate::hash) != header.certificate_hash {
        let reason = "the parent's certificate is not the one that the header names".to_owned();
        return Validity::NotTheBlock { reason };
    }
    if body.transactions_root() != header.transactions_root {
        let reason = "the transactions are not those that the header names".to_owned();
        return Validity::NotTheBlock { reason };
    }
    invalid(reason)
}

/// The roots after a block.
pub(super) const fn roots_of(applied: &Applied) -> Roots {
    Roots {
        state: applied.state_root,
        receipts: applied.receipts_root,
        audit_log: applied.audit_log_root,
    }
}

/// The roots of a state.
pub(super) fn roots_in(state: &State) -> Roots {
    Roots {
        state: state.state_root(),
        receipts: state.receipts_root(),
        audit_log: state.audit_log_root(),
    }
}

fn drift_ms(drift: std::time::Duration) -> u64 {
    u64::try_from(drift.as_millis()).unwrap_or(u64::MAX)
}
