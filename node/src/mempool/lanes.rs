//! Waiting transactions by account, with the accounts in the order in which their turn comes.
//!
//! An account takes its place at the end when its first transaction arrives, and again whenever a
//! block included something of it: nobody gets ahead by sending more.

use std::collections::{BTreeMap, HashMap, btree_map};
use std::sync::Arc;

use ledger_types::{AccountId, Nonce};

use super::pool::Pooled;

/// One account's waiting transactions, in nonce order, never none.
#[derive(Debug)]
struct AccountLane {
    turn: u64,
    waiting: Vec<Arc<Pooled>>,
}

/// The most that an account with one transaction takes here: its lane, at twice its size because the
/// map is up to half empty, the first places of its list, and its turn.
pub(super) const LANE_BYTES: usize = 2 * size_of::<(AccountId, AccountLane)>()
    + size_of::<Arc<Pooled>>()
    + size_of::<(u64, AccountId)>();

impl AccountLane {
    fn position(&self, nonce: Nonce) -> Result<usize, usize> {
        self.waiting.binary_search_by_key(&nonce, |pooled| pooled.nonce())
    }
}

/// Accounts with waiting transactions.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: HashMap<AccountId, AccountLane>,
    order: BTreeMap<u64, AccountId>,
    next_turn: u64,
}

impl Lanes {
    /// The transaction of this account and nonce.
    pub(super) fn get(&self, account: &AccountId, nonce: Nonce) -> Option<&Arc<Pooled>> {
        let lane = self.lanes.get(account)?;
        lane.waiting.get(lane.position(nonce).ok()?)
    }

    /// How many transactions of the account wait.
    pub(super) fn waiting_of(&self, account: &AccountId) -> usize {
        self.lanes.get(account).map_or(0, |lane| lane.waiting.len())
    }

    /// Adds a transaction whose account and nonce do not wait yet.
    pub(super) fn insert(&mut self, pooled: Arc<Pooled>) {
        let account = pooled.account();
        let next_turn = &mut self.next_turn;
        let order = &mut self.order;
        let lane = self.lanes.entry(account).or_insert_with(|| {
            let turn = *next_turn;
            *next_turn += 1;
            order.insert(turn, account);
            AccountLane { turn, waiting: Vec::with_capacity(1) }
        });
        match lane.position(pooled.nonce()) {
            Ok(_) => debug_assert!(false, "the caller looked whether the nonce waits"),
            Err(place) => lane.waiting.insert(place, pooled),
        }
    }

    /// Takes a transaction out.
    pub(super) fn remove(&mut self, account: &AccountId, nonce: Nonce) -> Option<Arc<Pooled>> {
        let lane = self.lanes.get_mut(account)?;
        let removed = lane.waiting.remove(lane.position(nonce).ok()?);
        if lane.waiting.is_empty() {
            self.order.remove(&lane.turn);
            self.lanes.remove(account);
        }
        Some(removed)
    }

    /// Puts an account of which a block included something behind all others.
    pub(super) fn served(&mut self, account: &AccountId) {
        let Some(lane) = self.lanes.get_mut(account) else { return };
        self.order.remove(&lane.turn);
        lane.turn = self.next_turn;
        self.next_turn += 1;
        self.order.insert(lane.turn, *account);
    }

    /// The lowest nonce of each account in turn, then the second of each, and so on.
    pub(super) fn round_robin(&self) -> RoundRobin<'_> {
        RoundRobin {
            lanes: &self.lanes,
            first: self.order.values(),
            deeper: Vec::new(),
            depth: 1,
            place: 0,
        }
    }
}

/// See [`Lanes::round_robin`]. Costs what is taken from it, not what waits.
pub(super) struct RoundRobin<'a> {
    lanes: &'a HashMap<AccountId, AccountLane>,
    first: btree_map::Values<'a, u64, AccountId>,
    /// Lanes with more than `depth` transactions, in order of turn.
    deeper: Vec<&'a AccountLane>,
    depth: usize,
    place: usize,
}

impl<'a> Iterator for RoundRobin<'a> {
    type Item = &'a Arc<Pooled>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(account) = self.first.next() {
            let lane = self.lanes.get(account)?;
            if lane.waiting.len() > 1 {
                self.deeper.push(lane);
            }
            return lane.waiting.first();
        }
        if self.place == self.deeper.len() && self.place > 0 {
            self.depth += 1;
            self.place = 0;
            let depth = self.depth;
            self.deeper.retain(|lane| lane.waiting.len() > depth);
        }
        let lane = self.deeper.get(self.place)?;
        self.place += 1;
        lane.waiting.get(self.depth)
    }
}
