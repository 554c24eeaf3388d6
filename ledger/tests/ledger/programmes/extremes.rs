//! Whatever anybody sends, with numbers at the ends of their ranges: it commits or is refused by a rule,
//! and everything that holds at every height still does. A block that could not be applied fails here.

use ledger_types::operation::{
    Buyer, CloseAccount, CreateProgramme, DefineInstrument, FundProgramme, MerchantClass,
    MoveEscrow, OpenRound, Operation, Pay, Purchase, ReconcileProgramme, TenderLine,
};
use ledger_types::programme::{
    Bucket, Capabilities, LegalClass, Life, LotKind, LotteryTerms, ProgrammeTerms, RoundTerms,
    Takes,
};
use ledger_types::{AccountId, InstrumentId, ProgrammeId, Timestamp, Yen};
use proptest::prelude::*;

use super::{
    DAY, REFUND_UNTIL, USE_FROM, USE_UNTIL, at, chain_shop, city, define, far, fund, local_shop,
    main_escrow, near, pay_with, seen, sold, terms,
};
use crate::fixture::{Actor, START, akari, botan, kenji, nobody, operator, yen};
use crate::happy::transfer;

fn actor() -> impl Strategy<Value = Actor> {
    let all = vec![
        akari(),
        botan(),
        kenji(),
        city(),
        main_escrow(),
        near(),
        far(),
        fund(),
        operator(),
        chain_shop(),
        local_shop(),
    ];
    prop::sample::select(all)
}

fn account() -> impl Strategy<Value = AccountId> {
    prop_oneof![9 => actor().prop_map(|one| one.account), 1 => Just(nobody().account)]
}

fn amount() -> impl Strategy<Value = Yen> {
    let edges = vec![0, 1, 2, 125, 500, 1000, 1 << 62, u64::MAX / 2, u64::MAX - 1, u64::MAX];
    prop::sample::select(edges).prop_map(Yen::new)
}

fn small() -> impl Strategy<Value = u16> {
    prop::sample::select(vec![0, 1, 2, 3, 100, u16::MAX - 1, u16::MAX])
}

fn count() -> impl Strategy<Value = u32> {
    prop::sample::select(vec![0, 1, 2, 20, 1000, u32::MAX - 1, u32::MAX])
}

fn time() -> impl Strategy<Value = Timestamp> {
    let later = USE_FROM + 5000;
    let edges = vec![
        0,
        START,
        later,
        later + DAY,
        USE_UNTIL - 1,
        USE_UNTIL,
        REFUND_UNTIL,
        START + 60 * DAY,
        START + 400 * DAY,
        u64::MAX / 2,
        u64::MAX - 1,
        u64::MAX,
    ];
    prop::sample::select(edges).prop_map(at)
}

fn programme() -> impl Strategy<Value = ProgrammeId> {
    prop::sample::select(vec![70, 71, 72, u32::MAX]).prop_map(ProgrammeId::new)
}

fn instrument() -> impl Strategy<Value = InstrumentId> {
    prop::sample::select(vec![7, 8, 9, u32::MAX]).prop_map(InstrumentId::new)
}

fn kind() -> impl Strategy<Value = LotKind> {
    prop::sample::select(vec![LotKind::Free, LotKind::Paid])
}

fn defining() -> impl Strategy<Value = Operation> {
    let class = prop::sample::select(vec![
        LegalClass::FreePoint,
        LegalClass::ShortPrepaid,
        LegalClass::PrepaidMunicipal,
    ]);
    let life =
        prop_oneof![Just(Life::Programme), small().prop_map(|months| Life::Months { months }),];
    (instrument(), account(), class, amount(), life).prop_map(
        |(instrument, issuer, class, max_outstanding, life)| {
            let capabilities = Capabilities::SPEND;
            let of = DefineInstrument {
                instrument,
                issuer,
                class,
                capabilities,
                max_outstanding,
                life,
                ..define()
            };
            Operation::DefineInstrument(of)
        },
    )
}

fn bucket() -> impl Strategy<Value = Bucket> {
    let takes = prop::sample::select(vec![Takes::LOCAL, Takes::CHAIN, Takes::ALL]);
    (small(), takes, amount(), amount()).prop_map(|(rank, takes, paid, free)| Bucket {
        rank,
        takes,
        paid,
        free,
    })
}

fn creating() -> impl Strategy<Value = Operation> {
    let parts = (instrument(), prop::option::weighted(0.5, prop::collection::vec(bucket(), 0..5)));
    let counts = (prop::option::weighted(0.5, count()), prop::option::weighted(0.5, small()));
    let dates = prop::option::weighted(0.3, (time(), time(), time(), time()));
    let who = (prop::collection::vec(account(), 0..3), account(), account(), any::<bool>());
    (programme(), parts, counts, dates, who).prop_map(
        |(
            programme,
            (instrument, buckets),
            (sets, per_person),
            dates,
            (escrows, paid_to, free_to, carried_over),
        )| {
            let usual = terms();
            let start = USE_FROM + 3_600_000;
            let dates =
                dates.unwrap_or((at(start), at(start + DAY), at(start + DAY), at(start + 2 * DAY)));
            let escrows = if escrows.is_empty() { vec![far().account] } else { escrows };
            let terms = ProgrammeTerms {
                instrument,
                buckets: buckets.unwrap_or_else(|| usual.buckets.clone()),
                sets: sets.unwrap_or(5),
                per_person: per_person.unwrap_or(2),
                use_from: dates.0,
                use_until: dates.1,
                refund_until: dates.2,
                reconcile_by: dates.3,
                escrows,
                unused_paid_to: paid_to,
                unused_free_to: free_to,
                carried_over,
                ..usual
            };
            Operation::CreateProgramme(CreateProgramme { programme, terms })
        },
    )
}

fn opening() -> impl Strategy<Value = Operation> {
    let lottery = (time(), time(), prop::sample::select(vec![0, 7 * DAY, u64::MAX]));
    let lottery = lottery.prop_map(|(apply_from, apply_until, claim_ms)| LotteryTerms {
        apply_from,
        apply_until,
        claim_ms,
    });
    let lottery = prop::option::weighted(0.2, lottery);
    (programme(), small(), count(), time(), time(), lottery).prop_map(
        |(programme, round, sets, sale_from, sale_until, lottery)| {
            let terms = RoundTerms { sets, sale_from, sale_until, lottery };
            Operation::OpenRound(OpenRound { programme, round, terms })
        },
    )
}

fn buying() -> impl Strategy<Value = Operation> {
    let buyer = prop_oneof![
        6 => small().prop_map(|sets| Buyer::Anybody { sets }),
        1 => (count(), small()).prop_map(|(ticket, sets)| Buyer::Ticket { ticket, sets }),
        1 => Just(Buyer::Leaves { leaves: vec![] }),
    ];
    (programme(), small(), buyer, amount()).prop_map(|(programme, round, buyer, price)| {
        Operation::Purchase(Purchase { programme, round, buyer, price })
    })
}

fn paying() -> impl Strategy<Value = Operation> {
    let line =
        (programme(), small(), kind(), amount()).prop_map(|(programme, bucket, kind, amount)| {
            TenderLine { programme, bucket, kind, amount }
        });
    let lines = prop::collection::vec(line, 0..4);
    let shop = prop::sample::select(vec![local_shop(), chain_shop()]);
    (shop, amount(), prop::option::of(amount()), lines).prop_map(|(shop, amount, charge, lines)| {
        Operation::Pay(Pay { charge, ..pay_with(&shop, amount.get(), lines) })
    })
}

fn other() -> impl Strategy<Value = Operation> {
    let moved =
        (programme(), account(), account(), amount()).prop_map(|(programme, from, to, amount)| {
            Operation::MoveEscrow(MoveEscrow { programme, from, to, amount })
        });
    let fund =
        programme().prop_map(|programme| Operation::FundProgramme(FundProgramme { programme }));
    let done = programme()
        .prop_map(|programme| Operation::ReconcileProgramme(ReconcileProgramme { programme }));
    let close = account().prop_map(|account| Operation::CloseAccount(CloseAccount { account }));
    let send = (actor(), amount()).prop_map(|(to, amount)| transfer(&to, amount.get()));
    prop_oneof![2 => moved, 3 => fund, 3 => done, 1 => close, 2 => send]
}

fn sent() -> impl Strategy<Value = (Actor, Operation)> {
    let by = |who: Actor, operation: BoxedStrategy<Operation>| {
        (prop_oneof![9 => Just(who), 1 => actor()], operation)
    };
    prop_oneof![
        2 => by(operator(), defining().boxed()),
        4 => by(city(), creating().boxed()),
        4 => by(city(), opening().boxed()),
        4 => by(akari(), buying().boxed()),
        4 => by(akari(), paying().boxed()),
        4 => (actor(), other()),
        2 => by(far(), programme().prop_map(|programme| Operation::FundProgramme(FundProgramme { programme })).boxed()),
        2 => by(city(), programme().prop_map(|programme| Operation::ReconcileProgramme(ReconcileProgramme { programme })).boxed()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_that_is_sent_stops_a_node_or_breaks_what_holds(
        all in prop::collection::vec((sent(), 0..3_u64), 1..25),
    ) {
        let mut chain = sold();
        let last = all.len();
        for (number, ((actor, operation), pause)) in all.into_iter().enumerate() {
            chain.now += pause * DAY / 2;
            chain.outcome(&actor, vec![operation]);
            if number * 2 == last {
                // Some of it is spent as it should be, wherever that is possible.
                let lines = seen(&chain, &botan(), MerchantClass::Local, 700);
                let pay = Pay { charge: Some(yen(1)), ..pay_with(&local_shop(), 700, lines) };
                chain.outcome(&botan(), vec![Operation::Pay(pay)]);
            }
        }
    }
}
