//! Payments in a zone: straight from the bank account, with fees and shares inside.

use ledger::record::{ChargedInYear, FeeSchedules, Record, RevenueShares};
use ledger::state::keys;
use ledger_types::AccountId;
use ledger_types::event::{
    Charged, Event, FeeCharged, FeeScheduleSet, Paid, RevenueShareSet, ZoneAccountOpened,
};
use ledger_types::limits::FEE_NOTICE_MS;
use ledger_types::operation::{
    Charge, Freeze, FreezeBasis, FreezeDirection, Operation, Pay, SetNetDebitCap,
};
use ledger_types::record::{Dated, FeeTaken};
use ledger_types::zone::{FeePart, FeeTerms, Share};
use proptest::prelude::*;

use super::super::chain::Chain;
use super::super::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, HOSPITALS, NO_ZONE, TOWN, akari, botan, chika, commitment,
    kenji, nobody, operator, shop, toru, yen,
};
use super::super::happy::{charged, commits, put};
use super::super::rejections::refuses;
use super::{
    at, bps, charging, in_bank, in_zone, open, pay, rate, set_fees, set_shares, terms, update,
};

#[test]
fn payments_that_charge_in_order() {
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    let cap = SetNetDebitCap { bank: AIZU, cap: yen(70) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    let to = |merchant: &Actor, amount: u64, charge: u64| {
        let (merchant, amount, charge) = (merchant.account, yen(amount), Some(yen(charge)));
        Operation::Pay(Pay {
            zone: TOWN,
            merchant,
            amount,
            charge,
            vouchers: None,
            reference: None,
            request: None,
            again: true,
        })
    };
    let elsewhere = |charge| pay(NO_ZONE, 1000, charge);
    refuses(
        &mut chain,
        vec![
            (2018, Actor::party(HOSPITAL), to(&shop(), 0, 0)),
            (2001, akari(), to(&akari(), 0, 1)),
            (2001, akari(), to(&akari(), 1, 0)),
            (3008, akari(), to(&akari(), 1, 2)),
            (2003, akari(), to(&akari(), 1, 1)),
            (3001, akari(), elsewhere(Some(1))),
            (3003, chika(), pay(TOWN, 1000, None)),
            (3005, chika(), to(&nobody(), 1000, 1)),
            (2004, akari(), pay(TOWN, 1000, Some(41))),
            (2004, kenji(), pay(TOWN, 1, Some(1))),
            (3004, akari(), pay(TOWN, 101, Some(40))),
            (2005, akari(), pay(TOWN, 71, Some(40))),
        ],
    );
    chain.must(&akari(), pay(TOWN, 70, Some(10)));
}

#[test]
fn a_payment_moves_in_what_the_payer_asked_for_and_no_yen_more() {
    let mut chain = Chain::new();
    let (zone, account) = (TOWN, akari().account);
    let tx = chain.tx(&akari(), vec![pay(TOWN, 45, Some(45))]);
    let events = chain.commit(vec![tx]).events;
    let (payer, merchant, amount) = (account.into(), shop().account, yen(45));
    let said: Vec<Event> = events.into_iter().map(|happened| happened.event).collect();
    assert_eq!(
        said,
        [
            Event::ZoneAccountOpened(ZoneAccountOpened { zone, account }),
            Event::Charged(Charged { zone, account, amount }),
            Event::Paid(Paid {
                zone,
                payer,
                merchant,
                amount,
                cash: yen(0),
                request: None,
                terminal: None,
                reference: None,
            }),
        ]
    );
    assert_eq!((in_bank(&chain, &akari()), in_zone(&chain, TOWN, &akari())), (55, 0));
    assert_eq!(in_zone(&chain, TOWN, &shop()), 45);
    // Coin that is there goes first where the payer says so.
    chain.must(&akari(), Operation::Charge(Charge { zone: TOWN, amount: yen(30) }));
    chain.must(&akari(), pay(TOWN, 35, Some(5)));
    assert_eq!((in_bank(&chain, &akari()), in_zone(&chain, TOWN, &akari())), (20, 0));
    assert_eq!(chain.state.zone(TOWN).unwrap().total, yen(80));
}

#[test]
fn fee_shares_and_net_are_the_payment_to_the_yen() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let before = [shop(), chika(), toru(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    let tx = chain.tx(&botan(), vec![pay(HOSPITALS, 94, Some(94))]);
    let events = chain.commit(vec![tx]).events;
    // 18 of 94 are the fee: 9 Chika's, 1 Toru's, 8 the fund's.
    let part = |who: &Actor, amount| FeePart { account: who.account, amount: yen(amount) };
    let mut parts = vec![part(&chika(), 9), part(&toru(), 1)];
    parts.sort_by_key(|part| part.account);
    parts.push(part(&operator(), 8));
    let (zone, merchant, gross, fee) = (HOSPITALS, shop().account, yen(94), yen(18));
    let charged = FeeCharged { zone, merchant, gross, fee, version: 1, parts };
    assert_eq!(events.last().unwrap().event, Event::FeeCharged(charged));
    let after = [shop(), chika(), toru(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    let got: Vec<u64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(got, [76, 9, 1, 8]);
    let record = chain.state.merchant(HOSPITALS, &shop().account).unwrap();
    assert_eq!(record.charged, ChargedInYear { year: 1969, amount: yen(19) });
}

#[test]
fn what_is_announced_stands_beside_what_is_in_force() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let from = chain.now + FEE_NOTICE_MS + 5000;
    let (less, more) = (rate(1_000, 0, &[Some(25), None]), rate(3_000, 0, &[Some(99), None]));
    chain.must(&operator(), set_fees(HOSPITALS, 2, 0, less.clone()));
    let began = at(chain.now);
    let dated = |version, from, terms| Dated { version, from, terms };
    let (now, next) = (dated(2, began, less), dated(3, at(from), more.clone()));
    let events = commits(&mut chain, &operator(), set_fees(HOSPITALS, 3, from, more), |picture| {
        let record = FeeSchedules { latest: next.clone(), before: Some(now.clone()) };
        put(picture, keys::fee_schedules(HOSPITALS), Record::FeeSchedules(record.into()));
    });
    let (zone, version) = (HOSPITALS, 3);
    let set = FeeScheduleSet { zone, version, from: at(from) };
    assert_eq!(events, [Event::FeeScheduleSet(set)]);
    let schedules = chain.state.fee_schedules(HOSPITALS).unwrap();
    assert_eq!(schedules.in_force(at(from - 1)), Some(&now));
    assert_eq!(schedules.waiting(at(from - 1)), Some(&next));
    assert_eq!((schedules.in_force(at(from)), schedules.waiting(at(from))), (Some(&next), None));
    // The instant decides, whether or not anybody sets anything then.
    let fee = |chain: &mut Chain| {
        let before = in_zone(chain, HOSPITALS, &shop());
        chain.must(&botan(), pay(HOSPITALS, 20, Some(20)));
        20 - (in_zone(chain, HOSPITALS, &shop()) - before)
    };
    assert_eq!(fee(&mut chain), 2);
    chain.now = from - 1000;
    assert_eq!(fee(&mut chain), 6);
}

#[test]
fn shares_are_told_with_the_instant_from_which_they_hold() {
    let mut chain = Chain::new();
    chain.must(&operator(), open(TOWN));
    let only = terms(vec![], &operator());
    let set = set_shares(TOWN, 1, 0, only.clone());
    let from = at(chain.now + 1000);
    let events = commits(&mut chain, &operator(), set, |picture| {
        let latest = Dated { version: 1, from, terms: only };
        let record = RevenueShares { latest, before: None };
        put(picture, keys::revenue_shares(TOWN), Record::RevenueShares(record.into()));
    });
    let set = RevenueShareSet { zone: TOWN, version: 1, from };
    assert_eq!(events, [Event::RevenueShareSet(set)]);
}

#[test]
fn a_schedule_of_nothing_writes_no_record_more_than_none() {
    let changed = |prepare: &dyn Fn(&mut Chain)| {
        let mut chain = Chain::new();
        charged(&mut chain, 60);
        prepare(&mut chain);
        let tx = chain.tx(&akari(), vec![pay(TOWN, 10, None)]);
        let applied = chain.commit(vec![tx]);
        assert_eq!(applied.events.len(), 1);
        // The payment itself is known by its place in the log.
        let keys = applied.changes.into_iter().map(|change| change.key);
        keys.filter(|key| key[0] != 66).collect::<Vec<_>>()
    };
    let none = changed(&|_| {});
    let zero = changed(&|chain| chain.must(&operator(), set_fees(TOWN, 1, 0, FeeTerms::zero())));
    assert_eq!(none, zero);
    let known = [
        keys::account(&akari().account),
        keys::bank(AIZU),
        keys::bank(BANDAI),
        keys::pair_position(AIZU, BANDAI),
        keys::zone_account(TOWN, &akari().account),
        keys::zone_account(TOWN, &shop().account),
        keys::recent(TOWN, &akari().account),
    ];
    let mut known = known.map(|key| key.as_bytes().to_vec()).to_vec();
    known.sort_unstable();
    assert_eq!(none, known);
}

#[test]
fn a_freeze_of_who_shares_stops_no_payment_and_the_rest_is_the_funds_or_the_merchants() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let freeze = |chain: &Chain, actor: &Actor| {
        let until = at(chain.now + 3_600_000);
        let (direction, basis) = (FreezeDirection::In, FreezeBasis::Attachment);
        let (account, ground) = (actor.account, commitment(9));
        Operation::Freeze(Freeze { account, direction, basis, ground, until })
    };
    let frozen = freeze(&chain, &chika());
    chain.must(&Actor::bank(AIZU), frozen);
    let before = [shop(), chika(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    chain.must(&botan(), pay(HOSPITALS, 50, Some(50)));
    let after = [shop(), chika(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    let got: Vec<u64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(got, [40, 0, 9]);
    let frozen = freeze(&chain, &operator());
    chain.must(&Actor::bank(AIZU), frozen);
    let before = [shop(), toru(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    chain.must(&botan(), pay(HOSPITALS, 50, Some(50)));
    let after = [shop(), toru(), operator()].map(|who| in_zone(&chain, HOSPITALS, &who));
    let got: Vec<u64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(got, [49, 1, 0]);
    // The cap counts what was taken alone.
    let record = chain.state.merchant(HOSPITALS, &shop().account).unwrap();
    assert_eq!(record.charged.amount, yen(1 + 10 + 1));
}

#[test]
fn a_part_of_a_fee_posts_between_custodians_under_the_same_cap() {
    let mut chain = Chain::new();
    charging(&mut chain);
    // Toru is at the third bank: his yen of the fee goes there, the rest to the shop's and Aizu.
    let position = |chain: &Chain, bank: u16| {
        chain.state.bank(ledger_types::BankId::new(bank)).unwrap().position.get()
    };
    let before = [1, 2, 3].map(|bank| position(&chain, bank));
    let room = |chain: &mut Chain, more: u64| {
        let net_debit = u64::try_from(-position(chain, 1)).unwrap();
        let cap = SetNetDebitCap { bank: AIZU, cap: yen(net_debit + more) };
        chain.must(&operator(), Operation::SetNetDebitCap(cap));
    };
    // Room for the shop's 40, and none for Toru's yen.
    room(&mut chain, 40);
    refuses(&mut chain, vec![(2005, akari(), pay(HOSPITALS, 50, Some(50)))]);
    room(&mut chain, 41);
    chain.must(&akari(), pay(HOSPITALS, 50, Some(50)));
    let after = [1, 2, 3].map(|bank| position(&chain, bank));
    let moved: Vec<i64> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(moved, [-41, 40, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn fee_and_shares_are_exact_for_any_amounts_rates_and_shares(
        gross in prop_oneof![1..100_000_u64, any::<u64>()],
        points in 0..=10_000_u16,
        minimum in prop_oneof![0..200_u64, any::<u64>()],
        cap in prop::option::of(0..50_000_u64),
        charged in 0..60_000_u64,
        shares in prop::collection::vec(1..=1_250_u16, 0..=8),
    ) {
        let rule = rate(points, minimum, &[cap]).rule(0, yen(charged)).unwrap();
        let fee = rule.fee(yen(gross));
        prop_assert!(fee <= yen(gross));
        if let Some(cap) = cap {
            prop_assert!(fee.get() + charged <= cap.max(charged));
        } else {
            let part = u128::from(gross) * u128::from(points) / 10_000;
            prop_assert_eq!(u128::from(fee.get()), part.max(minimum.min(gross).into()));
        }
        let account = |number| AccountId::new([number; 20]);
        let shares: Vec<Share> = shares.iter().zip(1_u8..).map(|(points, number)| Share {
            account: account(number), share: bps(*points),
        }).collect();
        let fund = Some(account(99));
        let taken = FeeTaken { version: 1, rule, shares: shares.clone(), fund };
        let parts = taken.parts(yen(gross));
        let sum: u128 = parts.iter().map(|part| u128::from(part.amount.get())).sum();
        prop_assert_eq!(sum, u128::from(fee.get()));
        for Share { account, share } in shares {
            let part = parts.iter().find(|part| part.account == account);
            let floor = u128::from(fee.get()) * u128::from(share.get()) / 10_000;
            prop_assert_eq!(part.map_or(0, |part| u128::from(part.amount.get())), floor);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_yearly_cap_is_never_passed_across_the_end_of_march_in_japan(
        steps in prop::collection::vec((1..12_u64, 0..3_u64, any::<bool>()), 1..25),
    ) {
        const END_OF_MARCH: u64 = (90 * 24 - 9) * 3_600_000;
        let mut chain = Chain::new();
        charging(&mut chain);
        let cap = 4;
        chain.must(&operator(), set_fees(HOSPITALS, 2, 0, rate(2_000, 1, &[Some(cap), Some(cap)])));
        chain.now = END_OF_MARCH - 12_000;
        let mut taken = [1_u64, 0];
        for (amount, pause, moves) in steps {
            chain.now += 1000 * pause;
            if moves {
                chain.must(&operator(), update(HOSPITALS, &shop(), u16::from(pause == 0)));
            }
            let before = in_zone(&chain, HOSPITALS, &shop());
            if chain.outcome(&toru(), vec![pay(HOSPITALS, amount, Some(amount))]) != 0 {
                continue;
            }
            let fee = amount - (in_zone(&chain, HOSPITALS, &shop()) - before);
            let year = usize::from(chain.now >= END_OF_MARCH);
            let expected = (amount / 5).max(1).min(cap - taken[year]);
            prop_assert_eq!(fee, expected);
            taken[year] += fee;
            prop_assert!(taken[year] <= cap);
        }
    }
}
