//! A round with as many applications as may be.

use core::ops::Range;

use ledger_types::limits::TICKETS_MAX;
use ledger_types::operation::{
    AccountKind, Apply, KycLevel, LeafClaim, Operation, SupplementEligibility,
};
use ledger_types::programme::{Eligibility, LeafPlace};
use ledger_types::{AccountId, Hash, SigningKey};
use public_draw::leaf::{application_message, list_path, list_root};
use public_draw::{Application, Leaf};

use super::{
    APPLY_FROM, APPLY_UNTIL, CLAIM, PREMIUM, SALE_FROM, award, city, deposits, draw, entry,
    founded, opened_in, round, secrets,
};
use crate::chain::{Chain, codes};
use crate::fixture::{AIZU, Actor, seeded, toru};
use crate::rejections::refuses;

/// How many letters are on each of the lists.
const LIST: u32 = 80;
/// One more than may apply.
const PEOPLE: u32 = TICKETS_MAX + 1;

fn commitment(number: u32) -> Hash {
    Hash::of(&[b"one of many", &number.to_be_bytes()])
}

fn one(number: u32) -> Actor {
    Actor { account: AccountId::opened_by(AIZU, &commitment(number)), key: seeded(199) }
}

fn key() -> SigningKey {
    seeded(198)
}

fn leaf(number: u32) -> Leaf {
    let household = Hash::of(&[b"a household", &number.to_be_bytes()]);
    Leaf { key: key().public_key(), household, sets: 3 }
}

fn list(list: u16) -> Vec<Hash> {
    let first = LIST * (u32::from(list) - 1);
    (first..first + LIST).map(|number| leaf(number).hash()).collect()
}

/// Somebody's application with one letter, of which there is no other.
fn enter(chain: &Chain, number: u32, lists: &[Vec<Hash>]) -> Operation {
    let place = number / LIST;
    let leaf_place = LeafPlace { list: u16::try_from(place + 1).unwrap(), index: number % LIST };
    let path = list_path(&lists[usize::try_from(place).unwrap()], leaf_place.index).unwrap();
    let by = one(number).account;
    let signed = Application::on_ledger(PREMIUM, 1, leaf_place, by).unwrap();
    let signature = key().sign(&application_message(&chain.state.genesis_hash(), &signed));
    let Leaf { key, household, sets: entitled } = leaf(number);
    let sets = 1 + u16::try_from(number % 3).unwrap();
    let claim = LeafClaim { leaf: leaf_place, key, household, entitled, sets, path, signature };
    Operation::Apply(Apply { programme: PREMIUM, round: 1, leaves: vec![claim] })
}

fn all_commit(chain: &mut Chain, numbers: Range<u32>, lists: &[Vec<Hash>]) {
    let txs = numbers.map(|number| {
        let apply = enter(chain, number, lists);
        chain.tx(&one(number), vec![apply])
    });
    let txs = txs.collect();
    let codes = codes(&chain.commit(txs));
    assert!(codes.iter().all(|code| *code == 0), "{:?}", codes.first());
}

#[test]
fn twenty_thousand_applications_are_drawn_by_one_operation() {
    let mut genesis = founded();
    for number in 0..PEOPLE {
        let mut entry = entry(199, AccountKind::Citizen, 0);
        entry.account = one(number).account;
        (entry.holder_commitment, entry.kyc_level) = (commitment(number), KycLevel::K2);
        genesis.accounts.push(entry);
    }
    let lists: Vec<Vec<Hash>> = (1..=251).map(list).collect();
    let root = list_root(&lists[0]);
    let mut chain = opened_in(&genesis, 10_000, |terms| {
        (terms.sets, terms.eligibility) = (10_000, Eligibility::Listed { root, size: LIST });
        terms.buckets[0].free = crate::fixture::yen(1);
    });
    for (leaves, list) in lists.iter().zip(1_u16..).skip(1) {
        let root = list_root(leaves);
        let more = SupplementEligibility { programme: PREMIUM, list, root, size: LIST };
        chain.must(&city(), Operation::SupplementEligibility(more));
    }
    deposits(&mut chain, 1);
    chain.now = APPLY_FROM;
    for first in (0..TICKETS_MAX).step_by(2_000) {
        all_commit(&mut chain, first..first + 2_000, &lists);
    }
    let last = enter(&chain, PEOPLE - 1, &lists);
    refuses(&mut chain, vec![(3074, one(PEOPLE - 1), last)]);
    chain.now = APPLY_UNTIL;
    secrets(&mut chain, 1);
    chain.must(&toru(), draw(1));
    let record = round(&chain, 1);
    assert_eq!((record.tickets, record.asked), (TICKETS_MAX, 39_999));
    assert_eq!(record.draw.unwrap().outcome.given, 10_000);
    chain.now = SALE_FROM + CLAIM;
    chain.must(&toru(), award(1, 1));
    assert_eq!(round(&chain, 1).draw.unwrap().waves[0].given, 10_000);
}
