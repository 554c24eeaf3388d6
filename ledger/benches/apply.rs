//! What a block of plain transfers costs: admission, validation and application, CPU µs a transfer;
//! and what accounts cost: genesis, and bytes in memory.
//!
//! `cargo bench -p ledger --bench apply [-- accounts …]`; 10,000 and 1,000,000 accounts unless
//! told. Transfers are within one bank, each by another account. Signatures are not checked here.
#![allow(clippy::disallowed_types, reason = "a measurement reads the clock")]

use std::time::Instant;

use ledger::{Admission, State, apply, propose, validate};
use ledger_types::allowance::Allowances;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisMember, GenesisValidator, MemberRole, Parameters,
};
use ledger_types::operation::{AccountKind, KycLevel, Transfer, WeightedKey};
use ledger_types::transaction::Authorisation;
use ledger_types::{
    AccountId, AddressPrefix, BankId, Block, CommitCertificate, Enveloped, Genesis, Hash, MemberId,
    Nonce, Operation, Signature, SigningKey, Timestamp, Transaction, Unsigned, ValidatorAddress,
    Yen, certificate::CommitSignature, codec,
};

const BANK: BankId = BankId::new(1);
const BLOCK_TRANSFERS: u64 = 10_000;
const BLOCKS: u64 = 6;
const SUPPLIES: u64 = 1000;

fn main() {
    let told: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    // Run as a test, without `--bench`, it only shows that it runs.
    let measured = std::env::args().any(|word| word == "--bench");
    let usual = if measured { vec![10_000, 1_000_000] } else { vec![10_000] };
    let sizes = if told.is_empty() { usual } else { told };
    for accounts in sizes {
        measure(accounts);
    }
}

fn account_number(number: u64) -> AccountId {
    AccountId::opened_by(BANK, &Hash::of(&[&number.to_be_bytes()]))
}

fn measure(accounts: u64) {
    let key = SigningKey::from_seed(&[1; 32]);
    let entries = || (0..accounts).map(|number| entry(number, &key));
    let genesis = genesis(&key, file_hash(entries()));
    let started = Instant::now();
    let mut state = State::from_genesis(&genesis, entries()).expect("the genesis is sound");
    let seconds = started.elapsed().as_secs_f64();
    print!("{accounts} accounts: genesis {seconds:.1} s");
    match resident_bytes() {
        Some(bytes) => println!(", {} resident bytes an account", bytes / accounts),
        None => println!(),
    }
    let mut certificate = None;
    for round in 0..BLOCKS {
        let txs = transfers(&state, accounts, round, &key);
        certificate = Some(commit(&mut state, txs, &key, certificate));
    }
    let started = Instant::now();
    state.conservation().expect("the books balance");
    println!("  conservation {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    state.recount().expect("the kept sums are those of the accounts");
    println!("  recount {:.0} ms", started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    for _ in 0..SUPPLIES {
        core::hint::black_box(state.supply()).expect("the supply adds up");
    }
    println!("  supply {:.2} µs", started.elapsed().as_secs_f64() * 1e6 / SUPPLIES as f64);
}

/// The memory that is resident, of which nearly all is the state's; none but on Linux.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

fn commit(
    state: &mut State,
    txs: Vec<Enveloped>,
    key: &SigningKey,
    certificate: Option<CommitCertificate>,
) -> CommitCertificate {
    let count = txs.len();
    let time = state.time().checked_add_millis(1000).expect("in range");
    let each = |started: Instant| started.elapsed().as_secs_f64() * 1e6 / count as f64;
    let started = Instant::now();
    let mut admission = Admission::new(state, time);
    txs.iter().for_each(|tx| admission.take(tx).expect("admissible"));
    let admitting = each(started);
    let proposer = ValidatorAddress::of(&key.public_key());
    let started = Instant::now();
    let block = propose(state, txs, time, proposer, certificate);
    let proposing = each(started);
    let started = Instant::now();
    validate(state, &block).expect("valid");
    let validating = each(started);
    let started = Instant::now();
    let applied = apply(state, &block).expect("applies");
    let applying = each(started);
    assert!(applied.receipts.iter().all(ledger_types::Receipt::is_committed));
    println!(
        "  µs a transfer: admit {admitting:.2} propose {proposing:.2} \
         validate {validating:.2} apply {applying:.2}"
    );
    certify(state, &block, key)
}

fn certify(state: &State, block: &Block, key: &SigningKey) -> CommitCertificate {
    let mut certificate = CommitCertificate {
        height: block.header.height,
        round: ledger_types::Round::new(0),
        block: block.header.hash(),
        signatures: Vec::new(),
    };
    let validator = ValidatorAddress::of(&key.public_key());
    let vote = certificate.precommit(validator).signed_bytes(&state.genesis_hash());
    certificate.signatures.push(CommitSignature { validator, signature: key.sign(&vote) });
    certificate
}

/// Transfers from accounts spread over all of them to as many others.
fn transfers(state: &State, accounts: u64, round: u64, key: &SigningKey) -> Vec<Enveloped> {
    let stride = (accounts / BLOCK_TRANSFERS).max(1);
    let sender = |index: u64| (index * stride + round) % accounts;
    (0..BLOCK_TRANSFERS)
        .map(|index| {
            let from = sender(index);
            let to = (from * 7 + 13 + round) % accounts;
            let to = if to == from { (to + 1) % accounts } else { to };
            transfer(state, from, to, round, key).into()
        })
        .collect()
}

fn transfer(state: &State, from: u64, to: u64, round: u64, key: &SigningKey) -> Transaction {
    let to = account_number(to);
    let amount = Yen::new(1);
    Transaction {
        unsigned: Unsigned {
            network: state.network(),
            account: account_number(from),
            nonce: Nonce::new(round),
            valid_until: Timestamp::from_millis(60_000),
            purpose: 0,
            operations: vec![Operation::Transfer(Transfer { to, amount, reference: None })],
        },
        authorisations: vec![Authorisation {
            key: key.public_key(),
            signature: Signature::Ed25519([7; 64]),
        }],
    }
}

fn entry(number: u64, key: &SigningKey) -> GenesisAccount {
    GenesisAccount {
        account: account_number(number),
        custodian: BANK,
        holder_commitment: Hash::of(&[&number.to_be_bytes()]),
        kind: AccountKind::Citizen,
        kyc_level: KycLevel::K2,
        keys: vec![WeightedKey::plain(key.public_key(), 1)],
        threshold: 1,
        balance: Yen::new(1_000_000),
    }
}

fn file_hash(entries: impl Iterator<Item = GenesisAccount>) -> Hash {
    let bytes: Vec<u8> = entries.flat_map(|entry| codec::encode(&entry)).collect();
    Hash::of(&[&bytes])
}

fn genesis(key: &SigningKey, accounts_file: Hash) -> Genesis {
    let own = AccountId::new([9; 20]);
    let keys = vec![WeightedKey::plain(key.public_key(), 1)];
    Genesis {
        name: "bench".to_owned(),
        address_prefix: AddressPrefix::new("bench").expect("letters"),
        time: Timestamp::from_millis(1000),
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: 60_000,
            retention: ledger_types::genesis::Retention::USUAL,
            gather_ms_max: 100,
            counter_delay_ms: 0,
            counter_acts_per_day: 1000,
            allowances: Allowances::INITIAL.times(1_000),
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![GenesisMember {
            member: MemberId::new(1),
            name: "bank".to_owned(),
            roles: vec![MemberRole::Bank],
            account: own,
        }],
        validators: vec![GenesisValidator {
            member: MemberId::new(1),
            key: key.public_key(),
            power: 1,
            network_key: SigningKey::from_seed(&[2; 32]).public_key(),
            log_key: SigningKey::from_seed(&[3; 32]).public_key(),
            cosignature_key: SigningKey::from_seed(&[4; 32]).public_key(),
        }],
        banks: vec![GenesisBank {
            bank: BANK,
            name: "bank".to_owned(),
            account: own,
            keys,
            threshold: 1,
            issue_allowance: Yen::new(u64::MAX),
            net_debit_cap: Yen::ZERO,
        }],
        issuers: Vec::new(),
        accounts: Vec::new(),
        zones: Vec::new(),
        merchants: Vec::new(),
        parties: Vec::new(),
        directory_keys: Vec::new(),
        accounts_file: Some(accounts_file),
        lab: None,
    }
}
