//! No operation can cause a fault: any transaction of any sender, from states near every end.
//!
//! A fault stops every node at a decided block for good, so this is the one thing that nobody may
//! be able to bring about. A hundred states have their counters, amounts, times and windows near
//! their ends; from each over a thousand transactions end as committed, rejected or inadmissible, and the
//! books balance after every block.

mod crowd;
mod ends;
mod past;

use std::collections::BTreeMap;

use ledger::{Admission, Full, Refusal, State, apply, propose};
use ledger_types::{CommitCertificate, Enveloped, Outcome, Round, Timestamp, ValidatorAddress};

use crate::chain::check_rules;
use crate::dice::Dice;
use crate::fixture::validator_keys;
use crowd::Crowd;

const STATES: u64 = 100;
const TRANSACTIONS: usize = 1500;

/// How transactions ended: by operation and code where one operation decided, 0 for committed.
#[derive(Default)]
struct Ends {
    inadmissible: usize,
    judged: usize,
    by_code: BTreeMap<(&'static str, u16), usize>,
}

/// A block of some transactions on the tip, if there can be one; its certificate proves nothing.
fn block(state: &mut State, crowd: &Crowd, dice: &mut Dice, ends: &mut Ends, most: usize) -> bool {
    let Some(left) = u64::MAX.checked_sub(state.time().as_millis()).filter(|left| *left > 0) else {
        return false;
    };
    if state.height().next().is_none() {
        return false;
    }
    let pause = if dice.one_in(10) { dice.below(9 * 24 * 3_600_000) } else { dice.below(3) };
    let now = state.time().as_millis() + (1 + pause).min(left);
    let time = Timestamp::from_millis(now);
    let mut admission = Admission::new(state, time);
    let mut txs = Vec::new();
    for _ in 0..most {
        let tx = Enveloped::from(crowd.transaction(state, now, dice));
        match admission.take(&tx) {
            Ok(()) => txs.push(tx),
            // Whoever gave of its allowance, or objected often, waits.
            Err(Refusal::Inadmissible(_) | Refusal::Full(Full::Allowance)) => {
                ends.inadmissible += 1;
            }
            Err(Refusal::Full(full)) => panic!("so few fit into a block: {full}"),
        }
    }
    let certificate = (state.height().get() > 0).then(|| CommitCertificate {
        height: state.height(),
        round: Round::new(0),
        block: state.header_hash(),
        signatures: vec![],
    });
    let proposer = ValidatorAddress::of(&validator_keys(1)[0].public_key());
    let block = propose(state, txs, time, proposer, certificate);
    let applied = apply(state, &block).unwrap();
    check_rules(&block, &applied);
    state.conservation().unwrap();
    for (tx, receipt) in block.body.transactions.iter().zip(&applied.receipts) {
        ends.judged += 1;
        let operations = &tx.unsigned.operations;
        let (place, code) = match receipt.outcome {
            Outcome::Committed => (0, 0),
            Outcome::Rejected { code, operation } => (usize::from(operation), code.get()),
        };
        *ends.by_code.entry((operations[place].name(), code)).or_default() += 1;
    }
    true
}

#[test]
fn no_operation_can_cause_a_fault() {
    let mut ends = Ends::default();
    let pasts = [false, true].map(|is_far| {
        let genesis = past::genesis(is_far);
        let chain = past::chain(&genesis);
        (genesis, chain)
    });
    for seed in 0..STATES {
        let mut dice = Dice::new(seed);
        let (genesis, chain) = dice.of(&pasts);
        let crowd = Crowd::new(&chain.state);
        let before = ends.judged + ends.inadmissible;
        while ends.judged + ends.inadmissible < before + TRANSACTIONS {
            // The same kind of state again, where time or heights came to their end.
            let mut state = ends::near(chain, genesis, &mut dice);
            loop {
                let left = before + TRANSACTIONS - ends.judged - ends.inadmissible;
                let most = (1 + usize::from(dice.small(60))).min(left);
                if left == 0 || !block(&mut state, &crowd, &mut dice, &mut ends, most) {
                    break;
                }
            }
        }
    }
    reaches(&ends);
}

/// That the transactions got far enough to mean something.
fn reaches(ends: &Ends) {
    assert!(ends.judged > 50_000, "{} of them were judged", ends.judged);
    let committed: Vec<_> = ends.by_code.keys().filter(|(_, code)| *code == 0).collect();
    let codes: std::collections::BTreeSet<u16> =
        ends.by_code.keys().map(|(_, code)| *code).collect();
    for code in [2006, 2022, 2040, 2041, 2042, 2043, 4017] {
        assert!(codes.contains(&code), "{code} was not reached");
    }
    for changes in ["amend", "renew"] {
        assert!(ends.by_code.contains_key(&(changes, 4107)), "{changes} ran out of no counter");
    }
    for code in [0, 2006, 2073, 2075, 2076] {
        let reached = ends.by_code.contains_key(&("confirm_settlement", code));
        assert!(reached, "no confirmation ended with {code}");
    }
    for lives in ["set_limits", "mark_deceased", "correct_death", "transfer_estate"] {
        assert!(ends.by_code.contains_key(&(lives, 0)), "{lives} did not commit");
    }
    assert!(committed.len() >= 50, "{committed:?}");
}
