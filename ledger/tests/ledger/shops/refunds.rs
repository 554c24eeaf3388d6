//! Refunds and voids: back to where it came from, to the yen, once.

use ledger_types::Hash;
use ledger_types::event::{
    Event, FeeReturned, LotFate, LotsReturned, Refunded, ReturnedLot, Voided,
};
use ledger_types::genesis::Retention;
use ledger_types::operation::{
    CloseCycle, Discharge, Freeze, FreezeBasis, FreezeDirection, Limits, MerchantClass, Operation,
    Pay, ReconcileProgramme, SetLimits, SetNetDebitCap, Unfreeze,
};
use ledger_types::programme::LotKind;
use ledger_types::rejection::Rule;
use ledger_types::zone::FeePart;
use proptest::prelude::*;

use super::{events, refund, remembered, void};
use crate::chain::Chain;
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, HOSPITALS, TOWN, akari, botan, chika, commitment, operator,
    shop, toru, yen,
};
use crate::programmes::{
    DAY, PREMIUM, REFUND_UNTIL, USE_UNTIL, at, available, chain_shop, city, coin, held, instrument,
    local_shop, main_escrow, near, pay_with, seen, sold, spend, sums, tadami_shop, tally,
};
use crate::rejections::refuses;
use crate::zones::charging;

/// Akari paid ¥700 at the shop of a chain: 625 of vouchers (any shop: 125 free, 500 paid), 75 of coin.
fn paid() -> (Chain, Hash) {
    let mut chain = sold();
    let lines = seen(&chain, &akari(), MerchantClass::Chain, 1375);
    let amount: u64 = lines.iter().map(|line| line.amount.get()).sum();
    let pay = Pay { charge: Some(yen(75)), ..pay_with(&chain_shop(), amount + 75, lines) };
    chain.must(&akari(), Operation::Pay(pay));
    let (id, payment) = remembered(&chain, &akari().account);
    assert_eq!((payment.amount, payment.coin), (yen(1325), yen(75)));
    (chain, id)
}

fn back(id: Hash, amount: u64, before: u64) -> Operation {
    Operation::Refund(refund(TOWN, id, amount, before))
}

#[test]
fn vouchers_come_back_from_the_last_one_on_and_coin_after_them() {
    let (mut chain, id) = paid();
    let whole = held(&chain, &akari().account);
    assert_eq!(whole, [1000, 250, 0, 0]);
    let before = available(&chain, &main_escrow());
    let said = events(&mut chain, &chain_shop(), back(id, 1100, 0));
    let payer = akari().account.into();
    let lot = |kind, amount| ReturnedLot {
        programme: PREMIUM,
        round: 1,
        bucket: 1,
        kind,
        amount: yen(amount),
        fate: LotFate::Returned,
    };
    let (zone, payment, merchant) = (TOWN, id, chain_shop().account);
    let returned = vec![lot(LotKind::Paid, 1000), lot(LotKind::Free, 100)];
    assert_eq!(
        said,
        [
            Event::LotsReturned(LotsReturned {
                zone,
                payment,
                payer,
                merchant,
                returned,
                sponsors: vec![]
            }),
            Event::Refunded(Refunded {
                zone,
                payment,
                payer,
                merchant,
                terminal: None,
                amount: yen(1100),
                coin: yen(0),
                refunded: yen(1100),
                reference: None,
            }),
        ]
    );
    assert_eq!(held(&chain, &akari().account), [1000, 250, 1000, 100]);
    assert_eq!(available(&chain, &main_escrow()), before + 1100);
    assert_eq!((coin(&chain, &akari()), coin(&chain, &chain_shop())), (0, 225));
    assert_eq!(sums(&tally(&chain, 1).buckets[1], LotKind::Paid), [1500, 0, 0, 0]);
    assert_eq!(sums(&tally(&chain, 1).buckets[1], LotKind::Free), [375, 0, 150, 0]);
    chain.must(&chain_shop(), back(id, 225, 1100));
    assert_eq!(held(&chain, &akari().account), [1000, 250, 1000, 250]);
    assert_eq!((coin(&chain, &akari()), coin(&chain, &chain_shop())), (75, 0));
    assert_eq!(instrument(&chain), [3750, 0, 0]);
    // What came back is spent again, and nothing more of the payment comes back.
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 2500), 0);
    refuses(&mut chain, vec![(3104, chain_shop(), back(id, 1, 1325))]);
}

#[test]
fn refunds_and_voids_are_refused_in_order() {
    let (mut chain, id) = paid();
    let elsewhere = Operation::Refund(refund(HOSPITALS, id, 1, 0));
    chain.must(&chain_shop(), back(id, 25, 0));
    let take = Discharge { zone: TOWN, amount: yen(1200) };
    chain.must(&chain_shop(), Operation::Discharge(take));
    refuses(
        &mut chain,
        vec![
            (2018, Actor::party(HOSPITAL), back(id, 0, 0)),
            (2001, chain_shop(), back(id, 0, 0)),
            (3101, chain_shop(), back(commitment(1), 1, 0)),
            (3101, chain_shop(), elsewhere),
            (3101, local_shop(), back(id, 1, 0)),
            (3101, akari(), back(id, 1, 0)),
            (3103, chain_shop(), back(id, 1301, 0)),
            (3104, chain_shop(), back(id, 1301, 25)),
            (3004, chain_shop(), back(id, 101, 25)),
            (2018, Actor::party(HOSPITAL), void(TOWN, id)),
            (3101, local_shop(), void(TOWN, id)),
            (3105, chain_shop(), void(TOWN, id)),
        ],
    );
    let frozen = |who: &Actor, direction| {
        let (basis, ground, until) = (FreezeBasis::Fraud, commitment(5), at(chain.now + DAY));
        Operation::Freeze(Freeze { account: who.account, direction, basis, ground, until })
    };
    let rows = [
        (frozen(&chain_shop(), FreezeDirection::Out), chain_shop(), Rule::AccountFrozen),
        (frozen(&akari(), FreezeDirection::In), akari(), Rule::PayeeFrozen),
    ];
    for (freeze, who, rule) in rows {
        let bank = Actor::bank(AIZU);
        chain.must(&bank, freeze);
        refuses(&mut chain, vec![(rule.code().get(), chain_shop(), back(id, 1, 25))]);
        let unfreeze = Unfreeze { account: who.account };
        chain.must(&bank, Operation::Unfreeze(unfreeze));
    }
    chain.must(&chain_shop(), back(id, 100, 25));
}

#[test]
fn a_void_undoes_all_of_it_on_its_day_alone() {
    let (mut chain, id) = paid();
    let day_after = chain.now + DAY;
    let mut late = paid().0;
    late.now = day_after;
    refuses(&mut late, vec![(3105, chain_shop(), void(TOWN, id))]);
    let said = events(&mut chain, &chain_shop(), void(TOWN, id));
    let told = said.iter().find_map(|event| match event {
        Event::Voided(Voided { amount, coin, .. }) => Some((*amount, *coin)),
        _ => None,
    });
    assert_eq!(told, Some((yen(1325), yen(75))));
    assert_eq!(held(&chain, &akari().account), [1000, 250, 1000, 250]);
    assert_eq!((coin(&chain, &akari()), coin(&chain, &chain_shop())), (75, 0));
    refuses(
        &mut chain,
        vec![(3102, chain_shop(), void(TOWN, id)), (3102, chain_shop(), back(id, 1, 0))],
    );
}

#[test]
fn what_had_ended_is_the_programmes_and_what_comes_after_its_refunds_the_sponsors() {
    let (mut chain, id) = paid();
    chain.now = USE_UNTIL - 1000;
    let said = events(&mut chain, &chain_shop(), back(id, 200, 0));
    let fates = |said: &[Event]| -> Vec<LotFate> {
        let of = |event: &Event| match event {
            Event::LotsReturned(told) => told.returned.iter().map(|lot| lot.fate).collect(),
            _ => vec![],
        };
        said.iter().flat_map(of).collect()
    };
    assert_eq!(fates(&said), [LotFate::Ended]);
    assert_eq!(held(&chain, &akari().account), [0; 4]);
    assert_eq!(sums(&tally(&chain, 1).buckets[1], LotKind::Paid), [1500, 0, 800, 200]);
    let escrows = available(&chain, &main_escrow()) + available(&chain, &near());
    chain.now = REFUND_UNTIL - 1000;
    let (sponsor, shops) = (available(&chain, &city()), coin(&chain, &chain_shop()));
    let said = events(&mut chain, &chain_shop(), back(id, 100, 200));
    assert_eq!(fates(&said), [LotFate::Sponsor]);
    let told = |event: &Event| match event {
        Event::LotsReturned(told) => Some(told.sponsors.clone()),
        _ => None,
    };
    assert_eq!(said.iter().find_map(told), Some(vec![city().account]));
    assert_eq!(available(&chain, &city()), sponsor + 100);
    assert_eq!(coin(&chain, &chain_shop()), shops - 100);
    assert_eq!(available(&chain, &main_escrow()) + available(&chain, &near()), escrows);
    let cap = SetNetDebitCap { bank: AIZU, cap: yen(10_000) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    let reconcile = ReconcileProgramme { programme: PREMIUM };
    chain.must(&city(), Operation::ReconcileProgramme(reconcile));
    let closed = tally(&chain, 1);
    chain.must(&chain_shop(), back(id, 950, 300));
    assert_eq!(tally(&chain, 1), closed);
    // The last 75 were coin, which comes back whenever.
    chain.must(&chain_shop(), back(id, 75, 1250));
    assert_eq!(coin(&chain, &akari()), 75);
}

#[test]
fn payments_and_refunds_again_and_again_make_no_room_past_a_cap() {
    let mut chain = sold();
    let pledged = |chain: &Chain| chain.state.bank(AIZU).unwrap().pledged.get();
    // The shop is at Tadami, where no escrow is pledged: Aizu's pays across, and takes back.
    let mut seen_pledged = vec![];
    for round in 0..4 {
        assert_eq!(spend(&mut chain, &botan(), &tadami_shop(), 1000), 0);
        seen_pledged.push(pledged(&chain));
        if round == 1 {
            chain.must(&operator(), Operation::CloseCycle(CloseCycle { cycle: 1 }));
        }
        let last = chain.state.payments().filter(|(_, one)| one.refunded.is_zero() && !one.voided);
        let (id, _) = last.last().map(|(id, one)| (id, one.clone())).unwrap();
        chain.must(&tadami_shop(), Operation::Refund(refund(TOWN, id, 1000, 0)));
        seen_pledged.push(pledged(&chain));
    }
    // What the cycle captured is taken off when it is settled, and nothing is added to it.
    assert_eq!(seen_pledged, [1000, 0, 1000, 1000, 2000, 1000, 2000, 1000]);
}

#[test]
fn an_allowance_comes_back_in_its_own_day_and_month_alone() {
    let mut chain = sold();
    let per_day = Some(yen(100));
    let limits = Limits { per_day, per_month: Some(yen(10_000)), ..Limits::NONE };
    let set = SetLimits { account: botan().account, limits };
    chain.must(&Actor::bank(BANDAI), Operation::SetLimits(set));
    let pay = |amount| {
        let pay = Pay {
            charge: Some(yen(amount)),
            vouchers: None,
            ..pay_with(&local_shop(), amount, vec![])
        };
        Operation::Pay(pay)
    };
    chain.must(&botan(), pay(100));
    let (id, _) = remembered(&chain, &botan().account);
    refuses(&mut chain, vec![(2052, botan(), pay(1))]);
    chain.must(&local_shop(), back(id, 60, 0));
    let spent = |chain: &Chain| {
        let spent = chain.state.spent(&botan().account);
        (spent.of_day.get(), spent.of_month.get())
    };
    assert_eq!(spent(&chain), (40, 40));
    chain.now += DAY;
    chain.must(&botan(), pay(30));
    chain.must(&local_shop(), back(id, 40, 60));
    assert_eq!(spent(&chain), (30, 30));
}

/// Akari paid 94 in the hospitals' zone, whose fee of a fifth three share.
fn charged() -> (Chain, Hash) {
    let mut chain = Chain::new();
    charging(&mut chain);
    let before: Vec<Hash> = chain.state.payments().map(|(id, _)| id).collect();
    let tx = chain.tx(&botan(), vec![crate::zones::pay(HOSPITALS, 94, Some(94))]);
    chain.commit(vec![tx]);
    let new = chain.state.payments().map(|(id, _)| id).find(|id| !before.contains(id));
    (chain, new.unwrap())
}

#[test]
fn the_fee_follows_what_is_not_refunded() {
    let (mut chain, id) = charged();
    let in_zone = |chain: &Chain, who: &Actor| {
        chain.state.zone_account(HOSPITALS, &who.account).map_or(0, |one| one.balance.get())
    };
    let parties = [shop(), chika(), toru(), operator(), botan()];
    let now = |chain: &Chain| parties.each_ref().map(|who| in_zone(chain, who));
    let before = now(&chain);
    let refund = |amount, gone| Operation::Refund(refund(HOSPITALS, id, amount, gone));
    let said = events(&mut chain, &shop(), refund(40, 0));
    let after = now(&chain);
    // Of 94 the fee was 18: 9, 1 and 8. Of 54 it is 10: 5, 1 and 4.
    let moved: Vec<i128> =
        before.iter().zip(after).map(|(b, a)| i128::from(a) - i128::from(*b)).collect();
    assert_eq!(moved, [-32, -4, 0, -4, 40]);
    let told = said.into_iter().find_map(|event| match event {
        Event::FeeReturned(told) => Some(told),
        _ => None,
    });
    let part = |who: &Actor, amount| FeePart { account: who.account, amount: yen(amount) };
    let mut parts = vec![part(&chika(), 4), part(&operator(), 4)];
    parts.retain(|part| !part.amount.is_zero());
    let (zone, merchant) = (HOSPITALS, shop().account);
    let (gross, fee) = (yen(40), yen(8));
    assert_eq!(
        told,
        Some(FeeReturned { zone, merchant, gross, fee, version: 1, parts, fund: None })
    );
    let charged = chain.state.merchant(HOSPITALS, &shop().account).unwrap().charged.amount;
    assert_eq!(charged, yen(1 + 10));
    chain.must(&shop(), refund(54, 40));
    let end = now(&chain);
    assert_eq!(end[4], before[4] + 94);
    let charged = chain.state.merchant(HOSPITALS, &shop().account).unwrap().charged.amount;
    assert_eq!(charged, yen(1));
}

#[test]
fn whoever_cannot_give_its_part_back_stops_no_refund() {
    let (mut chain, id) = charged();
    let freeze = Freeze {
        account: chika().account,
        direction: FreezeDirection::Out,
        basis: FreezeBasis::Fraud,
        ground: commitment(5),
        until: at(chain.now + DAY),
    };
    let bank = chain.state.account(&chika().account).unwrap().custodian;
    chain.must(&Actor::bank(bank), Operation::Freeze(freeze));
    // The operator took what it had out of the zone: its part comes from its bank account.
    let there = chain.state.zone_account(HOSPITALS, &operator().account).unwrap().balance;
    let take = Discharge { zone: HOSPITALS, amount: there };
    chain.must(&operator(), Operation::Discharge(take));
    let inside = |chain: &Chain, who: &Actor| {
        chain.state.zone_account(HOSPITALS, &who.account).unwrap().balance.get()
    };
    let parties = [shop(), chika(), toru()];
    let before = parties.each_ref().map(|who| inside(&chain, who));
    let at_bank = available(&chain, &operator());
    // Of 94 the fee was 18: 9, 1 and 8. Of 14 it is 2: 1, 0 and 1. Chika's 8 the shop bears.
    let said = events(&mut chain, &shop(), Operation::Refund(refund(HOSPITALS, id, 80, 0)));
    let fee = said.iter().find_map(|event| match event {
        Event::FeeReturned(told) => Some(told.fee.get()),
        _ => None,
    });
    assert_eq!(fee, Some(8));
    let after = parties.each_ref().map(|who| inside(&chain, who));
    let given: Vec<u64> = before.iter().zip(after).map(|(before, after)| before - after).collect();
    assert_eq!(given, [80 - 8, 0, 1]);
    // What the operator is short of in the zone comes from its bank account.
    assert_eq!((inside(&chain, &operator()), available(&chain, &operator())), (0, at_bank - 7));
}

#[test]
fn a_payment_is_refunded_for_its_days_and_then_forgotten() {
    let (mut chain, id) = charged();
    let days = u64::from(Retention::USUAL.payment_days);
    chain.now += (days - 1) * DAY;
    chain.must(&shop(), Operation::Refund(refund(HOSPITALS, id, 1, 0)));
    chain.now += 2 * DAY;
    let late = Operation::Refund(refund(HOSPITALS, id, 1, 1));
    assert_eq!(chain.outcome(&shop(), vec![late]), 3101);
    assert_eq!(chain.state.payment(&id), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_sequence_of_partial_refunds_ends_exact(cuts in prop::collection::vec(1..60_u64, 0..8)) {
        let (mut chain, id) = charged();
        // The shop has enough to give back, whatever the fee.
        chain.must(&akari(), crate::zones::pay(HOSPITALS, 40, Some(40)));
        let taken = chain.state.payment(&id).unwrap().fee.clone().unwrap();
        let in_zone = |chain: &Chain, who: &Actor| {
            chain.state.zone_account(HOSPITALS, &who.account).map_or(0, |one| one.balance.get())
        };
        let start = [shop(), chika(), toru(), operator()].map(|who| in_zone(&chain, &who));
        let (mut gone, whole) = (0, 94);
        for cut in cuts {
            let amount = cut.min(whole - gone);
            if amount == 0 { break; }
            chain.must(&shop(), Operation::Refund(refund(HOSPITALS, id, amount, gone)));
            gone += amount;
            let parts = taken.parts(yen(whole - gone));
            let full = taken.parts(yen(whole));
            for (who, before) in [chika(), toru(), operator()].iter().zip(&start[1..]) {
                let of = |parts: &[FeePart]| {
                    parts.iter().find(|part| part.account == who.account).unwrap().amount.get()
                };
                prop_assert_eq!(before - in_zone(&chain, who), of(&full) - of(&parts));
            }
            let fee = taken.rule.fee(yen(whole - gone)).get();
            let kept = start[0] - in_zone(&chain, &shop());
            prop_assert_eq!(kept, gone - (taken.rule.fee(yen(whole)).get() - fee));
        }
    }
}
