//! Vouchers from their instrument to a payment, as the interface tells it.

use ledger_types::event::LotsSpent;
use ledger_types::instant::JapanTime;
use ledger_types::operation::{
    AccountKind, Buyer, CreateProgramme, DefineInstrument, FundProgramme, KycLevel, OpenAccount,
    OpenRound, Pay, Purchase, Refund, TenderLine,
};
use ledger_types::programme::{
    Allocation, Bucket, Capabilities, Eligibility, LegalClass, Life, LotKind, ProgrammeTerms,
    RoundTerms, Takes,
};
use ledger_types::{Event, Hash, InstrumentId, Operation, ProgrammeId, Timestamp, Whose, Yen};
use node_api::body::{
    AccountBody, HistoryPage, ProgrammeBody, RoundStanding, SupplyBody, TicketPage, VoucherBody,
    ZoneReportBody,
};
use node_api::path;

use super::World;
use super::world::{ZONE, actor, names, sole, told, transfer};

const PROGRAMME: ProgrammeId = ProgrammeId::new(1);
const INSTRUMENT: InstrumentId = InstrumentId::new(7);
const MINUTE_MS: u64 = 60_000;

/// So many minutes after the tip.
fn after(world: &World, minutes: u64) -> Timestamp {
    world.chain.tip().time.checked_add_millis(minutes * MINUTE_MS).unwrap()
}

fn escrow() -> Operation {
    Operation::OpenAccount(OpenAccount {
        holder_commitment: Hash::of(&[b"escrow"]),
        kind: AccountKind::Program,
        kyc_level: KycLevel::KB,
        keys: sole("escrow"),
        threshold: 1,
    })
}

fn instrument() -> Operation {
    Operation::DefineInstrument(DefineInstrument {
        zone: ZONE,
        instrument: INSTRUMENT,
        issuer: actor("operator").account,
        class: LegalClass::ShortPrepaid,
        capabilities: Capabilities::SPEND,
        max_outstanding: Yen::new(100_000),
        life: Life::Months { months: 6 },
        areas: vec![],
        terms: Hash::ZERO,
    })
}

/// Ten sets of 300 yen and a premium of 100, to anybody.
fn programme(world: &World) -> Operation {
    let operator = actor("operator").account;
    let bucket = Bucket { rank: 1, takes: Takes::ALL, paid: Yen::new(300), free: Yen::new(100) };
    let terms = ProgrammeTerms {
        zone: ZONE,
        instrument: INSTRUMENT,
        name: "premium".to_owned(),
        terms: Hash::ZERO,
        exclusions: 2,
        combines: true,
        fiscal_year: JapanTime(world.chain.tip().time).fiscal_year(),
        carried_over: true,
        escrows: vec![actor("escrow").account],
        buckets: vec![bucket],
        sets: 10,
        per_person: 3,
        per_household: None,
        eligibility: Eligibility::Anybody,
        allocation: Allocation::FirstCome,
        committers: vec![],
        threshold: 0,
        use_from: after(world, 20),
        use_until: after(world, 60),
        refund_until: after(world, 70),
        reconcile_by: after(world, 80),
        unused_paid_to: operator,
        unused_free_to: operator,
    };
    Operation::CreateProgramme(CreateProgramme { programme: PROGRAMME, terms })
}

fn round(world: &World) -> Operation {
    let (sale_from, sale_until) = (after(world, 10), after(world, 30));
    let terms = RoundTerms { sets: 5, sale_from, sale_until, lottery: None };
    Operation::OpenRound(OpenRound { programme: PROGRAMME, round: 1, terms })
}

/// 250 yen to the shop: the premium first, then of what was paid for.
fn pay() -> Operation {
    let line = |kind, amount| {
        let amount = Yen::new(amount);
        TenderLine { programme: PROGRAMME, bucket: 0, kind, amount }
    };
    Operation::Pay(Pay {
        zone: ZONE,
        merchant: actor("shop").account,
        amount: Yen::new(250),
        charge: None,
        vouchers: Some(vec![line(LotKind::Free, 200), line(LotKind::Paid, 50)]),
        reference: None,
        request: None,
        again: true,
    })
}

/// A world in which alice bought two sets and can use them.
async fn bought() -> World {
    let mut world = World::new();
    world.send("first bank", vec![escrow()]).await;
    let create = programme(&world);
    world.send("operator", vec![instrument(), create]).await;
    world.send("operator", vec![transfer("escrow", 1_000)]).await;
    let fund = FundProgramme { programme: PROGRAMME };
    world.send("escrow", vec![Operation::FundProgramme(fund)]).await;
    let round = round(&world);
    world.send("operator", vec![round]).await;
    world.pass(10 * MINUTE_MS).await;
    let buyer = Buyer::Anybody { sets: 2 };
    let purchase = Purchase { programme: PROGRAMME, round: 1, buyer, price: Yen::new(600) };
    world.send("alice", vec![Operation::Purchase(purchase)]).await;
    world.pass(11 * MINUTE_MS).await;
    world
}

async fn of_programme(world: &World) -> ProgrammeBody {
    world.get(path::programme(PROGRAMME).as_str()).await.json()
}

async fn vouchers(world: &World) -> Vec<VoucherBody> {
    let at = path::account(&world.address("alice"));
    let body: AccountBody = world.read("alice", at.as_str()).await.json();
    body.money.unwrap().vouchers
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_bought_is_counted_in_the_open_and_shown_to_its_holder() {
    let world = bought().await;
    let body = of_programme(&world).await;
    assert_eq!((body.sold, body.outstanding.get(), body.price.get()), (2, 800, 300));
    let escrows: Vec<_> =
        body.escrows.iter().map(|one| (one.pledged, one.available.get())).collect();
    assert_eq!(escrows, [(true, 1_600)]);
    let round = &body.rounds[0];
    assert_eq!((round.standing, round.sold, round.sets), (RoundStanding::Selling, 2, 5));
    assert_eq!((round.buckets[0].sold_paid.get(), round.buckets[0].sold_free.get()), (600, 200));
    assert_eq!(round.lottery, None);
    let held: Vec<_> = vouchers(&world).await;
    let seen: Vec<_> = held.iter().map(|one| (one.kind, one.remaining.get())).collect();
    assert_eq!(seen, [(LotKind::Free, 200), (LotKind::Paid, 600)]);
    assert_eq!(held[0].from, body.use_from);
    assert_eq!(held[0].expires, body.use_until);
    let none: TicketPage = world.get(path::tickets(PROGRAMME, 1).as_str()).await.json();
    assert_eq!((none.tickets.len(), none.next), (0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_by_vouchers_is_told_and_counts_against_no_cap() {
    let mut world = bought().await;
    world.send("alice", vec![pay()]).await;
    let body = of_programme(&world).await;
    let bucket = &body.rounds[0].buckets[0];
    assert_eq!((bucket.used_local_free.get(), bucket.used_local_paid.get()), (200, 50));
    assert_eq!((body.outstanding.get(), body.escrows[0].available.get()), (550, 1_350));
    let held: Vec<_> = vouchers(&world).await;
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].kind, held[0].remaining.get()), (LotKind::Paid, 550));
    let supply: SupplyBody = world.get(path::supply().as_str()).await.json();
    assert!(supply.violation.is_none(), "{supply:?}");
    let first = &supply.banks[0];
    assert_eq!((first.pledged.get(), first.headroom.get()), (250, 5_000));
    assert_eq!(first.position.get(), -250);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_months_report_says_what_vouchers_paid_and_what_of_them_was_the_premium() {
    let mut world = bought().await;
    world.send("alice", vec![pay()]).await;
    let of_month = path::zone_report(ZONE, world.month());
    let report: ZoneReportBody = world.read("operator", of_month.as_str()).await.json();
    assert_eq!((report.payments.count, report.payments.amount.get()), (1, 250));
    assert_eq!((report.vouchers_paid.get(), report.vouchers_free.get()), (50, 200));
    assert_eq!((report.coin, report.charged), (Yen::ZERO, Yen::ZERO));
    // It came into the zone out of the programme's escrow, as the shop's coin.
    assert_eq!(report.circulation.get(), 250);
    assert_eq!(report.turns_hundredths, None);
    assert_eq!((report.merchants_paid, report.complete), (None, false));
    let payment = world.query.state().payments().next().map(|(id, _)| id).unwrap();
    let (amount, before) = (Yen::new(150), Yen::ZERO);
    let refund = Refund { zone: ZONE, payment, amount, before, terminal: None, reference: None };
    world.send("shop", vec![Operation::Refund(refund)]).await;
    let after: ZoneReportBody = world.read("operator", of_month.as_str()).await.json();
    assert_eq!((after.refunds.count, after.refunds.amount.get()), (1, 150));
    // What was paid stays said; what was refunded lies in the escrow again.
    assert_eq!((after.payments, after.vouchers_free), (report.payments, report.vouchers_free));
    assert_eq!(after.circulation.get(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_is_told_of_vouchers_and_not_by_whom_they_were_paid() {
    let mut world = bought().await;
    world.send("alice", vec![pay()]).await;
    let own: HistoryPage =
        world.read("alice", path::history(&world.address("alice")).as_str()).await.json();
    let own: Vec<Event> = told(&own);
    assert_eq!(names(&own), ["lots_spent", "paid", "purchased"]);
    let spent = LotsSpent::of(&own[0]).unwrap();
    assert_eq!(spent.payer, Whose::Account(actor("alice").account));
    let amounts: Vec<_> = spent.spent.iter().map(|one| (one.kind, one.amount.get())).collect();
    assert_eq!(amounts, [(LotKind::Free, 200), (LotKind::Paid, 50)]);
    let asked = world.read("shop", path::history(&world.address("shop")).as_str()).await;
    let shops: Vec<Event> = told(&asked.json());
    assert_eq!(names(&shops), ["lots_spent", "paid"]);
    assert!(matches!(LotsSpent::of(&shops[0]).unwrap().payer, Whose::Pseudonym(_)));
    assert!(!asked.text().contains(&world.address("alice")));
}
