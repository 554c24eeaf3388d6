//! Limits: what leaves an account at once, in a day and in a month of Japan, and what it may hold.

use ledger_types::Yen;
use ledger_types::genesis::LevelLimits;
use ledger_types::instant::{JapanTime, Time};
use ledger_types::operation::{Charge, Discharge, Issue, Limits, Operation, Pay, SetLimits};
use proptest::prelude::*;

use crate::chain::Chain;
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, TOWN, akari, botan, chika, commitment, genesis, kenji, nobody,
    shop, yen,
};
use crate::happy::{charged, request, transfer};
use crate::rejections::refuses;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

fn some(amount: u64) -> Option<Yen> {
    Some(yen(amount))
}

fn payment(amount: u64) -> Limits {
    Limits { per_payment: some(amount), ..Limits::NONE }
}

fn day(amount: u64) -> Limits {
    Limits { per_day: some(amount), ..Limits::NONE }
}

fn month(amount: u64) -> Limits {
    Limits { per_month: some(amount), ..Limits::NONE }
}

fn holding(amount: u64) -> Limits {
    Limits { holding: some(amount), ..Limits::NONE }
}

fn set(actor: &Actor, limits: Limits) -> Operation {
    Operation::SetLimits(SetLimits { account: actor.account, limits })
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

fn at(text: &str) -> u64 {
    text.parse::<Time>().unwrap().get().as_millis()
}

/// A chain whose next block comes at this instant.
fn chain_at(text: &str) -> Chain {
    let mut chain = Chain::new();
    chain.now = at(text) - 1000;
    chain
}

fn spent(chain: &Chain, actor: &Actor) -> (u64, u64) {
    let spent = chain.state.spent(&actor.account);
    (spent.of_day.get(), spent.of_month.get())
}

#[test]
fn limits_are_set_in_order() {
    let rows = vec![
        (2010, akari(), set(&nobody(), day(0))),
        (2010, Actor::party(HOSPITAL), set(&nobody(), day(0))),
        (2002, aizu(), set(&nobody(), day(0))),
        (2009, aizu(), set(&botan(), day(0))),
        (2050, aizu(), set(&akari(), payment(0))),
        (2050, aizu(), set(&akari(), day(0))),
        (2050, aizu(), set(&akari(), month(0))),
        (2050, aizu(), set(&akari(), holding(0))),
    ];
    refuses(&mut Chain::new(), rows);
}

#[test]
fn a_payment_is_held_against_every_limit_in_order() {
    let mut chain = Chain::new();
    charged(&mut chain, 50);
    let all =
        Limits { per_payment: some(20), per_day: some(30), per_month: some(35), holding: None };
    chain.must(&aizu(), set(&akari(), all));
    chain.must(&Actor::bank(BANDAI), set(&botan(), holding(110)));
    chain.must(&Actor::bank(BANDAI), set(&shop(), holding(10)));
    let rows = vec![
        // What is not there, or not free, is said first.
        (2004, akari(), transfer(&botan(), 51)),
        (3004, akari(), pay(51)),
        (2051, akari(), transfer(&botan(), 21)),
        (2051, akari(), pay(21)),
        (2054, akari(), transfer(&botan(), 11)),
        (2054, akari(), pay(11)),
    ];
    refuses(&mut chain, rows);
    chain.must(&akari(), transfer(&botan(), 10));
    chain.must(&akari(), pay(10));
    assert_eq!(spent(&chain, &akari()), (20, 20));
    let rows = vec![
        (2052, akari(), transfer(&botan(), 11)),
        (2052, akari(), pay(11)),
        (2054, akari(), transfer(&botan(), 10)),
        (2054, akari(), pay(10)),
    ];
    refuses(&mut chain, rows);
    chain.must(&akari(), transfer(&chika(), 10));
    chain.now += DAY_MS;
    refuses(&mut chain, vec![(2053, akari(), transfer(&chika(), 6))]);
    chain.must(&akari(), transfer(&chika(), 5));
    assert_eq!(spent(&chain, &akari()), (5, 35));
}

#[test]
fn a_day_begins_anew_at_midnight_in_japan() {
    let mut chain = chain_at("2026-11-22T14:59:58.000Z");
    chain.must(&aizu(), set(&akari(), day(30)));
    chain.must(&akari(), transfer(&chika(), 30));
    assert_eq!(JapanTime(chain.state.time()).to_string(), "2026/11/22 23:59");
    // The block of midnight itself is of the new day.
    chain.must(&akari(), transfer(&chika(), 30));
    assert_eq!(JapanTime(chain.state.time()).to_string(), "2026/11/23 00:00");
    refuses(&mut chain, vec![(2052, akari(), transfer(&chika(), 1))]);
}

#[test]
fn a_month_begins_anew_with_its_first_day_and_a_year_with_its_first_month() {
    for (before, after) in [
        ("2027-02-28T14:59:58.000Z", "2027/03/01"),
        ("2028-02-29T14:59:58.000Z", "2028/03/01"),
        ("2026-12-31T14:59:58.000Z", "2027/01/01"),
    ] {
        let mut chain = chain_at(before);
        chain.must(&aizu(), set(&akari(), month(30)));
        chain.must(&akari(), transfer(&chika(), 30));
        chain.must(&akari(), transfer(&chika(), 30));
        assert_eq!(JapanTime(chain.state.time()).day(), after);
        chain.now += 27 * DAY_MS;
        refuses(&mut chain, vec![(2053, akari(), transfer(&chika(), 1))]);
    }
}

#[test]
fn a_limit_below_what_was_spent_refuses_the_next_and_undoes_nothing() {
    let mut chain = Chain::new();
    chain.must(&aizu(), set(&akari(), day(60)));
    chain.must(&akari(), transfer(&chika(), 50));
    chain.must(&aizu(), set(&akari(), day(20)));
    assert_eq!(spent(&chain, &akari()), (50, 50));
    assert_eq!(chain.state.account(&chika().account).unwrap().balance, yen(150));
    refuses(&mut chain, vec![(2052, akari(), transfer(&chika(), 1))]);
    chain.now += DAY_MS;
    chain.must(&akari(), transfer(&chika(), 20));
}

#[test]
fn an_account_without_a_limit_of_a_day_or_a_month_has_no_record_of_what_it_spent() {
    let mut chain = Chain::new();
    charged(&mut chain, 20);
    chain.must(&aizu(), set(&akari(), Limits { per_payment: some(90), ..holding(900) }));
    let before = chain.state.record_count();
    chain.must(&akari(), transfer(&chika(), 1));
    chain.must(&akari(), pay(1));
    chain.must(&chika(), transfer(&akari(), 1));
    assert_eq!(chain.state.spending(&akari().account), None);
    assert_eq!(chain.state.spending(&chika().account), None);
    // The pair of banks that the payment at the shop brought, the payment and the payer's last ones.
    assert_eq!(chain.state.record_count(), before + 3);
    // It counts from the day on which it is set, and its record is one.
    chain.must(&aizu(), set(&akari(), day(5)));
    chain.must(&akari(), transfer(&chika(), 2));
    chain.must(&akari(), pay(3));
    assert_eq!(spent(&chain, &akari()), (5, 5));
    assert_eq!(chain.state.record_count(), before + 5);
}

#[test]
fn what_stays_the_holders_own_counts_in_no_limit() {
    let mut chain = Chain::new();
    chain.must(&aizu(), set(&akari(), Limits { per_day: some(1), ..payment(1) }));
    charged(&mut chain, 60);
    chain.must(&akari(), Operation::Discharge(Discharge { zone: TOWN, amount: yen(50) }));
    chain.must(&akari(), request(commitment(51), 40));
    assert_eq!(spent(&chain, &akari()), (0, 0));
    refuses(&mut chain, vec![(2051, akari(), transfer(&chika(), 2))]);
    chain.must(&akari(), transfer(&chika(), 1));
}

#[test]
fn what_may_be_held_counts_zones_and_stops_whatever_comes_in() {
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    chain.must(&aizu(), set(&akari(), holding(110)));
    let rows = vec![
        (2054, chika(), transfer(&akari(), 11)),
        (2054, aizu(), issue(&akari(), 11, 60)),
        (2054, chika(), transfer(&akari(), 100)),
    ];
    refuses(&mut chain, rows);
    chain.must(&chika(), transfer(&akari(), 10));
    refuses(&mut chain, vec![(2054, aizu(), issue(&akari(), 1, 60))]);
    // Moving it between pockets is neither more nor less.
    chain.must(&akari(), Operation::Charge(Charge { zone: TOWN, amount: yen(50) }));
    chain.must(&akari(), Operation::Discharge(Discharge { zone: TOWN, amount: yen(110) }));
    chain.must(&akari(), transfer(&chika(), 1));
    chain.must(&aizu(), issue(&akari(), 1, 60));
}

#[test]
fn an_accounts_own_limits_stand_for_its_levels_and_none_gives_them_back() {
    let mut chain = Chain::new();
    let of = |chain: &Chain| chain.state.limits(&kenji().account).unwrap();
    assert_eq!(of(&chain), LevelLimits::USUAL.k1);
    chain.must(&aizu(), set(&kenji(), holding(900_000)));
    let own = Limits { holding: some(900_000), ..LevelLimits::USUAL.k1 };
    assert_eq!(of(&chain), own);
    chain.must(&aizu(), set(&kenji(), month(5)));
    assert_eq!(of(&chain), Limits { per_month: some(5), ..LevelLimits::USUAL.k1 });
    chain.must(&aizu(), set(&kenji(), Limits::NONE));
    assert_eq!(of(&chain), LevelLimits::USUAL.k1);
    assert_eq!(chain.state.own_limits(&kenji().account), None);
    assert_eq!(chain.state.limits(&akari().account), Some(Limits::NONE));
}

#[test]
fn limits_of_a_level_are_geneses_and_bind_who_has_none_of_its_own() {
    let mut genesis = genesis();
    genesis.parameters.limits.k2 = Limits { per_day: some(20), ..payment(15) };
    let mut chain = Chain::of(&genesis);
    refuses(&mut chain, vec![(2051, akari(), transfer(&chika(), 16))]);
    chain.must(&akari(), transfer(&chika(), 15));
    refuses(&mut chain, vec![(2052, akari(), transfer(&chika(), 6))]);
    // Its custodian knows the holder: more, or less.
    chain.must(&aizu(), set(&akari(), Limits { per_day: some(60), ..payment(40) }));
    chain.must(&akari(), transfer(&chika(), 40));
    chain.must(&aizu(), set(&chika(), payment(1)));
    refuses(&mut chain, vec![(2051, chika(), transfer(&akari(), 2))]);
}

/// Times about the ends of days, months and years in Japan, as steps from one payment to the next.
fn pauses() -> impl Strategy<Value = Vec<(u64, u64, bool)>> {
    let pause = prop_oneof![
        4 => Just(0_u64),
        3 => 1..4_u64,
        3 => 0..26 * 3600_u64,
        2 => 0..40 * 24 * 3600_u64,
    ];
    prop::collection::vec((pause, 1..9_u64, any::<bool>()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_spent_in_a_day_or_a_month_of_japan_never_passes_its_limit(
        payments in pauses(),
        start in prop::sample::select(vec![
            "2026-11-30T14:59:50.000Z", "2026-12-31T14:59:57.000Z", "2028-02-28T14:59:55.000Z",
            "2028-02-29T14:59:58.000Z", "2026-06-15T03:00:00.000Z",
        ]),
        per_day in 4..20_u64,
        per_month in 10..50_u64,
    ) {
        let mut chain = chain_at(start);
        charged(&mut chain, 50);
        let limits = Limits { per_day: some(per_day), per_month: some(per_month), ..Limits::NONE };
        chain.must(&aizu(), set(&akari(), limits));
        let (mut days, mut months) = (Vec::new(), Vec::new());
        for (pause_s, amount, in_zone) in payments {
            chain.now += pause_s * 1000;
            let operation = if in_zone { pay(amount) } else { transfer(&chika(), amount) };
            let code = chain.outcome(&akari(), vec![operation]);
            // Against the calendar that people read.
            let day = JapanTime(chain.state.time()).day();
            let month = day[..7].to_owned();
            let sum = |all: &[(String, u64)], of: &str| -> u64 {
                all.iter().filter(|(one, _)| one == of).map(|(_, amount)| amount).sum()
            };
            let (of_day, of_month) = (sum(&days, &day), sum(&months, &month));
            match code {
                0 => {
                    days.push((day.clone(), amount));
                    months.push((month.clone(), amount));
                    prop_assert!(of_day + amount <= per_day && of_month + amount <= per_month);
                }
                2052 => prop_assert!(of_day + amount > per_day),
                2053 => prop_assert!(of_day + amount <= per_day && of_month + amount > per_month),
                2004 | 3004 => {}
                other => prop_assert!(false, "{other}"),
            }
            prop_assert_eq!(spent(&chain, &akari()), (sum(&days, &day), sum(&months, &month)));
        }
    }
}

#[test]
fn many_payments_of_one_block_are_counted_one_after_the_other() {
    let mut chain = Chain::new();
    chain.must(&aizu(), set(&akari(), day(25)));
    let txs = (0..4).map(|_| chain.tx(&akari(), vec![transfer(&chika(), 10)])).collect();
    let applied = chain.commit(txs);
    assert_eq!(crate::chain::codes(&applied), [0, 0, 2052, 2052]);
    let both = vec![transfer(&chika(), 3), transfer(&chika(), 3)];
    assert_eq!(chain.outcome(&akari(), both), 2052);
    assert_eq!(spent(&chain, &akari()), (20, 20));
}
