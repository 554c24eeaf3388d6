//! What an event is to each of those whom it concerns.

use ledger_types::Operation;
use ledger_types::event::{
    FeeCharged, Issued, KeysRotated, LotsSpent, Paid, Purchased, RedeemSettled,
};
use ledger_types::operation::Pay;
use ledger_types::programme::{LotKind, SpentLot};
use ledger_types::rejection::RejectionCode;
use ledger_types::zone::FeePart;
use ledger_types::{Hash, Height, ProgrammeId, ZoneId};
use node_api::body::OutcomeBody;

use super::*;

const PAYER: AccountId = AccountId::new([1; 20]);
const SHOP: AccountId = AccountId::new([2; 20]);
const BANK: AccountId = AccountId::new([3; 20]);
const AMOUNT: Yen = Yen::new(1200);

fn at_the_shop(payer: Whose) -> Event {
    Paid {
        zone: ZoneId::new(1),
        payer,
        merchant: SHOP,
        amount: AMOUNT,
        cash: Yen::ZERO,
        request: None,
        terminal: None,
        reference: None,
    }
    .into()
}

fn somebody(whose: impl Into<Whose>) -> Option<With> {
    Some(With::Somebody(whose.into()))
}

#[test]
fn a_payer_sees_the_shop_and_the_shop_a_pseudonym() {
    let paid = told(&at_the_shop(PAYER.into()), Some(&PAYER));
    assert_eq!((paid.direction, paid.amount), (Some(Direction::Out), Some(AMOUNT)));
    assert_eq!(paid.with, somebody(SHOP));
    let pseudonym = Whose::Pseudonym(Hash::new([7; 32]));
    let received = told(&at_the_shop(pseudonym), Some(&SHOP));
    assert_eq!((received.direction, received.amount), (Some(Direction::In), Some(AMOUNT)));
    assert_eq!(received.with, somebody(pseudonym));
}

#[test]
fn a_fee_goes_out_at_the_shop_and_each_of_the_others_sees_its_own_part() {
    let part = |account, amount| FeePart { account, amount: Yen::new(amount) };
    let fee = Event::from(FeeCharged {
        zone: ZoneId::new(1),
        merchant: SHOP,
        gross: AMOUNT,
        fee: Yen::new(24),
        version: 1,
        parts: vec![part(PAYER, 9), part(BANK, 15)],
    });
    let at_shop = told(&fee, Some(&SHOP));
    assert_eq!((at_shop.direction, at_shop.amount), (Some(Direction::Out), Some(Yen::new(24))));
    let at_fund = told(&fee, Some(&BANK));
    assert_eq!((at_fund.direction, at_fund.amount), (Some(Direction::In), Some(Yen::new(15))));
    assert_eq!(at_fund.with, somebody(SHOP));
}

#[test]
fn both_sides_of_a_bank_see_each_other() {
    let bank = BankId::new(1);
    let issued = Event::from(Issued { account: PAYER, bank, amount: AMOUNT });
    let (to_holder, to_bank) = (told(&issued, Some(&PAYER)), told(&issued, Some(&BANK)));
    assert_eq!(
        (to_holder.direction, to_holder.with),
        (Some(Direction::In), Some(With::Bank(bank)))
    );
    assert_eq!((to_bank.direction, to_bank.with), (Some(Direction::Out), somebody(PAYER)));
    let settled = RedeemSettled {
        redeem: Hash::ZERO,
        account: PAYER,
        bank,
        bank_account: BANK,
        amount: AMOUNT,
    };
    let settled = Event::from(settled);
    let (to_holder, to_bank) = (told(&settled, Some(&PAYER)), told(&settled, Some(&BANK)));
    assert_eq!((to_holder.direction, to_holder.with), (None, None));
    assert_eq!((to_bank.amount, to_bank.with), (Some(AMOUNT), somebody(PAYER)));
}

#[test]
fn changed_keys_are_told_alike_everywhere() {
    let told = told(&KeysRotated { account: PAYER.into() }.into(), Some(&PAYER));
    assert_eq!(
        (told.in_history, told.in_log),
        ("label-log-keys-rotated", "label-log-keys-rotated")
    );
    assert!(!told.is_use);
}

#[test]
fn a_refused_payment_is_told_from_what_was_asked() {
    let prefix = AddressPrefix::new("aizu").unwrap();
    let pay = Pay {
        zone: ZoneId::new(1),
        merchant: SHOP,
        amount: AMOUNT,
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: false,
    };
    let entry = HistoryEntry {
        height: Height::new(5),
        time: Timestamp::from_millis(0).into(),
        index: Some(0),
        transaction: None,
        operation: 0,
        outcome: OutcomeBody::Rejected,
        code: Some(RejectionCode::new(4001)),
        name: None,
        event: None,
        asked: Some(Operation::Pay(pay).in_json(&prefix)),
    };
    let line = Line::of_history(entry.clone(), &prefix, &PAYER).unwrap();
    assert_eq!((line.told.direction, line.told.with), (Some(Direction::Out), somebody(SHOP)));
    let as_given = serde_json::to_value(&entry).unwrap();
    assert_eq!(serde_json::to_value(&line).unwrap(), as_given, "machines get what the node gave");
    let empty = HistoryEntry { asked: None, ..entry };
    assert_eq!(Line::of_history(empty, &prefix, &PAYER).unwrap_err().code(), "answer");
}

#[test]
fn vouchers_of_a_payment_are_a_part_of_it_and_a_purchase_goes_out() {
    let lot = |amount| SpentLot {
        programme: ProgrammeId::new(7),
        round: 1,
        bucket: 0,
        kind: LotKind::Free,
        amount: Yen::new(amount),
    };
    let spent = Event::from(LotsSpent {
        zone: ZoneId::new(1),
        payer: PAYER.into(),
        merchant: SHOP,
        spent: vec![lot(200), lot(50)],
    });
    // The payment beside it has the whole amount and its direction: nothing is counted twice.
    let told_payer = told(&spent, Some(&PAYER));
    assert_eq!((told_payer.direction, told_payer.amount), (None, Some(Yen::new(250))));
    assert_eq!(told(&spent, Some(&SHOP)).with, somebody(PAYER));
    let bought = Event::from(Purchased {
        programme: ProgrammeId::new(7),
        round: 1,
        buyer: PAYER,
        sets: 1,
        price: AMOUNT,
        escrow: BANK,
        lots: vec![],
        expires: Timestamp::from_millis(9),
    });
    let (buyer, escrow) = (told(&bought, Some(&PAYER)), told(&bought, Some(&BANK)));
    assert_eq!((buyer.direction, escrow.direction), (Some(Direction::Out), Some(Direction::In)));
}
