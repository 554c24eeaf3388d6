//! Payments by vouchers: whose yen they are, and that no cap stops them or is crowded by them.

use ledger_types::operation::{
    Charge, CloseCycle, ConfirmSettlement, FailSettlement, Freeze, FreezeBasis, FreezeDirection,
    Limits, MerchantClass, MoveEscrow, OpenZoneAccount, Operation, Pay, SetFeeSchedule, SetLimits,
    SetRevenueShare, SettlementFailure, Unfreeze,
};
use ledger_types::programme::LotKind;
use ledger_types::zone::{BasisPoints, FeeTax, FeeTerms, FeeTier, Share, ShareTerms};
use ledger_types::{BankId, SigningKey};

use super::{
    DAY, PREMIUM, USE_FROM, USE_UNTIL, at, available, buy, chain_shop, city, coin, far, held, line,
    local_shop, main_escrow, near, pay_with, seen, selling, sold, spend, tadami_shop,
};
use crate::chain::Chain;
use crate::fixture::{
    AIZU, Actor, BANDAI, TADAMI, TOWN, akari, botan, commitment, operator, toru, yen,
};
use crate::happy::transfer;
use crate::rejections::refuses;

fn freezing(chain: &Chain, actor: &Actor) -> Operation {
    Operation::Freeze(Freeze {
        account: actor.account,
        direction: FreezeDirection::Both,
        basis: FreezeBasis::Attachment,
        ground: commitment(7),
        until: at(chain.now + DAY),
    })
}

pub(super) fn freeze(chain: &mut Chain, bank: BankId, actor: &Actor) {
    let freeze = freezing(chain, actor);
    chain.must(&Actor::bank(bank), freeze);
}

/// By Aizu, whose keys have a checker.
pub(super) fn freeze_by(chain: &mut Chain, checker: &SigningKey, actor: &Actor) {
    let (bank, freeze) = (Actor::bank(AIZU), freezing(chain, actor));
    let both = Actor { key: checker.clone(), ..bank.clone() };
    let tx = chain.cosigned(&bank, &[&both], vec![freeze]);
    assert_eq!(crate::chain::codes(&chain.commit(vec![tx])), [0]);
}

pub(super) fn unfreeze(chain: &mut Chain, bank: BankId, actor: &Actor) {
    let unfreeze = Unfreeze { account: actor.account };
    chain.must(&Actor::bank(bank), Operation::Unfreeze(unfreeze));
}

fn bank(chain: &Chain, bank: BankId) -> (i64, u64, u64) {
    let record = chain.state.bank(bank).unwrap();
    (record.position.get(), record.pledged.get(), record.headroom().get())
}

#[test]
fn the_escrow_at_the_merchants_bank_pays_first_and_then_the_others_in_order() {
    let mut chain = sold();
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (500, 5000));
    let before = bank(&chain, AIZU);
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 400), 0);
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (100, 5000));
    assert_eq!(bank(&chain, AIZU), before);
    // What is there of it, and the rest from Aizu: pledged, past the cap of 150.
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 1100), 0);
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (0, 4000));
    let (position, pledged, headroom) = before;
    assert_eq!(bank(&chain, AIZU), (position - 1000, pledged + 1000, headroom));
    // The main one is at the chain's own bank.
    assert_eq!(spend(&mut chain, &akari(), &chain_shop(), 200), 0);
    assert_eq!(bank(&chain, AIZU), (position - 1000, pledged + 1000, headroom));
    // One that nobody pledged pays nothing, though it is at the shop's bank.
    assert_eq!(spend(&mut chain, &botan(), &tadami_shop(), 100), 0);
    assert_eq!(available(&chain, &far()), 300);
}

#[test]
fn what_is_pledged_crowds_no_payment_and_is_settled_by_a_cycle() {
    let mut chain = sold();
    let others = [BANDAI, TADAMI].map(Actor::bank);
    // Botan's price came from Bandai: Aizu is owed 1,000, and may owe 150.
    assert_eq!(bank(&chain, AIZU), (1000, 0, 1150));
    assert_eq!(spend(&mut chain, &akari(), &tadami_shop(), 2500), 0);
    assert_eq!(bank(&chain, AIZU), (-1500, 2500, 1150));
    chain.must(&akari(), transfer(&toru(), 1150));
    assert_eq!(bank(&chain, AIZU), (-2650, 2500, 0));
    refuses(&mut chain, vec![(2005, akari(), transfer(&toru(), 1))]);
    // A cycle that fails moves nothing.
    let close = |cycle| Operation::CloseCycle(CloseCycle { cycle });
    chain.must(&operator(), close(1));
    let (cause, ground) = (SettlementFailure::Unpaid, commitment(9));
    let fail = FailSettlement { cycle: 1, cause, ground };
    chain.must(&operator(), Operation::FailSettlement(fail));
    assert_eq!(bank(&chain, AIZU), (-2650, 2500, 0));
    // What is pledged after the close stays for the next cycle.
    chain.must(&operator(), close(2));
    assert_eq!(spend(&mut chain, &botan(), &local_shop(), 700), 0);
    assert_eq!(bank(&chain, AIZU), (-2850, 2700, 0));
    let confirm =
        |external_ref| Operation::ConfirmSettlement(ConfirmSettlement { cycle: 2, external_ref });
    chain.must(&Actor::bank(AIZU), confirm(commitment(1)));
    others.iter().for_each(|bank| chain.must(bank, confirm(commitment(2))));
    assert_eq!(bank(&chain, AIZU), (-200, 200, 150));
    chain.must(&akari(), transfer(&toru(), 150));
    refuses(&mut chain, vec![(2005, akari(), transfer(&toru(), 1))]);
}

#[test]
fn what_is_pledged_of_a_bank_that_owes_nothing_on_net_is_settled_too() {
    let mut chain = sold();
    // Aizu owes as much as it is owed: 1,000 each way, to different banks.
    assert_eq!(spend(&mut chain, &akari(), &tadami_shop(), 1000), 0);
    assert_eq!(bank(&chain, AIZU), (0, 1000, 1150));
    chain.must(&operator(), Operation::CloseCycle(CloseCycle { cycle: 1 }));
    let cycle = chain.state.cycle(1).unwrap();
    assert_eq!(cycle.parts.iter().map(|part| part.bank).collect::<Vec<_>>(), [BANDAI, TADAMI]);
    assert_eq!(cycle.pledged.iter().map(|one| one.pledged.get()).collect::<Vec<_>>(), [1000]);
    for bank in [BANDAI, TADAMI] {
        let external_ref = commitment(1);
        let confirm = ConfirmSettlement { cycle: 1, external_ref };
        chain.must(&Actor::bank(bank), Operation::ConfirmSettlement(confirm));
    }
    assert_eq!(bank(&chain, AIZU), (0, 0, 150));
}

#[test]
fn vouchers_count_in_no_limit_and_coin_does() {
    let mut chain = sold();
    let limits = Limits { per_day: Some(yen(50)), ..Limits::NONE };
    let set = SetLimits { account: akari().account, limits };
    chain.must(&Actor::bank(AIZU), Operation::SetLimits(set));
    assert_eq!(spend(&mut chain, &akari(), &chain_shop(), 1200), 0);
    assert_eq!(chain.state.spent(&akari().account).of_day, yen(0));
    // 50 of the second bucket are left for a chain, and coin pays the rest, straight from the bank.
    let pay = |chain: &Chain, amount, charge| {
        let lines = seen(chain, &akari(), MerchantClass::Chain, amount);
        Operation::Pay(Pay { charge: Some(yen(charge)), ..pay_with(&chain_shop(), amount, lines) })
    };
    let too_much = pay(&chain, 101, 51);
    refuses(&mut chain, vec![(2052, akari(), too_much)]);
    let enough = pay(&chain, 100, 50);
    chain.must(&akari(), enough);
    assert_eq!(chain.state.spent(&akari().account).of_day, yen(50));
    assert_eq!(held(&chain, &akari().account), [1000, 250, 0, 0]);
    assert_eq!(coin(&chain, &chain_shop()), 1300);
}

#[test]
fn a_fee_is_of_the_whole_and_comes_out_of_vouchers_first() {
    let mut chain = with_fees();
    let before = [bank(&chain, AIZU), bank(&chain, BANDAI)];
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN });
    chain.must(&akari(), open);
    chain.must(&akari(), Operation::Charge(Charge { zone: TOWN, amount: yen(500) }));
    // A chain takes 625 of her set; 75 are coin. Of 700, 70 are the fee: 35 Toru's, 35 the fund's.
    let lines = seen(&chain, &akari(), MerchantClass::Chain, 700);
    assert_eq!(lines, [line(1, LotKind::Free, 125), line(1, LotKind::Paid, 500)]);
    chain.must(&akari(), Operation::Pay(pay_with(&chain_shop(), 700, lines)));
    assert_eq!(coin(&chain, &chain_shop()), 630);
    assert_eq!((coin(&chain, &toru()), coin(&chain, &operator())), (35, 35));
    assert_eq!(coin(&chain, &akari()), 425);
    // The merchant's 630 are 625 of vouchers and 5 of coin; Toru's 35 at Tadami are coin: they count.
    let after = bank(&chain, AIZU);
    assert_eq!(after.0, before[0].0 - 35);
    assert_eq!((after.1, after.2), (before[0].1, before[0].2 - 35));
    assert_eq!(bank(&chain, BANDAI), before[1]);
    // A local shop at Bandai: all of it by vouchers, and so is the fee.
    let before = bank(&chain, AIZU);
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 600), 0);
    assert_eq!((coin(&chain, &toru()), coin(&chain, &operator())), (65, 65));
    let after = bank(&chain, AIZU);
    // Bandai's escrow paid 500: of the net of 540, so 40 of it and Toru's 30 are pledged of Aizu.
    assert_eq!((after.0, after.1, after.2), (before.0 - 70, before.1 + 70, before.2));
}

/// The programme sold with one set to Akari, in a zone that charges a tenth from its start.
fn with_fees() -> Chain {
    let mut chain = super::defined_in(|genesis| genesis.merchants.clear());
    let half = BasisPoints::new(5_000).unwrap();
    for who in [operator(), toru()] {
        chain.must(&who, Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN }));
    }
    let shares = vec![Share { account: toru().account, share: half }];
    let terms = ShareTerms { shares, fund: operator().account };
    let (zone, version, from) = (TOWN, 1, at(chain.now));
    chain.must(
        &operator(),
        Operation::SetRevenueShare(SetRevenueShare { zone, version, from, terms }),
    );
    let tiers = vec![FeeTier { yearly_cap: None }];
    let rate = BasisPoints::new(1_000).unwrap();
    let terms = FeeTerms { rate, minimum: yen(0), tax: FeeTax::Exempt, tiers };
    chain.must(
        &operator(),
        Operation::SetFeeSchedule(SetFeeSchedule { zone, version, from, terms }),
    );
    let (local, of_chain) = (MerchantClass::Local, MerchantClass::Chain);
    chain.must(&operator(), super::register(&local_shop(), local));
    chain.must(&operator(), super::register(&chain_shop(), of_chain));
    chain.must(&city(), super::create(super::terms()));
    chain.must(&main_escrow(), super::pledge());
    chain.must(&near(), super::pledge());
    chain.must(&city(), super::open(1, super::sale(10)));
    chain.now = super::SALE_FROM;
    chain.must(&akari(), buy(1));
    chain.now = USE_FROM;
    chain
}

#[test]
fn a_frozen_escrow_pays_nothing_and_the_others_do() {
    let mut chain = sold();
    freeze(&mut chain, BANDAI, &near());
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 400), 0);
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (500, 4600));
    unfreeze(&mut chain, BANDAI, &near());
    freeze(&mut chain, AIZU, &main_escrow());
    let lines = seen(&chain, &akari(), MerchantClass::Local, 501);
    let pay = Operation::Pay(pay_with(&local_shop(), 501, lines));
    refuses(&mut chain, vec![(2025, akari(), pay)]);
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 500), 0);
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (0, 4600));
}

#[test]
fn a_payment_is_by_what_the_payer_saw_or_not_at_all() {
    let mut chain = sold();
    let free = |amount| line(0, LotKind::Free, amount);
    let paid = |amount| line(0, LotKind::Paid, amount);
    let huge = line(1, LotKind::Paid, u64::MAX);
    let wrong = [
        vec![],
        vec![free(249), paid(51)],
        vec![paid(300)],
        vec![paid(50), free(250)],
        vec![free(250), paid(50), paid(0)],
        vec![free(100), free(150), paid(50)],
        vec![free(250), paid(51)],
        vec![huge, huge],
        vec![line(9, LotKind::Free, 250), paid(50)],
    ];
    for lines in wrong {
        let pay = Operation::Pay(pay_with(&local_shop(), 300, lines));
        refuses(&mut chain, vec![(3063, akari(), pay)]);
    }
    // Two payments of one block: the second one sees what the first one left.
    let lines = || vec![free(250), paid(50)];
    let txs = [0, 1]
        .map(|_| chain.tx(&akari(), vec![Operation::Pay(pay_with(&local_shop(), 300, lines()))]));
    let applied = chain.commit(txs.to_vec());
    assert_eq!(crate::chain::codes(&applied), [0, 3063]);
    // Before they can be used, and once they are over.
    let mut chain = selling();
    chain.must(&akari(), buy(1));
    assert_eq!(seen(&chain, &akari(), MerchantClass::Local, 300), []);
    chain.now = USE_FROM - 2000;
    let pay = || Operation::Pay(pay_with(&local_shop(), 10, vec![free(10)]));
    refuses(&mut chain, vec![(3063, akari(), pay())]);
    chain.must(&akari(), pay());
    chain.now = USE_UNTIL - 2000;
    chain.must(&akari(), pay());
    refuses(&mut chain, vec![(3063, akari(), pay())]);
    // Without vouchers, coin pays: they are never taken unasked.
    let coin = Pay { vouchers: None, charge: Some(yen(10)), ..pay_with(&local_shop(), 10, vec![]) };
    chain.must(&akari(), Operation::Pay(coin));
}

#[test]
fn no_more_is_moved_from_the_bank_than_vouchers_leave() {
    let mut chain = sold();
    let pay = |amount, charge, lines| {
        let charge = Some(yen(charge));
        Operation::Pay(Pay { charge, ..pay_with(&local_shop(), amount, lines) })
    };
    let all = || seen(&sold(), &akari(), MerchantClass::Local, 2600);
    let rows = vec![
        (3008, akari(), pay(2600, 101, all())),
        (3008, akari(), pay(300, 1, vec![line(0, LotKind::Free, 250), line(0, LotKind::Paid, 50)])),
        (3008, akari(), pay(10, 1, vec![line(0, LotKind::Free, u64::MAX)])),
        // Coin that is not there, without a sub-account and with one.
        (3004, akari(), pay(2600, 99, all())),
        (3004, akari(), Operation::Pay(pay_with(&local_shop(), 2600, all()))),
        (
            3003,
            toru(),
            Operation::Pay(Pay { vouchers: None, ..pay_with(&local_shop(), 1, vec![]) }),
        ),
    ];
    refuses(&mut chain, rows);
    chain.must(&akari(), pay(2600, 100, all()));
    assert_eq!(coin(&chain, &local_shop()), 2600);
    assert_eq!(chain.state.lots(TOWN, &akari().account), None);
}

#[test]
fn yen_move_between_pledged_escrows_alone() {
    let mut chain = sold();
    let moved = |from: &Actor, to: &Actor, amount| {
        let (programme, from, to) = (PREMIUM, from.account, to.account);
        Operation::MoveEscrow(MoveEscrow { programme, from, to, amount: yen(amount) })
    };
    chain.must(&city(), moved(&main_escrow(), &near(), 1100));
    assert_eq!((available(&chain, &near()), available(&chain, &main_escrow())), (1600, 3900));
    // It counts against the cap, as all but vouchers does.
    let rows = vec![
        (2005, city(), moved(&main_escrow(), &near(), 51)),
        (2004, city(), moved(&main_escrow(), &near(), 3901)),
        (3035, city(), moved(&main_escrow(), &far(), 1)),
        (3035, city(), moved(&far(), &near(), 1)),
        (3035, city(), moved(&city(), &near(), 1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&city(), moved(&near(), &main_escrow(), 1600));
    assert_eq!(spend(&mut chain, &akari(), &local_shop(), 400), 0);
}
