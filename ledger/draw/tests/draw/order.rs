//! What the few numbers of an outcome say is what giving sets out one by one gives.

use ledger_types::Hash;
use proptest::prelude::*;
use public_draw::order::{OutOfOrder, order_key};
use public_draw::{Allocation, Further, Outcome, Standing, Ticket};

fn in_order(asked: &[u16]) -> Vec<Ticket> {
    let seed = Hash::of(&[b"seed"]);
    let tickets = asked.iter().zip(0..);
    let mut tickets: Vec<Ticket> = tickets
        .map(|(asked, index)| Ticket { key: order_key(&seed, 0, index), asked: *asked })
        .collect();
    tickets.sort_by_key(|ticket| ticket.key);
    tickets
}

fn in_turn(mut left: u32, wants: impl Iterator<Item = u16>) -> Vec<u16> {
    let give = |wanted: u16| {
        let given = u32::from(wanted).min(left);
        left -= given;
        u16::try_from(given).unwrap()
    };
    wants.map(give).collect()
}

/// One set to each in turn, as long as anybody wants one and there is one.
fn one_by_one(mut left: u32, tickets: &[Ticket]) -> Vec<u16> {
    let mut granted = vec![0; tickets.len()];
    loop {
        let before = left;
        for (given, ticket) in granted.iter_mut().zip(tickets) {
            if *given < ticket.asked && left > 0 {
                *given += 1;
                left -= 1;
            }
        }
        if left == before {
            return granted;
        }
    }
}

fn granted(outcome: &Outcome, tickets: &[Ticket]) -> Vec<u16> {
    tickets.iter().map(|ticket| outcome.granted(&ticket.key, ticket.asked)).collect()
}

fn sum(granted: &[u16]) -> u32 {
    granted.iter().copied().map(u32::from).sum()
}

#[test]
fn keys_depend_on_seed_list_and_index() {
    let (seed, other) = (Hash::of(&[b"seed"]), Hash::of(&[b"other"]));
    let key = order_key(&seed, 0, 1);
    assert_eq!(key, order_key(&seed, 0, 1));
    assert!(
        [order_key(&other, 0, 1), order_key(&seed, 1, 1), order_key(&seed, 0, 2)]
            .iter()
            .all(|different| *different != key)
    );
}

#[test]
fn edges_of_both_allocations() {
    let tickets = in_order(&[4, 4, 4]);
    for (allocation, sets, expected) in [
        (Allocation::Whole, 0, [0, 0, 0]),
        (Allocation::Whole, 3, [3, 0, 0]),
        (Allocation::Whole, 4, [4, 0, 0]),
        (Allocation::Whole, 5, [4, 1, 0]),
        (Allocation::Whole, 12, [4, 4, 4]),
        (Allocation::Whole, u32::MAX, [4, 4, 4]),
        (Allocation::EqualFirst, 0, [0, 0, 0]),
        (Allocation::EqualFirst, 2, [1, 1, 0]),
        (Allocation::EqualFirst, 3, [1, 1, 1]),
        (Allocation::EqualFirst, 11, [4, 4, 3]),
        (Allocation::EqualFirst, 12, [4, 4, 4]),
    ] {
        let outcome = Outcome::of(allocation, sets, &tickets).unwrap();
        assert_eq!(granted(&outcome, &tickets), expected, "{allocation:?} {sets}");
        assert_eq!(outcome.given, sum(&expected));
    }
    for allocation in [Allocation::Whole, Allocation::EqualFirst] {
        let none = Outcome::of(allocation, 10, &[]).unwrap();
        assert_eq!((none.given, none.cut), (0, Hash::ZERO));
        let greatest = in_order(&[u16::MAX, u16::MAX]);
        let outcome = Outcome::of(allocation, 131_069, &greatest).unwrap();
        assert_eq!(granted(&outcome, &greatest), [u16::MAX, u16::MAX - 1]);
    }
}

#[test]
fn tickets_out_of_order_are_refused() {
    let mut tickets = in_order(&[1, 1, 1]);
    tickets.swap(1, 2);
    let refused = Outcome::of(Allocation::Whole, 3, &tickets);
    assert_eq!(refused, Err(OutOfOrder { at: 2 }));
    let twice = [tickets[0], tickets[0]];
    assert_eq!(Outcome::of(Allocation::Whole, 3, &twice), Err(OutOfOrder { at: 1 }));
    let standing =
        twice.map(|one| Standing { key: one.key, asked: 1, granted: 0, has_lapsed: false });
    assert_eq!(Further::of(1, &standing), Err(OutOfOrder { at: 1 }));
}

proptest! {
    #[test]
    fn whole_is_what_giving_in_turn_gives(
        asked in proptest::collection::vec(0_u16..9, 0..60),
        sets in 0_u32..300,
    ) {
        let tickets = in_order(&asked);
        let outcome = Outcome::of(Allocation::Whole, sets, &tickets).unwrap();
        let expected = in_turn(sets, tickets.iter().map(|ticket| ticket.asked));
        prop_assert_eq!(outcome.given, sum(&expected));
        prop_assert_eq!(granted(&outcome, &tickets), expected);
    }

    #[test]
    fn equal_first_is_what_giving_one_by_one_gives(
        asked in proptest::collection::vec(0_u16..9, 0..60),
        sets in 0_u32..300,
    ) {
        let tickets = in_order(&asked);
        let outcome = Outcome::of(Allocation::EqualFirst, sets, &tickets).unwrap();
        let expected = one_by_one(sets, &tickets);
        prop_assert_eq!(outcome.given, sum(&expected));
        prop_assert_eq!(granted(&outcome, &tickets), expected);
    }

    #[test]
    fn what_is_given_on_goes_in_turn_to_those_who_let_nothing_lapse(
        asked in proptest::collection::vec((0_u16..9, any::<bool>()), 0..60),
        sets in 0_u32..200,
        lefts in proptest::collection::vec(0_u32..100, 1..4),
        is_whole in any::<bool>(),
    ) {
        let allocation = if is_whole { Allocation::Whole } else { Allocation::EqualFirst };
        let tickets = in_order(&asked.iter().map(|(asked, _)| *asked).collect::<Vec<_>>());
        let outcome = Outcome::of(allocation, sets, &tickets).unwrap();
        let mut standing: Vec<Standing> = tickets
            .iter()
            .zip(&asked)
            .map(|(ticket, (_, has_lapsed))| Standing {
                key: ticket.key,
                asked: ticket.asked,
                granted: outcome.granted(&ticket.key, ticket.asked),
                has_lapsed: *has_lapsed,
            })
            .collect();
        for left in lefts {
            let further = Further::of(left, &standing).unwrap();
            let wants = standing.iter().map(|one| {
                if one.has_lapsed { 0 } else { one.asked - one.granted }
            });
            let expected = in_turn(left, wants);
            let awards = standing.iter().zip(&expected).filter(|(_, extra)| **extra > 0);
            let awards: Vec<_> = awards.map(|(one, extra)| (one.key, *extra)).collect();
            prop_assert_eq!(further.given, sum(&expected));
            prop_assert_eq!(further.awards(&standing), awards);
            for (one, extra) in standing.iter_mut().zip(expected) {
                prop_assert_eq!(further.extra(one), extra);
                one.granted += extra;
                prop_assert!(one.granted <= one.asked);
            }
        }
    }
}
