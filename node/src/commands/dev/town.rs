//! The town: citizens with their keys and what they have left, and the next thing one of them does.
//!
//! What a citizen has is counted from below: a payment lowers it when it is made, a charge or an
//! issue raises it only when its receipt is seen. So nothing here is ever refused for lack of money,
//! in whatever order a block takes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use ledger_types::operation::{Charge, Issue, OpenZoneAccount, Pay, Transfer};
use ledger_types::{
    AccountId, BankId, Genesis, Hash, Nonce, Operation, Receipt, SigningKey, Timestamp,
    TransactionId, Unsigned, Yen, ZoneId, codec,
};
use network_clock::Clock;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde::Deserialize;

use super::shape::{Crowd, PAYERS, RECEIVERS, amount};

/// What a citizen moves into the zone at a time.
const CHARGE: u64 = 10_000;
/// What a bank issues to a citizen whose account ran low, as a salary would.
const SALARY: u64 = 30_000;
/// How far an account's nonces run ahead: less than the window of 128.
const AHEAD_MAX: u64 = 100;
/// Of ten payments, so many go to shops.
const TO_SHOPS: u32 = 7;
/// How long a transaction may wait for a block, in milliseconds.
const VALID_MS: u64 = 3_600_000;

/// The part of `actors.json` that is needed here.
#[derive(Debug, Deserialize)]
struct Actors {
    genesis_hash: Hash,
    actors: Vec<Actor>,
}

#[derive(Debug, Deserialize)]
struct Actor {
    role: String,
    account: AccountId,
    bank: Option<BankId>,
    seed: String,
}

/// Someone who sends transactions.
struct Sender {
    account: AccountId,
    key: SigningKey,
    bank: BankId,
    next: u64,
    under_way: BTreeSet<u64>,
}

impl Sender {
    fn can_send(&self) -> bool {
        let lowest = self.under_way.first().copied().unwrap_or(self.next);
        self.next.saturating_sub(lowest) < AHEAD_MAX
    }
}

struct Citizen {
    sender: Sender,
    /// Has a sub-account in the zone.
    in_zone: bool,
    /// Waits for money of its own asking.
    asked: bool,
    account_yen: u64,
    zone_yen: u64,
}

/// What a transaction under way will change here when it is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Paid,
    Charged { citizen: usize, amount: u64 },
    Issued { citizen: usize, amount: u64 },
}

struct UnderWay {
    bytes: Vec<u8>,
    /// When it was last handed to a node.
    sent: Instant,
    /// When it was first handed to a node.
    begun: Instant,
    who: Who,
    nonce: u64,
    effect: Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Citizen(usize),
    Bank(BankId),
}

/// A signed transaction, ready to be handed over.
pub(super) type Bytes = Vec<u8>;

/// What became of everything so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Made.
    pub(super) made: u64,
    /// Committed.
    pub(super) committed: u64,
    /// Of those, payments.
    pub(super) payments: u64,
    /// Rejected.
    pub(super) rejected: u64,
    /// Yen that banks issued.
    pub(super) issued: u64,
}

/// The town.
pub(super) struct Town {
    genesis: Hash,
    clock: Clock,
    zone: ZoneId,
    citizens: Vec<Citizen>,
    banks: BTreeMap<BankId, Sender>,
    shops: Vec<AccountId>,
    payers: Crowd,
    receivers: Crowd,
    busy_shops: Crowd,
    random: StdRng,
    under_way: HashMap<TransactionId, UnderWay>,
    /// All yen there was at genesis.
    genesis_yen: u64,
    /// The next citizen to open a sub-account.
    opening: usize,
    counts: Counts,
}

impl Town {
    /// The town of a local network's folder.
    pub(super) fn read(folder: &Path, seed: u64) -> anyhow::Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).with_context(|| path.display().to_string())
        };
        let genesis: Genesis = serde_json::from_slice(&read("genesis.json")?)?;
        let actors: Actors = serde_json::from_slice(&read("actors.json")?)?;
        let balances: BTreeMap<AccountId, u64> =
            genesis.accounts.iter().map(|a| (a.account, a.balance.get())).collect();
        let zone = genesis.zones.first().context("the genesis document has no zone")?.zone;
        let mut citizens = Vec::new();
        let mut banks = BTreeMap::new();
        let mut shops = Vec::new();
        for actor in actors.actors {
            match actor.role.as_str() {
                "citizen" => {
                    let sender = Sender::of(&actor)?;
                    let account_yen = balances.get(&sender.account).copied().unwrap_or(0);
                    let (in_zone, asked, zone_yen) = (false, false, 0);
                    citizens.push(Citizen { sender, in_zone, asked, account_yen, zone_yen });
                }
                "bank" => {
                    let sender = Sender::of(&actor)?;
                    banks.insert(sender.bank, sender);
                }
                "merchant" => shops.push(actor.account),
                _ => {}
            }
        }
        Ok(Self {
            genesis: actors.genesis_hash,
            clock: Clock::of(&genesis),
            zone,
            payers: Crowd::new(citizens.len(), &PAYERS),
            receivers: Crowd::new(citizens.len(), &RECEIVERS),
            busy_shops: Crowd::new(shops.len(), &RECEIVERS),
            citizens,
            banks,
            shops,
            random: StdRng::seed_from_u64(seed),
            under_way: HashMap::new(),
            genesis_yen: balances.values().sum(),
            opening: 0,
            counts: Counts::default(),
        })
    }

    /// The network's time: wallets stamp their transactions with it.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What became of everything so far.
    pub(super) const fn counts(&self) -> Counts {
        self.counts
    }

    /// All yen there was at genesis.
    pub(super) const fn genesis_yen(&self) -> u64 {
        self.genesis_yen
    }

    /// How many transactions wait for their receipts.
    pub(super) fn waiting(&self) -> usize {
        self.under_way.len()
    }

    /// Whether every citizen has asked for a sub-account in the zone.
    pub(super) fn is_open(&self) -> bool {
        self.opening >= self.citizens.len()
    }

    /// The next citizen opens a sub-account and puts money in it.
    pub(super) fn open_next(&mut self, now: Timestamp) -> Option<Bytes> {
        let citizen = self.opening;
        let zone = self.zone;
        let amount = CHARGE.min(self.citizens.get(citizen)?.account_yen);
        let open = Operation::OpenZoneAccount(OpenZoneAccount { zone });
        let charge = Operation::Charge(Charge { zone, amount: Yen::new(amount) });
        self.opening += 1;
        self.citizens.get_mut(citizen)?.account_yen -= amount;
        let effect = Effect::Charged { citizen, amount };
        self.send(Who::Citizen(citizen), vec![open, charge], effect, now)
    }

    /// The next thing that happens in town: mostly a payment. `None` where nobody can act now.
    pub(super) fn next(&mut self, now: Timestamp) -> Option<Bytes> {
        (0..8).find_map(|_| self.try_next(now))
    }

    fn try_next(&mut self, now: Timestamp) -> Option<Bytes> {
        let index = self.payers.choose(&mut self.random)?;
        let amount = amount(&mut self.random);
        let to_shop = self.random.gen_range(0..10_u32) < TO_SHOPS;
        let citizen = self.citizens.get(index)?;
        if !citizen.sender.can_send() || !citizen.in_zone {
            return None;
        }
        let (zone_yen, account_yen) = (citizen.zone_yen, citizen.account_yen);
        if to_shop && zone_yen >= amount {
            return self.pay(index, amount, now);
        }
        if !to_shop && account_yen >= amount {
            return self.transfer(index, amount, now);
        }
        if citizen.asked {
            return None;
        }
        if account_yen >= CHARGE.max(amount) {
            self.charge(index, now)
        } else {
            self.issue(index, now)
        }
    }

    fn pay(&mut self, index: usize, amount: u64, now: Timestamp) -> Option<Bytes> {
        let merchant = *self.shops.get(self.busy_shops.choose(&mut self.random)?)?;
        self.citizens.get_mut(index)?.zone_yen -= amount;
        let (zone, amount) = (self.zone, Yen::new(amount));
        let pay = Operation::Pay(Pay { zone, merchant, amount, reference: None });
        self.send(Who::Citizen(index), vec![pay], Effect::Paid, now)
    }

    fn transfer(&mut self, index: usize, amount: u64, now: Timestamp) -> Option<Bytes> {
        // Busy receivers are others than busy payers: they are counted from the other end.
        let chosen = self.receivers.choose(&mut self.random)?;
        let receiver = self.citizens.len().checked_sub(chosen + 1).filter(|r| *r != index)?;
        let to = self.citizens.get(receiver)?.sender.account;
        self.citizens.get_mut(index)?.account_yen -= amount;
        let amount = Yen::new(amount);
        let transfer = Operation::Transfer(Transfer { to, amount, reference: None });
        self.send(Who::Citizen(index), vec![transfer], Effect::Paid, now)
    }

    fn charge(&mut self, index: usize, now: Timestamp) -> Option<Bytes> {
        let citizen = self.citizens.get_mut(index)?;
        citizen.account_yen -= CHARGE;
        citizen.asked = true;
        let (zone, amount) = (self.zone, Yen::new(CHARGE));
        let effect = Effect::Charged { citizen: index, amount: CHARGE };
        self.send(
            Who::Citizen(index),
            vec![Operation::Charge(Charge { zone, amount })],
            effect,
            now,
        )
    }

    fn issue(&mut self, index: usize, now: Timestamp) -> Option<Bytes> {
        let citizen = self.citizens.get_mut(index)?;
        let (account, bank) = (citizen.sender.account, citizen.sender.bank);
        let sender = self.banks.get(&bank)?;
        if !sender.can_send() {
            return None;
        }
        citizen.asked = true;
        let core_banking_ref =
            Hash::of(&[b"kyojo/dev-salary", &bank.get().to_be_bytes(), &sender.next.to_be_bytes()]);
        let issue = Issue { account, amount: Yen::new(SALARY), core_banking_ref };
        let effect = Effect::Issued { citizen: index, amount: SALARY };
        self.send(Who::Bank(bank), vec![Operation::Issue(issue)], effect, now)
    }

    fn send(
        &mut self,
        who: Who,
        operations: Vec<Operation>,
        effect: Effect,
        now: Timestamp,
    ) -> Option<Bytes> {
        let genesis = self.genesis;
        let sender = self.sender(who)?;
        let nonce = sender.next;
        sender.next += 1;
        sender.under_way.insert(nonce);
        let unsigned = Unsigned {
            network: genesis.network(),
            account: sender.account,
            nonce: Nonce::new(nonce),
            valid_until: now.checked_add_millis(VALID_MS)?,
            purpose: 0,
            operations,
        };
        let id = unsigned.id(&genesis);
        let bytes = codec::encode(&unsigned.sign(&genesis, &[&sender.key]));
        let at = Instant::now();
        let entry = UnderWay { bytes: bytes.clone(), sent: at, begun: at, who, nonce, effect };
        self.under_way.insert(id, entry);
        self.counts.made += 1;
        Some(bytes)
    }

    fn sender(&mut self, who: Who) -> Option<&mut Sender> {
        match who {
            Who::Citizen(index) => self.citizens.get_mut(index).map(|citizen| &mut citizen.sender),
            Who::Bank(bank) => self.banks.get_mut(&bank),
        }
    }

    /// Transactions that were last handed over before `before`: to be handed over again.
    pub(super) fn overdue(&mut self, before: Instant, most: usize) -> Vec<Bytes> {
        let mut late: Vec<&mut UnderWay> =
            self.under_way.values_mut().filter(|entry| entry.sent < before).collect();
        late.sort_by_key(|entry| entry.begun);
        late.truncate(most);
        let now = Instant::now();
        late.into_iter()
            .map(|entry| {
                entry.sent = now;
                entry.bytes.clone()
            })
            .collect()
    }

    /// A receipt was seen. Answers how long its transaction took, where it is one of ours.
    pub(super) fn settle(&mut self, receipt: &Receipt) -> Option<std::time::Duration> {
        let entry = self.under_way.remove(&receipt.transaction)?;
        self.sender(entry.who)?.under_way.remove(&entry.nonce);
        if receipt.is_committed() {
            self.counts.committed += 1;
            self.take_effect(entry.effect);
        } else {
            self.counts.rejected += 1;
        }
        Some(entry.begun.elapsed())
    }

    fn take_effect(&mut self, effect: Effect) {
        match effect {
            Effect::Paid => self.counts.payments += 1,
            Effect::Charged { citizen, amount } => {
                if let Some(citizen) = self.citizens.get_mut(citizen) {
                    citizen.zone_yen += amount;
                    citizen.in_zone = true;
                    citizen.asked = false;
                }
            }
            Effect::Issued { citizen, amount } => {
                self.counts.issued += amount;
                if let Some(citizen) = self.citizens.get_mut(citizen) {
                    citizen.account_yen += amount;
                    citizen.asked = false;
                }
            }
        }
    }
}

impl Sender {
    fn of(actor: &Actor) -> anyhow::Result<Self> {
        let mut seed = [0; 32];
        hex::decode_to_slice(&actor.seed, &mut seed).context("a seed in actors.json")?;
        Ok(Self {
            account: actor.account,
            key: SigningKey::from_seed(&seed),
            bank: actor.bank.context("an actor without a bank")?,
            next: 0,
            under_way: BTreeSet::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger_types::genesis::{GenesisAccount, GenesisZone, Parameters};
    use ledger_types::operation::{AccountKind, KycLevel};
    use ledger_types::{AddressPrefix, Height, Outcome, Transaction};

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const BANK: BankId = BankId::new(9001);

    fn account(number: u8) -> AccountId {
        AccountId::new([number; 20])
    }

    /// A bank (0), a shop (1) and citizens (2 to 4) with 20,000 yen each.
    fn town(seed: u64) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let citizen = |number| GenesisAccount {
            account: account(number),
            custodian: BANK,
            holder_commitment: Hash::ZERO,
            kind: AccountKind::Citizen,
            kyc_level: KycLevel::K2,
            keys: Vec::new(),
            threshold: 1,
            balance: Yen::new(20_000),
        };
        let genesis = Genesis {
            name: "test".to_owned(),
            address_prefix: AddressPrefix::new("test").unwrap(),
            time: Timestamp::from_millis(0),
            parameters: Parameters { drift_ms_max: 1, decision_validity_ms: 1 },
            members: Vec::new(),
            validators: Vec::new(),
            banks: Vec::new(),
            accounts: (2..5).map(citizen).collect(),
            zones: vec![GenesisZone {
                zone: ZoneId::new(1),
                name: "zone".to_owned(),
                operator: account(0),
            }],
            merchants: Vec::new(),
            parties: Vec::new(),
            accounts_file: None,
            lab: None,
        };
        let actor = |(number, role): (u8, &str)| {
            let seed = hex::encode([number; 32]);
            serde_json::json!({ "role": role, "account": account(number), "bank": BANK, "seed": seed })
        };
        let roles = [(0, "bank"), (1, "merchant"), (2, "citizen"), (3, "citizen"), (4, "citizen")];
        let actors: Vec<_> = roles.into_iter().map(actor).collect();
        let actors = serde_json::json!({ "genesis_hash": genesis.hash(), "actors": actors });
        std::fs::write(folder.path().join("actors.json"), actors.to_string()).unwrap();
        let genesis = serde_json::to_string(&genesis).unwrap();
        std::fs::write(folder.path().join("genesis.json"), genesis).unwrap();
        Town::read(folder.path(), seed).unwrap()
    }

    fn commit(town: &mut Town, bytes: &[u8]) -> Transaction {
        let transaction = Transaction::decode(bytes).unwrap();
        let receipt = Receipt {
            transaction: transaction.id(&town.genesis),
            height: Height::new(1),
            index: 0,
            outcome: Outcome::Committed,
        };
        assert!(town.settle(&receipt).is_some());
        assert!(town.settle(&receipt).is_none(), "a receipt counts once");
        transaction
    }

    fn opened(seed: u64) -> Town {
        let mut town = town(seed);
        while let Some(bytes) = town.open_next(NOW) {
            commit(&mut town, &bytes);
        }
        assert!(town.is_open());
        town
    }

    #[test]
    fn everything_is_signed_by_its_account_and_used_once() {
        let mut town = opened(1);
        let mut nonces = BTreeSet::new();
        for _ in 0..500 {
            let bytes = town.next(NOW).unwrap();
            let transaction = commit(&mut town, &bytes);
            transaction.verify(&town.genesis).unwrap();
            let unsigned = &transaction.unsigned;
            assert_eq!(unsigned.network, town.genesis.network());
            assert!(nonces.insert((unsigned.account, unsigned.nonce)));
        }
        assert_eq!(town.waiting(), 0);
        assert_eq!(town.counts().committed, 503);
    }

    #[test]
    fn nobody_spends_more_than_they_have() {
        let mut town = opened(2);
        let mut accounts = BTreeMap::from([2, 3, 4].map(|number| (account(number), 10_000_u64)));
        let mut zone = accounts.clone();
        let taken = |sums: &mut BTreeMap<AccountId, u64>, of: AccountId, amount: Yen| {
            let left = sums.get(&of).unwrap().checked_sub(amount.get());
            sums.insert(of, left.expect("never more than there is"));
        };
        for _ in 0..2_000 {
            let bytes = town.next(NOW).unwrap();
            let sender = commit(&mut town, &bytes).unsigned;
            match sender.operations.first().unwrap() {
                Operation::Pay(pay) => taken(&mut zone, sender.account, pay.amount),
                Operation::Transfer(pay) => {
                    assert_ne!(pay.to, sender.account);
                    taken(&mut accounts, sender.account, pay.amount);
                }
                Operation::Charge(charge) => {
                    taken(&mut accounts, sender.account, charge.amount);
                    *zone.get_mut(&sender.account).unwrap() += charge.amount.get();
                }
                Operation::Issue(issue) => {
                    *accounts.get_mut(&issue.account).unwrap() += issue.amount.get();
                }
                other => panic!("unexpected {other:?}"),
            }
        }
        assert!(town.counts().issued > 0, "the town ran low at times");
    }

    #[test]
    fn without_receipts_nobody_runs_past_the_nonce_window() {
        let mut town = opened(3);
        let mut highest: BTreeMap<AccountId, u64> = BTreeMap::new();
        while let Some(bytes) = town.next(NOW) {
            let unsigned = Transaction::decode(&bytes).unwrap().unsigned;
            highest.insert(unsigned.account, unsigned.nonce.get());
            assert!(town.waiting() < 1_000);
        }
        assert!(highest.values().all(|nonce| *nonce <= AHEAD_MAX), "{highest:?}");
    }

    #[test]
    fn a_seed_gives_the_same_payments() {
        let made = |seed| {
            let mut town = opened(seed);
            let mut operations = Vec::new();
            for _ in 0..50 {
                let bytes = town.next(NOW).unwrap();
                operations.push(commit(&mut town, &bytes).unsigned.operations);
            }
            operations
        };
        assert_eq!(made(5), made(5));
        assert_ne!(made(5), made(6));
    }

    #[test]
    fn what_has_no_receipt_in_time_is_handed_over_again_with_the_same_bytes() {
        let mut town = opened(4);
        let bytes = town.next(NOW).unwrap();
        assert_eq!(town.overdue(Instant::now(), 10), core::slice::from_ref(&bytes));
        let before = Instant::now().checked_sub(std::time::Duration::from_secs(5)).unwrap();
        assert_eq!(town.overdue(before, 10), Vec::<Bytes>::new());
        commit(&mut town, &bytes);
        assert_eq!(town.overdue(Instant::now(), 10), Vec::<Bytes>::new());
    }
}
