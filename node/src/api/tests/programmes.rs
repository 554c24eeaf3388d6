//! Reads of instruments, programmes, lotteries and vouchers over records that are put into the state.

use ledger_types::operation::MerchantClass;
use ledger_types::programme::{
    Allocation, Bucket, Capabilities, Committer, Eligibility, LegalClass, Life, LotteryTerms,
    ProgrammeTerms, RoundTerms, SealedShare, ShareProof, Sharing, Takes, TicketLeaf,
};
use ledger_types::record::{
    Applicant, BucketTally, Deposited, Draw, EligibilityList, Escrow, Instrument, Key, LeafPlace,
    Lot, LotKind, Lots, Opening, Outcome, PaidAndFree, Programme, Record, Round, Tally, Ticket,
    keys,
};
use ledger_types::{AccountId, Hash, Height, InstrumentId, ProgrammeId, Timestamp, Yen, ZoneId};
use node_api::body::{
    AccountBody, InstrumentsBody, MerchantBody, ProgrammeBody, ProgrammesBody, RoundStanding,
    SecretsBody, TicketPage, TicketsBody,
};
use node_api::path;

use super::World;
use super::world::{CLOSED, ZONE, actor};

const INSTRUMENT: InstrumentId = InstrumentId::new(7);
/// Its lottery was drawn, and what was won is bought.
const DRAWN: ProgrammeId = ProgrammeId::new(1);
/// It was reconciled.
const ENDED: ProgrammeId = ProgrammeId::new(2);
/// Nothing of it was sold, and anybody may buy.
const NEW: ProgrammeId = ProgrammeId::new(0x0102_0304);
const NOWHERE: ProgrammeId = ProgrammeId::new(9);
const HOUR_MS: u64 = 3_600_000;

fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

fn account(name: &str) -> AccountId {
    actor(name).account
}

/// So many hours after, or before, the tip.
struct Hours(Timestamp);

impl Hours {
    fn after(&self, hours: u64) -> Timestamp {
        self.0.checked_add_millis(hours * HOUR_MS).unwrap()
    }

    fn before(&self, hours: u64) -> Timestamp {
        Timestamp::from_millis(self.0.as_millis() - hours * HOUR_MS)
    }
}

fn programme(now: &Hours, rounds: u16, closed: Option<Height>) -> Programme {
    let bucket = |rank, takes, paid, free| {
        let (paid, free) = (Yen::new(paid), Yen::new(free));
        Bucket { rank, takes, paid, free }
    };
    let proof = ShareProof { challenge: hash(1), response: hash(2) };
    let committer = |name| Committer { account: account(name), sealing: hash(3), proof };
    let terms = ProgrammeTerms {
        zone: ZONE,
        instrument: INSTRUMENT,
        name: "premium".to_owned(),
        terms: hash(4),
        exclusions: 2,
        combines: true,
        fiscal_year: 2026,
        carried_over: false,
        escrows: vec![account("bob"), account("operator")],
        buckets: vec![bucket(1, Takes::LOCAL, 5_000, 1_250), bucket(2, Takes::ALL, 5_000, 1_250)],
        sets: 12,
        per_person: 2,
        per_household: None,
        eligibility: Eligibility::Listed { root: hash(5), size: 9 },
        allocation: Allocation::Whole,
        committers: vec![committer("alice"), committer("bob"), committer("shop")],
        threshold: 2,
        use_from: now.before(1),
        use_until: now.after(50),
        refund_until: now.after(60),
        reconcile_by: now.after(70),
        unused_paid_to: account("operator"),
        unused_free_to: account("operator"),
    };
    let sponsor = account("operator");
    Programme { terms, sponsor, created: Height::new(1), rounds, lists: 2, closed }
}

/// A round of nine sets whose applications closed, and which was drawn with this outcome.
fn drawn(now: &Hours, opened: u64, outcome: Outcome) -> Round {
    let lottery = LotteryTerms {
        apply_from: now.before(30),
        apply_until: now.before(20),
        claim_ms: 10 * HOUR_MS,
    };
    let (sale_from, sale_until) = (now.before(5), now.after(40));
    let draw =
        Draw { seed: hash(6), outcome, drawn: Height::new(3), from: sale_from, waves: vec![] };
    Round {
        terms: RoundTerms { sets: 9, sale_from, sale_until, lottery: Some(lottery) },
        opened: Height::new(opened),
        tickets: 3,
        asked: 4,
        draw: Some(draw),
    }
}

fn ticket(applicant: &str, index: u32, asked: u16, bought: u16) -> Ticket {
    let leaf = LeafPlace { list: 1, index };
    let leaves = vec![TicketLeaf { leaf, household: hash(7), asked, bought }];
    Ticket { applicant: account(applicant), lowest: leaf, leaves }
}

fn lot(programme: ProgrammeId, bucket: u16, kind: LotKind, expires: Timestamp) -> Lot {
    let leaf = (bucket == 1).then_some(LeafPlace { list: 1, index: 5 });
    Lot { programme, round: 1, leaf, bucket, kind, expires, remaining: Yen::new(700) }
}

fn deposited(opened: Vec<Opening>, secret: Option<Hash>) -> Deposited {
    let proof = ShareProof { challenge: hash(1), response: hash(2) };
    let shares = vec![SealedShare { sealed: hash(8), proof }; 3];
    let sharing = Sharing { commitments: vec![hash(9), hash(10)], shares };
    Deposited { sharing, revealed: secret, opened, secret }
}

/// What became of two sets.
fn tally() -> Tally {
    Tally {
        sets: 2,
        buckets: vec![
            BucketTally {
                sold: PaidAndFree { paid: Yen::new(10_000), free: Yen::new(2_500) },
                used_local: PaidAndFree { paid: Yen::ZERO, free: Yen::new(500) },
                ..BucketTally::default()
            },
            BucketTally {
                sold: PaidAndFree { paid: Yen::new(10_000), free: Yen::new(2_500) },
                used_chain: PaidAndFree { paid: Yen::new(7), free: Yen::new(2_500) },
                ..BucketTally::default()
            },
        ],
    }
}

fn instrument() -> Instrument {
    Instrument {
        issuer: account("operator"),
        class: LegalClass::PrepaidMunicipal,
        capabilities: Capabilities::SPEND,
        max_outstanding: Yen::new(1_000_000),
        life: Life::Months { months: 6 },
        areas: vec![],
        terms: hash(11),
        defined: Height::new(1),
        issued: Yen::new(25_000),
        used: Yen::new(3_007),
        expired: Yen::ZERO,
    }
}

/// The programmes, what alice entered and has, and what committers told.
fn records(now: &Hours) -> Vec<(Key, Record)> {
    let all = Outcome { cut: Hash::ZERO, before: 9, at: 9, after: 9, given: 4 };
    let mut new = programme(now, 0, None);
    (new.terms.eligibility, new.lists) = (Eligibility::Anybody, 0);
    (new.terms.committers, new.terms.threshold) = (vec![], 0);
    new.terms.allocation = Allocation::FirstCome;
    let lots = vec![
        lot(DRAWN, 0, LotKind::Free, now.after(50)),
        lot(DRAWN, 0, LotKind::Paid, now.before(1)),
        lot(DRAWN, 1, LotKind::Paid, now.after(20)),
        lot(ENDED, 0, LotKind::Paid, now.after(50)),
    ];
    let applied = Applicant { ticket: 2 };
    let proof = ShareProof { challenge: hash(15), response: hash(16) };
    let opening = Opening { by: 2, share: hash(12), proof };
    let added = EligibilityList { root: hash(13), size: 4 };
    let lots = Record::Lots(Box::new(Lots { lots }));
    let alice = account("alice");
    vec![
        (keys::instrument(ZONE, INSTRUMENT), Record::Instrument(Box::new(instrument()))),
        (keys::programme(DRAWN), Record::Programme(Box::new(programme(now, 2, None)))),
        (keys::programme(NEW), Record::Programme(Box::new(new))),
        (
            keys::programme(ENDED),
            Record::Programme(Box::new(programme(now, 1, Some(Height::new(9))))),
        ),
        (keys::eligibility(DRAWN, 2), Record::EligibilityList(added)),
        (keys::escrow(&account("bob")), Record::Escrow(Escrow { programme: DRAWN })),
        (keys::round(DRAWN, 1), Record::Round(Box::new(drawn(now, 2, all)))),
        (keys::round(DRAWN, 2), Record::Round(Box::new(drawn(now, 5, all)))),
        (keys::round(ENDED, 1), Record::Round(Box::new(drawn(now, 3, all)))),
        (keys::tally(DRAWN, 1), Record::Tally(Box::new(tally()))),
        (keys::ticket(DRAWN, 1, 1), Record::Ticket(Box::new(ticket("bob", 3, 1, 0)))),
        (keys::ticket(DRAWN, 1, 2), Record::Ticket(Box::new(ticket("alice", 5, 2, 1)))),
        (keys::ticket(DRAWN, 1, 3), Record::Ticket(Box::new(ticket("shop", 8, 1, 0)))),
        (keys::ticket(DRAWN, 2, 2), Record::Ticket(Box::new(ticket("alice", 5, 1, 0)))),
        (keys::ticket(ENDED, 1, 2), Record::Ticket(Box::new(ticket("alice", 5, 1, 0)))),
        (keys::applicant(DRAWN, 1, &alice), Record::Applicant(applied)),
        (keys::applicant(DRAWN, 2, &alice), Record::Applicant(applied)),
        (keys::applicant(ENDED, 1, &alice), Record::Applicant(applied)),
        (
            keys::deposited(DRAWN, 1, 0),
            Record::Deposited(Box::new(deposited(vec![], Some(hash(14))))),
        ),
        (keys::deposited(DRAWN, 1, 2), Record::Deposited(Box::new(deposited(vec![opening], None)))),
        (keys::lots(ZONE, &alice), lots),
    ]
}

/// A world with these records, which the chain knows nothing of: no block follows.
fn world() -> World {
    let world = World::new();
    let now = Hours(world.query.state().time());
    world.put(&records(&now));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zones_instruments_are_public() {
    let world = world();
    let found: InstrumentsBody = world.get(path::instruments(ZONE).as_str()).await.json();
    let [instrument] = found.instruments.as_slice() else { panic!("{found:?}") };
    assert_eq!((instrument.instrument, instrument.months), (INSTRUMENT, Some(6)));
    assert_eq!(instrument.issuer.as_str(), world.address("operator"));
    assert_eq!((instrument.issued.get(), instrument.used.get()), (25_000, 3_007));
    let elsewhere: InstrumentsBody = world.get(path::instruments(CLOSED).as_str()).await.json();
    assert_eq!(elsewhere.instruments, vec![]);
    world.get(path::instruments(ZoneId::new(2)).as_str()).await.expect_problem(6205);
}

#[tokio::test(flavor = "multi_thread")]
async fn programmes_show_their_terms_sums_and_escrows_to_everybody() {
    let world = world();
    let found: ProgrammesBody = world.get(path::programmes().as_str()).await.json();
    let numbers: Vec<ProgrammeId> = found.programmes.iter().map(|one| one.programme).collect();
    assert_eq!(numbers, [DRAWN, ENDED, NEW]);
    let body: ProgrammeBody = world.get(path::programme(DRAWN).as_str()).await.json();
    assert_eq!(body, found.programmes[0]);
    assert_eq!((body.price.get(), body.face.get(), body.sold), (10_000, 12_500, 2));
    assert_eq!(body.outstanding.get(), 25_000 - 3_007);
    let escrows: Vec<_> =
        body.escrows.iter().map(|one| (one.pledged, one.available.get())).collect();
    assert_eq!(escrows, [(true, 10_000), (false, 10_000)]);
    let lists: Vec<_> = body.lists.iter().map(|list| (list.root, list.size)).collect();
    assert_eq!(lists, [(hash(5), 9), (hash(13), 4)]);
    let [first, second] = body.rounds.as_slice() else { panic!("{body:?}") };
    assert_eq!((first.standing, first.sold), (RoundStanding::Selling, 2));
    assert_eq!(first.buckets[1].used_chain_paid.get(), 7);
    assert_eq!((second.sold, second.buckets.len(), second.buckets[0].sold_paid.get()), (0, 2, 0));
    let lottery = first.lottery.as_ref().unwrap();
    assert_eq!((lottery.tickets, lottery.deposited, lottery.known), (3, 2, 1));
    assert_eq!(lottery.seed, Some(hash(6)));
    let new = &found.programmes[2];
    assert_eq!((new.sold, new.rounds.len(), new.lists.len()), (0, 0, 0));
    world.get(path::programme(NOWHERE).as_str()).await.expect_problem(6222);
    world.get("/v1/programmes/01").await.expect_problem(6001);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rounds_applications_come_in_pages_without_who_applied() {
    let world = world();
    let base = path::tickets(DRAWN, 1);
    let asked = world.get(base.as_str()).await;
    let all: TicketPage = asked.json();
    let seen: Vec<_> =
        all.tickets.iter().map(|one| (one.ticket, one.list, one.index, one.asked)).collect();
    assert_eq!((seen, all.next), (vec![(1, 1, 3, 1), (2, 1, 5, 2), (3, 1, 8, 1)], None));
    let text = asked.text();
    for name in ["alice", "bob", "shop"] {
        assert!(!text.contains(&world.address(name)), "{name}");
    }
    let mut pages = Vec::new();
    let mut at = format!("{base}?limit=2");
    loop {
        let page: TicketPage = world.get(&at).await.json();
        pages.push(page.tickets.len());
        let Some(next) = page.next else { break };
        at = format!("{base}?limit=2&cursor={next}");
    }
    assert_eq!(pages, [2, 1]);
    world.get(&format!("{base}?cursor=x")).await.expect_problem(6010);
    world.get(&format!("{base}?limit=0")).await.expect_problem(6011);
    world.get(path::tickets(NOWHERE, 1).as_str()).await.expect_problem(6222);
    world.get(path::tickets(DRAWN, 3).as_str()).await.expect_problem(6223);
    world.get(path::tickets(DRAWN, 0).as_str()).await.expect_problem(6223);
    world.get(path::tickets(ENDED, 1).as_str()).await.expect_problem(6225);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rounds_secrets_are_enough_to_make_its_seed_again() {
    let world = world();
    let found: SecretsBody = world.get(path::secrets(DRAWN, 1).as_str()).await.json();
    let [told, withheld] = found.secrets.as_slice() else { panic!("{found:?}") };
    assert_eq!((told.committer, told.secret, told.opened.len()), (0, Some(hash(14)), 0));
    assert_eq!((withheld.committer, withheld.secret), (2, None));
    assert_eq!((withheld.opened[0].by, withheld.opened[0].share), (2, hash(12)));
    assert_eq!(told.sharing, deposited(vec![], None).sharing);
    let none: SecretsBody = world.get(path::secrets(DRAWN, 2).as_str()).await.json();
    assert_eq!(none.secrets, vec![]);
    world.get(path::secrets(NOWHERE, 1).as_str()).await.expect_problem(6222);
    world.get(path::secrets(DRAWN, 3).as_str()).await.expect_problem(6223);
    world.get(path::secrets(ENDED, 1).as_str()).await.expect_problem(6225);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_entered_is_told_to_it_and_its_bank_newest_first() {
    let world = world();
    let at = path::account_tickets(&world.address("alice"));
    let own: TicketsBody = world.read("alice", at.as_str()).await.json();
    let rounds: Vec<_> = own.tickets.iter().map(|one| (one.programme, one.round)).collect();
    assert_eq!(rounds, [(DRAWN, 2), (DRAWN, 1)]);
    let first = &own.tickets[1];
    assert_eq!((first.ticket, first.asked, first.won, first.bought), (2, 2, Some(2), 1));
    assert_eq!((first.buyable, first.leaves.len(), first.leaves[0].index), (1, 1, 5));
    assert!(first.from.is_some() && first.until.is_some());
    let banks: TicketsBody = world.read("first bank", at.as_str()).await.json();
    assert_eq!(banks, own);
    world.read("bob", at.as_str()).await.expect_problem(6107);
    world.read("operator", at.as_str()).await.expect_problem(6107);
    world.get(at.as_str()).await.expect_problem(6101);
    let nobody = path::account_tickets(&world.address("shop"));
    let none: TicketsBody = world.read("shop", nobody.as_str()).await.json();
    assert_eq!(none.tickets, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_shows_vouchers_that_are_worth_anything() {
    let world = world();
    let at = path::account(&world.address("alice"));
    let body: AccountBody = world.read("alice", at.as_str()).await.json();
    let vouchers = body.money.unwrap().vouchers;
    let seen: Vec<_> = vouchers
        .iter()
        .map(|one| (one.zone, one.programme, one.bucket, one.kind, one.list, one.index))
        .collect();
    assert_eq!(
        seen,
        [
            (ZONE, DRAWN, 0, LotKind::Free, None, None),
            (ZONE, DRAWN, 1, LotKind::Paid, Some(1), Some(5)),
        ]
    );
    assert_eq!(vouchers[0].remaining, Yen::new(700));
    let bobs: AccountBody =
        world.read("bob", path::account(&world.address("bob")).as_str()).await.json();
    assert_eq!(bobs.money.unwrap().vouchers, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_merchant_is_found_where_the_zone_publishes_them() {
    let world = World::new();
    let merchant = |zone, name: &str| path::merchant(zone, &world.address(name)).to_string();
    let found: MerchantBody = world.get(&merchant(ZONE, "shop")).await.json();
    assert_eq!(found.account.as_str(), world.address("shop"));
    assert_eq!(found.class, MerchantClass::Local);
    world.get(&merchant(ZONE, "alice")).await.expect_problem(6224);
    world.get(&merchant(ZoneId::new(2), "shop")).await.expect_problem(6205);
    world.get("/v1/zones/1/merchants/nobody").await.expect_problem(6009);
    world.get(&merchant(CLOSED, "shop")).await.expect_problem(6101);
    for name in ["shop", "operator"] {
        let own: MerchantBody = world.read(name, &merchant(CLOSED, "shop")).await.json();
        assert_eq!(own, found, "{name}");
    }
    world.read("alice", &merchant(CLOSED, "shop")).await.expect_problem(6221);
    // That it is none is told to its holder, as everybody may know it of itself.
    world.read("alice", &merchant(CLOSED, "alice")).await.expect_problem(6224);
    world.read("bob", &merchant(CLOSED, "alice")).await.expect_problem(6221);
}
