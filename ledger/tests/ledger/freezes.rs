//! `Freeze` and `Unfreeze`: money alone, on a ground, for a time; and two parts that sign together.

use ledger_types::operation::{
    CancelRedeem, Charge, Discharge, Freeze, FreezeBasis, FreezeDirection, Issue, KeyRole,
    Operation, Pay, RotateKeys, SettleRedeem, Unfreeze, WeightedKey,
};
use ledger_types::{Genesis, Inadmissible, SigningKey, Timestamp};

use crate::chain::{Chain, admit, codes};
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, TOWN, akari, botan, chika, commitment, genesis, keys_of, nobody,
    seeded, shop, yen,
};
use crate::happy::{charged, claim, request, transfer};
use crate::rejections::refuses;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

fn freeze_until(actor: &Actor, direction: FreezeDirection, until: u64) -> Operation {
    Operation::Freeze(Freeze {
        account: actor.account,
        direction,
        basis: FreezeBasis::Attachment,
        ground: commitment(7),
        until: Timestamp::from_millis(until),
    })
}

fn freeze(chain: &Chain, actor: &Actor, direction: FreezeDirection) -> Operation {
    freeze_until(actor, direction, chain.now + DAY_MS)
}

fn unfreeze(actor: &Actor) -> Operation {
    Operation::Unfreeze(Unfreeze { account: actor.account })
}

fn charge(amount: u64) -> Operation {
    Operation::Charge(Charge { zone: TOWN, amount: yen(amount) })
}

fn pay(amount: u64) -> Operation {
    let (merchant, reference) = (shop().account, None);
    Operation::Pay(Pay {
        zone: TOWN,
        merchant,
        amount: yen(amount),
        charge: None,
        vouchers: None,
        reference,
        request: None,
        again: true,
    })
}

fn issue(to: &Actor, amount: u64, reference: u8) -> Operation {
    let (account, core_banking_ref) = (to.account, commitment(reference));
    Operation::Issue(Issue { account, amount: yen(amount), core_banking_ref })
}

fn rotate() -> Operation {
    let keys = vec![WeightedKey::plain(seeded(240).public_key(), 1)];
    Operation::RotateKeys(RotateKeys { keys, threshold: 1 })
}

#[test]
fn no_money_leaves_an_account_that_is_frozen_out_and_its_keys_stay() {
    let mut chain = Chain::new();
    charged(&mut chain, 40);
    chain.must(&akari(), request(commitment(51), 10));
    chain.must(&akari(), request(commitment(52), 10));
    let claimed = claim(&chain, commitment(51));
    chain.must(&aizu(), claimed);
    let frozen = freeze(&chain, &akari(), FreezeDirection::Out);
    chain.must(&aizu(), frozen);
    let settle = Operation::SettleRedeem(SettleRedeem { redeem: commitment(51) });
    let unclaimed = claim(&chain, commitment(52));
    let rows = vec![
        (2025, akari(), transfer(&chika(), 1)),
        (2025, akari(), charge(1)),
        (2025, akari(), pay(1)),
        (2025, akari(), request(commitment(53), 1)),
        (2025, aizu(), settle.clone()),
        (2025, aizu(), unclaimed),
        (2025, akari(), rotate()),
    ];
    refuses(&mut chain, rows);
    // What is held is released, what was the holder's comes back, and others may pay it.
    chain.must(&akari(), Operation::CancelRedeem(CancelRedeem { redeem: commitment(52) }));
    chain.must(&akari(), Operation::Discharge(Discharge { zone: TOWN, amount: yen(40) }));
    chain.must(&chika(), transfer(&akari(), 1));
    chain.must(&aizu(), issue(&akari(), 1, 90));
    chain.must(&aizu(), unfreeze(&akari()));
    chain.must(&aizu(), settle);
    chain.must(&akari(), transfer(&chika(), 1));
    chain.must(&akari(), rotate());
}

#[test]
fn no_money_enters_an_account_that_is_frozen_in() {
    let mut chain = Chain::new();
    charged(&mut chain, 40);
    chain.must(&akari(), request(commitment(52), 10));
    let frozen = freeze(&chain, &akari(), FreezeDirection::In);
    chain.must(&aizu(), frozen);
    let frozen = freeze(&chain, &shop(), FreezeDirection::In);
    chain.must(&Actor::bank(BANDAI), frozen);
    let rows = vec![
        (2026, chika(), transfer(&akari(), 1)),
        (2026, aizu(), issue(&akari(), 1, 90)),
        (2026, akari(), pay(1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&akari(), Operation::CancelRedeem(CancelRedeem { redeem: commitment(52) }));
    chain.must(&akari(), Operation::Discharge(Discharge { zone: TOWN, amount: yen(1) }));
    chain.must(&akari(), transfer(&chika(), 1));
    chain.must(&akari(), rotate());
}

#[test]
fn a_freeze_of_both_stops_both_and_ends_at_its_instant_without_a_transaction() {
    let mut chain = Chain::new();
    let until = chain.now + DAY_MS;
    chain.must(&aizu(), freeze_until(&akari(), FreezeDirection::Both, until));
    let rows = vec![(2025, akari(), transfer(&chika(), 1)), (2026, chika(), transfer(&akari(), 1))];
    refuses(&mut chain, rows);
    chain.now = until - 1000;
    chain.must(&akari(), transfer(&chika(), 1));
    refuses(&mut chain, vec![(2028, aizu(), unfreeze(&akari()))]);
    let again = freeze(&chain, &akari(), FreezeDirection::Out);
    chain.must(&aizu(), again);
}

#[test]
fn a_freeze_leaves_consents_alone() {
    use crate::consent::world::town;
    use crate::fixture::{consent_id, grant_of, subject};
    use ledger_types::operation::Withdraw;
    let mut chain = town();
    // Whoever consents has no account that holds money: nothing can be frozen.
    let frozen = freeze(&chain, &subject(), FreezeDirection::Both);
    refuses(&mut chain, vec![(2002, aizu(), frozen)]);
    chain.must(&subject(), Operation::Grant(grant_of(2)));
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
}

#[test]
fn freezes_in_order() {
    let mut chain = Chain::new();
    let frozen = freeze(&chain, &chika(), FreezeDirection::Out);
    chain.must(&aizu(), frozen);
    let out = |actor: &Actor, until| freeze_until(actor, FreezeDirection::Out, until);
    let (now, furthest) = (chain.now, chain.now + 366 * DAY_MS);
    let rows = vec![
        (2010, akari(), out(&nobody(), 0)),
        (2010, Actor::party(HOSPITAL), out(&nobody(), 0)),
        (2002, aizu(), out(&nobody(), 0)),
        (2009, aizu(), out(&botan(), 0)),
        (2027, aizu(), out(&chika(), 0)),
        (2029, aizu(), out(&akari(), now)),
        (2029, aizu(), out(&akari(), furthest + 100_000)),
        (2010, akari(), unfreeze(&nobody())),
        (2002, aizu(), unfreeze(&nobody())),
        (2009, aizu(), unfreeze(&botan())),
        (2028, aizu(), unfreeze(&akari())),
    ];
    refuses(&mut chain, rows);
    // A freeze is prolonged by ending it and beginning it anew, in one step.
    let longer = vec![unfreeze(&chika()), out(&chika(), furthest)];
    assert_eq!(chain.outcome(&aizu(), longer), 0);
}

fn part(key: &SigningKey, role: KeyRole) -> WeightedKey {
    WeightedKey { key: key.public_key(), weight: 1, role }
}

/// The bank's keys: two makers, a checker, and one without a part; any two of them weigh enough.
fn four() -> [SigningKey; 4] {
    [seeded(241), seeded(242), seeded(243), seeded(244)]
}

fn in_parts() -> Genesis {
    let [first, second, third, plain] = four();
    let mut genesis = genesis();
    genesis.banks[0].keys = vec![
        part(&first, KeyRole::Maker),
        part(&second, KeyRole::Maker),
        part(&third, KeyRole::Checker),
        part(&plain, KeyRole::Any),
    ];
    genesis.banks[0].threshold = 2;
    genesis
}

#[test]
fn a_maker_and_a_checker_sign_together_or_nothing_is_admitted() {
    let mut chain = Chain::of(&in_parts());
    let [first, second, third, plain] = four();
    let alone = Err(Inadmissible::OnePartAlone);
    let short = Err(Inadmissible::ThresholdNotMet { weight: 1, threshold: 2 });
    let frozen = freeze(&chain, &akari(), FreezeDirection::Out);
    for operation in [issue(&akari(), 1, 90), frozen, unfreeze(&akari()), rotate()] {
        for (keys, expected) in [
            (vec![&first], short.clone()),
            (vec![&third], short.clone()),
            (vec![&first, &second], alone.clone()),
            (vec![&first, &plain], alone.clone()),
            (vec![&third, &plain], alone.clone()),
            (vec![&first, &third], Ok(())),
            (vec![&second, &third, &plain], Ok(())),
        ] {
            let nonce = 0;
            let unsigned = chain.unsigned(aizu().account, nonce, vec![operation.clone()]);
            let tx = unsigned.sign(&chain.state.genesis_hash(), &keys);
            let now = Timestamp::from_millis(chain.now + 1000);
            assert_eq!(admit(&chain.state, &tx, now), expected, "{operation:?}");
        }
    }
    let nonce = chain.nonce(aizu().account);
    let unsigned = chain.unsigned(aizu().account, nonce, vec![issue(&akari(), 1, 90)]);
    let tx = unsigned.sign(&chain.state.genesis_hash(), &[&first, &third]);
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
}

#[test]
fn a_set_of_keys_has_both_parts_or_none() {
    let mut chain = Chain::new();
    let [first, second, third, _] = four();
    let rotate = |keys: Vec<WeightedKey>| Operation::RotateKeys(RotateKeys { keys, threshold: 1 });
    let rows = vec![
        (2013, aizu(), rotate(vec![part(&first, KeyRole::Maker)])),
        (2013, aizu(), rotate(vec![part(&third, KeyRole::Checker)])),
        (2013, aizu(), rotate(vec![part(&first, KeyRole::Maker), part(&second, KeyRole::Any)])),
    ];
    refuses(&mut chain, rows);
    let both = vec![part(&first, KeyRole::Maker), part(&third, KeyRole::Checker)];
    chain.must(&aizu(), rotate(both));
    let unsigned = chain.unsigned(aizu().account, 50, vec![unfreeze(&akari())]);
    let tx = unsigned.sign(&chain.state.genesis_hash(), &[&first]);
    let now = Timestamp::from_millis(chain.now + 1000);
    assert_eq!(admit(&chain.state, &tx, now), Err(Inadmissible::OnePartAlone));
    assert_eq!(keys_of(&aizu())[0].role, KeyRole::Any);
}
