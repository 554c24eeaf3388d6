//! Random sequences against the model: the same outcomes and the same books, and every yen of vouchers is
//! in an escrow until it is used or reconciled.

use ledger_types::operation::{
    Buyer, Charge, CloseCycle, ConfirmSettlement, FailSettlement, MerchantClass, MoveEscrow,
    OpenZoneAccount, Operation, Pay, Purchase, ReconcileProgramme, Refund, SetFeeSchedule,
    SetNetDebitCap, SetRevenueShare, SettlementFailure, Void,
};
use ledger_types::programme::{LotKind, RoundTerms};
use ledger_types::record::Payment;
use ledger_types::zone::{BasisPoints, FeeTax, FeeTerms, FeeTier, Share, ShareTerms};
use ledger_types::{BankId, Genesis, Hash, ProgrammeId};
use proptest::prelude::*;

use super::{
    COUPONS, DAY, PREMIUM, PRICE, REFUND_UNTIL, SALE_FROM, SALE_UNTIL, USE_FROM, USE_UNTIL, at,
    chain_shop, city, create, define, far, founded, held, line, local_shop, main_escrow, near,
    open, pay_with, pledge, register, sale, seen, tadami_shop, terms,
};
use crate::chain::{Chain, codes};
use crate::fixture::{AIZU, Actor, TOWN, akari, botan, chika, operator, toru, yen};
use crate::happy::transfer;
use crate::model::Model;
use crate::properties::compare;

/// The network of these tests before any of its shops: fees begin at once.
fn network() -> Genesis {
    let mut genesis = founded();
    genesis.merchants.clear();
    genesis
}

/// What comes before: shops, fees of a tenth, the programme with both escrows and a first round.
fn prepared() -> Vec<(Actor, Operation)> {
    let share = BasisPoints::new(3_333).unwrap();
    let shares = vec![Share { account: toru().account, share }];
    let shares = ShareTerms { shares, fund: operator().account };
    let (zone, version, from) = (TOWN, 1, at(0));
    let tiers = vec![FeeTier { yearly_cap: Some(yen(150)) }];
    let rate = BasisPoints::new(1_000).unwrap();
    let fees = FeeTerms { rate, minimum: yen(1), tax: FeeTax::Exempt, tiers };
    let in_town = || Operation::OpenZoneAccount(OpenZoneAccount { zone });
    vec![
        (operator(), in_town()),
        (toru(), in_town()),
        (akari(), in_town()),
        (
            operator(),
            Operation::SetRevenueShare(SetRevenueShare { zone, version, from, terms: shares }),
        ),
        (
            operator(),
            Operation::SetFeeSchedule(SetFeeSchedule { zone, version, from, terms: fees }),
        ),
        (operator(), register(&local_shop(), MerchantClass::Local)),
        (operator(), register(&chain_shop(), MerchantClass::Chain)),
        (operator(), register(&tadami_shop(), MerchantClass::Local)),
        (operator(), Operation::DefineInstrument(define())),
        (city(), create(terms())),
        (main_escrow(), pledge()),
        (near(), pledge()),
        (city(), open(1, sale(10))),
    ]
}

/// One transaction, before it is known what the payer sees.
#[derive(Clone, Debug)]
enum Step {
    Buy { buyer: usize, round: u16, sets: u16, price_off: u64 },
    Spend { payer: usize, shop: usize, amount: u64, charge: u64, off: u64 },
    Coin { payer: usize, shop: usize, amount: u64, again: bool },
    Refund { which: usize, amount: u64, off: u64, whole: bool },
    Void { which: usize },
    Charge { payer: usize, amount: u64 },
    Transfer { from: usize, to: usize, amount: u64 },
    Move { from: usize, to: usize, amount: u64 },
    Cap { amount: u64 },
    Close { cycle: u32 },
    Confirm { bank: u16, cycle: u32 },
    Fail { cycle: u32 },
    Round { sets: u32 },
    Fund { escrow: usize },
    Reconcile { programme: u32 },
}

fn people() -> [Actor; 8] {
    [akari(), botan(), chika(), toru(), main_escrow(), near(), far(), city()]
}

fn shops() -> [Actor; 3] {
    [local_shop(), chain_shop(), tadami_shop()]
}

fn step() -> impl Strategy<Value = Step> {
    let amount =
        || prop_oneof![6 => 1..400_u64, 4 => 400..3000_u64, 1 => Just(0), 1 => Just(u64::MAX)];
    let payer = || prop_oneof![8 => 0..4_usize, 1 => 4..8_usize];
    let off = || prop_oneof![9 => Just(0_u64), 1 => Just(1)];
    prop_oneof![
        6 => (payer(), 1..3_u16, 0..4_u16, off()).prop_map(|(buyer, round, sets, price_off)| Step::Buy { buyer, round, sets, price_off }),
        10 => (payer(), 0..3_usize, amount(), prop_oneof![3 => Just(0), 1 => 1..50_u64], off())
            .prop_map(|(payer, shop, amount, charge, off)| Step::Spend { payer, shop, amount, charge, off }),
        2 => (payer(), 0..3_usize, amount(), any::<bool>()).prop_map(|(payer, shop, amount, again)| Step::Coin { payer, shop, amount, again }),
        6 => (0..50_usize, 1..700_u64, off(), prop::bool::weighted(0.3)).prop_map(|(which, amount, off, whole)| Step::Refund { which, amount, off, whole }),
        2 => (0..50_usize).prop_map(|which| Step::Void { which }),
        2 => (payer(), amount()).prop_map(|(payer, amount)| Step::Charge { payer, amount }),
        4 => (0..8_usize, 0..8_usize, amount()).prop_map(|(from, to, amount)| Step::Transfer { from, to, amount }),
        2 => (4..7_usize, 4..7_usize, amount()).prop_map(|(from, to, amount)| Step::Move { from, to, amount }),
        1 => (0..2000_u64).prop_map(|amount| Step::Cap { amount }),
        2 => (0..4_u32).prop_map(|cycle| Step::Close { cycle }),
        6 => (1..4_u16, 1..4_u32).prop_map(|(bank, cycle)| Step::Confirm { bank, cycle }),
        1 => (1..4_u32).prop_map(|cycle| Step::Fail { cycle }),
        2 => (0..22_u32).prop_map(|sets| Step::Round { sets }),
        1 => (3..7_usize).prop_map(|escrow| Step::Fund { escrow }),
        3 => prop_oneof![9 => Just(70_u32), 1 => Just(71)].prop_map(|programme| Step::Reconcile { programme }),
    ]
}

/// What comes next: an instant, and blocks about it.
fn act() -> impl Strategy<Value = Vec<Vec<Step>>> {
    prop::collection::vec(prop::collection::vec(step(), 1..5), 0..6)
}

/// The last cycle, which never leaves the state, or one that was never closed.
fn named(chain: &Chain, cycle: u32) -> u32 {
    let last = chain.state.cycles().last().map_or(1, |(number, _)| number);
    if cycle == 3 { last + 1 } else { last }
}

/// One of the payments at shops, or one that was never made.
fn remembered(chain: &Chain, which: usize) -> (Hash, Payment) {
    let all: Vec<(Hash, Payment)> =
        chain.state.payments().map(|(id, record)| (id, record.clone())).collect();
    match all.len() {
        0 => (Hash::ZERO, never()),
        count => all[which % count].clone(),
    }
}

fn never() -> Payment {
    Payment {
        zone: TOWN,
        payer: akari().account,
        merchant: local_shop().account,
        class: MerchantClass::Local,
        terminal: None,
        time: at(0),
        amount: yen(5),
        coin: yen(5),
        lots: vec![],
        fee: None,
        refunded: yen(0),
        voided: false,
    }
}

fn shop_of(record: &Payment) -> Actor {
    let found = shops().into_iter().find(|shop| shop.account == record.merchant);
    found.unwrap()
}

/// Gives back so much of a payment, or all that is left of it, and `off` more.
fn refund(chain: &Chain, which: usize, amount: Option<u64>, off: u64) -> (Actor, Operation) {
    let (payment, record) = remembered(chain, which);
    let amount = amount.map_or(record.left(), |amount| yen(amount).min(record.left()));
    let amount = amount.checked_add(yen(off)).unwrap();
    let (zone, before, terminal, reference) = (TOWN, record.refunded, None, None);
    let refund = Refund { zone, payment, amount, before, terminal, reference };
    (shop_of(&record), Operation::Refund(refund))
}

fn void(chain: &Chain, which: usize) -> (Actor, Operation) {
    let (payment, record) = remembered(chain, which);
    (shop_of(&record), Operation::Void(Void { zone: TOWN, payment, terminal: None }))
}

fn operation(chain: &Chain, step: &Step) -> (Actor, Operation) {
    let people = people();
    match *step {
        Step::Buy { buyer, round, sets, price_off } => {
            let price = yen(PRICE * u64::from(sets) + price_off);
            let (programme, by) = (PREMIUM, Buyer::Anybody { sets });
            (
                people[buyer].clone(),
                Operation::Purchase(Purchase { programme, round, buyer: by, price }),
            )
        }
        Step::Spend { payer, shop, amount, charge, off } => {
            let merchant = &shops()[shop];
            let class = chain.state.merchant(TOWN, &merchant.account).unwrap().class;
            let mut lines = seen(chain, &people[payer], class, amount);
            if off > 0 {
                lines.push(line(1, LotKind::Paid, off));
            }
            let charge = Some(yen(charge)).filter(|_| charge > 0);
            let pay = Pay { charge, ..pay_with(merchant, amount, lines) };
            (people[payer].clone(), Operation::Pay(pay))
        }
        Step::Coin { payer, shop, amount, again } => {
            let pay = Pay { vouchers: None, again, ..pay_with(&shops()[shop], amount, vec![]) };
            (people[payer].clone(), Operation::Pay(pay))
        }
        Step::Refund { which, amount, off, whole } => {
            refund(chain, which, (!whole).then_some(amount), off)
        }
        Step::Void { which } => void(chain, which),
        Step::Charge { payer, amount } => {
            let charge = Charge { zone: TOWN, amount: yen(amount) };
            (people[payer].clone(), Operation::Charge(charge))
        }
        Step::Transfer { from, to, amount } => {
            (people[from].clone(), transfer(&people[to], amount))
        }
        Step::Move { from, to, amount } => {
            let (from, to) = (people[from].account, people[to].account);
            let (programme, amount) = (PREMIUM, yen(amount));
            (city(), Operation::MoveEscrow(MoveEscrow { programme, from, to, amount }))
        }
        Step::Cap { amount } => {
            let cap = SetNetDebitCap { bank: AIZU, cap: yen(amount) };
            (operator(), Operation::SetNetDebitCap(cap))
        }
        Step::Close { cycle } => (operator(), Operation::CloseCycle(CloseCycle { cycle })),
        Step::Confirm { bank, cycle } => {
            let cycle = named(chain, cycle);
            let external_ref = ledger_types::Hash::ZERO;
            let confirm = ConfirmSettlement { cycle, external_ref };
            (Actor::bank(BankId::new(bank)), Operation::ConfirmSettlement(confirm))
        }
        Step::Fail { cycle } => {
            let cycle = named(chain, cycle);
            let (cause, ground) = (SettlementFailure::Unpaid, ledger_types::Hash::ZERO);
            (operator(), Operation::FailSettlement(FailSettlement { cycle, cause, ground }))
        }
        Step::Round { sets } => {
            let sale_from = at(chain.now + 1000);
            let terms = RoundTerms { sale_from, sale_until: at(chain.now + 3 * DAY), ..sale(sets) };
            (city(), open(2, terms))
        }
        Step::Fund { escrow } => (people[escrow].clone(), pledge()),
        Step::Reconcile { programme } => {
            let programme = ProgrammeId::new(programme);
            (city(), Operation::ReconcileProgramme(ReconcileProgramme { programme }))
        }
    }
}

/// Vouchers in the books against the rows of the model.
fn compare_vouchers(chain: &Chain, model: &Model) {
    let closed = model.programmes[&PREMIUM.get()].closed;
    for person in people() {
        let left = |bucket, kind| -> u64 {
            let own = model.vouchers.iter().filter(|one| one.owner == person.account);
            let live = own.filter(|one| !closed && model.now < one.expires);
            let same = live.filter(|one| (one.bucket, one.kind) == (bucket, kind));
            same.map(|one| u64::try_from(one.left()).unwrap()).sum()
        };
        let (free, paid) = (LotKind::Free, LotKind::Paid);
        let expected = [left(0, paid), left(0, free), left(1, paid), left(1, free)];
        assert_eq!(held(chain, &person.account), expected);
    }
    let (mut issued, mut used) = (0_i128, 0_i128);
    for round in 1..=super::programme(chain).rounds {
        let tally = super::tally(chain, round);
        for (bucket, one) in (0..).zip(&tally.buckets) {
            for kind in [LotKind::Free, LotKind::Paid] {
                let place = (PREMIUM.get(), round, bucket, kind);
                let of = model.vouchers.iter();
                let same =
                    of.filter(|one| (one.programme, one.round, one.bucket, one.kind) == place);
                let bought: i128 = same.map(|one| one.bought).sum();
                let at_class = |class| -> i128 {
                    let rows = model.uses.iter();
                    let same =
                        rows.filter(|row| (row.0, row.1, row.2, row.3) == place && row.4 == class);
                    same.map(|row| row.5).sum()
                };
                let whole = |sum: ledger_types::Yen| i128::from(sum.get());
                assert_eq!(whole(one.sold.of(kind)), bought);
                assert_eq!(whole(one.used_local.of(kind)), at_class(MerchantClass::Local));
                assert_eq!(whole(one.used_chain.of(kind)), at_class(MerchantClass::Chain));
                if closed {
                    assert_eq!(one.outstanding(kind), Some(yen(0)));
                }
                issued += bought;
                used += whole(one.used(kind).unwrap());
            }
        }
    }
    let record = chain.state.instrument(TOWN, COUPONS).unwrap();
    assert_eq!((i128::from(record.issued.get()), i128::from(record.used.get())), (issued, used));
    for (bank, record) in chain.state.banks() {
        let pledged = model.pledged.get(&bank.get()).copied().unwrap_or_default();
        assert_eq!(i128::from(record.pledged.get()), pledged);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..Default::default() })]

    #[test]
    fn vouchers_and_the_model_agree_whatever_is_sent(
        acts in (act(), act(), act(), act(), act(), act()),
    ) {
        let genesis = network();
        let (mut chain, mut model) = (Chain::of(&genesis), Model::of(&genesis));
        let run = |chain: &mut Chain, model: &mut Model, sent: Vec<(Actor, Operation)>| {
            let txs: Vec<_> =
                sent.into_iter().map(|(actor, operation)| chain.tx(&actor, vec![operation])).collect();
            let applied = chain.commit(txs.clone());
            model.begin(applied.height, chain.now);
            let expected: Vec<u16> = txs.iter().map(|tx| model.run(tx)).collect();
            assert_eq!(codes(&applied), expected, "{txs:?}");
            compare(&chain.state, model);
            expected
        };
        for one in prepared() {
            let codes = run(&mut chain, &mut model, vec![one.clone()]);
            prop_assert_eq!(codes, [0], "{:?}", one);
        }
        let (first, second, third, fourth, fifth, sixth) = acts;
        let instants = [SALE_FROM, USE_FROM, SALE_UNTIL - 3000, SALE_UNTIL, USE_UNTIL - 3000, REFUND_UNTIL];
        for (instant, blocks) in instants.into_iter().zip([first, second, third, fourth, fifth, sixth]) {
            chain.now = chain.now.max(instant);
            for steps in blocks {
                let sent = steps.iter().map(|step| operation(&chain, step)).collect();
                run(&mut chain, &mut model, sent);
                compare_vouchers(&chain, &model);
            }
        }
    }
}
