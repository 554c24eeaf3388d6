//! Payouts of shops, and shops that are held or leave.

mod random;

use ledger_types::event::{Event, PayoutAccountSet, PayoutCompleted, PayoutReturned};
use ledger_types::japan::JapanDay;
use ledger_types::operation::{
    CancelPayout, CloseAccount, CloseMerchant, CompletePayout, Discharge, Freeze, FreezeBasis,
    FreezeDirection, HoldMerchant, KeyRole, MarkDeceased, Operation, Pay, Refund, RequestPayout,
    RequestRedeem, ReturnPayout, ReturnReason, RotateKeys, SendPayout, SetPayoutAccount,
    SetPayoutTerms, TransferEstate, WeightedKey,
};
use ledger_types::record::PayoutStatus;
use ledger_types::{AccountId, Hash, SigningKey, Timestamp, Yen};

use crate::chain::{Chain, codes};
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITALS, NO_ZONE, START, TOWN, akari, botan, commitment, later,
    operator, registers, seeded, shop, yen,
};
use crate::happy::commits;
use crate::rejections::refuses;

pub(crate) use random::{of_bank, of_operator, of_shop, prologue};

const DAY_MS: u64 = 86_400_000;

fn terms(fee: u64, smallest: u64, holidays: &[u64]) -> Operation {
    let holidays = holidays.iter().map(|day| JapanDay::new(*day)).collect();
    Operation::SetPayoutTerms(SetPayoutTerms { fee: yen(fee), smallest: yen(smallest), holidays })
}

fn destined(number: u8) -> Operation {
    Operation::SetPayoutAccount(SetPayoutAccount { destination: commitment(number) })
}

fn request(payout: Hash, amount: u64, fee: u64) -> RequestPayout {
    let (amount, fee) = (yen(amount), yen(fee));
    RequestPayout { payout, zone: TOWN, amount, fee, statement: None }
}

fn requested(number: u8, amount: u64, fee: u64) -> Operation {
    Operation::RequestPayout(request(commitment(number), amount, fee))
}

fn cancel(number: u8) -> Operation {
    Operation::CancelPayout(CancelPayout { payout: commitment(number) })
}

/// The first day was a Thursday.
fn send(number: u8, on: u64) -> Operation {
    let (payout, on) = (commitment(number), JapanDay::new(on));
    Operation::SendPayout(SendPayout { payout, on, file: commitment(99) })
}

fn complete(number: u8) -> Operation {
    Operation::CompletePayout(CompletePayout { payout: commitment(number) })
}

fn returned(number: u8) -> Operation {
    let reason = ReturnReason::NameDiffers;
    Operation::ReturnPayout(ReturnPayout { payout: commitment(number), reason })
}

fn hold(ground: Option<u8>) -> Operation {
    let (zone, merchant, ground) = (TOWN, shop().account, ground.map(commitment));
    Operation::HoldMerchant(HoldMerchant { zone, merchant, ground })
}

fn close(last_day: u64, reserve: u64) -> Operation {
    let (last_day, reserve) = (JapanDay::new(last_day), yen(reserve));
    let (zone, merchant) = (TOWN, shop().account);
    Operation::CloseMerchant(CloseMerchant { zone, merchant, last_day, reserve })
}

fn discharge(amount: u64) -> Operation {
    Operation::Discharge(Discharge { zone: TOWN, amount: yen(amount) })
}

fn pay(amount: u64) -> Operation {
    Operation::Pay(Pay {
        zone: TOWN,
        merchant: shop().account,
        amount: yen(amount),
        charge: Some(yen(amount)),
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    })
}

fn bank() -> Actor {
    Actor::bank(BANDAI)
}

/// A shop that was paid 60 yen and said where its payouts go.
fn paid() -> Chain {
    let mut chain = Chain::new();
    chain.must(&akari(), pay(60));
    chain.must(&shop(), destined(70));
    chain
}

/// What the shop has in the zone, in its account, and held there.
fn has(chain: &Chain) -> (u64, u64, u64) {
    let record = chain.state.account(&shop().account).unwrap();
    let in_zone = chain.state.zone_account(TOWN, &shop().account).unwrap().balance;
    (in_zone.get(), record.balance.get(), record.held.get())
}

fn status(chain: &Chain, number: u8) -> PayoutStatus {
    chain.state.payout(&commitment(number)).unwrap().status
}

#[test]
fn a_payout_is_held_until_the_bank_says_what_became_of_it() {
    let mut chain = paid();
    chain.must(&bank(), terms(5, 20, &[]));
    chain.must(&shop(), requested(50, 40, 5));
    assert_eq!(has(&chain), (20, 40, 40));
    assert_eq!(status(&chain, 50), PayoutStatus::Requested);
    // What is held pays nothing, and lapses never.
    chain.now += 20 * DAY_MS;
    chain.commit(vec![]);
    let redeem = later(chain.now, 51);
    let again = Operation::RequestRedeem(RequestRedeem { redeem, amount: yen(1) });
    refuses(&mut chain, vec![(2004, shop(), again)]);
    let on = JapanDay::of(Timestamp::from_millis(chain.now));
    let on = if on.is_weekend() { on.next().next() } else { on };
    chain.must(&bank(), send(50, on.get()));
    assert_eq!(has(&chain), (20, 40, 40));
    chain.now += 3 * DAY_MS;
    let before = chain.state.bank(BANDAI).unwrap().clone();
    let tx = chain.tx(&bank(), vec![complete(50)]);
    let events = chain.commit(vec![tx]).events;
    let event = PayoutCompleted {
        payout: commitment(50),
        account: shop().account,
        bank_account: bank().account,
        amount: yen(40),
        fee: yen(5),
    };
    assert_eq!(events[0].event, Event::PayoutCompleted(event));
    assert_eq!(has(&chain), (20, 0, 0));
    let after = chain.state.bank(BANDAI).unwrap();
    assert_eq!(after.liability.get(), before.liability.get() - 40);
    assert_eq!(after.redeemed.get(), before.redeemed.get() + 40);
    let rows = vec![
        (3118, bank(), complete(50)),
        (3118, bank(), returned(50)),
        (3117, bank(), send(50, on.get())),
        (3117, shop(), cancel(50)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn what_came_back_is_the_shops_again() {
    let mut chain = paid();
    chain.must(&shop(), requested(50, 40, 0));
    chain.must(&bank(), send(50, 1));
    // It may come back before its day: the other bank looks at the list ahead.
    let tx = chain.tx(&bank(), vec![returned(50)]);
    let event = PayoutReturned {
        payout: commitment(50),
        account: shop().account,
        bank_account: bank().account,
        amount: yen(40),
        reason: ReturnReason::NameDiffers,
    };
    assert_eq!(chain.commit(vec![tx]).events[0].event, Event::PayoutReturned(event));
    assert_eq!(has(&chain), (20, 40, 0));
    assert_eq!(status(&chain, 50), PayoutStatus::Returned { reason: ReturnReason::NameDiffers });
    assert!(chain.state.open_redeems(&shop().account).is_none());
    // Taken back by the shop, by the bank.
    for (number, actor) in [(51, shop()), (52, bank())] {
        chain.must(&shop(), requested(number, 10, 0));
        chain.must(&actor, cancel(number));
        assert_eq!(status(&chain, number), PayoutStatus::Cancelled);
    }
    assert_eq!(has(&chain), (0, 60, 0));
}

#[test]
fn requests_are_refused_in_order() {
    let mut chain = Chain::new();
    chain.must(&akari(), pay(60));
    chain.must(&bank(), terms(5, 20, &[]));
    let redeem = Operation::RequestRedeem(RequestRedeem { redeem: commitment(51), amount: yen(1) });
    chain.must(&botan(), redeem);
    let asked = |payout, zone, amount, fee| {
        let (amount, fee) = (yen(amount), yen(fee));
        Operation::RequestPayout(RequestPayout { payout, zone, amount, fee, statement: None })
    };
    let other_day = later(START + 40 * DAY_MS, 50);
    let rows = vec![
        (2018, Actor::party(crate::fixture::HOSPITAL), asked(other_day, NO_ZONE, 0, 9)),
        (2001, botan(), asked(other_day, NO_ZONE, 0, 9)),
        (3001, botan(), asked(other_day, NO_ZONE, 1, 9)),
        (3005, botan(), asked(commitment(51), TOWN, 1, 9)),
        (3005, shop(), asked(commitment(51), HOSPITALS, 1, 9)),
        (3111, shop(), asked(commitment(51), TOWN, 1, 9)),
        (3112, shop(), asked(other_day, TOWN, 1, 9)),
        (3113, shop(), asked(commitment(50), TOWN, 1, 9)),
    ];
    refuses(&mut chain, rows);
    chain.must(&shop(), destined(70));
    let rows = vec![
        (3114, shop(), asked(commitment(50), TOWN, 1, 9)),
        (3115, shop(), asked(commitment(50), TOWN, 19, 5)),
        (3004, shop(), asked(commitment(50), TOWN, 61, 5)),
    ];
    refuses(&mut chain, rows);
    let frozen = Operation::Freeze(Freeze {
        account: shop().account,
        direction: FreezeDirection::Out,
        basis: FreezeBasis::Sanction,
        ground: commitment(80),
        until: Timestamp::from_millis(START + 2 * DAY_MS),
    });
    chain.must(&bank(), frozen);
    refuses(&mut chain, vec![(2025, shop(), asked(commitment(50), TOWN, 61, 5))]);
    // A redeem request of the same identity is refused too: both are held in one list.
    let mut chain = paid();
    chain.must(&shop(), requested(50, 10, 0));
    let redeem = Operation::RequestRedeem(RequestRedeem { redeem: commitment(50), amount: yen(1) });
    let rows = vec![
        (2014, botan(), redeem),
        (3111, shop(), requested(50, 10, 0)),
        (2018, Actor::party(crate::fixture::HOSPITAL), cancel(51)),
        (3116, shop(), cancel(51)),
        (2009, botan(), cancel(50)),
        (2009, Actor::bank(AIZU), cancel(50)),
        (2010, shop(), send(51, 0)),
        (3116, bank(), send(51, 0)),
        (2009, Actor::bank(AIZU), send(50, 0)),
        (3119, bank(), send(50, 2)),
        (3119, bank(), send(50, 32)),
        (2010, shop(), complete(51)),
        (3116, bank(), complete(51)),
        (2009, Actor::bank(AIZU), complete(50)),
        (3118, bank(), complete(50)),
        (2010, shop(), returned(51)),
        (3116, bank(), returned(51)),
        (2009, Actor::bank(AIZU), returned(50)),
        (3118, bank(), returned(50)),
    ];
    refuses(&mut chain, rows);
    chain.must(&bank(), send(50, 1));
    let rows = vec![(3118, bank(), complete(50)), (3117, shop(), cancel(50))];
    refuses(&mut chain, rows);
}

#[test]
fn terms_and_days_are_the_banks() {
    let mut chain = paid();
    let rows = vec![
        (2010, shop(), terms(9, 9, &[])),
        (3110, bank(), terms(9, 9, &[])),
        (3110, bank(), terms(0, 0, &[])),
        (3110, bank(), terms(0, 1, &[4, 4])),
        (3110, bank(), terms(0, 1, &[5, 4])),
        (3110, bank(), terms(0, 1, &(0..65).collect::<Vec<_>>())),
    ];
    refuses(&mut chain, rows);
    chain.must(&bank(), terms(0, 1, &(0..64).collect::<Vec<_>>()));
    chain.must(&shop(), requested(50, 10, 0));
    refuses(&mut chain, vec![(3119, bank(), send(50, 0))]);
    chain.must(&bank(), terms(3, 4, &[1]));
    // What was agreed stays.
    assert_eq!(chain.state.payout(&commitment(50)).unwrap().fee, yen(0));
    refuses(&mut chain, vec![(3119, bank(), send(50, 1))]);
    chain.must(&bank(), send(50, 0));
    chain.must(&bank(), complete(50));
    assert_eq!(has(&chain), (50, 0, 0));
}

/// The first day was a Thursday: Friday and Monday are two business days, so it holds on Tuesday.
#[test]
fn another_payout_account_holds_two_business_days_later() {
    let mut chain = Chain::new();
    refuses(&mut chain, vec![(3005, botan(), destined(70))]);
    let (account, bank_account) = (shop().account, bank().account);
    let set = |destination: u8, from: Timestamp| {
        let destination = commitment(destination);
        Event::PayoutAccountSet(PayoutAccountSet { account, bank_account, destination, from })
    };
    let events = |chain: &mut Chain, number| {
        let tx = chain.tx(&shop(), vec![destined(number)]);
        chain.commit(vec![tx]).events.remove(0).event
    };
    let at = |chain: &Chain| chain.state.payout_account(&account).unwrap().at(chain.state.time());
    let first = events(&mut chain, 70);
    assert_eq!(first, set(70, chain.state.time()));
    let tuesday = JapanDay::new(5).begin();
    assert_eq!(events(&mut chain, 71), set(71, tuesday));
    chain.must(&akari(), pay(20));
    chain.must(&shop(), requested(50, 1, 0));
    assert_eq!(chain.state.payout(&commitment(50)).unwrap().destination, commitment(70));
    // Said again, the one that holds takes the other back; a third one waits anew.
    assert_eq!(events(&mut chain, 70), set(70, chain.state.time()));
    chain.now = tuesday.as_millis();
    chain.commit(vec![]);
    assert_eq!(at(&chain), commitment(70));
    events(&mut chain, 71);
    chain.now = JapanDay::new(7).over().as_millis() - 5_000;
    chain.commit(vec![]);
    assert_eq!(at(&chain), commitment(70));
    chain.now += 5_000;
    chain.commit(vec![]);
    assert_eq!(at(&chain), commitment(71));
}

#[test]
fn what_is_held_stays_in_the_zone_but_for_refunds() {
    let mut chain = paid();
    chain.must(&shop(), requested(50, 10, 0));
    refuses(&mut chain, vec![(3006, shop(), hold(None)), (3006, bank(), hold(Some(80)))]);
    chain.must(&operator(), hold(Some(80)));
    let supplier = Operation::Pay(Pay {
        zone: TOWN,
        merchant: akari().account,
        amount: yen(1),
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: false,
    });
    let local = ledger_types::operation::MerchantClass::Local;
    chain.must(&operator(), registers(TOWN, akari().account, local, 0));
    let rows = vec![
        (3109, shop(), discharge(1)),
        (3109, shop(), requested(51, 1, 0)),
        (3109, shop(), supplier.clone()),
        (3109, bank(), send(50, 0)),
        (3004, shop(), discharge(51)),
    ];
    refuses(&mut chain, rows);
    let payment = chain.state.payments().next().unwrap().0;
    let refund = Refund {
        zone: TOWN,
        payment,
        amount: yen(5),
        before: yen(0),
        terminal: None,
        reference: None,
    };
    chain.must(&shop(), Operation::Refund(refund));
    // It is still paid, and what was asked for before can be taken back.
    chain.must(&akari(), pay(7));
    chain.must(&shop(), cancel(50));
    chain.must(&operator(), hold(None));
    chain.must(&shop(), supplier);
    chain.must(&shop(), discharge(51));
}

#[test]
fn a_shop_that_leaves_is_paid_until_its_last_day_and_keeps_its_reserve() {
    let mut chain = paid();
    let rows = vec![
        (3006, shop(), close(1, 20)),
        (3108, operator(), close(367, 20)),
        (3108, operator(), close(u64::MAX, 20)),
    ];
    refuses(&mut chain, rows);
    chain.must(&operator(), close(3, 50));
    // Another day and reserve, while it is not over.
    chain.must(&operator(), close(1, 20));
    chain.must(&akari(), pay(5));
    let rows = vec![(3109, shop(), discharge(46)), (3109, shop(), requested(50, 46, 0))];
    refuses(&mut chain, rows);
    chain.must(&shop(), discharge(45));
    chain.now = JapanDay::new(1).over().as_millis();
    chain.commit(vec![]);
    let rows = vec![
        (3107, akari(), pay(5)),
        (3107, operator(), close(9, 0)),
        (3109, shop(), discharge(1)),
    ];
    refuses(&mut chain, rows);
    let closed_by_bank = Operation::CloseAccount(CloseAccount { account: shop().account });
    // It refunds out of its reserve.
    let payment = chain.state.payments().next().unwrap().0;
    let refund = Operation::Refund(Refund {
        zone: TOWN,
        payment,
        amount: yen(15),
        before: yen(0),
        terminal: None,
        reference: None,
    });
    chain.must(&shop(), refund);
    refuses(&mut chain, vec![(3109, shop(), discharge(1))]);
    // 32 days after its last day nothing can be refunded any more.
    chain.now = JapanDay::new(1).over().as_millis() + 32 * DAY_MS;
    chain.commit(vec![]);
    assert_eq!(chain.state.payments().count(), 0);
    chain.must(&shop(), discharge(5));
    assert_eq!(has(&chain), (0, 50, 0));
    let all = request(later(chain.now, 51), 50, 0);
    let redeem = RequestRedeem { redeem: all.payout, amount: all.amount };
    chain.must(&shop(), Operation::RequestRedeem(redeem));
    refuses(&mut chain, vec![(2064, bank(), closed_by_bank.clone())]);
    let until = Timestamp::from_millis(chain.now + DAY_MS);
    let claim = ledger_types::operation::ClaimRedeem { redeem: all.payout, until };
    chain.must(&bank(), Operation::ClaimRedeem(claim));
    let settle = ledger_types::operation::SettleRedeem { redeem: all.payout };
    chain.must(&bank(), Operation::SettleRedeem(settle));
    // Who has left is as if it had never been a merchant.
    chain.must(&bank(), closed_by_bank);
    assert!(chain.state.payout_account(&shop().account).is_none());
}

#[test]
fn of_a_shop_that_died_what_was_not_sent_is_given_back() {
    let mut chain = paid();
    chain.must(&shop(), requested(50, 10, 0));
    chain.must(&shop(), requested(51, 20, 0));
    chain.must(&bank(), send(51, 0));
    let account: AccountId = shop().account;
    let mark = MarkDeceased { account, evidence: commitment(8) };
    chain.must(&bank(), Operation::MarkDeceased(mark));
    assert_eq!(status(&chain, 50), PayoutStatus::Cancelled);
    assert_eq!(has(&chain), (30, 30, 20));
    chain.must(&bank(), complete(51));
    assert_eq!(has(&chain), (30, 10, 0));
}

#[test]
fn heirs_get_nothing_of_what_is_kept() {
    let mut chain = paid();
    chain.must(&operator(), close(3, 50));
    let (account, to) = (shop().account, botan().account);
    let mark = Operation::MarkDeceased(MarkDeceased { account, evidence: commitment(8) });
    chain.must(&bank(), mark);
    // Two persons of the bank sign for an estate, whose keys are first made so.
    let (maker, checker) = (seeded(180), seeded(181));
    let role =
        |key: &SigningKey, role| WeightedKey { role, ..WeightedKey::plain(key.public_key(), 1) };
    let keys = vec![role(&maker, KeyRole::Maker), role(&checker, KeyRole::Checker)];
    let rotate = RotateKeys { keys, threshold: 1 };
    chain.must(&bank(), Operation::RotateKeys(rotate));
    let by = Actor { account: bank().account, key: maker };
    let other = Actor { account: bank().account, key: checker };
    let estate = |amount| {
        let (amount, evidence) = (yen(amount), commitment(8));
        Operation::TransferEstate(TransferEstate {
            account,
            to,
            amount,
            vouchers: vec![],
            evidence,
        })
    };
    let tx = chain.cosigned(&by, &[&other], vec![estate(11)]);
    assert_eq!(codes(&chain.commit(vec![tx])), [2004]);
    let tx = chain.cosigned(&by, &[&other], vec![estate(10)]);
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    assert_eq!(has(&chain), (50, 0, 0));
}

#[test]
fn a_payout_leaves_the_state_once_it_ended_and_is_old() {
    let mut chain = paid();
    chain.must(&shop(), requested(50, 10, 0));
    chain.must(&shop(), requested(51, 20, 0));
    chain.must(&shop(), cancel(50));
    chain.now += 40 * DAY_MS;
    chain.commit(vec![]);
    assert!(chain.state.payout(&commitment(50)).is_none());
    assert_eq!(status(&chain, 51), PayoutStatus::Requested);
}

#[test]
fn terms_are_one_record() {
    let mut chain = Chain::new();
    commits(&mut chain, &bank(), terms(5, 20, &[4, 6]), |picture| {
        let record = ledger_types::record::PayoutTerms {
            fee: Yen::new(5),
            smallest: Yen::new(20),
            holidays: vec![JapanDay::new(4), JapanDay::new(6)],
        };
        let key = ledger::state::keys::payout_terms(BANDAI);
        let record = ledger_types::record::Record::PayoutTerms(Box::new(record));
        crate::happy::put(picture, key, record);
    });
    assert!(chain.state.payout_terms(AIZU).is_none());
}
