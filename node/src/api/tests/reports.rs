//! A zone's monthly report and a merchant's fees, held against plain sums of all that happened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use ledger_types::event::{
    Charged, Discharged, FeeCharged, FeeReturned, Paid, Purchased, RedeemSettled, Refunded,
    Transferred, Voided,
};
use ledger_types::operation::{
    Charge, CreateZone, Discharge, MerchantClass, MerchantProfile, OpenZoneAccount, Pay, Refund,
    RegisterMerchant, SetFeeSchedule, SetRevenueShare, Void,
};
use ledger_types::zone::{BasisPoints, FeeTax, FeeTerms, FeeTier, Publishes, Share, ShareTerms};
use ledger_types::{AccountId, Event, Hash, Operation, Timestamp, Transaction, Yen, ZoneId};
use node_api::body::{FeeRecipient, MerchantFeesBody, ZoneReportBody};
use node_api::{Month, path};
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use super::World;
use super::world::{CLOSED, ZONE, actor, key, prefix, transfer};
use crate::store::Committed;

/// A zone that the tests create, with fees, and whose report is public.
const TOWN: ZoneId = ZoneId::new(7);
const AT_ONCE: Timestamp = Timestamp::from_millis(0);
const PURPOSE: u16 = 31;
const SHOPS: [&str; 2] = ["shop", "bob"];
const PAYERS: [&str; 3] = ["alice", "operator", "auditor"];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % bound
    }

    fn of<'a>(&mut self, names: &[&'a str]) -> &'a str {
        names[usize::try_from(self.below(names.len() as u64)).unwrap()]
    }
}

fn pay(shop: &str, amount: u64) -> Operation {
    Operation::Pay(Pay {
        zone: TOWN,
        merchant: actor(shop).account,
        amount: Yen::new(amount),
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    })
}

fn fees(version: u32, tax: FeeTax, yearly_cap: u64) -> Operation {
    let tiers = vec![FeeTier { yearly_cap: Some(Yen::new(yearly_cap)) }];
    let rate = BasisPoints::new(700).unwrap();
    let terms = FeeTerms { rate, minimum: Yen::new(1), tax, tiers };
    Operation::SetFeeSchedule(SetFeeSchedule { zone: TOWN, version, from: AT_ONCE, terms })
}

/// The zone: its fees are the operator's, a holder's and the fund's, which is the auditor's account. And all
/// that is committed there.
async fn town() -> (World, Receiver<Arc<Committed>>) {
    let mut world = World::new();
    let committed = world.chain.subscribe();
    let operator = actor("operator").account;
    let create = CreateZone {
        zone: TOWN,
        name: "town".to_owned(),
        operator,
        areas: vec![],
        publishes: Publishes::REPORT,
    };
    world.send("operator", vec![Operation::CreateZone(create)]).await;
    for name in ["alice", "bob", "auditor", "operator"] {
        let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
        let charge = Operation::Charge(Charge { zone: TOWN, amount: Yen::new(3_000) });
        world.send(name, vec![open, charge]).await;
    }
    let mut shares: Vec<Share> = [("operator", 3_000), ("alice", 1_000)]
        .map(|(name, bps)| Share {
            account: actor(name).account,
            share: BasisPoints::new(bps).unwrap(),
        })
        .to_vec();
    shares.sort_by_key(|share| share.account);
    let terms = ShareTerms { shares, fund: actor("auditor").account };
    let share = SetRevenueShare { zone: TOWN, version: 1, from: AT_ONCE, terms };
    let register = |shop: &&str| {
        let merchant = actor(shop).account;
        let class = MerchantClass::Local;
        let profile = MerchantProfile::default();
        Operation::RegisterMerchant(RegisterMerchant {
            zone: TOWN,
            merchant,
            class,
            tier: 0,
            profile,
        })
    };
    let set = vec![Operation::SetRevenueShare(share), fees(1, FeeTax::Included, 500)];
    world.send("operator", set).await;
    world.send("operator", SHOPS.iter().map(register).collect()).await;
    (world, committed)
}

/// Payments that can still be given back: number, shop, amount, what was refunded.
type Paying = Vec<(Hash, &'static str, u64, u64)>;

/// Some days of a town, by chance.
async fn play(world: &mut World, chance: &mut Chance, steps: usize) {
    let mut open: Paying = Vec::new();
    for _ in 0..steps {
        match chance.below(8) {
            0..4 => {
                let (payer, shop, amount) =
                    (chance.of(&PAYERS), chance.of(&SHOPS), 1 + chance.below(150));
                let before: BTreeSet<Hash> = payments(world);
                world.send(payer, vec![pay(shop, amount)]).await;
                let new = payments(world).difference(&before).copied().next().unwrap();
                open.push((new, shop, amount, 0));
            }
            4..6 => refund(world, chance, &mut open).await,
            6 => {
                let (name, amount) = (chance.of(&PAYERS), Yen::new(1 + chance.below(60)));
                let moved = if chance.below(2) == 0 {
                    Operation::Charge(Charge { zone: TOWN, amount })
                } else {
                    Operation::Discharge(Discharge { zone: TOWN, amount })
                };
                world.send(name, vec![moved]).await;
            }
            _ => {
                let amount = 1 + chance.below(40);
                let purpose = PURPOSE * u16::try_from(chance.below(2)).unwrap();
                let sent = with_purpose(world, "auditor", vec![transfer("alice", amount)], purpose);
                world.settle(&[sent]).await;
            }
        }
    }
}

fn payments(world: &World) -> BTreeSet<Hash> {
    world.query.state().payments().map(|(id, _)| id).collect()
}

/// Refunds a part of some payment, or voids it where nothing of it was refunded.
async fn refund(world: &mut World, chance: &mut Chance, open: &mut Paying) {
    if open.is_empty() {
        return;
    }
    let place = usize::try_from(chance.below(open.len() as u64)).unwrap();
    let (payment, shop, amount, refunded) = open[place];
    if refunded == 0 && chance.below(3) == 0 {
        let void = Void { zone: TOWN, payment, terminal: None };
        world.send(shop, vec![Operation::Void(void)]).await;
        open.remove(place);
        return;
    }
    let part = 1 + chance.below(amount - refunded);
    let (back, before) = (Yen::new(part), Yen::new(refunded));
    let of = Refund { zone: TOWN, payment, amount: back, before, terminal: None, reference: None };
    world.send(shop, vec![Operation::Refund(of)]).await;
    open[place].3 += part;
    if open[place].3 == amount {
        open.remove(place);
    }
}

fn with_purpose(
    world: &World,
    name: &str,
    operations: Vec<Operation>,
    purpose: u16,
) -> Transaction {
    let account = crate::query::books::account(&world.query.state(), &actor(name).account);
    let nonce = account.unwrap().lowest_unused_nonce;
    let mut unsigned = world.transaction(name, nonce, operations).unsigned;
    unsigned.purpose = purpose;
    unsigned.sign(&world.genesis.hash(), &[&key(name)])
}

/// Everything that was committed, as a stranger adds it up.
#[derive(Debug, Default)]
struct Plain {
    payments: Vec<u64>,
    refunds: Vec<u64>,
    voids: Vec<u64>,
    fees: Vec<u64>,
    returned: Vec<u64>,
    got: BTreeMap<AccountId, u64>,
    gave: BTreeMap<AccountId, u64>,
    spent: BTreeMap<u16, (u64, u64)>,
    charged: u64,
    discharged: u64,
    /// Of the first shop: payments, base, charged, returned.
    shop: (u64, u64, u64, u64),
}

impl Plain {
    fn of(blocks: &[Arc<Committed>]) -> Self {
        let mut sums = Self::default();
        for committed in blocks {
            for happened in &committed.applied.events {
                let place = happened.transaction.map(|place| usize::try_from(place).unwrap());
                let purpose = place
                    .map_or(0, |place| committed.block.body.transactions[place].unsigned.purpose);
                sums.add(&happened.event, purpose);
            }
        }
        sums
    }

    fn add(&mut self, event: &Event, purpose: u16) {
        let fund = actor("auditor").account;
        let mut left = Transferred::of(event).map(|sent| (sent.debtor, sent.amount));
        left = left.or(Purchased::of(event).map(|one| (one.buyer, one.price)));
        left = left.or(RedeemSettled::of(event).map(|one| (one.account, one.amount)));
        if let Some(paid) = Paid::of(event) {
            self.payments.push(paid.amount.get());
            left = paid.payer.account().map(|payer| (payer, paid.amount));
        }
        if let Some((_, amount)) = left.filter(|(account, _)| *account == fund) {
            let sum = self.spent.entry(purpose).or_default();
            *sum = (sum.0 + 1, sum.1 + amount.get());
        }
        self.refunds.extend(Refunded::of(event).map(|one| one.amount.get()));
        self.voids.extend(Voided::of(event).map(|one| one.amount.get()));
        self.charged += Charged::of(event).map_or(0, |one| one.amount.get());
        self.discharged += Discharged::of(event).map_or(0, |one| one.amount.get());
        if let Some(fee) = FeeCharged::of(event) {
            self.fees.push(fee.fee.get());
            for part in &fee.parts {
                *self.got.entry(part.account).or_default() += part.amount.get();
            }
            if fee.merchant == actor("shop").account {
                self.shop.0 += 1;
                self.shop.1 += fee.gross.get();
                self.shop.2 += fee.fee.get();
            }
        }
        if let Some(back) = FeeReturned::of(event) {
            self.returned.push(back.fee.get());
            for part in &back.parts {
                *self.gave.entry(part.account).or_default() += part.amount.get();
            }
            if let Some(part) = &back.fund {
                *self.got.entry(part.account).or_default() += part.amount.get();
            }
            if back.merchant == actor("shop").account {
                self.shop.3 += back.fee.get();
            }
        }
    }

    fn of_account(sums: &BTreeMap<AccountId, u64>, name: &str) -> u64 {
        sums.get(&actor(name).account).copied().unwrap_or_default()
    }

    /// Asserts that a report says the same.
    fn assert_is(&self, report: &ZoneReportBody, world: &World) {
        let counted = |all: &[u64]| (all.len() as u64, all.iter().sum::<u64>());
        let said = [&report.payments, &report.refunds, &report.voids];
        let said = said.map(|one| (one.count, one.amount.get()));
        assert_eq!(said, [&self.payments, &self.refunds, &self.voids].map(|all| counted(all)));
        assert_eq!(report.coin, report.payments.amount);
        let (fees, returned) = (counted(&self.fees).1, counted(&self.returned).1);
        assert_eq!((report.fees.charged.get(), report.fees.returned.get()), (fees, returned));
        let net = i64::try_from(fees).unwrap() - i64::try_from(returned).unwrap();
        assert_eq!(report.fees.net.get(), net);
        let parts =
            report.recipients.iter().map(|one| (one.recipient, one.got.get(), one.gave_back.get()));
        let parts: Vec<_> = parts.filter(|(_, got, gave)| got + gave > 0).collect();
        let expected = [
            (FeeRecipient::Operator, "operator"),
            (FeeRecipient::Fund, "auditor"),
            (FeeRecipient::Other, "alice"),
        ];
        let of = |(role, name)| {
            (role, Self::of_account(&self.got, name), Self::of_account(&self.gave, name))
        };
        assert_eq!(parts, expected.map(of));
        // What recipients got and did not give back is what merchants paid.
        let kept: i64 =
            parts.iter().map(|(_, got, gave)| got.cast_signed() - gave.cast_signed()).sum();
        assert_eq!(kept, net);
        let spent = report.fund_spent.iter();
        let spent = spent.map(|one| (one.purpose.unwrap(), (one.count, one.amount.get())));
        assert_eq!(spent.collect::<BTreeMap<_, _>>(), self.spent);
        assert_eq!(
            (report.charged.get(), report.discharged.get()),
            (self.charged, self.discharged)
        );
        let total = world.query.state().zone(TOWN).unwrap().total;
        assert_eq!(report.circulation, total);
        assert_eq!(total.get(), self.charged - self.discharged);
        let paid = counted(&self.payments).1 - counted(&self.refunds).1 - counted(&self.voids).1;
        let turns = (paid * 100).checked_div(self.discharged);
        assert_eq!(report.turns_hundredths, turns);
    }
}

async fn report(world: &World, month: Month) -> ZoneReportBody {
    world.read("operator", path::zone_report(TOWN, month).as_str()).await.json()
}

async fn fees_of(world: &World, reader: &str, month: Month) -> MerchantFeesBody {
    let shop = world.address("shop");
    world.read(reader, path::merchant_fees(TOWN, &shop, month).as_str()).await.json()
}

async fn fees_of_bob(world: &World, month: Month) -> MerchantFeesBody {
    let of = path::merchant_fees(TOWN, &world.address("bob"), month);
    world.read("operator", of.as_str()).await.json()
}

/// Has a program that shares no code add it up from the events as the interface writes them, and refuse
/// a report that says one yen more.
fn added_up_elsewhere(
    world: &World,
    blocks: &[Arc<Committed>],
    report: &ZoneReportBody,
    fees: &[MerchantFeesBody],
) {
    let mut events = Vec::new();
    for (block, committed) in blocks.iter().enumerate() {
        for happened in &committed.applied.events {
            let place = happened.transaction.map(|place| usize::try_from(place).unwrap());
            let transactions = &committed.block.body.transactions;
            let purpose = place.map_or(0, |place| transactions[place].unsigned.purpose);
            events.push(json!({
                "block": block, "transaction": happened.transaction,
                "operation": happened.operation, "purpose": purpose,
                "event": happened.event.in_json(&prefix()),
            }));
        }
    }
    let kinds = json!({ world.address("alice"): "citizen" });
    let (operator, fund) = (world.address("operator"), world.address("auditor"));
    let roles = json!({ "operator": operator, "fund": fund, "kinds": kinds });
    let mut document = json!({
        "format": "kyojo/zone-month/1", "zone": TOWN, "roles": roles, "events": events,
        "report": report, "fees": fees,
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/verify/zone_report.py");
    let file = world.directory.path().join("month.json");
    let run = |document: &serde_json::Value| {
        std::fs::write(&file, document.to_string()).unwrap();
        Command::new("python3").arg(&script).arg(&file).output().unwrap()
    };
    let output = run(&document);
    assert!(output.status.success(), "{output:?}");
    let more = report.charged.get() + 1;
    document["report"]["charged"] = json!(more.to_string());
    assert_eq!(run(&document).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_months_report_is_the_sum_of_all_that_happened_and_an_index_made_again_says_the_same() {
    for seed in [1, 20_261_130] {
        let (mut world, mut committed) = town().await;
        let before = report(&world, world.month()).await;
        assert_eq!((before.payments.count, before.charged.get()), (0, 12_000));
        let mut chance = Chance(seed);
        play(&mut world, &mut chance, 30).await;
        // The same fees under other terms, then the cap is reached.
        world.send("operator", vec![fees(2, FeeTax::Exempt, 100)]).await;
        play(&mut world, &mut chance, 30).await;
        let mut blocks = Vec::new();
        while let Ok(block) = committed.try_recv() {
            blocks.push(block);
        }
        let month = world.month();
        let plain = Plain::of(&blocks);
        let said = report(&world, month).await;
        plain.assert_is(&said, &world);
        assert!(plain.returned.iter().sum::<u64>() > 0 && !plain.voids.is_empty(), "{plain:?}");
        assert!(!said.complete);
        let fees = fees_of(&world, "operator", month).await;
        assert_eq!(fees, fees_of(&world, "shop", month).await);
        let of_shop =
            (fees.payments, fees.base.get(), fees.fees.charged.get(), fees.fees.returned.get());
        assert_eq!(of_shop, plain.shop);
        let charged = world.query.state().merchant(TOWN, &actor("shop").account).unwrap().charged;
        assert_eq!((fees.fiscal_year, fees.charged_in_year), (charged.year, charged.amount));
        let by_version = fees.versions.iter().map(|one| (one.version, one.tax)).collect::<Vec<_>>();
        assert_eq!(by_version, [(1, FeeTax::Included), (2, FeeTax::Exempt)]);
        let counted = [fees_of(&world, "shop", month).await, fees_of_bob(&world, month).await];
        added_up_elsewhere(&world, &blocks, &said, &counted);
        let world = world.reopened(|store| {
            std::fs::remove_dir_all(store.join("index")).unwrap();
        });
        world.indexed().await;
        assert_eq!(report(&world, month).await, said);
        assert_eq!(fees_of(&world, "shop", month).await, fees);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_over_is_complete_and_the_next_begins_with_what_circulates() {
    let (mut world, _) = town().await;
    world.send("alice", vec![pay("shop", 100)]).await;
    let month = world.month();
    let running = report(&world, month).await;
    world.pass(31 * 24 * 3_600_000).await;
    let next = world.month();
    let over = report(&world, month).await;
    // Everybody's, now that it is over.
    let open: ZoneReportBody = world.get(path::zone_report(TOWN, month).as_str()).await.json();
    assert_eq!(open, over);
    world.get(path::zone_report(TOWN, next).as_str()).await.expect_problem(6101);
    assert_eq!(over, ZoneReportBody { complete: true, height: over.height, ..running.clone() });
    assert_ne!(next, month);
    let begins = report(&world, next).await;
    assert_eq!((begins.payments.count, begins.circulation), (0, running.circulation));
    assert!(!begins.complete);
    let (is_over, fees) =
        (fees_of(&world, "shop", month).await, fees_of(&world, "shop", next).await);
    assert_eq!((is_over.fees.charged.get(), is_over.complete), (7, true));
    assert_eq!((fees.payments, fees.versions.len()), (0, 0));
    let same_year = is_over.fiscal_year == fees.fiscal_year;
    assert_eq!(fees.charged_in_year.get(), if same_year { 7 } else { 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_everybodys_where_the_zone_publishes_it_and_fees_are_the_shops_and_operators() {
    let (world, _) = town().await;
    let month = world.month();
    // Whoever reads the month that runs after each block has the amounts of single payments.
    world.get(path::zone_report(TOWN, month).as_str()).await.expect_problem(6101);
    world.read("alice", path::zone_report(TOWN, month).as_str()).await.expect_problem(6228);
    world.get(path::zone_report(ZONE, month).as_str()).await.expect_problem(6101);
    world.read("alice", path::zone_report(ZONE, month).as_str()).await.expect_problem(6228);
    world.read("shop", path::zone_report(ZONE, month).as_str()).await.expect_status(200);
    world.read("operator", path::zone_report(CLOSED, month).as_str()).await.expect_status(200);
    world.get(path::zone_report(ZoneId::new(9), month).as_str()).await.expect_problem(6205);
    let later = Month::of_digits(999_912).unwrap();
    world.get(path::zone_report(TOWN, later).as_str()).await.expect_problem(6011);
    let template = path::ZONE_REPORT.replace("{zone}", "7");
    world.get(&template.replace("{month}", "2026-13")).await.expect_problem(6001);
    let early = Month::of_digits(197_001).unwrap();
    world.get(path::zone_report(TOWN, early).as_str()).await.expect_status(200);
    world.get(path::zone_report(ZONE, early).as_str()).await.expect_problem(6101);
    assert_eq!(report(&world, early).await.circulation, Yen::ZERO);
    let shop = world.address("shop");
    let of_shop = path::merchant_fees(TOWN, &shop, month);
    world.get(of_shop.as_str()).await.expect_problem(6101);
    world.read("alice", of_shop.as_str()).await.expect_problem(6107);
    let alice = path::merchant_fees(TOWN, &world.address("alice"), month);
    world.read("alice", alice.as_str()).await.expect_problem(6224);
    world.read("shop", path::merchant_fees(TOWN, &shop, later).as_str()).await.expect_problem(6011);
    let elsewhere = path::merchant_fees(ZoneId::new(9), &shop, month);
    world.read("shop", elsewhere.as_str()).await.expect_problem(6205);
}
