//! Random rounds: whoever applies for what, whoever lets lapse what, the rules hold.

use std::collections::BTreeMap;

use ledger_types::programme::Allocation;
use ledger_types::record::LeafPlace;
use proptest::prelude::*;
use public_draw::on_ledger::order_key_of;

use super::{
    APPLY_UNTIL, CLAIM, LETTERS, PREMIUM, SALE_UNTIL, START, apply, award, buy, buyable, city,
    deposits, draw, first, later, open_round, opened, person, recount, round, secrets, sold,
    ticket,
};
use crate::chain::Chain;
use crate::fixture::toru;

/// Somebody's wish: letters with sets, and of what is won how much is bought in each wave, in eighths.
#[derive(Clone, Debug)]
struct Wish {
    letters: Vec<(u32, u16)>,
    buys: [u16; 3],
}

fn wish() -> impl Strategy<Value = Wish> {
    let letters = proptest::collection::vec((0..LETTERS, 1..4_u16), 1..5);
    (letters, proptest::array::uniform3(prop_oneof![Just(8), Just(8), Just(0), 1..8_u16]))
        .prop_map(|(letters, buys)| Wish { letters, buys })
}

/// Enters what the rules let in; gives how many did.
fn enter(chain: &mut Chain, number: u16, wishes: &[Wish]) -> u32 {
    for (wish, by) in wishes.iter().zip(0_u8..) {
        let by = person(by);
        let apply = apply(chain, number, &by, &wish.letters);
        chain.outcome(&by, vec![apply]);
    }
    round(chain, number).tickets
}

/// Who applied under each number.
fn applicants(chain: &Chain, number: u16) -> Vec<(u32, u8)> {
    let of = |ticket: u32| {
        let record = ticket_of(chain, number, ticket);
        (0..30).find(|one| person(*one).account == record.applicant).unwrap()
    };
    (1..=round(chain, number).tickets).map(|ticket| (ticket, of(ticket))).collect()
}

fn ticket_of(chain: &Chain, number: u16, one: u32) -> ledger_types::record::Ticket {
    ticket(chain, number, one)
}

/// Each buys the part that it wishes of what it can.
fn buy_some(chain: &mut Chain, number: u16, wishes: &[Wish], wave: usize) {
    for (ticket, by) in applicants(chain, number) {
        let open = buyable(chain, number, ticket);
        let sets = open * wishes[usize::from(by)].buys[wave.min(2)] / 8;
        if sets > 0 {
            chain.must(&person(by), buy(number, ticket, sets));
        }
    }
}

/// Whoever comes later in the order never got more of what it asked for while somebody before it who
/// let nothing lapse lacks something; for whole applications.
fn is_fair(chain: &Chain, number: u16) {
    let seed = round(chain, number).draw.unwrap().seed;
    let mut all: Vec<_> = applicants(chain, number)
        .into_iter()
        .map(|(one, _)| {
            let record = ticket(chain, number, one);
            let won = chain.state.won(PREMIUM, number, one).unwrap();
            let lacks = record.bought() == won.granted && won.granted < record.asked();
            (order_key_of(&seed, record.lowest).unwrap(), won.granted, lacks)
        })
        .collect();
    all.sort();
    let first_that_lacks = all.iter().position(|(_, _, lacks)| *lacks);
    let later = first_that_lacks
        .map_or(0, |place| all[place + 1..].iter().map(|(_, granted, _)| *granted).sum::<u16>());
    assert_eq!(later, 0, "{all:?}");
}

/// What was bought with each letter and by each household, over all rounds.
fn check_caps(chain: &Chain, rounds: u16, per_household: u16) {
    let mut by_leaf: BTreeMap<LeafPlace, u16> = BTreeMap::new();
    let mut by_household: BTreeMap<_, u16> = BTreeMap::new();
    for number in 1..=rounds {
        let mut in_round = 0;
        for one in 1..=round(chain, number).tickets {
            for leaf in ticket(chain, number, one).leaves {
                *by_leaf.entry(leaf.leaf).or_default() += leaf.bought;
                *by_household.entry(leaf.household).or_default() += leaf.bought;
                in_round += u32::from(leaf.bought);
            }
        }
        assert_eq!(in_round, sold(chain, number));
        assert!(in_round <= round(chain, number).terms.sets);
    }
    assert!(by_leaf.values().all(|bought| *bought <= 3), "a letter says three");
    assert!(by_household.values().all(|bought| *bought <= per_household));
    for (leaf, bought) in by_leaf {
        assert_eq!(chain.state.leaf_use(PREMIUM, leaf).unwrap().bought, bought);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_round_gives_more_than_it_has_and_nobody_gets_more_than_one_may(
        rounds in proptest::collection::vec(proptest::collection::vec(wish(), 1..10), 1..3),
        sets in 1..25_u32,
        is_whole: bool,
    ) {
        let allocation = if is_whole { Allocation::Whole } else { Allocation::EqualFirst };
        let mut chain = opened(sets, |terms| {
            (terms.allocation, terms.per_household) = (allocation, Some(5));
        });
        for (wishes, number) in rounds.iter().zip(1_u16..) {
            let after = (SALE_UNTIL - START) * u64::from(number - 1);
            if number > 1 {
                chain.now = SALE_UNTIL;
                chain.must(&city(), open_round(number, later(first(sets), after)));
            }
            deposits(&mut chain, number);
            chain.now = super::APPLY_FROM + after;
            if enter(&mut chain, number, wishes) == 0 {
                continue;
            }
            chain.now = APPLY_UNTIL + after;
            secrets(&mut chain, number);
            chain.must(&toru(), draw(number));
            let drawn = round(&chain, number).draw.unwrap();
            prop_assert!(drawn.outcome.given <= sets);
            chain.now = drawn.from.as_millis();
            buy_some(&mut chain, number, wishes, 0);
            for wave in 1..=2_u16 {
                let draw = round(&chain, number).draw.unwrap();
                let began = draw.waves.last().map_or(draw.from, |wave| wave.from);
                chain.now = began.as_millis() + CLAIM;
                let left = sets - sold(&chain, number);
                let code = chain.outcome(&toru(), vec![award(number, wave)]);
                prop_assert!(code == 0 || code == 3090, "{code}");
                if code == 0 {
                    let given = round(&chain, number).draw.unwrap().waves.last().unwrap().given;
                    prop_assert!(given <= left);
                    buy_some(&mut chain, number, wishes, usize::from(wave));
                } else {
                    break;
                }
            }
            prop_assert_eq!(recount::file(&chain, number).differences(), []);
            if is_whole {
                is_fair(&chain, number);
            }
            check_caps(&chain, number, 5);
        }
    }
}
