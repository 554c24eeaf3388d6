//! Settlement cycles among many payments: what is left to pay, and what positions are then.

use std::collections::BTreeMap;

use ledger::State;
use ledger_types::event::CycleEnd;
use ledger_types::genesis::Genesis;
use ledger_types::money::payments;
use ledger_types::{BankId, Position};

use super::chain::{Chain, codes};
use super::cycles::{close, confirm, fail, position};
use super::dice::Dice;
use super::fixture::{
    AIZU, Actor, BANDAI, TADAMI, akari, botan, chika, genesis, operator, toru, yen,
};
use super::happy::transfer;

/// A town whose caps never bind and whose holders have enough for hundreds of payments.
fn rich() -> Genesis {
    let mut document = genesis();
    for bank in &mut document.banks {
        (bank.issue_allowance, bank.net_debit_cap) = (yen(1 << 40), yen(1 << 40));
    }
    for account in document.accounts.iter_mut().take(4) {
        account.balance = yen(1 << 30);
    }
    document
}

const BANKS: [BankId; 3] = [AIZU, BANDAI, TADAMI];

/// What pays between banks: who, whom, and from which bank to which.
fn pays(dice: &mut Dice) -> (Actor, Actor, BankId, BankId) {
    let all = [(akari(), AIZU), (botan(), BANDAI), (toru(), TADAMI), (chika(), AIZU)];
    loop {
        let (from, to) = (dice.of(&all).clone(), dice.of(&all).clone());
        if from.0.account != to.0.account {
            return (from.0, to.0, from.1, to.1);
        }
    }
}

/// What each bank is owed by payments alone, as a map says it.
fn paid(owed: &mut BTreeMap<BankId, i64>, from: BankId, to: BankId, amount: u64) {
    let amount = i64::try_from(amount).unwrap();
    *owed.entry(from).or_default() -= amount;
    *owed.entry(to).or_default() += amount;
}

fn owed_of(owed: &BTreeMap<BankId, i64>) -> [i64; 3] {
    BANKS.map(|bank| owed.get(&bank).copied().unwrap_or_default())
}

#[test]
fn three_banks_settle_hundreds_of_payments_by_two_payments_at_most() {
    let mut dice = Dice::new(2);
    let mut chain = Chain::of(&rich());
    for cycle in 1..=4 {
        let mut owed = BTreeMap::new();
        for _ in 0..20 {
            let txs = (0..10).map(|_| {
                let (payer, payee, from, to) = pays(&mut dice);
                let amount = 1 + dice.below(100_000);
                paid(&mut owed, from, to, amount);
                chain.tx(&payer, vec![transfer(&payee, amount)])
            });
            let txs = txs.collect();
            let applied = chain.commit(txs);
            assert!(codes(&applied).iter().all(|code| *code == 0));
        }
        chain.must(&operator(), close(cycle));
        let nets: Vec<(BankId, Position)> = chain
            .state
            .cycle(cycle)
            .unwrap()
            .parts
            .iter()
            .map(|part| (part.bank, part.position))
            .collect();
        assert_eq!(nets.iter().map(|(_, net)| net.get()).collect::<Vec<_>>(), owed_of(&owed));
        let payments = payments(nets.iter().copied());
        assert!(payments.len() < nets.len(), "{payments:?}");
        for (bank, net) in &nets {
            let signed = payments.iter().map(|one| {
                let amount = i64::try_from(one.amount.get()).unwrap();
                i64::from(one.to == *bank) * amount - i64::from(one.from == *bank) * amount
            });
            assert_eq!(signed.sum::<i64>(), net.get());
        }
        for bank in BANKS {
            chain.must(&Actor::bank(bank), confirm(cycle));
        }
        assert_eq!(BANKS.map(|bank| position(&chain.state, bank)), [0; 3]);
    }
}

/// Payments, closes, confirmations and failures in any order. The chain checks every invariant after
/// each block; here, that a bank's position is what was paid and not settled, and that nobody's
/// balance and no bank's liability moves by anything but payments.
#[test]
fn whatever_order_things_come_in_positions_are_what_was_paid_and_not_settled() {
    let (mut settled, mut failed, mut refused) = (0, 0, 0);
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut chain = Chain::of(&rich());
        let (mut owed, mut cycle) = (BTreeMap::new(), 0);
        for _ in 0..50 {
            let before = money_of(&chain.state);
            let (actor, operation) = match dice.below(8) {
                0 => (operator(), close(cycle + u32::from(!dice.one_in(4)))),
                1 if dice.one_in(3) => (operator(), fail(cycle)),
                1..=4 => (Actor::bank(*dice.of(&BANKS)), confirm(cycle)),
                _ => {
                    let (payer, payee, from, to) = pays(&mut dice);
                    let amount = 1 + dice.below(1000);
                    paid(&mut owed, from, to, amount);
                    chain.must(&payer, transfer(&payee, amount));
                    assert_eq!(BANKS.map(|bank| position(&chain.state, bank)), owed_of(&owed));
                    continue;
                }
            };
            refused += u32::from(chain.outcome(&actor, vec![operation]) != 0);
            assert_eq!(money_of(&chain.state), before);
            let last = chain.state.cycles().last();
            let Some((number, record)) = last else { continue };
            let is_over = record.ended.filter(|over| over.height == chain.state.height());
            cycle = number;
            match is_over.map(|over| over.end) {
                Some(CycleEnd::Settled) => {
                    settled += 1;
                    for part in &record.parts {
                        *owed.get_mut(&part.bank).unwrap() -= part.position.get();
                    }
                }
                Some(CycleEnd::Failed { .. }) => failed += 1,
                None => {}
            }
            assert_eq!(BANKS.map(|bank| position(&chain.state, bank)), owed_of(&owed));
        }
    }
    assert!(settled > 40 && failed > 20 && refused > 100, "{settled} {failed} {refused}");
}

/// What holders have and banks owe them.
fn money_of(state: &State) -> (Vec<u64>, Vec<u64>) {
    let balances = state.accounts().map(|(_, record)| record.balance.get()).collect();
    (balances, state.banks().map(|(_, record)| record.liability.get()).collect())
}
