//! Letters over several rounds: caps of persons and households, lists that are added, letters that are
//! taken back.

use ledger_types::event::Event;
use ledger_types::operation::{Operation, RevokeLeaf, SupplementEligibility};
use ledger_types::programme::{LeafPlace, LeafRevocation};
use public_draw::leaf::list_root;

use super::{
    APPLY_UNTIL, LETTERS, PREMIUM, SALE_FROM, SALE_UNTIL, apply, applying, buy_all, city, deposits,
    drawn, first, granted, hashes, later, open_round, person, place, round, said, secrets, sold,
    ticket,
};
use crate::chain::Chain;
use crate::fixture::toru;
use crate::rejections::refuses;

const ROUND: u64 = SALE_UNTIL - super::START;

pub(super) fn supplement(chain: &Chain, list: u16) -> SupplementEligibility {
    let root = list_root(&hashes(&chain.state.genesis_hash(), LETTERS..LETTERS + 6));
    SupplementEligibility { programme: PREMIUM, list, root, size: 6 }
}

pub(super) fn revoke(leaf: LeafPlace) -> Operation {
    let (programme, reason) = (PREMIUM, LeafRevocation::Lost);
    Operation::RevokeLeaf(RevokeLeaf { programme, leaf, reason })
}

/// The second round, in the time of its applications.
fn second(chain: &mut Chain) {
    chain.now = SALE_UNTIL;
    let terms = later(first(20), ROUND);
    chain.must(&city(), open_round(2, terms));
    deposits(chain, 2);
    chain.now = terms.lottery.unwrap().apply_from.as_millis();
}

#[test]
fn a_persons_cap_goes_over_all_rounds_and_is_the_letters_where_that_is_lower() {
    // The programme would give four, the letters say three.
    let mut chain = applying(20, |_| {});
    let too_much = apply(&chain, 1, &person(0), &[(0, 4)]);
    refuses(&mut chain, vec![(3047, person(0), too_much)]);
    let apply_for_two = apply(&chain, 1, &person(0), &[(0, 2)]);
    chain.must(&person(0), apply_for_two);
    let apply_for_three = apply(&chain, 1, &person(1), &[(1, 3)]);
    chain.must(&person(1), apply_for_three);
    drawn(&mut chain);
    // The second lets all lapse: what was not bought is not counted.
    buy_all(&mut chain, 1, [1]);
    second(&mut chain);
    let too_much = apply(&chain, 2, &person(0), &[(0, 2)]);
    refuses(&mut chain, vec![(3047, person(0), too_much)]);
    for (number, sets) in [(0, 1), (1, 3)] {
        let by = person(number);
        let apply = apply(&chain, 2, &by, &[(number.into(), sets)]);
        chain.must(&by, apply);
    }
}

#[test]
fn a_households_cap_goes_over_applications_and_rounds() {
    // Letters 0 and 1 are one household, 2 and 3 another.
    let mut chain = applying(20, |terms| terms.per_household = Some(4));
    let together = apply(&chain, 1, &person(0), &[(0, 3), (1, 2)]);
    refuses(&mut chain, vec![(3048, person(0), together)]);
    let three = apply(&chain, 1, &person(0), &[(0, 3), (2, 1)]);
    chain.must(&person(0), three);
    let two = apply(&chain, 1, &person(1), &[(1, 2)]);
    refuses(&mut chain, vec![(3048, person(1), two)]);
    let one = apply(&chain, 1, &person(1), &[(1, 1)]);
    chain.must(&person(1), one);
    drawn(&mut chain);
    buy_all(&mut chain, 1, [1]);
    second(&mut chain);
    // Three were bought; the one of letter 1 lapsed.
    let two = apply(&chain, 2, &person(1), &[(1, 2)]);
    refuses(&mut chain, vec![(3048, person(1), two)]);
    let one = apply(&chain, 2, &person(1), &[(1, 1), (3, 3)]);
    chain.must(&person(1), one);
}

#[test]
fn a_letter_that_was_taken_back_leaves_its_application_where_it_stands() {
    let mut chain = applying(20, |terms| terms.per_household = Some(4));
    let two = apply(&chain, 1, &person(0), &[(0, 2), (5, 3)]);
    chain.must(&person(0), two);
    let leaf = place(0).0;
    let said = said(&mut chain, &city(), revoke(leaf));
    let Event::LeafRevoked(revoked) = &said[0] else { panic!("{said:?}") };
    assert_eq!((revoked.leaf, revoked.sponsor), (leaf, city().account));
    let record = ticket(&chain, 1, 1);
    assert_eq!((record.lowest, record.asked(), round(&chain, 1).asked), (leaf, 3, 3));
    assert_eq!(record.leaves[0].asked, 0);
    // The household has its room back; the letter itself is worth nothing.
    let four = apply(&chain, 1, &person(1), &[(1, 3), (6, 1)]);
    chain.must(&person(1), four);
    let again = apply(&chain, 1, &person(2), &[(0, 0)]);
    refuses(&mut chain, vec![(3050, person(2), again), (3050, city(), revoke(leaf))]);
    drawn(&mut chain);
    assert_eq!(granted(&chain, 1), [3, 4]);
    buy_all(&mut chain, 1, [1, 2]);
    assert_eq!(sold(&chain, 1), 7);
    let file = super::recount::file(&chain, 1);
    assert_eq!(file.differences(), []);
}

#[test]
fn a_letter_in_a_draw_stays_in_it_until_the_sale_is_over() {
    let mut chain = applying(20, |_| {});
    for number in 0..2 {
        let by = person(number);
        let apply = apply(&chain, 1, &by, &[(number.into(), 1)]);
        chain.must(&by, apply);
    }
    let (first, free) = (place(0).0, place(20).0);
    chain.now = APPLY_UNTIL - 1000;
    refuses(&mut chain, vec![(3053, city(), revoke(first))]);
    // One that takes no part can be taken back at any time.
    chain.must(&city(), revoke(free));
    secrets(&mut chain, 1);
    chain.must(&toru(), super::draw(1));
    chain.now = SALE_FROM;
    refuses(&mut chain, vec![(3053, city(), revoke(first))]);
    buy_all(&mut chain, 1, [2]);
    refuses(&mut chain, vec![(3052, city(), revoke(place(1).0))]);
    chain.now = SALE_UNTIL - 2000;
    refuses(&mut chain, vec![(3053, city(), revoke(first))]);
    chain.must(&city(), revoke(first));
    // What it asked for in the round that is over stays: the round is counted again by it.
    assert_eq!(ticket(&chain, 1, 1).asked(), 1);
    assert_eq!(super::recount::file(&chain, 1).differences(), []);
}

#[test]
fn a_list_that_is_added_takes_part_as_the_first_does() {
    let mut chain = applying(20, |_| {});
    let shown = apply(&chain, 1, &person(0), &[(LETTERS + 2, 2)]);
    refuses(&mut chain, vec![(3049, person(0), shown.clone())]);
    let more = supplement(&chain, 2);
    let said = said(&mut chain, &city(), Operation::SupplementEligibility(more));
    let Event::EligibilitySupplemented(supplemented) = &said[0] else { panic!("{said:?}") };
    assert_eq!((supplemented.list, supplemented.size), (2, 6));
    chain.must(&person(0), shown);
    let mixed = apply(&chain, 1, &person(1), &[(LETTERS + 5, 1), (3, 2)]);
    chain.must(&person(1), mixed);
    drawn(&mut chain);
    assert_eq!(granted(&chain, 1), [2, 3]);
    assert_eq!(super::recount::file(&chain, 1).differences(), []);
}

#[test]
fn lists_stand_still_from_the_close_to_the_draw() {
    let mut chain = applying(20, |_| {});
    let more = |chain: &Chain| Operation::SupplementEligibility(supplement(chain, 2));
    let add = more(&chain);
    chain.now = APPLY_UNTIL - 1000;
    refuses(&mut chain, vec![(3087, city(), add.clone())]);
    secrets(&mut chain, 1);
    refuses(&mut chain, vec![(3087, city(), add.clone())]);
    let mut fork = applying(20, |_| {});
    chain.must(&toru(), super::draw(1));
    chain.must(&city(), add.clone());
    // Where nothing is drawn, until the sale is over.
    fork.now = SALE_UNTIL - 2000;
    refuses(&mut fork, vec![(3087, city(), add.clone())]);
    fork.must(&city(), add);
}
