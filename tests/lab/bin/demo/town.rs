//! The town: citizens with their keys and what they have left, and the next thing one of them does.
//!
//! What a citizen has is counted from below: a payment lowers it when it is made, a charge or an
//! issue raises it only when its receipt is seen. So nothing here is ever refused for lack of money,
//! in whatever order a block takes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::Context as _;
use kyojo_genesis::actors::{Actor, ActorRole};
use kyojo_tests::account::{actors, genesis, payer};
use kyojo_tests::engine::End;
use kyojo_tests::load::{Payer, Signed, sign};
use kyojo_tests::shape::{Crowd, PAYERS, RECEIVERS, amount};
use ledger_types::operation::{Charge, Issue, OpenZoneAccount, Pay, Transfer};
use ledger_types::{AccountId, BankId, Hash, Operation, TransactionId, Yen, ZoneId};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// What a citizen moves into the zone at a time.
const CHARGE: u64 = 10_000;
/// What a bank issues to a citizen whose account ran low, as a salary would.
const SALARY: u64 = 30_000;
/// How far an account's nonces run ahead: less than the window of 128.
const AHEAD_MAX: u64 = 100;
/// Of ten payments, so many go to shops.
const TO_SHOPS: u32 = 7;

/// Someone who sends transactions.
struct Sender {
    payer: Payer,
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
    who: Who,
    nonce: u64,
    effect: Effect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Citizen(usize),
    Bank(BankId),
}

/// What became of everything so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Made.
    pub(crate) made: u64,
    /// Committed.
    pub(crate) committed: u64,
    /// Of those, payments.
    pub(crate) payments: u64,
    /// Rejected.
    pub(crate) rejected: u64,
    /// Yen that banks issued.
    pub(crate) issued: u64,
}

/// The town.
pub(crate) struct Town {
    genesis: Hash,
    zone: ZoneId,
    citizens: Vec<Citizen>,
    banks: BTreeMap<BankId, Sender>,
    shops: Vec<AccountId>,
    payers: Crowd,
    receivers: Crowd,
    busy_shops: Crowd,
    random: ChaCha20Rng,
    under_way: HashMap<TransactionId, UnderWay>,
    /// All yen there was at genesis.
    genesis_yen: u64,
    /// The next citizen to open a sub-account.
    opening: usize,
    counts: Counts,
}

impl Town {
    /// The town of a local network's folder.
    pub(crate) fn read(folder: &Path, seed: u64) -> anyhow::Result<Self> {
        let (genesis, actors) = (genesis(folder)?, actors(folder)?);
        let balances: BTreeMap<AccountId, u64> =
            genesis.accounts.iter().map(|a| (a.account, a.balance.get())).collect();
        let zone = genesis.zones.first().context("the genesis document has no zone")?.zone;
        let mut citizens = Vec::new();
        let mut banks = BTreeMap::new();
        let mut shops = Vec::new();
        for actor in actors.actors {
            match actor.role {
                ActorRole::Citizen => {
                    let sender = Sender::of(&actor)?;
                    let account_yen = balances.get(&actor.account).copied().unwrap_or(0);
                    let (in_zone, asked, zone_yen) = (false, false, 0);
                    citizens.push(Citizen { sender, in_zone, asked, account_yen, zone_yen });
                }
                ActorRole::Bank => {
                    let sender = Sender::of(&actor)?;
                    banks.insert(sender.bank, sender);
                }
                ActorRole::Merchant => shops.push(actor.account),
                _ => {}
            }
        }
        Ok(Self {
            genesis: actors.genesis_hash,
            zone,
            payers: Crowd::new(citizens.len(), &PAYERS),
            receivers: Crowd::new(citizens.len(), &RECEIVERS),
            busy_shops: Crowd::new(shops.len(), &RECEIVERS),
            citizens,
            banks,
            shops,
            random: ChaCha20Rng::seed_from_u64(seed),
            under_way: HashMap::new(),
            genesis_yen: balances.values().sum(),
            opening: 0,
            counts: Counts::default(),
        })
    }

    /// What became of everything so far.
    pub(crate) const fn counts(&self) -> Counts {
        self.counts
    }

    /// All yen there was at genesis.
    pub(crate) const fn genesis_yen(&self) -> u64 {
        self.genesis_yen
    }

    /// How many transactions wait for their receipts.
    pub(crate) fn waiting(&self) -> usize {
        self.under_way.len()
    }

    /// Whether every citizen has asked for a sub-account in the zone.
    pub(crate) fn is_open(&self) -> bool {
        self.opening >= self.citizens.len()
    }

    /// The next citizen opens a sub-account and puts money in it.
    pub(crate) fn open_next(&mut self) -> Option<Signed> {
        let citizen = self.opening;
        let zone = self.zone;
        let amount = CHARGE.min(self.citizens.get(citizen)?.account_yen);
        let open = Operation::OpenZoneAccount(OpenZoneAccount { zone });
        let charge = Operation::Charge(Charge { zone, amount: Yen::new(amount) });
        self.opening += 1;
        self.citizens.get_mut(citizen)?.account_yen -= amount;
        let effect = Effect::Charged { citizen, amount };
        self.send(Who::Citizen(citizen), vec![open, charge], effect)
    }

    /// The next thing that happens in town: mostly a payment. `None` where nobody can act now.
    pub(crate) fn next(&mut self) -> Option<Signed> {
        (0..8).find_map(|_| self.try_next())
    }

    fn try_next(&mut self) -> Option<Signed> {
        let index = self.payers.choose(&mut self.random)?;
        let amount = amount(&mut self.random);
        let to_shop = self.random.gen_range(0..10_u32) < TO_SHOPS;
        let citizen = self.citizens.get(index)?;
        if !citizen.sender.can_send() || !citizen.in_zone {
            return None;
        }
        let (zone_yen, account_yen) = (citizen.zone_yen, citizen.account_yen);
        if to_shop && zone_yen >= amount {
            return self.pay(index, amount);
        }
        if !to_shop && account_yen >= amount {
            return self.transfer(index, amount);
        }
        if citizen.asked {
            return None;
        }
        if account_yen >= CHARGE.max(amount) { self.charge(index) } else { self.issue(index) }
    }

    fn pay(&mut self, index: usize, amount: u64) -> Option<Signed> {
        let merchant = *self.shops.get(self.busy_shops.choose(&mut self.random)?)?;
        self.citizens.get_mut(index)?.zone_yen -= amount;
        let (zone, amount) = (self.zone, Yen::new(amount));
        let pay = Operation::Pay(Pay {
            zone,
            merchant,
            amount,
            charge: None,
            vouchers: None,
            reference: None,
            request: None,
            again: true,
        });
        self.send(Who::Citizen(index), vec![pay], Effect::Paid)
    }

    fn transfer(&mut self, index: usize, amount: u64) -> Option<Signed> {
        // Busy receivers are others than busy payers: they are counted from the other end.
        let chosen = self.receivers.choose(&mut self.random)?;
        let receiver = self.citizens.len().checked_sub(chosen + 1).filter(|r| *r != index)?;
        let to = self.citizens.get(receiver)?.sender.payer.account;
        self.citizens.get_mut(index)?.account_yen -= amount;
        let amount = Yen::new(amount);
        let transfer = Operation::Transfer(Transfer { to, amount, reference: None });
        self.send(Who::Citizen(index), vec![transfer], Effect::Paid)
    }

    fn charge(&mut self, index: usize) -> Option<Signed> {
        let citizen = self.citizens.get_mut(index)?;
        citizen.account_yen -= CHARGE;
        citizen.asked = true;
        let (zone, amount) = (self.zone, Yen::new(CHARGE));
        let effect = Effect::Charged { citizen: index, amount: CHARGE };
        self.send(Who::Citizen(index), vec![Operation::Charge(Charge { zone, amount })], effect)
    }

    fn issue(&mut self, index: usize) -> Option<Signed> {
        let citizen = self.citizens.get_mut(index)?;
        let (account, bank) = (citizen.sender.payer.account, citizen.sender.bank);
        let sender = self.banks.get(&bank)?;
        if !sender.can_send() {
            return None;
        }
        citizen.asked = true;
        let core_banking_ref =
            Hash::of(&[b"kyojo/dev-salary", &bank.get().to_be_bytes(), &sender.next.to_be_bytes()]);
        let issue = Issue { account, amount: Yen::new(SALARY), core_banking_ref };
        let effect = Effect::Issued { citizen: index, amount: SALARY };
        self.send(Who::Bank(bank), vec![Operation::Issue(issue)], effect)
    }

    fn send(&mut self, who: Who, operations: Vec<Operation>, effect: Effect) -> Option<Signed> {
        let genesis = self.genesis;
        let sender = self.sender(who)?;
        let nonce = sender.next;
        sender.next += 1;
        sender.under_way.insert(nonce);
        let signed = sign(&genesis, &sender.payer, nonce, operations);
        self.under_way.insert(signed.id, UnderWay { who, nonce, effect });
        self.counts.made += 1;
        Some(signed)
    }

    fn sender(&mut self, who: Who) -> Option<&mut Sender> {
        match who {
            Who::Citizen(index) => self.citizens.get_mut(index).map(|citizen| &mut citizen.sender),
            Who::Bank(bank) => self.banks.get_mut(&bank),
        }
    }

    /// One of its transactions ended; whether it was one.
    pub(crate) fn settle(&mut self, id: &TransactionId, end: End) -> bool {
        let Some(entry) = self.under_way.remove(id) else { return false };
        if let Some(sender) = self.sender(entry.who) {
            sender.under_way.remove(&entry.nonce);
        }
        if end == End::Committed {
            self.counts.committed += 1;
            self.take_effect(entry.effect);
        } else {
            self.counts.rejected += 1;
        }
        true
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
        let bank = actor.bank.context("an actor without a bank")?;
        Ok(Self { payer: payer(actor)?, bank, next: 0, under_way: BTreeSet::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kyojo_genesis::actors::Actors;
    use ledger_types::genesis::{GenesisAccount, GenesisZone, Parameters, Retention};
    use ledger_types::operation::{AccountKind, KycLevel};
    use ledger_types::zone::Publishes;
    use ledger_types::{AddressPrefix, Genesis, Timestamp, Transaction};

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
            parameters: Parameters {
                drift_ms_max: 1,
                decision_validity_ms: 1,
                gather_ms_max: 100,
                retention: Retention::USUAL,
                counter_delay_ms: 0,
                counter_acts_per_day: 1,
                allowances: ledger_types::allowance::Allowances::INITIAL,
                limits: ledger_types::genesis::LevelLimits::USUAL,
                lotteries: ledger_types::genesis::LotteryTimes::USUAL,
            },
            members: Vec::new(),
            validators: Vec::new(),
            banks: Vec::new(),
            issuers: Vec::new(),
            accounts: (2..5).map(citizen).collect(),
            zones: vec![GenesisZone {
                zone: ZoneId::new(1),
                name: "zone".to_owned(),
                operator: account(0),
                areas: vec![],
                publishes: Publishes::MERCHANTS,
            }],
            merchants: Vec::new(),
            parties: Vec::new(),
            directory_keys: Vec::new(),
            accounts_file: None,
            lab: None,
        };
        let actor = |(number, role): (u8, ActorRole)| Actor {
            name: format!("{role:?}-{number}"),
            role,
            address: String::new(),
            account: account(number),
            bank: Some(BANK),
            seed: hex::encode([number; 32]),
            member: None,
            party: None,
        };
        let citizens = [2, 3, 4].map(|number| (number, ActorRole::Citizen));
        let roles = [(0, ActorRole::Bank), (1, ActorRole::Merchant)].into_iter().chain(citizens);
        let actors = Actors {
            notice: String::new(),
            genesis_hash: genesis.hash(),
            address_prefix: "test".to_owned(),
            actors: roles.map(actor).collect(),
        };
        let actors = serde_json::to_string(&actors).unwrap();
        std::fs::write(folder.path().join("actors.json"), actors).unwrap();
        let genesis = serde_json::to_string(&genesis).unwrap();
        std::fs::write(folder.path().join("genesis.json"), genesis).unwrap();
        Town::read(folder.path(), seed).unwrap()
    }

    fn commit(town: &mut Town, signed: &Signed) -> Transaction {
        assert!(town.settle(&signed.id, End::Committed));
        assert!(!town.settle(&signed.id, End::Committed), "a receipt counts once");
        Transaction::decode(&signed.bytes).unwrap()
    }

    fn opened(seed: u64) -> Town {
        let mut town = town(seed);
        while let Some(signed) = town.open_next() {
            commit(&mut town, &signed);
        }
        assert!(town.is_open());
        town
    }

    #[test]
    fn everything_is_signed_by_its_account_and_used_once() {
        let mut town = opened(1);
        let mut nonces = BTreeSet::new();
        for _ in 0..500 {
            let signed = town.next().unwrap();
            let transaction = commit(&mut town, &signed);
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
            let signed = town.next().unwrap();
            let sender = commit(&mut town, &signed).unsigned;
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
        while let Some(signed) = town.next() {
            let unsigned = Transaction::decode(&signed.bytes).unwrap().unsigned;
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
                let signed = town.next().unwrap();
                operations.push(commit(&mut town, &signed).unsigned.operations);
            }
            operations
        };
        assert_eq!(made(5), made(5));
        assert_ne!(made(5), made(6));
    }
}
