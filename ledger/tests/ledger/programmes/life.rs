//! A programme from its first shop to the last yen.

use ledger_types::event::{Event, LotsSpent, ProgrammeReconciled, Purchased};
use ledger_types::operation::{MerchantClass, Operation, ReconcileProgramme};
use ledger_types::programme::{LotKind, LotPart, SpentLot};
use ledger_types::{AccountId, Yen};

use super::{
    COUPONS, DAY, FACE, PREMIUM, PRICE, REFUND_UNTIL, SALE_FROM, SALE_UNTIL, USE_FROM, USE_UNTIL,
    at, available, buy, buy_in, chain_shop, city, coin, far, fund, held, instrument, local_shop,
    main_escrow, near, open, pay_with, programme, sale, seen, selling, sold, spend, sums,
    tadami_shop, tally,
};
use crate::chain::Chain;
use crate::fixture::{AIZU, BANDAI, TOWN, akari, botan, chika, operator, toru, yen};
use crate::happy::transfer;
use crate::rejections::refuses;

fn reconcile() -> Operation {
    Operation::ReconcileProgramme(ReconcileProgramme { programme: PREMIUM })
}

fn events(chain: &mut Chain, actor: &crate::fixture::Actor, operation: Operation) -> Vec<Event> {
    let tx = chain.tx(actor, vec![operation]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(crate::chain::codes(&applied), [0]);
    applied.events.into_iter().map(|happened| happened.event).collect()
}

#[test]
fn sets_are_paid_for_and_come_as_lots_in_one_step() {
    let mut chain = selling();
    let before = available(&chain, &main_escrow());
    let said = events(&mut chain, &akari(), buy(2));
    let part = |bucket, kind, amount| LotPart { bucket, kind, amount: yen(amount) };
    let lots = vec![
        part(0, LotKind::Free, 250),
        part(0, LotKind::Paid, 1000),
        part(1, LotKind::Free, 250),
        part(1, LotKind::Paid, 1000),
    ];
    let purchased = Purchased {
        programme: PREMIUM,
        round: 1,
        buyer: akari().account,
        sets: 2,
        price: yen(2 * PRICE),
        escrow: main_escrow().account,
        lots,
        expires: at(USE_UNTIL),
    };
    assert_eq!(said, [Event::Purchased(purchased)]);
    assert_eq!(held(&chain, &akari().account), [1000, 250, 1000, 250]);
    assert_eq!(available(&chain, &akari()), 10_000 - 2 * PRICE);
    assert_eq!(available(&chain, &main_escrow()), before + 2 * PRICE);
    assert_eq!(instrument(&chain), [2 * FACE, 0, 0]);
    let record = tally(&chain, 1);
    assert_eq!((record.sets, sums(&record.buckets[0], LotKind::Paid)), (2, [1000, 0, 0, 0]));
    assert_eq!(chain.state.buyer_count(PREMIUM, &akari().account).unwrap().bought, 2);
    // Two purchases of one end are one lot of each bucket and kind.
    chain.must(&akari(), buy(1));
    assert_eq!(chain.state.lots(TOWN, &akari().account).unwrap().lots.len(), 4);
    assert_eq!(held(&chain, &akari().account), [1500, 375, 1500, 375]);
}

#[test]
fn vouchers_pay_free_ones_first_and_each_bucket_where_it_is_taken() {
    let mut chain = sold();
    let lines = seen(&chain, &akari(), MerchantClass::Local, 400);
    let said = events(&mut chain, &akari(), Operation::Pay(pay_with(&local_shop(), 400, lines)));
    let spent = |bucket, kind, amount| {
        let (programme, round) = (PREMIUM, 1);
        SpentLot { programme, round, bucket, kind, amount: yen(amount) }
    };
    let (zone, payer, merchant) = (TOWN, akari().account.into(), local_shop().account);
    let spent = vec![spent(0, LotKind::Free, 250), spent(0, LotKind::Paid, 150)];
    assert_eq!(said[1..], [Event::LotsSpent(LotsSpent { zone, payer, merchant, spent })]);
    assert!(matches!(&said[0], Event::Paid(paid) if paid.amount == yen(400)));
    assert_eq!(held(&chain, &akari().account), [850, 0, 1000, 250]);
    assert_eq!(coin(&chain, &local_shop()), 400);
    assert_eq!(chain.state.zone(TOWN).unwrap().total, yen(400));
    // A chain's shop takes the second bucket alone.
    assert_eq!(spend(&mut chain, &akari(), &chain_shop(), 300), 0);
    assert_eq!(held(&chain, &akari().account), [850, 0, 950, 0]);
    let record = tally(&chain, 1);
    assert_eq!(sums(&record.buckets[0], LotKind::Free), [375, 250, 0, 0]);
    assert_eq!(sums(&record.buckets[0], LotKind::Paid), [1500, 150, 0, 0]);
    assert_eq!(sums(&record.buckets[1], LotKind::Free), [375, 0, 250, 0]);
    assert_eq!(sums(&record.buckets[1], LotKind::Paid), [1500, 0, 50, 0]);
    assert_eq!(instrument(&chain), [3 * FACE, 700, 0]);
}

#[test]
fn a_programme_is_reconciled_to_the_last_yen_and_swept() {
    let mut chain = sold();
    let supply = chain.state.supply().unwrap().supply;
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 1700), 0);
    assert_eq!(spend(&mut chain, &botan(), &chain_shop(), 130), 0);
    assert_eq!(spend(&mut chain, &botan(), &tadami_shop(), 70), 0);
    // A second round sells what is left of the first one's too.
    chain.now = SALE_UNTIL;
    let second = ledger_types::programme::RoundTerms {
        sale_from: at(chain.now + 2000),
        sale_until: at(chain.now + DAY),
        ..sale(17)
    };
    chain.must(&city(), open(2, second));
    assert_eq!(programme(&chain).rounds, 2);
    chain.now += 2000;
    chain.must(&toru(), buy_in(2, 1));
    chain.now = USE_UNTIL;
    assert_eq!(spend(&mut chain, &toru(), &local_shop(), 1), 3004, "nothing at its end");
    chain.now = REFUND_UNTIL - 2000;
    let from = at(REFUND_UNTIL);
    refuses(&mut chain, vec![(3066, city(), reconcile())]);
    assert_eq!(programme(&chain).terms.refund_until, from);
    let cap = ledger_types::operation::SetNetDebitCap { bank: AIZU, cap: yen(10_000) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    let escrows: u64 = [main_escrow(), near()].map(|one| available(&chain, &one)).iter().sum();
    let (city_before, fund_before) = (available(&chain, &city()), available(&chain, &fund()));
    let said = events(&mut chain, &city(), reconcile());
    // Akari used 500 of premium and 1,200 of what she paid; Botan 195 of premium and 5; Toru nothing.
    let reconciled = ProgrammeReconciled {
        programme: PREMIUM,
        sets: 4,
        sold_paid: yen(4000),
        sold_free: yen(1000),
        used_paid: yen(1205),
        used_free: yen(695),
        expired_paid: yen(2795),
        expired_free: yen(305),
        unused_paid_to: fund().account,
        unused_free_to: city().account,
        sponsor: city().account,
    };
    assert_eq!(said, [Event::ProgrammeReconciled(reconciled)]);
    assert_eq!(available(&chain, &fund()), fund_before + 2795);
    assert_eq!(available(&chain, &city()), city_before + 305);
    let left: u64 = [main_escrow(), near()].map(|one| available(&chain, &one)).iter().sum();
    assert_eq!(left, escrows - 2795 - 305);
    assert_eq!(instrument(&chain), [4 * FACE, 1900, 4 * FACE - 1900]);
    assert_eq!(chain.state.supply().unwrap().supply, supply);
    // What is left is free, and nothing of the programme can be used, bought or reconciled again.
    chain.must(&main_escrow(), transfer(&city(), 1));
    assert!(chain.state.vouchers(TOWN, &toru().account).lots.is_empty());
    (0..6).for_each(|_| drop(chain.commit(vec![])));
    refuses(&mut chain, vec![(3039, city(), reconcile())]);
    let kinds = |chain: &Chain| {
        chain
            .state
            .records()
            .map(|record| record.key[0])
            .filter(|kind| (52..=64).contains(kind))
            .collect::<Vec<_>>()
    };
    // Instrument, programme, two rounds, two tallies.
    assert_eq!(kinds(&chain), [52, 54, 55, 55, 56, 56]);
    let idle = chain.commit(vec![]);
    assert_eq!(idle.changes, []);
    assert!(chain.state.instrument(TOWN, COUPONS).is_some());
}

#[test]
fn what_ended_before_is_counted_once_and_paid_out_at_the_reconciliation() {
    let mut chain = sold();
    chain.now = USE_UNTIL - 1000;
    chain.commit(vec![]);
    assert_eq!(held(&chain, &botan().account), [0; 4]);
    assert_eq!(instrument(&chain), [3 * FACE, 0, 0]);
    chain.now = REFUND_UNTIL;
    let cap = ledger_types::operation::SetNetDebitCap { bank: AIZU, cap: yen(10_000) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    chain.must(&city(), reconcile());
    assert_eq!(instrument(&chain), [3 * FACE, 0, 3 * FACE]);
    assert_eq!(available(&chain, &fund()), 3000);
}

#[test]
fn where_an_escrow_or_nobody_gets_what_was_not_used_it_stays() {
    let mut terms = super::terms();
    (terms.unused_paid_to, terms.unused_free_to) = (near().account, fund().account);
    let mut chain = super::selling_with(terms);
    chain.must(&akari(), buy(1));
    // Who was to get the premium is there no more.
    let close = ledger_types::operation::CloseAccount { account: fund().account };
    chain.must(&fund(), Operation::CloseAccount(close));
    let before = [main_escrow(), near(), far()].map(|one| available(&chain, &one));
    chain.now = REFUND_UNTIL;
    chain.must(&city(), reconcile());
    assert_eq!([main_escrow(), near(), far()].map(|one| available(&chain, &one)), before);
    assert_eq!(instrument(&chain), [FACE, 0, FACE]);
    let record = chain.state.bank(BANDAI).unwrap();
    assert_eq!(record.pledged, Yen::ZERO);
}

#[test]
fn a_reconciliation_waits_for_its_cap_and_for_freezes() {
    let mut chain = sold();
    chain.now = REFUND_UNTIL;
    // 500 are at the fund's own bank; the rest comes from Aizu, which may owe 150.
    refuses(&mut chain, vec![(2005, city(), reconcile())]);
    let cap = ledger_types::operation::SetNetDebitCap { bank: AIZU, cap: yen(10_000) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    super::paying::freeze(&mut chain, AIZU, &main_escrow());
    refuses(&mut chain, vec![(2025, city(), reconcile())]);
    super::paying::unfreeze(&mut chain, AIZU, &main_escrow());
    super::paying::freeze(&mut chain, BANDAI, &fund());
    refuses(&mut chain, vec![(2026, city(), reconcile())]);
    super::paying::unfreeze(&mut chain, BANDAI, &fund());
    chain.must(&city(), reconcile());
}

#[test]
fn months_end_a_lot_before_its_programme_does() {
    let mut chain = Chain::of(&super::founded());
    let mut define = super::define();
    define.class = ledger_types::programme::LegalClass::ShortPrepaid;
    define.life = ledger_types::programme::Life::Months { months: 1 };
    chain.must(&operator(), Operation::DefineInstrument(define));
    let mut terms = super::terms();
    terms.use_until = at(super::START + 50 * DAY);
    terms.refund_until = terms.use_until;
    terms.buckets[1].takes = terms.buckets[0].takes;
    chain.must(&city(), super::create(terms));
    chain.must(&main_escrow(), super::pledge());
    chain.must(&city(), open(1, sale(10)));
    chain.now = SALE_FROM;
    chain.must(&chika(), buy(1));
    // Bought on 1 January 1970 in Japan: it ends with January.
    let end = 31 * DAY - 9 * super::HOUR;
    let lots = chain.state.vouchers(TOWN, &chika().account).lots;
    assert!(lots.iter().all(|lot| lot.expires == at(end)));
    chain.now = end - 2000;
    assert_eq!(spend(&mut chain, &chika(), &local_shop(), 10), 0);
    assert_eq!(held(&chain, &chika().account), [500, 115, 500, 125]);
    chain.now = end - 1000;
    let lines = vec![super::line(0, LotKind::Free, 10)];
    let code = chain.outcome(&chika(), vec![Operation::Pay(pay_with(&local_shop(), 10, lines))]);
    assert_eq!(code, 3063, "at its instant it is worth nothing");
    assert_eq!(chain.state.vouchers(TOWN, &chika().account).lots, []);
    let nobody = AccountId::new([9; 20]);
    assert_eq!(held(&chain, &nobody), [0; 4]);
    let _ = (SALE_FROM, USE_FROM);
}
