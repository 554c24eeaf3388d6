//! Raised allowances: what is given is taken of the giver's, and ends.

use ledger::{Admission, Full, InvalidBlock, Refusal, validate};
use ledger_types::allowance::Allowance;
use ledger_types::operation::{RaiseAllowance, RaiseFor, Withdraw};
use ledger_types::{Event, Inadmissible, Operation, Timestamp, ZoneId};

use super::allowances::{SMALL, exhausted, genesis, judged, pays, request, waits};
use super::chain::{Chain, codes};
use super::consent::world::{CLINIC, hospital};
use super::dice::Dice;
use super::fixture::{
    AIZU, Actor, BANDAI, PHARMACY, TOWN, akari, botan, chika, commitment, consent_id, keys_of,
    nobody, operator, shop, subject,
};
use super::rejections::refuses;

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

/// What the bank and what the zone's operator have in [`giving`].
const BANK: Allowance = Allowance { burst: 1_000, per_minute: 600 };

/// The town where the bank, its citizens and the shop have little.
fn giving() -> Chain {
    let mut genesis = genesis(Allowance { burst: 1_000, per_minute: 600 });
    let allowances = &mut genesis.parameters.allowances;
    (allowances.bank, allowances.operator, allowances.merchant) = (BANK, BANK, SMALL);
    Chain::of(&genesis)
}

fn raise_for(whose: RaiseFor, burst: u32, per_minute: u32, until: u64) -> Operation {
    let until = Timestamp::from_millis(until);
    Operation::RaiseAllowance(RaiseAllowance { whose, burst, per_minute, until })
}

fn raise(actor: &Actor, burst: u32, per_minute: u32, until: u64) -> Operation {
    raise_for(RaiseFor::Holder { account: actor.account }, burst, per_minute, until)
}

/// How many payments of one yen the actor could send together in the next block.
fn can_pay(chain: &Chain, actor: &Actor, after_ms: u64) -> u64 {
    let time = Timestamp::from_millis(chain.state.time().as_millis() + after_ms);
    let mut admission = Admission::new(&chain.state, time);
    let mut paid = 0;
    // Nonces of the window that were not used before.
    for nonce in (68..128).rev() {
        for count in [32, 8, 1] {
            let unsigned = chain.unsigned(actor.account, nonce, pays(count, &botan()));
            let tx = unsigned.sign(&chain.state.genesis_hash(), &[&actor.key]);
            match admission.take(&tx.into()) {
                Ok(()) => {
                    paid += u64::try_from(count).unwrap();
                    break;
                }
                Err(Refusal::Full(Full::Allowance)) => {}
                Err(Refusal::Inadmissible(Inadmissible::TooHeavy { .. })) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
    paid
}

#[test]
fn a_custodian_raises_a_holders_allowance_and_it_counts_from_the_next_block() {
    let mut chain = giving();
    let until = chain.now + 3_600_000;
    let more = chain.tx(&aizu(), vec![raise(&akari(), 100, 60, until)]);
    // In the block that raises it nothing more is admitted than the parent's state gives.
    let many = chain.tx(&akari(), pays(64, &botan()));
    let over = chain.tx(&akari(), pays(1, &botan()));
    let block = chain.propose(vec![more.clone(), many.clone(), over.clone()]);
    let full = Full::Allowance;
    assert_eq!(validate(&chain.state, &block), Err(InvalidBlock::Full { index: 2, full }));
    assert_eq!(codes(&chain.commit(vec![more, many])), [0, 0]);
    assert!(!waits(&chain, &over, 0));
    // Of 164 are 64 used, and 66 come back in a minute.
    assert_eq!(can_pay(&chain, &akari(), 0), 100);
    assert_eq!(can_pay(&chain, &akari(), 30_000), 133);
}

#[test]
fn what_is_given_is_taken_of_the_givers_and_comes_back_at_the_end_as_used() {
    let mut chain = giving();
    let until = chain.now + 61_000;
    assert_eq!(can_pay(&chain, &aizu(), 1_000), 1_000);
    chain.must(&aizu(), raise(&akari(), 400, 300, until));
    // 600 less the six of the operation, of which five come back in each second.
    assert_eq!(can_pay(&chain, &aizu(), 0), 594);
    assert_eq!(can_pay(&chain, &aizu(), 1_000), 599);
    assert_eq!(can_pay(&chain, &aizu(), 59_000), 600);
    // From its end on it has its own burst again, of which it used what it gave.
    assert_eq!(can_pay(&chain, &aizu(), 60_000), 600);
    assert_eq!(can_pay(&chain, &aizu(), 61_000), 610);
    assert_eq!(can_pay(&chain, &aizu(), 100_000), 1_000);
    // The holder falls to what its kind has, and never under it.
    assert_eq!(can_pay(&chain, &akari(), 59_000), 464);
    assert_eq!(can_pay(&chain, &akari(), 60_000), 64);
    // Both records leave by themselves, and nothing changes by it.
    chain.now += 59_000;
    chain.commit(vec![]);
    assert!(chain.state.raise(&akari().account).is_none());
    assert!(chain.state.given(&aizu().account).is_none());
    assert_eq!(can_pay(&chain, &aizu(), 0), 600);
    assert_eq!(can_pay(&chain, &aizu(), 1_000), 610);
    assert_eq!(can_pay(&chain, &akari(), 0), 64);
}

#[test]
fn one_burst_given_in_turn_to_many_is_not_used_by_each() {
    let mut chain = giving();
    let (mut given, people) = (0, [akari(), chika()]);
    for turn in 0..60 {
        let until = chain.now + 2_000;
        let tx = chain.tx(&aizu(), vec![raise(&people[turn % 2], 400, 0, until)]);
        if waits(&chain, &tx, 1_000) {
            chain.commit(vec![]);
        } else {
            given += 400;
            assert_eq!(codes(&chain.commit(vec![tx])), [0]);
        }
    }
    assert!((800..=1_600).contains(&given), "{given} in a minute, of 1,000 and 600 a minute");
}

#[test]
fn a_giver_gives_no_more_than_is_free_whatever_the_block_holds_beside_it() {
    let mut chain = giving();
    let until = chain.now + 3_600_000;
    let give = chain.tx(&aizu(), vec![raise(&akari(), 900, 0, until)]);
    let other = chain.tx(&aizu(), vec![raise(&chika(), 500, 0, until)]);
    for txs in [vec![give.clone(), other.clone()], vec![other, give.clone()]] {
        let full = Full::Allowance;
        let block = chain.propose(txs);
        assert_eq!(validate(&chain.state, &block), Err(InvalidBlock::Full { index: 1, full }));
    }
    assert_eq!(codes(&chain.commit(vec![give])), [0]);
    // Of 1,000 it has 100 left.
    let more = chain.tx(&aizu(), vec![raise(&chika(), 101, 0, until)]);
    let reason = Inadmissible::TooHeavy { weight: 107, most: 100 };
    assert_eq!(judged(&chain, &more, 1_000), Err(Refusal::Inadmissible(reason)));
}

#[test]
fn raises_in_order() {
    let mut chain = giving();
    let (now, hour) = (chain.now, chain.now + 3_600_000);
    let by_shop = RaiseFor::Merchant { zone: TOWN, merchant: shop().account };
    chain.must(&operator(), raise_for(by_shop, 10, 10, hour));
    let unknown = RaiseFor::Merchant { zone: ZoneId::new(99), merchant: nobody().account };
    let none = RaiseFor::Merchant { zone: TOWN, merchant: nobody().account };
    let days = 24 * 3_600_000;
    let rows = vec![
        (2010, akari(), raise(&nobody(), 0, 0, 0)),
        (2002, aizu(), raise(&nobody(), 0, 0, 0)),
        (2009, aizu(), raise(&botan(), 0, 0, 0)),
        (3001, operator(), raise_for(unknown, 0, 0, 0)),
        (3006, aizu(), raise_for(none, 0, 0, 0)),
        (3005, operator(), raise_for(none, 0, 0, 0)),
        (2030, aizu(), raise(&akari(), 0, 0, hour)),
        (2030, aizu(), raise(&akari(), 1, 0, now)),
        (2030, aizu(), raise(&akari(), 1, 0, now + 367 * days)),
        (2030, aizu(), raise(&aizu(), 1, 0, hour)),
        (2031, Actor::bank(BANDAI), raise(&shop(), 1, 0, hour)),
        // Of 1,000 it keeps 64, and of 600 a minute one.
        (2032, aizu(), raise(&akari(), 937, 0, hour)),
        (2032, aizu(), raise(&akari(), 0, 600, hour)),
    ];
    for (code, actor, operation) in rows {
        chain.now += 60_000;
        refuses(&mut chain, vec![(code, actor, operation)]);
    }
}

#[test]
fn what_one_gave_ends_at_no_more_instants_than_a_block_can_go_through() {
    let mut genesis = genesis(BANK);
    genesis.parameters.allowances.bank = Allowance { burst: 100_000, per_minute: 100_000 };
    let people: Vec<Actor> = (130..195).map(|number| Actor::holder(AIZU, number)).collect();
    for (person, number) in people.iter().zip(130..) {
        let mut entry = genesis.accounts[4].clone();
        (entry.account, entry.keys) = (person.account, keys_of(person));
        entry.holder_commitment = commitment(number);
        genesis.accounts.push(entry);
    }
    let mut chain = Chain::of(&genesis);
    let hour = chain.now + 3_600_000;
    for (person, end) in people.iter().zip(0_u64..) {
        let code = chain.outcome(&aizu(), vec![raise(person, 1, 0, hour + end)]);
        assert_eq!(code, if end < 64 { 0 } else { 2033 });
    }
    // At an instant at which something ends anyway it may.
    chain.must(&aizu(), raise(&people[64], 1, 0, hour));
}

#[test]
fn a_controller_raises_those_who_consented_to_it_and_nobody_elses() {
    let mut chain = exhausted();
    let until = chain.now + 3_600_000;
    let whose = RaiseFor::Subject { consent: consent_id(1) };
    let give = |burst| raise_for(whose, burst, 0, until);
    let unknown = raise_for(RaiseFor::Subject { consent: consent_id(9) }, 1, 0, until);
    let rows = vec![
        (4001, aizu(), give(10)),
        (4003, Actor::party(PHARMACY), give(10)),
        (4012, hospital(), unknown),
        (4053, Actor::party(CLINIC), give(10)),
        (2030, hospital(), give(0)),
    ];
    refuses(&mut chain, rows);
    let more = chain.tx(&subject(), vec![request(11)]);
    assert!(waits(&chain, &more, 1_000));
    chain.must(&hospital(), give(100));
    assert!(!waits(&chain, &more, 0));
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    assert_eq!(chain.outcome(&subject(), vec![withdraw]), 0);
    refuses(&mut chain, vec![(4014, hospital(), give(10))]);
}

#[test]
fn whatever_is_given_all_together_never_use_more() {
    let payers = [aizu(), operator(), akari(), chika(), shop()];
    let whose = [
        RaiseFor::Holder { account: akari().account },
        RaiseFor::Holder { account: chika().account },
        RaiseFor::Holder { account: operator().account },
        RaiseFor::Merchant { zone: TOWN, merchant: shop().account },
    ];
    let (bursts, rates) = (2 * 1_000 + 3 * 64, 2 * 600 + 3 * 6);
    let mut raised = 0;
    for seed in 0..24 {
        let (mut dice, mut chain) = (Dice::new(seed), giving());
        let (begun, mut used) = (chain.now, 0_u64);
        for _ in 0..120 {
            let giver = dice.of(&[aizu(), operator()]).clone();
            let (burst, rate) = (100 * u32::from(dice.small(9)), 100 * u32::from(dice.small(6)));
            let until = chain.now + 1_000 + dice.below(9_000);
            let raise = raise_for(*dice.of(&whose), burst, rate, until);
            let wanted = [
                chain.tx(&giver, vec![raise]),
                chain.tx(dice.of(&payers), pays(1 + usize::from(dice.small(64)), &botan())),
                chain.tx(dice.of(&payers), pays(64, &botan())),
            ];
            let time = Timestamp::from_millis(chain.now + 1_000);
            let (mut admission, mut txs) = (Admission::new(&chain.state, time), Vec::new());
            for tx in wanted {
                let bill = admission.judge(&tx.clone().into());
                if admission.take(&tx.clone().into()).is_ok() {
                    used += u64::from(bill.unwrap().weight.units);
                    txs.push(tx);
                }
            }
            let applied = chain.commit(txs);
            raised += applied.events.iter().filter(|one| is_raise(&one.event)).count();
            let seconds = (chain.now - begun) / 1_000;
            assert!(used <= bursts + rates * seconds / 60, "seed {seed}: {used} in {seconds} s");
        }
    }
    assert!(raised > 150, "{raised} were raised");
}

const fn is_raise(event: &Event) -> bool {
    matches!(event, Event::AllowanceRaised(_))
}
