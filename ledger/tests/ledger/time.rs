//! What block time decides: expiry of redeem requests, of consents, and of decisions.

use ledger_types::event::{AccessPermitted, Event};
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{CancelRedeem, ClaimRedeem, Operation, SettleRedeem, Withdraw};
use ledger_types::{Timestamp, Yen};

use super::chain::{Chain, codes};
use super::fixture::{
    AIZU, Actor, DELTA_MS, HOSPITAL, PHARMACY, access, akari, ask, chika, commitment, consent_id,
    grant_of, later, subject, yen,
};
use super::happy::{claim, request, transfer};
use super::happy_consents::consented;

/// Moves the clock so that the next block's time is `millis`.
fn next_block_at(chain: &mut Chain, millis: u64) {
    chain.now = millis - 1000;
}

#[test]
fn a_redeem_request_lapses_at_its_instant_and_not_before() {
    let mut chain = Chain::new();
    chain.must(&akari(), request(commitment(51), 70));
    let expires = chain.now + REDEEM_EXPIRY_MS;
    next_block_at(&mut chain, expires - 1);
    assert_eq!(chain.outcome(&akari(), vec![transfer(&chika(), 31)]), 2004);
    let account = akari().account;
    let at = Timestamp::from_millis;
    assert_eq!(chain.state.available(&account, at(expires - 1)), Some(yen(30)));
    assert_eq!(chain.state.available(&account, at(expires)), Some(yen(100)));
    next_block_at(&mut chain, expires);
    chain.must(&akari(), transfer(&chika(), 31));
    let record = chain.state.account(&account).unwrap();
    assert_eq!((record.balance, record.held), (yen(69), Yen::ZERO));
    assert_eq!(chain.state.open_redeems(&account), None);
}

#[test]
fn a_lapsed_request_is_neither_settled_nor_cancelled_released_or_not() {
    let mut chain = Chain::new();
    let redeem = commitment(51);
    chain.must(&akari(), request(redeem, 70));
    let expires = chain.now + REDEEM_EXPIRY_MS;
    let claim = claim(&chain, redeem);
    chain.must(&Actor::bank(AIZU), claim);
    next_block_at(&mut chain, expires);
    for _ in 0..2 {
        let settle = Operation::SettleRedeem(SettleRedeem { redeem });
        let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
        assert_eq!(chain.outcome(&Actor::bank(AIZU), vec![settle]), 2016);
        assert_eq!(chain.outcome(&akari(), vec![cancel]), 2016);
        chain.must(&akari(), transfer(&chika(), 1));
    }
}

#[test]
fn a_debit_releases_what_lapsed_and_keeps_what_did_not() {
    let mut chain = Chain::new();
    chain.must(&akari(), request(commitment(51), 40));
    let first_expires = chain.now + REDEEM_EXPIRY_MS;
    chain.must(&akari(), request(commitment(52), 30));
    next_block_at(&mut chain, first_expires);
    let txs = [71, 70].map(|amount| chain.tx(&akari(), vec![transfer(&chika(), amount)]));
    assert_eq!(codes(&chain.commit(txs.to_vec())), [2004, 0]);
    let record = chain.state.account(&akari().account).unwrap();
    assert_eq!((record.balance, record.held), (yen(30), yen(30)));
    // The second one still resolves, once, in the last millisecond before it lapses.
    let settle = Operation::SettleRedeem(SettleRedeem { redeem: commitment(52) });
    next_block_at(&mut chain, first_expires + 999);
    let bank = Actor::bank(AIZU);
    let until = Timestamp::from_millis(first_expires + 1000);
    let claim = Operation::ClaimRedeem(ClaimRedeem { redeem: commitment(52), until });
    let txs = [vec![claim, settle.clone()], vec![settle]];
    let txs = txs.map(|operations| chain.tx(&bank, operations));
    assert_eq!(codes(&chain.commit(txs.to_vec())), [0, 2015]);
}

#[test]
fn a_new_request_takes_the_place_of_lapsed_ones() {
    let mut chain = Chain::new();
    for number in 51..51 + 64 {
        chain.must(&akari(), request(commitment(number), 1));
    }
    assert_eq!(chain.outcome(&akari(), vec![request(commitment(120), 100)]), 2004);
    assert_eq!(chain.outcome(&akari(), vec![request(commitment(120), 1)]), 2020);
    chain.now += REDEEM_EXPIRY_MS;
    chain.must(&akari(), request(later(chain.now, 120), 100));
    let open = chain.state.open_redeems(&akari().account).unwrap();
    assert_eq!(open.requests.len(), 1);
}

#[test]
fn a_consent_begins_and_ends_at_its_instants() {
    let mut chain = consented();
    let (begins, ends) = (chain.now + 100_000, chain.now + 200_000);
    let mut grant = grant_of(2);
    grant.valid_from = Timestamp::from_millis(begins);
    grant.expires = Timestamp::from_millis(ends);
    chain.must(&subject(), Operation::Grant(grant));
    for (id, (time, code)) in
        (0..).zip([(begins - 1, 4016), (begins, 0), (ends - 1, 0), (ends, 4015)])
    {
        next_block_at(&mut chain, time);
        let operations = vec![ask(id, access(2, 1))];
        assert_eq!(chain.outcome(&Actor::party(PHARMACY), operations), code, "at {time}");
    }
    // Withdrawing an expired consent is allowed: it is never harder than granting.
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
}

#[test]
fn a_decision_is_relied_on_no_longer_than_the_consent_or_delta() {
    let mut chain = consented();
    let mut grant = grant_of(2);
    let expires = chain.now + 1000 + DELTA_MS;
    grant.expires = Timestamp::from_millis(expires);
    chain.must(&subject(), Operation::Grant(grant));
    let mut until = Vec::new();
    for id in 0..2 {
        let operations = vec![ask(id, access(2, 1))];
        let tx = chain.tx(&Actor::party(HOSPITAL), operations);
        let applied = chain.commit(vec![tx]);
        assert_eq!(codes(&applied), [0]);
        for event in applied.events.iter().map(|happened| &happened.event) {
            if let Event::AccessPermitted(AccessPermitted { valid_until, .. }) = event {
                until.push((valid_until.as_millis(), chain.now + DELTA_MS));
            }
        }
    }
    let bounds: Vec<u64> = until.iter().map(|(_, delta)| expires.min(*delta)).collect();
    assert_eq!(until.iter().map(|(found, _)| *found).collect::<Vec<_>>(), bounds);
    assert_eq!(bounds, [expires, expires]);
}

#[test]
fn a_withdrawal_takes_effect_within_its_own_block() {
    let mut chain = consented();
    let pharmacy = Actor::party(PHARMACY);
    let ask = |id| vec![ask(id, access(1, 1))];
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let txs = vec![
        chain.tx(&pharmacy, ask(1)),
        chain.tx(&subject(), vec![withdraw]),
        chain.tx(&pharmacy, ask(2)),
    ];
    assert_eq!(codes(&chain.commit(txs)), [0, 0, 4014]);
}
