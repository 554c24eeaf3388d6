//! Payouts at random: few identities and small amounts, so that they meet each other.

use ledger_types::japan::JapanDay;
use ledger_types::operation::{
    CancelPayout, Charge, CloseMerchant, CompletePayout, HoldMerchant, Operation, RequestPayout,
    ReturnPayout, ReturnReason, SendPayout,
};
use ledger_types::{Hash, Yen};
use proptest::prelude::*;

use super::{destined, pay, requested, terms};
use crate::fixture::{Actor, HOSPITALS, NO_ZONE, TOWN, botan, commitment, shop, yen};

fn payout() -> impl Strategy<Value = Hash> {
    (50..55_u8).prop_map(commitment)
}

/// What shops do of this.
pub(crate) fn of_shop() -> impl Strategy<Value = Operation> {
    let fee = prop_oneof![4 => Just(0_u64), 1 => Just(2)].prop_map(Yen::new);
    let zone = prop_oneof![5 => Just(TOWN), 1 => Just(HOSPITALS), 1 => Just(NO_ZONE)];
    let asked = (payout(), zone, 0..40_u64, fee).prop_map(|(payout, zone, amount, fee)| {
        let (amount, statement) = (yen(amount), None);
        Operation::RequestPayout(RequestPayout { payout, zone, amount, fee, statement })
    });
    let cancel = payout().prop_map(|payout| Operation::CancelPayout(CancelPayout { payout }));
    let destined = (70..73_u8).prop_map(destined);
    prop_oneof![6 => asked, 1 => cancel, 1 => destined]
}

/// What banks do of this.
pub(crate) fn of_bank() -> impl Strategy<Value = Operation> {
    let terms = (0..3_u64, 0..4_u64).prop_map(|(fee, smallest)| terms(fee, smallest, &[]));
    let send = (payout(), 0..12_u64).prop_map(|(payout, on)| {
        let (on, file) = (JapanDay::new(on), commitment(99));
        Operation::SendPayout(SendPayout { payout, on, file })
    });
    let complete = payout().prop_map(|payout| Operation::CompletePayout(CompletePayout { payout }));
    let reason = ReturnReason::NoAccount;
    let back =
        payout().prop_map(move |payout| Operation::ReturnPayout(ReturnPayout { payout, reason }));
    let cancel = payout().prop_map(|payout| Operation::CancelPayout(CancelPayout { payout }));
    prop_oneof![1 => terms, 6 => send, 6 => complete, 2 => back, 1 => cancel]
}

/// What zones' operators do of this.
pub(crate) fn of_operator() -> impl Strategy<Value = Operation> {
    let merchant = || prop_oneof![4 => Just(shop()), 1 => Just(botan())];
    let hold =
        (merchant(), prop::option::of(Just(commitment(80)))).prop_map(|(merchant, ground)| {
            let merchant = merchant.account;
            Operation::HoldMerchant(HoldMerchant { zone: TOWN, merchant, ground })
        });
    let close = (merchant(), 0..30_u64, 0..40_u64).prop_map(|(merchant, last_day, reserve)| {
        let (last_day, reserve) = (JapanDay::new(last_day), yen(reserve));
        let merchant = merchant.account;
        Operation::CloseMerchant(CloseMerchant { zone: TOWN, merchant, last_day, reserve })
    });
    prop_oneof![2 => hold, 1 => close]
}

/// A shop that was paid, with a payout that waits.
pub(crate) fn prologue() -> Vec<(Actor, Vec<Operation>)> {
    let charge = Operation::Charge(Charge { zone: TOWN, amount: yen(1) });
    vec![(botan(), vec![charge, pay(30)]), (shop(), vec![destined(70), requested(53, 10, 0)])]
}
