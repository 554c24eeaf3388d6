//! Sales: caps, cover, limits, and free value.

use ledger_types::operation::{
    Buyer, DefineInstrument, Limits, Operation, Purchase, SetLimits, SetNetDebitCap, Transfer,
};
use ledger_types::programme::{LegalClass, LotKind};
use ledger_types::{InstrumentId, Yen};

use super::paying::{freeze, unfreeze};
use super::{
    DAY, FACE, PRICE, SALE_UNTIL, USE_FROM, at, available, buy, buy_in, city, create, define,
    defined, defined_in, far, held, local_shop, main_escrow, near, open, pledge, sale, selling,
    spend, tally, terms,
};
use crate::fixture::{
    AIZU, Actor, BANDAI, TOWN, akari, botan, chika, commitment, kenji, operator, toru, yen,
};
use crate::happy::{request, transfer};
use crate::rejections::refuses;

#[test]
fn no_more_is_sold_than_there_is_and_a_person_has_no_more_than_one_may_over_all_rounds() {
    let mut terms = terms();
    terms.sets = 5;
    let mut chain = defined();
    chain.must(&city(), create(terms));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(4)));
    chain.now = super::SALE_FROM;
    chain.must(&akari(), buy(3));
    refuses(&mut chain, vec![(3046, botan(), buy(2)), (3047, akari(), buy(1))]);
    chain.now = SALE_UNTIL;
    let second = |sets| ledger_types::programme::RoundTerms {
        sale_from: at(SALE_UNTIL + DAY),
        sale_until: at(SALE_UNTIL + 2 * DAY),
        ..sale(sets)
    };
    // Two are left of five.
    refuses(&mut chain, vec![(3043, city(), open(2, second(3)))]);
    chain.must(&city(), open(2, second(2)));
    chain.now = SALE_UNTIL + DAY;
    refuses(&mut chain, vec![(3047, akari(), buy_in(2, 1)), (3045, botan(), buy(1))]);
    chain.must(&botan(), buy_in(2, 2));
    assert_eq!((tally(&chain, 1).sets, tally(&chain, 2).sets), (3, 2));
}

#[test]
fn what_is_sold_is_covered_by_what_is_in_pledged_escrows() {
    let mut chain = defined();
    chain.must(&city(), create(terms()));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(20)));
    chain.now = super::SALE_FROM;
    // 2,000 are there: the premium of eight sets.
    for (buyer, sets) in [(akari(), 3), (chika(), 3), (toru(), 2)] {
        chain.must(&buyer, buy(sets));
    }
    assert_eq!(chain.state.programme_cover(super::PREMIUM), Some((yen(10_000), yen(8 * FACE))));
    refuses(&mut chain, vec![(3038, botan(), buy(1))]);
    // Whoever pays the sponsor's yen in makes room.
    chain.must(&city(), transfer(&main_escrow(), 249));
    refuses(&mut chain, vec![(3038, botan(), buy(1))]);
    chain.must(&city(), transfer(&main_escrow(), 1));
    chain.must(&botan(), buy(1));
    // And so does another escrow that is pledged.
    refuses(&mut chain, vec![(3038, botan(), buy(1))]);
    chain.must(&near(), pledge());
    chain.must(&botan(), buy(1));
}

#[test]
fn nothing_leaves_an_escrow_but_for_vouchers() {
    let mut chain = selling();
    let amount = yen(1);
    let (zone, to) = (TOWN, city().account);
    let charge = ledger_types::operation::Charge { zone, amount };
    let open = ledger_types::operation::OpenZoneAccount { zone };
    chain.must(&main_escrow(), Operation::OpenZoneAccount(open));
    let pay = ledger_types::operation::Pay {
        zone,
        merchant: local_shop().account,
        amount,
        charge: Some(amount),
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    };
    let later = crate::fixture::later(chain.now, 9);
    let rows = vec![
        (3037, main_escrow(), Operation::Transfer(Transfer { to, amount, reference: None })),
        (3037, main_escrow(), request(later, 1)),
        (3037, main_escrow(), Operation::Charge(charge)),
        (3037, main_escrow(), Operation::Pay(pay)),
    ];
    refuses(&mut chain, rows);
    // One that is not pledged is an account like any.
    chain.must(&far(), transfer(&city(), 1));
}

#[test]
fn what_redeem_requests_hold_covers_nothing() {
    let mut chain = defined();
    chain.must(&city(), create(terms()));
    let redeem = crate::fixture::later(chain.now, 9);
    chain.must(&main_escrow(), request(redeem, 1_900));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(20)));
    chain.now = super::SALE_FROM;
    refuses(&mut chain, vec![(3038, akari(), buy(1))]);
    // It was asked for before: the bank pays it.
    let claim = crate::happy::claim(&chain, redeem);
    let settle = ledger_types::operation::SettleRedeem { redeem };
    chain.must(&city(), transfer(&main_escrow(), 150));
    chain.must(&akari(), buy(1));
    chain.must(&Actor::bank(AIZU), claim);
    chain.must(&Actor::bank(AIZU), Operation::SettleRedeem(settle));
    assert_eq!(available(&chain, &main_escrow()), FACE);
}

#[test]
fn an_instruments_limit_is_of_what_is_outstanding() {
    let mut chain = defined();
    let small = InstrumentId::new(8);
    let limited = DefineInstrument { instrument: small, max_outstanding: yen(FACE), ..define() };
    chain.must(&operator(), Operation::DefineInstrument(limited));
    let mut terms = terms();
    terms.instrument = small;
    chain.must(&city(), create(terms));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(10)));
    chain.now = super::SALE_FROM;
    refuses(&mut chain, vec![(3062, akari(), buy(2))]);
    chain.must(&akari(), buy(1));
    refuses(&mut chain, vec![(3062, botan(), buy(1))]);
    chain.now = USE_FROM;
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 1249), 0);
    refuses(&mut chain, vec![(3062, botan(), buy(1))]);
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 1), 0);
    chain.must(&botan(), buy(1));
}

#[test]
fn a_price_is_a_payment_like_any() {
    let mut chain = selling();
    let set =
        |actor: &Actor, limits| Operation::SetLimits(SetLimits { account: actor.account, limits });
    let limits = Limits { per_payment: Some(yen(1500)), per_day: Some(yen(2000)), ..Limits::NONE };
    let bank = Actor::bank(AIZU);
    chain.must(&bank, set(&akari(), limits));
    refuses(&mut chain, vec![(2051, akari(), buy(2))]);
    chain.must(&akari(), buy(1));
    chain.must(&akari(), buy(1));
    refuses(&mut chain, vec![(2052, akari(), buy(1))]);
    let limits = Limits { per_month: Some(yen(2000)), ..Limits::NONE };
    chain.must(&bank, set(&akari(), limits));
    refuses(&mut chain, vec![(2053, akari(), buy(1))]);
    // Between banks under the cap of the buyer's.
    let cap = SetNetDebitCap { bank: BANDAI, cap: yen(PRICE - 1) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    refuses(&mut chain, vec![(2005, botan(), buy(1))]);
    let cap = SetNetDebitCap { bank: BANDAI, cap: yen(PRICE) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    chain.must(&botan(), buy(1));
    // A freeze stops either side.
    freeze(&mut chain, AIZU, &chika());
    refuses(&mut chain, vec![(2025, chika(), buy(1))]);
    unfreeze(&mut chain, AIZU, &chika());
    freeze(&mut chain, AIZU, &main_escrow());
    refuses(&mut chain, vec![(2026, chika(), buy(1))]);
    unfreeze(&mut chain, AIZU, &main_escrow());
    chain.must(&chika(), buy(1));
}

#[test]
fn free_value_costs_nothing_and_anybody_may_hold_it() {
    let mut chain = defined_in(|_| {});
    let points = InstrumentId::new(8);
    let free = DefineInstrument { instrument: points, class: LegalClass::FreePoint, ..define() };
    chain.must(&operator(), Operation::DefineInstrument(free));
    let mut terms = terms();
    terms.instrument = points;
    terms.buckets.truncate(1);
    terms.buckets[0].paid = Yen::ZERO;
    chain.must(&city(), create(terms));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(16)));
    chain.now = super::SALE_FROM;
    let take = |sets| {
        let (programme, buyer) = (super::PREMIUM, Buyer::Anybody { sets });
        Operation::Purchase(Purchase { programme, round: 1, buyer, price: Yen::ZERO })
    };
    // Kenji may hold no yen at a bank.
    chain.must(&kenji(), take(3));
    assert_eq!(held(&chain, &kenji().account), [0, 375, 0, 0]);
    chain.now = USE_FROM;
    assert_eq!(spend(&mut chain, &kenji(), &local_shop(), 300), 0);
    assert_eq!(available(&chain, &main_escrow()), 1_700);
    let record = tally(&chain, 1);
    assert_eq!(record.buckets[0].used(LotKind::Free), Some(yen(300)));
}

#[test]
fn a_holder_has_no_more_lots_than_may_be_and_those_that_ended_make_room() {
    // Each second purchase ends on another day: a month from its own.
    let mut terms = terms();
    (terms.per_person, terms.sets) = (60, 60);
    terms.use_until = at(super::START + 50 * DAY);
    terms.refund_until = terms.use_until;
    let short = InstrumentId::new(8);
    let mut chain = defined();
    let life = ledger_types::programme::Life::Months { months: 1 };
    let define = DefineInstrument { instrument: short, life, ..define() };
    chain.must(&operator(), Operation::DefineInstrument(define));
    terms.instrument = short;
    chain.must(&city(), create(terms));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), transfer(&main_escrow(), 5_000));
    let sale =
        ledger_types::programme::RoundTerms { sale_until: at(super::START + 50 * DAY), ..sale(40) };
    chain.must(&city(), open(1, sale));
    chain.now = super::SALE_FROM;
    let issue = |amount, reference| {
        let (account, core_banking_ref) = (akari().account, commitment(reference));
        let issue =
            ledger_types::operation::Issue { account, amount: yen(amount), core_banking_ref };
        Operation::Issue(issue)
    };
    chain.must(&Actor::bank(AIZU), issue(30_000, 90));
    for day in 0..16 {
        chain.now = super::SALE_FROM + 10_000 + day * DAY;
        chain.must(&akari(), buy(1));
    }
    assert_eq!(chain.state.lots(TOWN, &akari().account).unwrap().lots.len(), 64);
    chain.now += DAY;
    refuses(&mut chain, vec![(3061, akari(), buy(1))]);
    // The first ended with January.
    chain.now = super::START + 31 * DAY;
    chain.must(&akari(), buy(1));
    assert_eq!(chain.state.lots(TOWN, &akari().account).unwrap().lots.len(), 64);
    let ended = chain.state.instrument(TOWN, short).unwrap().expired;
    assert_eq!(ended, yen(FACE));
    // What ended unused stays in the escrow: it covers no other set.
    let (held, needed) = chain.state.programme_cover(super::PREMIUM).unwrap();
    assert_eq!((held, needed), (yen(7_000 + 17 * PRICE), yen(17 * FACE)));
}
