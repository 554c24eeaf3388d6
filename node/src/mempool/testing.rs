//! A small network for tests: one bank, its citizens with their keys, and payments among them.

use std::sync::{Arc, RwLock};

use bytes::Bytes;
use ledger::State;
use ledger_types::allowance::Allowances;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisMember, GenesisParty, GenesisValidator, MemberRole,
    Parameters,
};
use ledger_types::operation::{AccountKind, KycLevel, Transfer, WeightedKey};
use ledger_types::{
    AccountId, AddressPrefix, BankId, Genesis, Hash, MemberId, Nonce, Operation, PartyId,
    PartyRoles, Regime, SigningKey, Timestamp, Unsigned, Yen, codec,
};
use network_clock::Clock;

use super::{Limits, Mempool, Outlet};

/// The network, and what its citizens need to sign.
pub(crate) struct World {
    pub(crate) genesis: Genesis,
    pub(crate) genesis_hash: Hash,
    pub(crate) validators: Vec<SigningKey>,
    citizens: Vec<(AccountId, SigningKey)>,
}

/// A party's key: its seed.
const PARTY_SEED: [u8; 32] = [0x51; 32];

/// A key made from a number.
fn key(kind: u8, number: usize) -> SigningKey {
    SigningKey::from_seed(Hash::of(&[&[kind], &number.to_le_bytes()]).as_bytes())
}

fn sole(key: &SigningKey) -> Vec<WeightedKey> {
    vec![WeightedKey::plain(key.public_key(), 1)]
}

/// Milliseconds since the epoch.
pub(crate) fn now() -> u64 {
    Clock::real().now().as_millis()
}

/// A network of four validators and this many citizens, with allowances that nobody uses up.
pub(crate) fn world(citizens: usize) -> World {
    world_with(citizens, Allowances::INITIAL.times(1_000))
}

/// The same with these allowances.
pub(crate) fn world_with(citizens: usize, allowances: Allowances) -> World {
    let bank = BankId::new(1);
    let own = AccountId::opened_by(bank, &Hash::of(&[b"bank"]));
    let citizens: Vec<(AccountId, SigningKey)> = (0..citizens)
        .map(|n| (AccountId::opened_by(bank, &Hash::of(&[&n.to_le_bytes()])), key(1, n)))
        .collect();
    let validators: Vec<SigningKey> = (0..4).map(|n| key(2, n)).collect();
    let genesis = Genesis {
        name: "test".to_owned(),
        address_prefix: AddressPrefix::new("kyt").unwrap(),
        time: Timestamp::from_millis(now() - 60_000),
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: 60_000,
            retention: ledger_types::genesis::Retention::USUAL,
            gather_ms_max: 100,
            counter_delay_ms: 0,
            counter_acts_per_day: 1000,
            allowances,
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![GenesisMember {
            member: MemberId::new(1),
            name: "bank".to_owned(),
            roles: vec![MemberRole::Bank],
            account: own,
        }],
        validators: validators.iter().map(validator).collect(),
        banks: vec![GenesisBank {
            bank,
            name: "bank".to_owned(),
            account: own,
            keys: sole(&key(3, 0)),
            threshold: 1,
            issue_allowance: Yen::new(1_000_000_000_000),
            net_debit_cap: Yen::new(1_000_000_000),
        }],
        issuers: Vec::new(),
        accounts: citizens.iter().map(|(account, key)| citizen(bank, *account, key)).collect(),
        zones: vec![],
        merchants: vec![],
        parties: vec![GenesisParty {
            party: PartyId::new(1),
            roles: PartyRoles::CONTROLLER,
            regime: Regime::Private,
            corporate_number: None,
            keys: sole(&SigningKey::from_seed(&PARTY_SEED)),
            threshold: 1,
        }],
        directory_keys: Vec::new(),
        accounts_file: None,
        lab: None,
    };
    let genesis_hash = genesis.hash();
    World { genesis, genesis_hash, validators, citizens }
}

fn validator(key: &SigningKey) -> GenesisValidator {
    let derived = |part: u8| {
        let mut seed = network_seed(key);
        seed[31] ^= part;
        SigningKey::from_seed(&seed).public_key()
    };
    GenesisValidator {
        member: MemberId::new(1),
        key: key.public_key(),
        power: 1,
        network_key: derived(0),
        log_key: derived(1),
        cosignature_key: derived(2),
    }
}

/// The seed of a validator's network key.
pub(crate) fn network_seed(validator: &SigningKey) -> [u8; 32] {
    *Hash::of(&[b"network", validator.public_key().as_bytes()]).as_bytes()
}

fn citizen(custodian: BankId, account: AccountId, key: &SigningKey) -> GenesisAccount {
    GenesisAccount {
        account,
        custodian,
        holder_commitment: Hash::of(&[account.as_bytes()]),
        kind: AccountKind::Citizen,
        kyc_level: KycLevel::K2,
        keys: sole(key),
        threshold: 1,
        balance: Yen::new(1_000_000),
    }
}

/// A mempool over the world's state.
pub(crate) fn start(world: &World) -> (Arc<Mempool>, Outlet) {
    Mempool::start(Limits::default(), world.state(), Clock::real()).expect("threads start")
}

impl World {
    pub(crate) fn state(&self) -> Arc<RwLock<State>> {
        let state = State::from_genesis(&self.genesis, []).expect("the genesis is sound");
        Arc::new(RwLock::new(state))
    }

    pub(crate) fn account(&self, citizen: usize) -> AccountId {
        self.citizens[citizen].0
    }

    pub(crate) fn key(&self, citizen: usize) -> &SigningKey {
        &self.citizens[citizen].1
    }

    /// A citizen's signed payment of one yen to the next citizen.
    pub(crate) fn signed(&self, citizen: usize, nonce: u64) -> Bytes {
        self.sign(transfer(self, citizen, nonce), citizen)
    }

    pub(crate) fn sign(&self, unsigned: Unsigned, citizen: usize) -> Bytes {
        let signed = unsigned.sign(&self.genesis_hash, &[self.key(citizen)]);
        Bytes::from(codec::encode(&signed))
    }
}

/// A citizen's payment of one yen to the next citizen, not signed.
pub(crate) fn transfer(world: &World, citizen: usize, nonce: u64) -> Unsigned {
    let to = world.account((citizen + 1) % world.citizens.len());
    Unsigned {
        network: world.genesis_hash.network(),
        account: world.account(citizen),
        nonce: Nonce::new(nonce),
        valid_until: Timestamp::from_millis(now() + 3_600_000),
        purpose: 0,
        operations: vec![Operation::Transfer(Transfer {
            to,
            amount: Yen::new(1),
            reference: None,
        })],
    }
}
