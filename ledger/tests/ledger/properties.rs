//! Random sequences against the naive model: the same outcomes, the same books, nothing lost.

use std::collections::BTreeMap;

use ledger::{Applied, Change, State, StoredRecord, apply, propose, validate};
use ledger_types::operation::{AccountStatus, KeyRole, Operation, WeightedKey};
use ledger_types::{Block, Genesis, Inadmissible, SigningKey, Timestamp};
use proptest::prelude::*;

use super::chain::{Chain, admit, codes, picture};
use super::custody::with_issuers;
use super::fixture::{self, AIZU, Actor, HOSPITAL, PHARMACY, seeded};
use super::happy::use_nonce;
use super::model::{Model, Status};
use super::strategy::{Step, blocks};

/// The small network with its issuers.
fn genesis() -> Genesis {
    with_issuers(fixture::genesis())
}

/// The party that co-signs a step: the controller of a data subject's only grant.
fn cosigner(step: &Step) -> Option<Actor> {
    let [Operation::Grant(grant)] = step.operations.as_slice() else { return None };
    let known = [HOSPITAL, PHARMACY].contains(&grant.controller);
    (step.is_subject && known).then(|| Actor::party(grant.controller))
}

/// The keys of the first bank have a maker and a checker.
fn in_parts() -> Genesis {
    let mut genesis = genesis();
    let part = |key: &SigningKey, role| WeightedKey { key: key.public_key(), weight: 1, role };
    let bank = &mut genesis.banks[0];
    bank.keys =
        vec![part(&Actor::bank(AIZU).key, KeyRole::Maker), part(&checker().key, KeyRole::Checker)];
    genesis
}

fn checker() -> Actor {
    Actor { key: seeded(241), ..Actor::bank(AIZU) }
}

/// Runs one block through both; leaves out what is inadmissible, which only strangers send.
fn run_block(chain: &mut Chain, model: &mut Model, steps: &[Step], reversed: bool) -> Applied {
    let time = Timestamp::from_millis(chain.now + 1000);
    let mut txs = Vec::new();
    for step in steps {
        let cosigner = cosigner(step);
        let begins = cosigner.is_some();
        let checker = (step.sender.account == Actor::bank(AIZU).account).then(checker);
        let others: Vec<&Actor> = cosigner.iter().chain(&checker).collect();
        let tx = chain.cosigned(&step.sender, &others, step.operations.clone());
        let admissible = admit(&chain.state, &tx, time).is_ok();
        assert_eq!(admissible, model.knows(&tx.unsigned.account) || begins, "{tx:?}");
        txs.extend(admissible.then_some(tx));
    }
    if reversed {
        txs.reverse();
    }
    let txs = Chain::ended_once(txs);
    let records: Vec<StoredRecord> = chain.state.records().collect();
    let tip = chain.state.tip_bytes();
    let applied = chain.commit(txs.clone());
    model.begin(applied.height, chain.now);
    let expected: Vec<u16> = txs.iter().map(|tx| model.run(tx)).collect();
    assert_eq!(codes(&applied), expected, "{txs:?}");
    compare(&chain.state, model);
    for tx in &txs {
        let nonce = tx.unsigned.nonce;
        let again = admit(&chain.state, tx, time);
        assert_eq!(again, Err(Inadmissible::NonceUsed { nonce }));
    }
    if expected.iter().all(|code| *code != 0) && !steps.iter().any(|step| step.is_subject) {
        let mut idle = State::restore(&in_parts(), &tip, records).unwrap();
        // Deadlines that passed are raised by the block itself, whatever it holds.
        let block = without_transactions(&idle, chain.blocks.last().unwrap());
        apply(&mut idle, &block).unwrap();
        let mut idle = picture(&idle);
        txs.iter().for_each(|tx| use_nonce(&mut idle, &tx.unsigned.account, tx.unsigned.nonce));
        assert_eq!(picture(&chain.state), idle, "rejected ones change nothing but nonces");
    }
    applied
}

/// The same block without its transactions, on the state that it was made on.
fn without_transactions(state: &State, block: &Block) -> Block {
    let Block { header, body } = block;
    propose(state, vec![], header.time, header.proposer, body.parent_certificate.clone())
}

pub(crate) fn compare(state: &State, model: &Model) {
    let now = Timestamp::from_millis(model.now);
    for (account, holder) in &model.holders {
        let record = state.account(account).unwrap();
        assert_eq!(i128::from(record.balance.get()), holder.posted);
        let available = state.available(account, now).unwrap();
        assert_eq!(i128::from(available.get()), model.available(account));
        let status = match holder.status {
            Status::Open => AccountStatus::Open,
            Status::Deceased => AccountStatus::Deceased,
            Status::Closed => AccountStatus::Closed,
        };
        assert_eq!(record.status, status);
        let spent = state.spent(account);
        let (of_day, of_month) = model.spent(account);
        assert_eq!(i128::from(spent.of_day.get()), of_day);
        assert_eq!(i128::from(spent.of_month.get()), of_month);
    }
    for (bank, record) in state.banks() {
        let lender = &model.banks[&bank.get()];
        assert_eq!(i128::from(record.issued.get()), lender.issued);
        assert_eq!(i128::from(record.redeemed.get()), lender.redeemed);
        assert_eq!(i128::from(record.liability.get()), model.liability(bank.get()));
        assert_eq!(i128::from(record.position.get()), model.position(bank.get()));
    }
    let waits = |cycle: &ledger::record::Cycle| cycle.ended.is_none();
    let waiting = state.cycles().filter(|(_, cycle)| waits(cycle)).count();
    assert_eq!(waiting, model.cycles.iter().filter(|cycle| !cycle.ended).count());
    for ((lower, higher), position) in state.positions() {
        let owed = |from, to| model.owed.get(&(from, to)).copied().unwrap_or_default();
        let (lower, higher) = (lower.get(), higher.get());
        assert_eq!(i128::from(position.get()), owed(higher, lower) - owed(lower, higher));
    }
    for (zone, record) in state.zones() {
        assert_eq!(i128::from(record.total.get()), model.zone_total(zone.get()));
    }
    for ((zone, account), amount) in &model.in_zones {
        let record = state.zone_account(ledger_types::ZoneId::new(*zone), account).unwrap();
        assert_eq!(i128::from(record.balance.get()), *amount);
    }
    for (account, raised) in &model.raised {
        let raise = state.raise(account).filter(|raise| raise.until > now);
        let shown = raise.map(|raise| (raise.by, raise.until.as_millis()));
        let more = raise.map(|raise| (raise.more.burst.into(), raise.more.per_minute.into()));
        let lasts = raised.until > model.now;
        assert_eq!(shown, lasts.then_some((raised.by, raised.until)));
        assert_eq!(more, lasts.then_some((raised.burst, raised.per_minute)));
    }
    for (consent, given) in &model.consents {
        let record = state.consent(consent).unwrap();
        assert_eq!((record.uses, record.ended.is_some()), (given.uses, given.withdrawn));
    }
    assert_eq!(state.accounts().count(), model.holders.len());
    assert_eq!(state.parties().count(), model.parties.len());
}

/// Replays the chain's blocks from genesis, and from a checkpoint taken after `checkpoint` blocks.
fn replay(genesis: &Genesis, chain: &Chain, applied: &[Applied], checkpoint: usize) {
    let mut fresh = State::from_genesis(genesis, []).unwrap();
    let mut stored: BTreeMap<Vec<u8>, StoredRecord> =
        fresh.records().map(|record| (record.key.clone(), record)).collect();
    let mut restored = None;
    for (number, (block, expected)) in chain.blocks.iter().zip(applied).enumerate() {
        if number == checkpoint {
            let tip = fresh.tip_bytes();
            restored = Some(State::restore(genesis, &tip, stored.values().cloned()).unwrap());
        }
        if let Some(state) = &mut restored {
            validate(state, block).unwrap();
            assert_eq!(&apply(state, block).unwrap(), expected);
        }
        assert_eq!(&apply(&mut fresh, block).unwrap(), expected);
        expected.changes.iter().for_each(|change| write(&mut stored, change));
    }
    for state in restored.iter().chain([&fresh]) {
        assert_eq!(state.tip_bytes(), chain.state.tip_bytes());
        assert_eq!(state.state_root(), chain.state.state_root());
        assert!(state.records().eq(chain.state.records()));
    }
    assert_eq!(picture(&fresh).len(), stored.len());
}

/// What a store does with a change.
fn write(stored: &mut BTreeMap<Vec<u8>, StoredRecord>, change: &Change) {
    let Change { slot, key, value } = change.clone();
    match value {
        Some(value) => stored.insert(key.clone(), StoredRecord { slot, key, value }),
        None => stored.remove(&key),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_ledger_does_what_the_naive_model_does(
        blocks in blocks(),
        checkpoint in 0..8_usize,
    ) {
        let genesis = in_parts();
        let (mut chain, mut model) = (Chain::of(&genesis), Model::of(&genesis));
        let mut applied = Vec::new();
        for block in &blocks {
            chain.now += block.pause_ms;
            applied.push(run_block(&mut chain, &mut model, &block.steps, block.reversed));
        }
        replay(&genesis, &chain, &applied, checkpoint);
    }
}

/// The random sequences reach what they are meant to reach: commits of every operation, and most
/// rejections.
#[test]
fn random_sequences_reach_every_operation_and_most_rejections() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut committed, mut rejected) = (BTreeMap::new(), BTreeMap::new());
    for _ in 0..250 {
        let genesis = in_parts();
        let (mut chain, mut model) = (Chain::of(&genesis), Model::of(&genesis));
        for block in blocks().new_tree(&mut runner).unwrap().current() {
            chain.now += block.pause_ms;
            let applied = run_block(&mut chain, &mut model, &block.steps, block.reversed);
            let txs = &chain.blocks.last().unwrap().body.transactions;
            for (tx, code) in txs.iter().zip(codes(&applied)) {
                if code == 0 {
                    for operation in &tx.unsigned.operations {
                        let tag = ledger_types::codec::encode(operation)[0];
                        *committed.entry(tag).or_insert(0) += 1;
                    }
                } else {
                    *rejected.entry(code).or_insert(0) += 1;
                }
            }
        }
    }
    for tag in (0..=16).chain([67, 74, 75, 76]) {
        assert!(committed.contains_key(&tag), "no {tag} committed: {committed:?}");
    }
    assert!(committed.len() >= 30, "{committed:?}");
    for code in [2040, 2041, 2042, 2043, 2044, 2045, 2046] {
        assert!(rejected.contains_key(&code), "{code} was not reached: {rejected:?}");
    }
    assert!(rejected.len() >= 45, "{} kinds: {rejected:?}", rejected.len());
}
