//! The twelve invariants of consent over a thousand random histories, against a naive model.
//!
//! The model is written from the invariants' words: it keeps what happened, and judges each attempt
//! from that alone. What it expects is compared with what the ledger did, transaction by
//! transaction. That the comparison notices is shown too: for each invariant the model is given one
//! wrong idea, and some history must then contradict it.

mod model;
mod script;

use std::collections::BTreeMap;

use ledger::record::BasisKind;
use ledger_types::operation::Operation;
use ledger_types::{Outcome, Timestamp, Transaction};

use super::world::{self, COUNTER, guardianship};
use crate::chain::Chain;
use crate::dice::Dice;
use crate::fixture::Actor;
use model::{Expected, Model, WrongIdea};
use script::Attempt;

/// How many histories.
const SEEDS: u64 = 1000;
/// How many blocks a history has.
const BLOCKS: usize = 16;

/// What a history contradicted.
type Contradiction = String;

/// How often what was permitted, denied, done or refused.
type Seen = BTreeMap<(&'static str, bool), u32>;

/// Plays one history through the ledger and the model.
fn play(seed: u64, idea: Option<WrongIdea>, seen: &mut Seen) -> Result<(), Contradiction> {
    let mut dice = Dice::new(seed);
    let mut chain = world::town();
    let boundary = chain.now + 1000 * (10 + dice.below(60));
    chain.must(&Actor::party(COUNTER), guardianship(boundary));
    let mut model = Model::new(idea, boundary);
    for _ in 0..BLOCKS {
        if dice.one_in(4) {
            chain.now += 1000 * dice.below(30);
        }
        let now = chain.now + 1000;
        let attempts = script::attempts(&mut dice, now);
        block(&mut chain, &mut model, &attempts, seen)?;
    }
    Ok(())
}

fn block(
    chain: &mut Chain,
    model: &mut Model,
    attempts: &[Attempt],
    seen: &mut Seen,
) -> Result<(), Contradiction> {
    let now = chain.now + 1000;
    model.begin_block(now);
    let mut txs: Vec<(Transaction, Operation)> = Vec::new();
    let mut expected = Vec::new();
    for attempt in attempts {
        let (sender, operation) = model.transaction(attempt);
        let tx = chain.tx(&sender, vec![operation.clone()]);
        let all =
            txs.iter().map(|(tx, _): &(Transaction, Operation)| tx.clone()).chain([tx.clone()]);
        if Chain::ended_once(all.collect()).len() > txs.len() {
            expected.push(model.expect(attempt));
            txs.push((tx, operation));
        }
    }
    let applied = chain.commit(txs.iter().map(|(tx, _)| tx.clone()).collect());
    for (((_, operation), expected), receipt) in txs.iter().zip(&expected).zip(&applied.receipts) {
        let committed = receipt.outcome == Outcome::Committed;
        *seen.entry((expected.what, committed)).or_default() += 1;
        if committed != expected.commits {
            return Err(format!("{}: {:?} of {operation:?}", expected.what, receipt.outcome));
        }
        if committed {
            recorded(chain, operation, expected)?;
        }
    }
    Ok(())
}

/// What a committed attempt must have left in the state.
fn recorded(
    chain: &Chain,
    operation: &Operation,
    expected: &Expected,
) -> Result<(), Contradiction> {
    match operation {
        Operation::RequestAccess(request) => {
            let record = chain.state.access(&request.access).ok_or("a permit is not recorded")?;
            let until = expected.valid_until.map(Timestamp::from_millis);
            let one_basis = (record.basis == BasisKind::Consent) == record.consent.is_some();
            if Some(record.valid_until) != until || !one_basis {
                return Err(format!("{record:?} of {expected:?}"));
            }
            Ok(())
        }
        Operation::ReadAccessLog(read) => {
            let logged = chain.state.log_read(&read.read).is_some();
            if logged == expected.is_logged { Ok(()) } else { Err("a read".to_owned()) }
        }
        _ => Ok(()),
    }
}

#[test]
fn the_twelve_invariants_hold_in_a_thousand_histories() {
    let mut seen = Seen::new();
    for seed in 0..SEEDS {
        if let Err(contradiction) = play(seed, None, &mut seen) {
            panic!("seed {seed}: {contradiction}");
        }
    }
    // The histories reach what they are about: everything is both done and refused,
    // but for notices, which are always the next version.
    let kinds: Vec<&str> = seen.keys().map(|(what, _)| *what).filter(|w| *w != "notice").collect();
    for what in kinds {
        for committed in [true, false] {
            let count = seen.get(&(what, committed)).copied().unwrap_or_default();
            assert!(count > 20, "{what}, {committed}: {count} of {seen:?}");
        }
    }
}

#[test]
fn each_wrong_idea_about_an_invariant_is_contradicted_by_some_history() {
    for idea in WrongIdea::ALL {
        let mut seen = Seen::new();
        let caught = (0..SEEDS).find(|seed| play(*seed, Some(idea), &mut seen).is_err());
        assert!(caught.is_some(), "no history contradicts {idea:?}");
    }
}
