//! What instruments and programmes are refused by, in the published order.

use ledger_types::operation::{
    Buyer, CreateProgramme, DefineInstrument, FundProgramme, MerchantClass, MoveEscrow, OpenRound,
    Operation, Purchase, ReconcileProgramme, UpdateZone,
};
use ledger_types::programme::{
    Allocation, Capabilities, Eligibility, LegalClass, Life, LotteryTerms, ProgrammeTerms, Takes,
};
use ledger_types::zone::{MunicipalityCode, Publishes};
use ledger_types::{InstrumentId, ProgrammeId, Yen};

use super::{
    DAY, HOUR, PREMIUM, SALE_FROM, SALE_UNTIL, USE_UNTIL, at, buy, city, create, define, defined,
    far, founded, main_escrow, near, open, pledge, sale, selling, terms,
};
use crate::chain::Chain;
use crate::fixture::{
    AIZU, Actor, HOSPITAL, NO_ZONE, START, TOWN, akari, botan, commitment, kenji, nobody, operator,
    shop, updates, yen,
};
use crate::happy::transfer;
use crate::rejections::refuses;

type Definition = Box<dyn Fn(&mut DefineInstrument)>;

fn defined_with(change: &dyn Fn(&mut DefineInstrument)) -> Operation {
    let mut define = define();
    change(&mut define);
    Operation::DefineInstrument(define)
}

#[test]
fn define_instrument_in_order() {
    let mut chain = Chain::of(&founded());
    let with = defined_with;
    let every = |define: &mut DefineInstrument| {
        define.issuer = nobody().account;
        define.class = LegalClass::Coupon;
        define.max_outstanding = Yen::ZERO;
    };
    chain.must(&operator(), with(&|define| define.instrument = InstrumentId::new(1)));
    let class = |class| move |define: &mut DefineInstrument| define.class = class;
    let mut rows = vec![
        (
            3001,
            akari(),
            with(&|define| {
                every(define);
                define.zone = NO_ZONE
            }),
        ),
        (3006, akari(), with(&every)),
        (3006, Actor::party(HOSPITAL), with(&every)),
        (
            3021,
            operator(),
            with(&|define| {
                every(define);
                define.instrument = InstrumentId::new(1)
            }),
        ),
        (2002, operator(), with(&every)),
    ];
    for wrong in [
        LegalClass::PrepaidOwn,
        LegalClass::PrepaidThirdParty,
        LegalClass::Coupon,
        LegalClass::BenefitEntitlement,
    ] {
        rows.push((3022, operator(), with(&class(wrong))));
    }
    let by_shop = |define: &mut DefineInstrument| {
        define.issuer = shop().account;
        define.max_outstanding = Yen::ZERO;
    };
    rows.push((3023, operator(), with(&by_shop)));
    refuses(&mut chain, rows);
}

#[test]
fn capabilities_lives_limits_and_areas_go_with_the_class_and_the_zone() {
    let (mut chain, with) = (Chain::of(&founded()), defined_with);
    let bad: Vec<Definition> = vec![
        Box::new(|define| define.max_outstanding = Yen::ZERO),
        Box::new(|define| define.capabilities = Capabilities::SPEND.with(Capabilities::GIFT)),
        Box::new(|define| define.capabilities = Capabilities::REDEEM),
        Box::new(|define| define.capabilities = Capabilities::default()),
        Box::new(|define| define.capabilities = borsh::from_slice(&[9]).unwrap()),
        Box::new(|define| {
            define.class = LegalClass::DepositToken;
            define.capabilities = Capabilities::default();
        }),
        Box::new(|define| define.class = LegalClass::ShortPrepaid),
        Box::new(|define| define.life = Life::Months { months: 0 }),
        Box::new(|define| define.life = Life::Months { months: 7 }),
        Box::new(|define| define.areas = vec![MunicipalityCode::new(131_016).unwrap()]),
        Box::new(|define| define.areas = super::areas().into_iter().rev().collect()),
    ];
    let rows = bad.iter().map(|change| (3024, operator(), with(change))).collect();
    refuses(&mut chain, rows);
    let good: Vec<Definition> = vec![
        Box::new(|define| define.areas = super::areas()),
        Box::new(|define| {
            (define.class, define.life) = (LegalClass::ShortPrepaid, Life::Months { months: 6 });
            define.issuer = shop().account;
        }),
        Box::new(|define| define.class = LegalClass::FreePoint),
        Box::new(|define| {
            define.class = LegalClass::DepositToken;
            define.capabilities = Capabilities::ALL;
        }),
    ];
    for (number, change) in (20..).zip(&good) {
        chain.must(
            &operator(),
            with(&|define| {
                change(define);
                define.instrument = InstrumentId::new(number);
            }),
        );
    }
}

type Change = Box<dyn Fn(&mut ProgrammeTerms)>;

fn rows(code: u16, changes: &[Change]) -> Vec<(u16, Actor, Operation)> {
    let changed = |change: &Change| {
        let mut terms = terms();
        change(&mut terms);
        (code, city(), create(terms))
    };
    changes.iter().map(changed).collect()
}

pub(super) fn listed(terms: &mut ProgrammeTerms, size: u32) {
    terms.eligibility = Eligibility::Listed { root: commitment(3), size };
}

#[test]
fn create_programme_in_order() {
    let mut chain = defined();
    let instrument = |number, class| {
        let capabilities = Capabilities::SPEND;
        let instrument = InstrumentId::new(number);
        Operation::DefineInstrument(DefineInstrument {
            instrument,
            class,
            capabilities,
            ..define()
        })
    };
    chain.must(&operator(), instrument(8, LegalClass::DepositToken));
    chain.must(&operator(), instrument(9, LegalClass::FreePoint));
    let all_bad = |terms: &mut ProgrammeTerms| {
        terms.name = String::new();
        terms.buckets = vec![];
        terms.use_until = terms.use_from;
        terms.escrows = vec![];
        terms.unused_free_to = nobody().account;
        terms.threshold = 7;
    };
    let with = |change: &dyn Fn(&mut ProgrammeTerms)| {
        let mut terms = terms();
        all_bad(&mut terms);
        change(&mut terms);
        create(terms)
    };
    refuses(
        &mut chain,
        vec![
            (2018, Actor::party(HOSPITAL), with(&|_| {})),
            (3001, akari(), with(&|terms| terms.zone = NO_ZONE)),
            (3020, akari(), with(&|terms| terms.instrument = InstrumentId::new(99))),
            (3025, akari(), with(&|_| {})),
            (3030, city(), with(&|_| {})),
            (3031, city(), with(&|terms| terms.name = "n".to_owned())),
        ],
    );
    let bad: Vec<Change> = vec![
        Box::new(|terms| terms.name = "n".repeat(257)),
        Box::new(|terms| terms.sets = 0),
        Box::new(|terms| terms.per_person = 0),
        Box::new(|terms| terms.per_household = Some(1)),
        Box::new(|terms| {
            listed(terms, 5);
            terms.per_household = Some(0)
        }),
        Box::new(|terms| listed(terms, 0)),
        Box::new(|terms| listed(terms, 4_194_305)),
        Box::new(|terms| terms.allocation = Allocation::Whole),
        Box::new(|terms| terms.instrument = InstrumentId::new(8)),
    ];
    refuses(&mut chain, rows(3030, &bad));
    let bad: Vec<Change> = vec![
        Box::new(|terms| terms.buckets = vec![terms.buckets[0]; 5]),
        Box::new(|terms| terms.buckets[0].takes = Takes::default()),
        Box::new(|terms| terms.buckets[0].takes = borsh::from_slice(&[5]).unwrap()),
        Box::new(|terms| (terms.buckets[1].paid, terms.buckets[1].free) = (yen(0), yen(0))),
        Box::new(|terms| terms.buckets.iter_mut().for_each(|one| one.paid = yen(0))),
        Box::new(|terms| terms.instrument = InstrumentId::new(9)),
        Box::new(|terms| terms.buckets[0].paid = yen(u64::MAX)),
        Box::new(|terms| terms.buckets[0].free = yen(u64::MAX / 20)),
    ];
    refuses(&mut chain, rows(3031, &bad));
}

#[test]
fn dates_escrows_and_whoever_gets_what_is_not_used_in_order() {
    let mut chain = defined();
    let bad: Vec<Change> = vec![
        Box::new(|terms| terms.use_from = at(START + 1)),
        Box::new(|terms| terms.use_from = terms.use_until),
        Box::new(|terms| terms.refund_until = at(USE_UNTIL - 1)),
        Box::new(|terms| terms.reconcile_by = at(super::REFUND_UNTIL - 1)),
        // April begins in Japan nine hours before UTC's 91st day.
        Box::new(|terms| terms.reconcile_by = at(90 * DAY - 9 * HOUR)),
        Box::new(|terms| {
            terms.carried_over = true;
            terms.reconcile_by = at(800 * DAY);
        }),
        Box::new(|terms| terms.fiscal_year = 1968),
        Box::new(|terms| terms.fiscal_year = 1971),
        Box::new(|terms| terms.fiscal_year = u32::MAX),
    ];
    refuses(&mut chain, rows(3032, &bad));
    let bad: Vec<Change> = vec![
        Box::new(|terms| terms.escrows = vec![]),
        Box::new(|terms| terms.escrows = vec![near().account; 2]),
        Box::new(|terms| {
            terms.escrows = (0..9).map(|one| Actor::holder(AIZU, one).account).collect()
        }),
        Box::new(|terms| terms.escrows = vec![nobody().account]),
        Box::new(|terms| terms.escrows = vec![akari().account]),
        Box::new(|terms| terms.escrows = vec![city().account]),
    ];
    refuses(&mut chain, rows(3033, &bad));
    let bad: Vec<Change> = vec![Box::new(|terms| terms.unused_paid_to = nobody().account)];
    refuses(&mut chain, rows(2002, &bad));
    refuses(&mut chain, rows(2012, &[Box::new(|terms| terms.unused_free_to = kenji().account)]));
    refuses(&mut chain, rows(3034, &[Box::new(|terms| terms.threshold = 1)]));
    chain.must(&city(), create(terms()));
    refuses(&mut chain, vec![(3026, city(), create(terms()))]);
}

#[test]
fn shops_are_published_before_a_programme_is() {
    let mut chain = defined();
    let publishes = |publishes| {
        let (zone, name, areas) = (TOWN, "town".to_owned(), super::areas());
        Operation::UpdateZone(UpdateZone { zone, name, areas, publishes })
    };
    chain.must(&operator(), publishes(Publishes::REPORT));
    refuses(&mut chain, vec![(3029, city(), create(terms()))]);
    chain.must(&operator(), publishes(Publishes::MERCHANTS));
    // No shop takes a bucket.
    let class = |merchant: &Actor, class| {
        let (zone, merchant) = (TOWN, merchant.account);
        updates(zone, merchant, class, 0)
    };
    chain.must(&operator(), class(&shop(), MerchantClass::Chain));
    chain.must(&operator(), class(&super::tadami_shop(), MerchantClass::Chain));
    refuses(&mut chain, vec![(3029, city(), create(terms()))]);
    chain.must(&operator(), class(&super::tadami_shop(), MerchantClass::Local));
    chain.must(&city(), create(terms()));
}

#[test]
fn rounds_in_order() {
    let mut chain = defined();
    chain.must(&city(), create(terms()));
    let none = |programme| Operation::OpenRound(OpenRound { programme, round: 2, terms: sale(0) });
    refuses(
        &mut chain,
        vec![
            (3027, akari(), none(ProgrammeId::new(1))),
            (3028, akari(), none(PREMIUM)),
            (3028, Actor::party(HOSPITAL), none(PREMIUM)),
            (3041, city(), none(PREMIUM)),
            (3041, city(), open(0, sale(1))),
            (3043, city(), open(1, sale(0))),
            (3040, city(), open(1, sale(10))),
        ],
    );
    // The second escrow alone is not enough: prices go into the main one.
    chain.must(&near(), pledge());
    refuses(&mut chain, vec![(3040, city(), open(1, sale(10)))]);
    chain.must(&main_escrow(), pledge());
    let mut wrong = vec![sale(21), sale(u32::MAX)];
    let dates = [
        (START, SALE_UNTIL),
        (SALE_UNTIL, SALE_UNTIL),
        (SALE_UNTIL, SALE_FROM),
        (SALE_FROM, USE_UNTIL + 1),
    ];
    wrong.extend(dates.map(|(from, until)| ledger_types::programme::RoundTerms {
        sale_from: at(from),
        sale_until: at(until),
        ..sale(1)
    }));
    let lottery = LotteryTerms {
        apply_from: at(START + DAY),
        apply_until: at(START + 2 * DAY),
        claim_ms: 7 * DAY,
    };
    wrong.push(ledger_types::programme::RoundTerms { lottery: Some(lottery), ..sale(1) });
    let rows = wrong.into_iter().map(|terms| (3043, city(), open(1, terms))).collect();
    refuses(&mut chain, rows);
    chain.must(&city(), open(1, sale(20)));
    refuses(&mut chain, vec![(3042, city(), open(2, sale(0)))]);
    chain.now = SALE_UNTIL;
    refuses(&mut chain, vec![(3041, city(), open(1, sale(1)))]);
}

#[test]
fn funding_and_moving_in_order() {
    let mut chain = defined();
    chain.must(&city(), create(terms()));
    let fund_of = |programme| Operation::FundProgramme(FundProgramme { programme });
    chain.must(&main_escrow(), pledge());
    let moved = |programme, amount, from: &Actor, to: &Actor| {
        let (from, to) = (from.account, to.account);
        Operation::MoveEscrow(MoveEscrow { programme, from, to, amount: yen(amount) })
    };
    let unknown = ProgrammeId::new(1);
    let rows = vec![
        (2018, Actor::party(HOSPITAL), fund_of(unknown)),
        (3027, akari(), fund_of(unknown)),
        (3035, akari(), pledge()),
        (3036, main_escrow(), pledge()),
        (3027, akari(), moved(unknown, 0, &akari(), &akari())),
        (3028, akari(), moved(PREMIUM, 0, &akari(), &akari())),
        (2001, city(), moved(PREMIUM, 0, &akari(), &akari())),
        (2003, city(), moved(PREMIUM, 1, &akari(), &akari())),
        (3035, city(), moved(PREMIUM, 1, &main_escrow(), &near())),
    ];
    refuses(&mut chain, rows);
    // An account that is an escrow of one programme is none of another.
    let second = Operation::CreateProgramme(CreateProgramme { programme: unknown, terms: terms() });
    refuses(&mut chain, vec![(3033, city(), second)]);
    let mut others = terms();
    others.escrows = vec![near().account];
    let second = CreateProgramme { programme: unknown, terms: others };
    chain.must(&city(), Operation::CreateProgramme(second));
    chain.must(&near(), pledge());
    refuses(&mut chain, vec![(3036, near(), fund_of(unknown))]);
}

#[test]
fn purchases_in_order() {
    let mut chain = selling();
    let wrong = Purchase {
        programme: PREMIUM,
        round: 2,
        buyer: Buyer::Ticket { ticket: 1, sets: 0 },
        price: Yen::ZERO,
    };
    let with = |change: &dyn Fn(&mut Purchase)| {
        let mut purchase = wrong.clone();
        change(&mut purchase);
        Operation::Purchase(purchase)
    };
    let anybody = |sets| {
        move |purchase: &mut Purchase| {
            (purchase.round, purchase.buyer) = (1, Buyer::Anybody { sets });
        }
    };
    let leaves = Buyer::Leaves { leaves: vec![] };
    let rows = vec![
        (2018, Actor::party(HOSPITAL), with(&|_| {})),
        (3027, akari(), with(&|purchase| purchase.programme = ProgrammeId::new(1))),
        (3044, akari(), with(&|_| {})),
        (3055, akari(), with(&|purchase| purchase.round = 1)),
        (3055, akari(), with(&|one| (one.round, one.buyer) = (1, leaves.clone()))),
        (3054, akari(), with(&anybody(0))),
        (3047, akari(), with(&anybody(4))),
        (3047, akari(), with(&anybody(u16::MAX))),
        (3060, akari(), with(&anybody(3))),
        (2003, main_escrow(), buy(1)),
        (3037, near(), buy(1)),
        (2004, kenji(), buy(1)),
    ];
    chain.must(&botan(), transfer(&near(), 500));
    refuses(&mut chain, rows);
    chain.must(&akari(), buy(2));
    refuses(&mut chain, vec![(3047, akari(), buy(2))]);
    chain.now = SALE_UNTIL - 1000;
    refuses(&mut chain, vec![(3045, akari(), buy(1))]);
    let mut chain = super::selling();
    chain.now = SALE_FROM - 2000;
    refuses(&mut chain, vec![(3045, akari(), buy(1))]);
    chain.must(&akari(), buy(1));
}

#[test]
fn reconciliations_in_order() {
    let mut chain = selling();
    let reconcile = |programme| Operation::ReconcileProgramme(ReconcileProgramme { programme });
    let rows = vec![
        (3027, akari(), reconcile(ProgrammeId::new(1))),
        (3028, akari(), reconcile(PREMIUM)),
        (3066, city(), reconcile(PREMIUM)),
    ];
    refuses(&mut chain, rows);
    chain.now = super::REFUND_UNTIL;
    chain.must(&city(), reconcile(PREMIUM));
    (0..3).for_each(|_| drop(chain.commit(vec![])));
    let moved = MoveEscrow {
        programme: PREMIUM,
        from: main_escrow().account,
        to: near().account,
        amount: Yen::ZERO,
    };
    let rows = vec![
        (3039, city(), reconcile(PREMIUM)),
        (3039, far(), pledge()),
        (3039, city(), Operation::MoveEscrow(moved)),
        (3039, city(), open(9, sale(0))),
        (3039, akari(), buy(9)),
    ];
    refuses(&mut chain, rows);
    // Its escrows are free for another one.
    let second = CreateProgramme {
        programme: ProgrammeId::new(71),
        terms: ProgrammeTerms {
            use_from: at(super::REFUND_UNTIL + DAY),
            use_until: at(super::REFUND_UNTIL + 2 * DAY),
            refund_until: at(super::REFUND_UNTIL + 2 * DAY),
            ..terms()
        },
    };
    chain.must(&city(), Operation::CreateProgramme(second));
}
