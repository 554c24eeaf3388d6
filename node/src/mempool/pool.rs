//! The pool itself: verified transactions, bounded in every direction, kept in order of turn.
//!
//! Holds no lock and asks no state, so that each rule can be tested alone. One (account, nonce) is
//! there once: the first stays. Withdrawals of consent have lanes of their own, outside the quotas
//! of payments and ahead of them in a block (protocol rule 5), with a bound of their own.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;

use ledger::{Full, Purse, Refusal, Room};
use ledger_types::limits::{BLOCK_SIGNATURES_MAX, BLOCK_TRANSACTIONS_BYTES_MAX};
use ledger_types::weight::Weight;
use ledger_types::{AccountId, Enveloped, Inadmissible, Nonce, Timestamp, TransactionId};

use super::Source;
use super::error::{Quota, SubmitError};
use super::lanes::{LANE_BYTES, Lanes};
use super::limits::{ACCOUNT_TRANSACTIONS_MAX, Limits, WITHDRAWALS_FIRST_DIVISOR};
use super::recent::Recent;

/// Whether a transaction stands under the quotas of payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// It does.
    Ordinary,
    /// It is a data subject's withdrawal of consent.
    Withdrawal,
}

/// A transaction in the pool.
#[derive(Debug)]
pub(super) struct Pooled {
    pub(super) transaction: Enveloped,
    pub(super) id: TransactionId,
    pub(super) source: Source,
    pub(super) lane: Lane,
    /// Whose allowance it takes from, which of them, and how much.
    pub(super) payer: AccountId,
    pub(super) purse: Purse,
    pub(super) takes: u64,
}

/// What the pool itself keeps of a transaction, estimated from above: its place in the map by
/// identity and in the heap of ends, both up to twice as large as what they hold, and a lane of its
/// own with an entry in the order of turns.
const INDEX_BYTES: usize = 2 * (size_of::<TransactionId>() + size_of::<Arc<Pooled>>() + 1)
    + 2 * size_of::<(Timestamp, TransactionId)>()
    + 2 * size_of::<(AccountId, u64)>()
    + LANE_BYTES;

impl Pooled {
    /// How much memory it takes, with what the pool keeps of it.
    pub(super) fn memory_bytes(transaction: &Enveloped) -> usize {
        transaction.memory_bytes() + size_of::<Self>() + INDEX_BYTES
    }

    pub(super) fn account(&self) -> AccountId {
        self.transaction.unsigned.account
    }

    pub(super) fn nonce(&self) -> Nonce {
        self.transaction.unsigned.nonce
    }
}

/// What the pool says of a transaction before anyone verifies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It waits, or a recent block holds it: there is nothing to do.
    Already,
    /// It is new.
    New,
}

/// How many that wait for an allowance or for their class are passed over to fill a block.
const SKIPPED_MAX: usize = 8_192;

/// What transactions take of a block's room.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    bytes: usize,
    signatures: usize,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pool {
    limits: Limits,
    by_id: HashMap<TransactionId, Arc<Pooled>>,
    ordinary: Lanes,
    withdrawals: Lanes,
    /// Everything pooled by its end, earliest first, and some that left: swept when they prevail.
    ends: BinaryHeap<Reverse<(Timestamp, TransactionId)>>,
    bytes: usize,
    /// What of a block's room everything pooled would take.
    taken: Taken,
    by_source: BTreeMap<Source, usize>,
    /// What everything pooled takes from each payer.
    by_payer: HashMap<(AccountId, Purse), u64>,
    pooled_withdrawals: usize,
    committed: Recent,
}

impl Pool {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            by_id: HashMap::new(),
            ordinary: Lanes::default(),
            withdrawals: Lanes::default(),
            ends: BinaryHeap::new(),
            bytes: 0,
            taken: Taken::default(),
            by_source: BTreeMap::new(),
            by_payer: HashMap::new(),
            pooled_withdrawals: 0,
            committed: Recent::new(limits.remembered),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a block's worth waits.
    pub(super) const fn fills_block(&self) -> bool {
        self.taken.bytes >= BLOCK_TRANSACTIONS_BYTES_MAX
            || self.taken.signatures >= BLOCK_SIGNATURES_MAX
    }

    pub(super) fn get(&self, id: &TransactionId) -> Option<&Arc<Pooled>> {
        self.by_id.get(id)
    }

    /// What everything pooled takes from one of a payer's allowances.
    pub(super) fn pending_of(&self, payer: AccountId, purse: Purse) -> u64 {
        self.by_payer.get(&(payer, purse)).copied().unwrap_or(0)
    }

    /// Whether a recent block holds the transaction.
    pub(super) fn is_committed(&self, id: &TransactionId) -> bool {
        self.committed.contains(&id.get())
    }

    /// Whether there is room and no conflict for a transaction.
    pub(super) fn check(
        &self,
        id: &TransactionId,
        transaction: &Enveloped,
        source: Source,
        lane: Lane,
    ) -> Result<Known, SubmitError> {
        if self.by_id.contains_key(id) || self.committed.contains(&id.get()) {
            return Ok(Known::Already);
        }
        let (account, nonce) = (&transaction.unsigned.account, transaction.unsigned.nonce);
        if let Some(taken) =
            self.ordinary.get(account, nonce).or_else(|| self.withdrawals.get(account, nonce))
        {
            return Err(SubmitError::NonceTaken { pooled: taken.id });
        }
        match lane {
            Lane::Ordinary => self.check_quotas(transaction, source)?,
            Lane::Withdrawal if self.pooled_withdrawals >= self.limits.withdrawals_max => {
                return Err(SubmitError::PoolFull);
            }
            Lane::Withdrawal => {}
        }
        Ok(Known::New)
    }

    fn check_quotas(&self, transaction: &Enveloped, source: Source) -> Result<(), SubmitError> {
        let of_account = self.ordinary.waiting_of(&transaction.unsigned.account);
        if of_account >= ACCOUNT_TRANSACTIONS_MAX {
            let (quota, most) = (Quota::Account, ACCOUNT_TRANSACTIONS_MAX);
            return Err(SubmitError::QuotaExceeded { quota, pooled: of_account, most });
        }
        let ordinary = self.by_id.len() - self.pooled_withdrawals;
        let bytes = self.bytes.saturating_add(Pooled::memory_bytes(transaction));
        if ordinary >= self.limits.transactions_max || bytes > self.limits.bytes_max {
            return Err(SubmitError::PoolFull);
        }
        let of_source = self.by_source.get(&source).copied().unwrap_or(0);
        if of_source >= self.limits.source_transactions_max {
            let (quota, most) = (Quota::Source, self.limits.source_transactions_max);
            return Err(SubmitError::QuotaExceeded { quota, pooled: of_source, most });
        }
        Ok(())
    }

    /// Adds a verified transaction, where [`Pool::check`] still agrees.
    pub(super) fn insert(&mut self, pooled: Pooled) -> Result<Known, SubmitError> {
        let Pooled { ref transaction, ref id, source, lane, payer, purse, takes } = pooled;
        if self.check(id, transaction, source, lane)? == Known::Already {
            return Ok(Known::Already);
        }
        let id = *id;
        self.taken.bytes += transaction.length();
        self.taken.signatures += transaction.signatures();
        if takes > 0 {
            *self.by_payer.entry((payer, purse)).or_default() += takes;
        }
        self.ends.push(Reverse((transaction.unsigned.valid_until, id)));
        match lane {
            Lane::Ordinary => {
                self.bytes += Pooled::memory_bytes(transaction);
                *self.by_source.entry(source).or_default() += 1;
            }
            Lane::Withdrawal => self.pooled_withdrawals += 1,
        }
        let pooled = Arc::new(pooled);
        self.by_id.insert(id, Arc::clone(&pooled));
        self.lanes_mut(lane).insert(pooled);
        Ok(Known::New)
    }

    /// What the next block takes: withdrawals up to their share, then by turn until it is full; and
    /// what the block may not hold, with the reasons.
    ///
    /// `take` takes each in turn into the block, or says why it does not.
    pub(super) fn select(
        &self,
        mut take: impl FnMut(&Enveloped) -> Result<(), Refusal>,
    ) -> (Vec<Enveloped>, Vec<(TransactionId, Inadmissible)>) {
        let mut share = Room::share_of_block(WITHDRAWALS_FIRST_DIVISOR);
        let mut skipped = 0;
        let mut withdrawals = self.withdrawals.round_robin().peekable();
        let first = std::iter::from_fn(|| {
            withdrawals.next_if(|next| share.take(&next.transaction, Weight::NONE).is_ok())
        });
        let first: Vec<&Arc<Pooled>> = first.collect();
        let rest = self.ordinary.round_robin().chain(withdrawals);
        let (mut selected, mut refused) = (Vec::new(), Vec::new());
        for next in first.into_iter().chain(rest) {
            match take(&next.transaction) {
                Ok(()) => selected.push(next.transaction.clone()),
                Err(Refusal::Inadmissible(reason)) => refused.push((next.id, reason)),
                // Another payer's, or a payment, may still fit.
                Err(Refusal::Full(Full::Allowance | Full::OtherUnits)) if skipped < SKIPPED_MAX => {
                    skipped += 1;
                }
                Err(Refusal::Full(_)) => break,
            }
        }
        (selected, refused)
    }

    /// Takes out what a block included, and whatever shares its account and nonce.
    ///
    /// Returns what left the pool, so that the caller can free it without holding the pool.
    pub(super) fn included<'a>(
        &mut self,
        ids: impl Iterator<Item = TransactionId>,
        transactions: impl Iterator<Item = &'a Enveloped>,
    ) -> Vec<Arc<Pooled>> {
        for id in ids {
            self.committed.insert(id.get());
        }
        let mut left = Vec::new();
        for transaction in transactions {
            let (account, nonce) = (&transaction.unsigned.account, transaction.unsigned.nonce);
            for lane in [Lane::Ordinary, Lane::Withdrawal] {
                let lanes = self.lanes_mut(lane);
                if let Some(pooled) = lanes.remove(account, nonce) {
                    lanes.served(account);
                    self.forget(&pooled);
                    left.push(pooled);
                }
            }
        }
        left
    }

    /// Takes out what ended at or before `time`: no later block may hold it.
    pub(super) fn expire(&mut self, time: Timestamp) -> Vec<Arc<Pooled>> {
        let mut left = Vec::new();
        while let Some(Reverse((end, id))) = self.ends.peek().copied() {
            if end > time {
                break;
            }
            self.ends.pop();
            left.extend(self.remove(&id));
        }
        if self.ends.len() > 2 * self.by_id.len() + 1024 {
            let by_id = &self.by_id;
            self.ends.retain(|Reverse((_, id))| by_id.contains_key(id));
        }
        left
    }

    /// Takes one transaction out.
    pub(super) fn remove(&mut self, id: &TransactionId) -> Option<Arc<Pooled>> {
        let pooled = Arc::clone(self.by_id.get(id)?);
        self.lanes_mut(pooled.lane).remove(&pooled.account(), pooled.nonce());
        self.forget(&pooled);
        Some(pooled)
    }

    /// Everything that waits, withdrawals first, otherwise by turn.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Arc<Pooled>> {
        self.withdrawals.round_robin().chain(self.ordinary.round_robin())
    }

    fn forget(&mut self, pooled: &Pooled) {
        self.by_id.remove(&pooled.id);
        self.taken.bytes -= pooled.transaction.length();
        self.taken.signatures -= pooled.transaction.signatures();
        if let Entry::Occupied(mut pending) = self.by_payer.entry((pooled.payer, pooled.purse)) {
            *pending.get_mut() -= pooled.takes;
            if *pending.get() == 0 {
                pending.remove();
            }
        }
        match pooled.lane {
            Lane::Ordinary => {
                self.bytes -= Pooled::memory_bytes(&pooled.transaction);
                if let Some(count) = self.by_source.get_mut(&pooled.source) {
                    *count -= 1;
                }
            }
            Lane::Withdrawal => self.pooled_withdrawals -= 1,
        }
    }

    const fn lanes_mut(&mut self, lane: Lane) -> &mut Lanes {
        match lane {
            Lane::Ordinary => &mut self.ordinary,
            Lane::Withdrawal => &mut self.withdrawals,
        }
    }
}

#[cfg(test)]
#[path = "pool_tests.rs"]
mod tests;
