//! A bank claims a redeem request before it pays cash: nobody takes it back then, and no other pays.

use ledger_types::event::{Event, RedeemClaimed, RedeemReleased};
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{CancelRedeem, ClaimRedeem, Operation, ReleaseRedeem, SettleRedeem};
use ledger_types::{Timestamp, Yen};

use super::chain::{Chain, codes};
use super::fixture::{AIZU, Actor, BANDAI, HOSPITAL, akari, chika, commitment, yen};
use super::happy::{claim, commits, request, transfer};
use super::rejections::refuses;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

fn claim_until(until: u64) -> Operation {
    let (redeem, until) = (commitment(51), Timestamp::from_millis(until));
    Operation::ClaimRedeem(ClaimRedeem { redeem, until })
}

fn release() -> Operation {
    Operation::ReleaseRedeem(ReleaseRedeem { redeem: commitment(51) })
}

fn settle() -> Operation {
    Operation::SettleRedeem(SettleRedeem { redeem: commitment(51) })
}

fn cancel() -> Operation {
    Operation::CancelRedeem(CancelRedeem { redeem: commitment(51) })
}

/// A chain on which akari asks for 70 yen; until when the request lives.
fn requested() -> (Chain, u64) {
    let mut chain = Chain::new();
    chain.must(&akari(), request(commitment(51), 70));
    let expires = chain.now + REDEEM_EXPIRY_MS;
    (chain, expires)
}

/// The same, claimed for an hour; until when.
fn claimed() -> (Chain, u64) {
    let (mut chain, _) = requested();
    let until = chain.now + HOUR_MS;
    chain.must(&aizu(), claim_until(until));
    (chain, until)
}

#[test]
fn a_claim_and_its_release_change_the_request_alone_and_are_told_to_both() {
    let (mut chain, _) = requested();
    let (redeem, account, bank) = (commitment(51), akari().account, AIZU);
    let (bank_account, amount) = (aizu().account, yen(70));
    let until = Timestamp::from_millis(chain.now + HOUR_MS);
    for claimed_until in [Some(until), None] {
        let operation = if claimed_until.is_some() { claim(&chain, redeem) } else { release() };
        let mut events = commits(&mut chain, &aizu(), operation, |picture| {
            let record = picture.get_mut(ledger::state::keys::redeem(&redeem).as_bytes());
            let Some(ledger::record::Record::Redeem(record)) = record else {
                panic!("no redeem request");
            };
            record.claimed_until = claimed_until;
        });
        let event = events.remove(0);
        let mut told = event.enters();
        told.sort_unstable();
        let mut both = [account, bank_account].map(ledger_types::event::List::Account);
        both.sort_unstable();
        assert_eq!(told, both);
        let expected = match claimed_until {
            Some(until) => {
                RedeemClaimed { redeem, account, bank, bank_account, amount, until }.into()
            }
            None => Event::from(RedeemReleased { redeem, account, bank, bank_account, amount }),
        };
        assert_eq!((event, events.len()), (expected, 0));
    }
}

#[test]
fn a_claimed_redeem_cannot_be_cancelled_until_released_or_lapsed() {
    let (mut chain, _) = claimed();
    refuses(&mut chain, vec![(2034, akari(), cancel()), (2034, aizu(), cancel())]);
    // To the millisecond: in the last one it is still claimed.
    let (mut lapsing, until) = claimed();
    lapsing.now = until - 1 - 1000;
    refuses(&mut lapsing, vec![(2034, akari(), cancel())]);
    lapsing.now = until - 1000;
    lapsing.must(&akari(), cancel());
    lapsing.must(&akari(), transfer(&chika(), 100));
    chain.must(&aizu(), release());
    chain.must(&akari(), cancel());
    assert_eq!(chain.state.account(&akari().account).unwrap().held, Yen::ZERO);
}

#[test]
fn two_clerks_never_pay_the_same_request() {
    let (mut chain, _) = requested();
    let until = chain.now + HOUR_MS;
    // In one block: the first claims, whoever it is, and the second is told so.
    let txs = [until, until + 1].map(|until| chain.tx(&aizu(), vec![claim_until(until)]));
    assert_eq!(codes(&chain.commit(txs.to_vec())), [0, 2034]);
    // Nor can the second one pay, claim and settle at once, or release and claim what is settled.
    assert_eq!(chain.outcome(&aizu(), vec![claim_until(until), settle()]), 2034);
    chain.must(&aizu(), settle());
    let rows = vec![
        (2015, aizu(), claim_until(until)),
        (2015, aizu(), release()),
        (2015, aizu(), settle()),
        (2015, akari(), cancel()),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn what_nobody_claimed_is_not_settled_and_a_claim_that_lapsed_is() {
    let (mut chain, _) = requested();
    refuses(&mut chain, vec![(2035, aizu(), settle()), (2035, aizu(), release())]);
    let until = chain.now + HOUR_MS;
    chain.must(&aizu(), claim_until(until));
    chain.must(&aizu(), release());
    refuses(&mut chain, vec![(2035, aizu(), settle())]);
    chain.must(&aizu(), claim_until(until));
    // It lapses: who paid settles late, or another claims it anew.
    chain.now = until + HOUR_MS;
    chain.must(&aizu(), settle());
    let (mut again, until) = claimed();
    again.now = until;
    again.must(&aizu(), claim_until(until + HOUR_MS));
    refuses(&mut again, vec![(2034, akari(), cancel())]);
    assert_eq!(chain.state.account(&akari().account).unwrap().balance, yen(30));
}

#[test]
fn a_claim_and_a_settlement_in_one_transaction_are_one_payment() {
    let (mut chain, _) = requested();
    let operations = vec![claim_until(chain.now + HOUR_MS), settle()];
    assert_eq!(chain.outcome(&aizu(), operations), 0);
    assert_eq!(chain.state.account(&akari().account).unwrap().balance, yen(30));
}

#[test]
fn a_request_never_lapses_under_a_claim() {
    let (mut chain, expires) = requested();
    refuses(&mut chain, vec![(2036, aizu(), claim_until(expires + 1))]);
    chain.must(&aizu(), claim_until(expires));
    // The last two blocks before it lapses: claimed in both.
    chain.now = expires - 1 - 2000;
    refuses(&mut chain, vec![(2034, akari(), cancel())]);
    chain.must(&aizu(), settle());
}

#[test]
fn claims_and_releases_in_order() {
    let (mut chain, expires) = requested();
    let bandai = || Actor::bank(BANDAI);
    let now = chain.now;
    let rows = vec![
        (2010, akari(), claim_until(now)),
        (2010, Actor::party(HOSPITAL), claim_until(now)),
        (2009, bandai(), claim_until(now)),
        (2036, aizu(), claim_until(0)),
        (2036, aizu(), claim_until(now)),
        (2036, aizu(), claim_until(now + 8 * DAY_MS)),
        (2036, aizu(), claim_until(u64::MAX)),
        (2010, akari(), release()),
        (2009, bandai(), release()),
        (2035, aizu(), release()),
    ];
    refuses(&mut chain, rows);
    chain.must(&aizu(), claim_until(expires));
    let rows = vec![
        (2009, bandai(), claim_until(0)),
        (2034, aizu(), claim_until(0)),
        (2009, bandai(), settle()),
        (2009, chika(), cancel()),
    ];
    refuses(&mut chain, rows);
    chain.now = expires - 1000;
    let rows = vec![
        (2016, aizu(), claim_until(0)),
        (2016, aizu(), release()),
        (2016, aizu(), settle()),
        (2016, akari(), cancel()),
    ];
    refuses(&mut chain, rows);
}
