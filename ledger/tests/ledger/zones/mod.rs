//! Zones by operations, their fees and shares, and payments straight from the bank account.

use ledger::record::{ChargedInYear, Merchant, NextTier, Record, Zone};
use ledger::state::keys;
use ledger_types::event::{Event, MerchantUpdated, ZoneCreated, ZoneUpdated};
use ledger_types::limits::FEE_NOTICE_MS;
use ledger_types::operation::{
    Charge, CreateZone, MerchantClass, MerchantProfile, OpenZoneAccount, Operation, Pay,
    SetFeeSchedule, SetRevenueShare, UpdateZone,
};
use ledger_types::zone::{
    BasisPoints, FeeTax, FeeTerms, FeeTier, MunicipalityCode, Publishes, Share, ShareTerms,
};
use ledger_types::{Timestamp, Yen, ZoneId};
mod paying;

use super::chain::Chain;
use super::fixture::{
    AIZU, Actor, HOSPITAL, HOSPITALS, NO_ZONE, TOWN, akari, botan, chika, nobody, operator,
    registers, shop, toru, updates, yen,
};
use super::happy::{commits, put};
use super::rejections::refuses;

const NEW: ZoneId = ZoneId::new(7);

fn areas() -> Vec<MunicipalityCode> {
    [72_010, 72_028].map(|code| MunicipalityCode::new(code).unwrap()).to_vec()
}

fn create(zone: ZoneId, operator: &Actor) -> CreateZone {
    let (name, operator) = ("あいづ".to_owned(), operator.account);
    CreateZone { zone, name, operator, areas: areas(), publishes: Publishes::MERCHANTS }
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn bps(points: u16) -> BasisPoints {
    BasisPoints::new(points).unwrap()
}

fn share(actor: &Actor, points: u16) -> Share {
    Share { account: actor.account, share: bps(points) }
}

/// Shares in order of account, and the rest for a fund.
fn terms(mut shares: Vec<Share>, fund: &Actor) -> ShareTerms {
    shares.sort_by_key(|one| one.account);
    ShareTerms { shares, fund: fund.account }
}

fn set_shares(zone: ZoneId, version: u32, from: u64, terms: ShareTerms) -> Operation {
    Operation::SetRevenueShare(SetRevenueShare { zone, version, from: at(from), terms })
}

pub(crate) fn set_fees(zone: ZoneId, version: u32, from: u64, terms: FeeTerms) -> Operation {
    Operation::SetFeeSchedule(SetFeeSchedule { zone, version, from: at(from), terms })
}

/// So many basis points, with these caps for the tiers.
pub(crate) fn rate(points: u16, minimum: u64, caps: &[Option<u64>]) -> FeeTerms {
    let tiers = caps.iter().map(|cap| FeeTier { yearly_cap: cap.map(Yen::new) }).collect();
    FeeTerms { rate: bps(points), minimum: yen(minimum), tax: FeeTax::Included, tiers }
}

fn register(zone: ZoneId, merchant: &Actor, tier: u16) -> Operation {
    let (merchant, class) = (merchant.account, MerchantClass::Local);
    registers(zone, merchant, class, tier)
}

pub(crate) fn update(zone: ZoneId, merchant: &Actor, tier: u16) -> Operation {
    let (merchant, class) = (merchant.account, MerchantClass::Chain);
    updates(zone, merchant, class, tier)
}

fn open(zone: ZoneId) -> Operation {
    Operation::OpenZoneAccount(OpenZoneAccount { zone })
}

pub(crate) fn pay(zone: ZoneId, amount: u64, charge: Option<u64>) -> Operation {
    let (merchant, amount, charge) = (shop().account, yen(amount), charge.map(Yen::new));
    Operation::Pay(Pay {
        zone,
        merchant,
        amount,
        charge,
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    })
}

fn in_zone(chain: &Chain, zone: ZoneId, actor: &Actor) -> u64 {
    chain.state.zone_account(zone, &actor.account).map_or(0, |found| found.balance.get())
}

fn in_bank(chain: &Chain, actor: &Actor) -> u64 {
    chain.state.account(&actor.account).unwrap().balance.get()
}

/// Makes the hospitals' zone, which has no merchant, one that charges 20 %: half of a fee is
/// Chika's, a tenth Toru's, the rest the operator's. The shop is in the tier that pays at most 25.
pub(crate) fn charging(chain: &mut Chain) {
    for actor in [operator(), chika(), toru()] {
        chain.must(&actor, open(HOSPITALS));
    }
    let shares = terms(vec![share(&chika(), 5_000), share(&toru(), 1_000)], &operator());
    chain.must(&operator(), set_shares(HOSPITALS, 1, 0, shares));
    chain.must(&operator(), set_fees(HOSPITALS, 1, 0, rate(2_000, 1, &[Some(25), None])));
    chain.must(&operator(), register(HOSPITALS, &shop(), 0));
    let charge = Charge { zone: HOSPITALS, amount: yen(5) };
    chain.must(&akari(), open(HOSPITALS));
    chain.must(&akari(), Operation::Charge(charge));
    chain.must(&akari(), pay(HOSPITALS, 5, Some(1)));
}

#[test]
fn zones_are_created_and_updated_in_order() {
    let bad = |change: &dyn Fn(&mut CreateZone)| {
        let mut zone = create(NEW, &operator());
        change(&mut zone);
        (3011, operator(), Operation::CreateZone(zone))
    };
    let renamed = |zone, name: &str| {
        let (name, publishes) = (name.to_owned(), Publishes::default());
        Operation::UpdateZone(UpdateZone { zone, name, areas: vec![], publishes })
    };
    let unknown_bits: Publishes = borsh::from_slice(&[0x80]).unwrap();
    let mut nameless = create(TOWN, &akari());
    nameless.name.clear();
    let rows = vec![
        (5001, akari(), Operation::CreateZone(nameless.clone())),
        (5001, Actor::party(HOSPITAL), Operation::CreateZone(nameless.clone())),
        (3009, operator(), Operation::CreateZone(nameless.clone())),
        (3010, operator(), Operation::CreateZone(CreateZone { zone: NEW, ..nameless.clone() })),
        (3010, operator(), Operation::CreateZone(create(NEW, &nobody()))),
        bad(&|zone| zone.name.clear()),
        bad(&|zone| zone.name = "a".repeat(257)),
        bad(&|zone| zone.areas.reverse()),
        bad(&|zone| zone.areas[1] = zone.areas[0]),
        bad(&|zone| zone.publishes = unknown_bits),
        (3001, akari(), renamed(NO_ZONE, "")),
        (3006, akari(), renamed(TOWN, "")),
        (3006, Actor::party(HOSPITAL), renamed(TOWN, "")),
        (3011, operator(), renamed(TOWN, "")),
    ];
    let mut chain = Chain::new();
    refuses(&mut chain, rows);
    chain.must(&operator(), Operation::CreateZone(create(NEW, &operator())));
    let again = Operation::CreateZone(create(NEW, &operator()));
    refuses(&mut chain, vec![(3009, operator(), again)]);
}

#[test]
fn a_network_has_at_most_256_zones() {
    let mut chain = Chain::new();
    let free = (1..).map(ZoneId::new).filter(|zone| ![TOWN, HOSPITALS].contains(zone));
    let mut zones = free.take(255);
    for zone in zones.by_ref().take(254) {
        chain.must(&operator(), Operation::CreateZone(create(zone, &operator())));
    }
    assert_eq!(chain.state.zones().count(), 256);
    let one_more = Operation::CreateZone(create(zones.next().unwrap(), &operator()));
    refuses(&mut chain, vec![(3011, operator(), one_more)]);
    // Those that there are change as before.
    let (name, areas, publishes) = ("会津コイン".to_owned(), vec![], Publishes::default());
    let change = UpdateZone { zone: HOSPITALS, name, areas, publishes };
    chain.must(&operator(), Operation::UpdateZone(change));
}

#[test]
fn a_zone_is_what_its_creation_and_its_operator_say() {
    let mut chain = Chain::new();
    let CreateZone { name, operator: by, areas, publishes, .. } = create(NEW, &operator());
    let record = Zone { name, operator: by, areas, publishes, total: Yen::ZERO };
    let created = Operation::CreateZone(create(NEW, &operator()));
    let events = commits(&mut chain, &operator(), created, |picture| {
        put(picture, keys::zone(NEW), Record::Zone(record.clone()));
    });
    assert_eq!(events, [Event::ZoneCreated(ZoneCreated { zone: NEW, operator: by })]);
    let (name, publishes) = ("会津コイン".to_owned(), Publishes::REPORT);
    let change = UpdateZone { zone: NEW, name: name.clone(), areas: vec![], publishes };
    let events = commits(&mut chain, &operator(), Operation::UpdateZone(change), |picture| {
        let record = Zone { name, areas: vec![], publishes, ..record };
        put(picture, keys::zone(NEW), Record::Zone(record));
    });
    assert_eq!(events, [Event::ZoneUpdated(ZoneUpdated { zone: NEW })]);
    // It is a zone like those of genesis.
    chain.must(&akari(), open(NEW));
}

#[test]
fn fee_schedules_in_order() {
    let mut chain = Chain::new();
    let zero = || rate(0, 0, &[None]);
    let real = || rate(200, 0, &[Some(12_000)]);
    let month = |chain: &Chain| chain.now + FEE_NOTICE_MS;
    let year = chain.now + 367 * 24 * 3_600_000;
    let rows = vec![
        (3001, akari(), set_fees(NO_ZONE, 0, 0, rate(0, 0, &[]))),
        (3006, akari(), set_fees(TOWN, 0, 0, rate(0, 0, &[]))),
        (3012, operator(), set_fees(TOWN, 0, 0, rate(0, 0, &[]))),
        (3012, operator(), set_fees(TOWN, 0, 0, rate(0, 0, &[None; 9]))),
        (3012, operator(), set_fees(TOWN, 0, year, real())),
        (3013, operator(), set_fees(TOWN, 0, 0, real())),
        (3013, operator(), set_fees(TOWN, 2, 0, real())),
        (3014, operator(), set_fees(TOWN, 1, 0, real())),
    ];
    refuses(&mut chain, rows);
    // A schedule of nothing needs nobody who gets it, and begins at once where there are merchants.
    chain.must(&operator(), set_fees(TOWN, 1, 0, zero()));
    chain.must(&operator(), open(TOWN));
    chain.must(&operator(), set_shares(TOWN, 1, 0, terms(vec![], &operator())));
    let early = month(&chain);
    refuses(
        &mut chain,
        vec![
            (3012, operator(), set_fees(TOWN, 2, 0, rate(1, 0, &[]))),
            (3016, operator(), set_fees(TOWN, 2, early, real())),
            (3016, operator(), set_fees(TOWN, 2, 0, rate(0, 1, &[None]))),
        ],
    );
    let from = month(&chain) + 10_000;
    chain.must(&operator(), set_fees(TOWN, 2, from, rate(200, 0, &[Some(12_000), None])));
    refuses(
        &mut chain,
        vec![
            (3012, operator(), set_fees(TOWN, 3, from, real())),
            (3015, operator(), set_fees(TOWN, 3, from, rate(201, 0, &[Some(12_000), None]))),
            (3015, operator(), set_fees(TOWN, 3, from - 1, rate(200, 0, &[Some(12_000), None]))),
            (3015, operator(), set_fees(TOWN, 3, from, rate(200, 0, &[None, None]))),
        ],
    );
    // The same later, less at once: both stand beside what is announced.
    chain.must(&operator(), set_fees(TOWN, 3, from + 5, rate(200, 0, &[Some(10), None])));
    chain.must(&operator(), set_fees(TOWN, 4, 0, rate(0, 0, &[Some(0), None])));
}

#[test]
fn revenue_shares_in_order() {
    let mut chain = Chain::new();
    let both = |one, other| terms(vec![share(&akari(), one), share(&botan(), other)], &operator());
    let mut unordered = both(1, 1);
    unordered.shares.reverse();
    let mut many = both(1, 1);
    many.shares = (20..29).map(|number| share(&Actor::holder(AIZU, number), 1)).collect();
    many.shares.sort_by_key(|one| one.account);
    let with_fund = terms(vec![share(&operator(), 1)], &operator());
    let year = chain.now + 367 * 24 * 3_600_000;
    let rows = vec![
        (3001, akari(), set_shares(NO_ZONE, 0, 0, unordered.clone())),
        (3006, akari(), set_shares(TOWN, 0, 0, unordered.clone())),
        (3018, operator(), set_shares(TOWN, 0, 0, unordered)),
        (3018, operator(), set_shares(TOWN, 0, 0, many)),
        (3018, operator(), set_shares(TOWN, 0, 0, with_fund)),
        (3018, operator(), set_shares(TOWN, 0, 0, both(5_000, 5_001))),
        (3018, operator(), set_shares(TOWN, 0, 0, both(0, 1))),
        (3018, operator(), set_shares(TOWN, 0, year, both(1, 1))),
        (3019, operator(), set_shares(TOWN, 0, 0, both(1, 1))),
    ];
    refuses(&mut chain, rows);
    for actor in [akari(), botan(), operator()] {
        chain.must(&actor, open(TOWN));
    }
    refuses(&mut chain, vec![(3013, operator(), set_shares(TOWN, 2, 0, both(4_000, 1_000)))]);
    chain.must(&operator(), set_shares(TOWN, 1, 0, both(4_000, 1_000)));
    let early = chain.now + FEE_NOTICE_MS;
    refuses(
        &mut chain,
        vec![
            (3016, operator(), set_shares(TOWN, 2, 0, both(3_999, 1_001))),
            (3016, operator(), set_shares(TOWN, 2, early, both(3_999, 1_001))),
        ],
    );
    // The operator gives of its own at once, and takes from others with notice.
    chain.must(&operator(), set_shares(TOWN, 2, 0, both(5_000, 1_000)));
    let from = chain.now + FEE_NOTICE_MS + 1000;
    chain.must(&operator(), set_shares(TOWN, 3, from, both(4_000, 1_000)));
    refuses(&mut chain, vec![(3015, operator(), set_shares(TOWN, 4, from, both(3_999, 1_000)))]);
}

#[test]
fn shares_change_at_once_until_a_zone_has_its_first_merchant() {
    let mut chain = Chain::new();
    for actor in [operator(), chika(), toru()] {
        chain.must(&actor, open(HOSPITALS));
    }
    let of = |points| terms(vec![share(&chika(), points), share(&toru(), 1_000)], &operator());
    chain.must(&operator(), set_shares(HOSPITALS, 1, 0, of(5_000)));
    chain.must(&operator(), set_fees(HOSPITALS, 1, 0, rate(200, 0, &[None])));
    // Nobody is charged, so that nobody gets less of anything.
    chain.must(&operator(), set_shares(HOSPITALS, 2, 0, of(1)));
    chain.must(&operator(), set_shares(HOSPITALS, 3, 0, terms(vec![], &operator())));
    chain.must(&operator(), set_shares(HOSPITALS, 4, 0, of(5_000)));
    let in_force = |chain: &Chain| {
        let shares = chain.state.revenue_shares(HOSPITALS).unwrap();
        shares.in_force(at(chain.now)).map(|dated| (dated.version, dated.terms.clone()))
    };
    assert_eq!(in_force(&chain), Some((4, of(5_000))));
    chain.must(&operator(), register(HOSPITALS, &shop(), 0));
    let less = set_shares(HOSPITALS, 5, 0, of(4_999));
    refuses(&mut chain, vec![(3016, operator(), less)]);
    assert_eq!(in_force(&chain), Some((4, of(5_000))));
}

#[test]
fn merchants_are_in_tiers_that_there_are() {
    let mut chain = Chain::new();
    refuses(
        &mut chain,
        vec![
            (3007, operator(), register(TOWN, &shop(), 9)),
            (3017, operator(), register(TOWN, &chika(), 1)),
            (3001, akari(), update(NO_ZONE, &nobody(), 9)),
            (3006, akari(), update(TOWN, &nobody(), 9)),
            (3005, operator(), update(TOWN, &nobody(), 9)),
            (3017, operator(), update(TOWN, &shop(), 1)),
        ],
    );
    charging(&mut chain);
    let charged = ChargedInYear { year: 1969, amount: yen(1) };
    let registered = chain.state.merchant(HOSPITALS, &shop().account).unwrap().registered;
    let (merchant, class) = (shop().account, MerchantClass::Chain);
    // Without a cap it may pay more: that is announced, and what is announced is not put off.
    let (zone, from) = (HOSPITALS, at(chain.now + 1000 + FEE_NOTICE_MS));
    for _ in 0..2 {
        let events = commits(&mut chain, &operator(), update(HOSPITALS, &shop(), 1), |picture| {
            let next_tier = Some(NextTier { tier: 1, from });
            let fresh = Merchant::new(class, 0, MerchantProfile::default(), registered);
            let record = Merchant { next_tier, charged, ..fresh };
            put(picture, keys::merchant(HOSPITALS, &merchant), Record::Merchant(record.into()));
        });
        let updated = MerchantUpdated { zone, merchant, class, tier: 1, from };
        assert_eq!(events, [Event::MerchantUpdated(updated)]);
    }
    refuses(&mut chain, vec![(3017, operator(), update(HOSPITALS, &shop(), 2))]);
    // Its first tier costs no more, and holds at once.
    chain.must(&operator(), update(HOSPITALS, &shop(), 0));
    let record = *chain.state.merchant(HOSPITALS, &merchant).unwrap();
    assert_eq!((record.tier, record.next_tier), (0, None));
}

#[test]
fn a_merchant_pays_more_only_from_the_day_that_was_announced() {
    let mut chain = Chain::new();
    charging(&mut chain);
    let taken = |chain: &mut Chain, payer: &Actor| {
        let before = in_zone(chain, HOSPITALS, &shop());
        chain.must(payer, pay(HOSPITALS, 50, Some(50)));
        50 - (in_zone(chain, HOSPITALS, &shop()) - before)
    };
    chain.must(&operator(), update(HOSPITALS, &shop(), 1));
    let fees = [botan(), botan(), akari(), toru()].map(|payer| taken(&mut chain, &payer));
    assert_eq!(fees, [10, 10, 4, 0], "up to the cap of its first tier");
    chain.now += FEE_NOTICE_MS;
    assert_eq!(taken(&mut chain, &toru()), 10);
}
