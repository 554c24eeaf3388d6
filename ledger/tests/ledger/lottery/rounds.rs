//! Lotteries from the first secret to the last set.

use ledger_types::Hash;
use ledger_types::event::{Event, LotteryDrawn, SecretDeposited, SecretOpened, TicketEntered};
use ledger_types::programme::{Allocation, Further, Outcome};
use public_draw::on_ledger::order_key_of;

use super::{
    APPLY_FROM, APPLY_UNTIL, CLAIM, PREMIUM, SALE_FROM, SALE_UNTIL, apply, applying, at, award,
    buy, buy_all, buyable, city, committer, deposit, draw, drawn, first, granted, later, open,
    open_round, opened, person, round, said, secrets, sold, tell, ticket,
};
use crate::chain::Chain;
use crate::fixture::toru;
use crate::rejections::refuses;

/// Eight people apply with one letter each, for one, two or three sets: 15 together.
fn eight(chain: &mut Chain) {
    for number in 0..8 {
        let by = person(number);
        let sets = [1, 2, 3, 1, 2, 3, 1, 2][usize::from(number)];
        let apply = apply(chain, 1, &by, &[(u32::from(number), sets)]);
        chain.must(&by, apply);
    }
}

/// The numbers of a round's applications, in the order of the draw.
fn order(chain: &Chain) -> Vec<u32> {
    let seed = round(chain, 1).draw.unwrap().seed;
    let mut numbers: Vec<u32> = (1..=round(chain, 1).tickets).collect();
    numbers.sort_by_key(|number| order_key_of(&seed, ticket(chain, 1, *number).lowest));
    numbers
}

#[test]
fn what_committers_and_applicants_do_is_said() {
    let mut chain = opened(10, |_| {});
    let deposit_of = deposit(&chain, 1, 3);
    let (programme, round) = (PREMIUM, 1);
    let account = committer(3).account;
    let deposited = SecretDeposited { programme, round, committer: 3, account };
    assert_eq!(said(&mut chain, &committer(3), deposit_of), [Event::SecretDeposited(deposited)]);
    for place in [0, 1] {
        let deposit = deposit(&chain, 1, place);
        chain.must(&committer(place), deposit);
    }
    chain.now = APPLY_FROM;
    let applied = apply(&chain, 1, &person(0), &[(3, 2), (0, 1)]);
    let applicant = person(0).account;
    let entered = TicketEntered { programme, round, ticket: 1, applicant, asked: 3 };
    assert_eq!(said(&mut chain, &person(0), applied), [Event::TicketEntered(entered)]);
    let record = ticket(&chain, 1, 1);
    assert_eq!((record.lowest.index, record.leaves[1].leaf.index), (0, 3));
    assert_eq!(chain.state.applicant(PREMIUM, 1, &applicant).unwrap().ticket, 1);
    chain.now = APPLY_UNTIL;
    let told = tell(&chain, 1, 3);
    let by = committer(3).account;
    let known = said(&mut chain, &committer(3), told);
    let [Event::SecretOpened(SecretOpened { committer: 3, secret: Some(_), .. })] = known[..]
    else {
        panic!("{known:?}");
    };
    let record = chain.state.deposited(PREMIUM, 1, 3).unwrap();
    assert!(record.revealed.is_some() && record.secret.is_some());
    let opened = open(&chain, 1, 0, 3);
    let opened = said(&mut chain, &committer(3), opened);
    let share = SecretOpened { programme, round, committer: 0, secret: None, by };
    assert_eq!(opened, [Event::SecretOpened(share)]);
}

#[test]
fn a_withheld_secret_is_opened_to_what_its_committer_would_tell() {
    let mut chain = applying(10, |_| {});
    chain.now = APPLY_UNTIL;
    // In a fork the committer tells it.
    let mut fork = applying(10, |_| {});
    fork.now = APPLY_UNTIL;
    let told = tell(&fork, 1, 1);
    fork.must(&committer(1), told);
    secrets(&mut chain, 1);
    let [opened, told] =
        [&chain, &fork].map(|chain| chain.state.deposited(PREMIUM, 1, 1).unwrap().clone());
    assert_eq!(opened.secret, told.secret);
    assert_eq!((opened.revealed, opened.opened.len()), (None, 3));
    assert_eq!((told.revealed.is_some(), told.opened.len()), (true, 0));
}

#[test]
fn each_gets_what_it_asked_for_until_nothing_is_left() {
    let mut chain = applying(10, |_| {});
    eight(&mut chain);
    assert_eq!((round(&chain, 1).tickets, round(&chain, 1).asked), (8, 15));
    chain.now = APPLY_UNTIL;
    secrets(&mut chain, 1);
    let said = said(&mut chain, &toru(), draw(1));
    let draw = round(&chain, 1).draw.unwrap();
    let (seed, outcome) = (draw.seed, draw.outcome);
    let (programme, round_number) = (PREMIUM, 1);
    let drawn = LotteryDrawn {
        programme,
        round: round_number,
        seed,
        outcome,
        tickets: 8,
        asked: 15,
        sponsor: city().account,
    };
    assert_eq!(said, [Event::LotteryDrawn(drawn)]);
    assert_eq!((outcome.before, outcome.after, outcome.given), (u16::MAX, 0, 10));
    assert_eq!((draw.from, draw.waves), (at(SALE_FROM), vec![]));
    let mut left = 10;
    let granted = granted(&chain, 1);
    for number in order(&chain) {
        let expected = ticket(&chain, 1, number).asked().min(left);
        left -= expected;
        assert_eq!(granted[usize::try_from(number - 1).unwrap()], expected, "{number}");
    }
    assert_eq!(left, 0);
}

#[test]
fn everybody_gets_the_same_first_and_the_rest_goes_in_order() {
    let mut chain = applying(12, |terms| terms.allocation = Allocation::EqualFirst);
    eight(&mut chain);
    drawn(&mut chain);
    // All get one; of the five who want more, the first four get a second.
    let outcome = round(&chain, 1).draw.unwrap().outcome;
    assert_eq!((outcome.before, outcome.at, outcome.after, outcome.given), (2, 1, 1, 12));
    let mut more = 4;
    for number in order(&chain) {
        let wants_more = ticket(&chain, 1, number).asked() > 1;
        let expected = 1 + u16::from(wants_more && more > 0);
        more -= u16::from(expected == 2);
        assert_eq!(granted(&chain, 1)[usize::try_from(number - 1).unwrap()], expected);
    }
    assert_eq!(granted(&chain, 1).iter().sum::<u16>(), 12);
}

#[test]
fn all_get_what_they_asked_for_where_there_is_enough() {
    for allocation in [Allocation::Whole, Allocation::EqualFirst] {
        let mut chain = applying(15, |terms| terms.allocation = allocation);
        eight(&mut chain);
        drawn(&mut chain);
        let all =
            Outcome { cut: Hash::ZERO, before: u16::MAX, at: u16::MAX, after: u16::MAX, given: 15 };
        assert_eq!(round(&chain, 1).draw.unwrap().outcome, all);
        buy_all(&mut chain, 1, 1..=8);
        assert_eq!(sold(&chain, 1), 15);
        let nothing = (3090, person(0), award(1, 1));
        chain.now = SALE_FROM + CLAIM;
        refuses(&mut chain, vec![nothing]);
    }
}

#[test]
fn what_is_let_go_goes_on_in_the_same_order_wave_by_wave() {
    let mut chain = applying(10, |_| {});
    eight(&mut chain);
    drawn(&mut chain);
    let order = order(&chain);
    let winners: Vec<u32> =
        order.iter().copied().filter(|one| buyable(&chain, 1, *one) > 0).collect();
    // The first buys nothing, the others all.
    let lapsed = ticket(&chain, 1, winners[0]).asked();
    buy_all(&mut chain, 1, winners[1..].iter().copied());
    assert_eq!(sold(&chain, 1), u32::from(10 - lapsed));
    chain.now = SALE_FROM + CLAIM - 2000;
    let until = 3089;
    refuses(&mut chain, vec![(until, person(0), award(1, 1)), (3088, person(0), award(1, 2))]);
    assert!(buyable(&chain, 1, winners[0]) == 0, "the next block is after the window");
    chain.must(&toru(), award(1, 1));
    let wave = round(&chain, 1).draw.unwrap().waves[0];
    assert_eq!((wave.from, wave.given), (at(chain.now), lapsed.into()));
    // Whoever let sets lapse gets nothing, whoever got less than it asked for is next in order.
    let mut left = lapsed;
    let outcome = round(&chain, 1).draw.unwrap().outcome;
    for number in order.iter().copied() {
        let record = ticket(&chain, 1, number);
        let key = order_key_of(&round(&chain, 1).draw.unwrap().seed, record.lowest).unwrap();
        let before = public_draw::Outcome::from(outcome).granted(&key, record.asked());
        let wants = if number == winners[0] { 0 } else { record.asked() - before };
        let extra = wants.min(left);
        left -= extra;
        let won = chain.state.won(PREMIUM, 1, number).unwrap();
        assert_eq!(won.granted, before + extra, "{number}");
        assert_eq!(buyable(&chain, 1, number), extra, "{number}");
        if extra > 0 {
            assert_eq!(won.window, Some((wave.from, at(chain.now + CLAIM))));
        }
    }
    // In the second wave as in the first: now nobody buys, and all who waited move up.
    let began = chain.now;
    chain.now = began + CLAIM - 1000;
    let given = said(&mut chain, &toru(), award(1, 2));
    let Event::LeftAwarded(awarded) = &given[0] else { panic!("{given:?}") };
    let wave = round(&chain, 1).draw.unwrap().waves[1];
    assert_eq!((awarded.wave, awarded.award), (2, wave));
    assert_eq!(u32::from(lapsed), wave.given + awarded.left);
    let buyable_now: u16 = order.iter().map(|number| buyable(&chain, 1, *number)).sum();
    assert_eq!(u32::from(buyable_now), wave.given);
    buy_all(&mut chain, 1, order.iter().copied());
    assert_eq!(sold(&chain, 1), u32::from(10 - lapsed) + wave.given);
}

#[test]
fn a_wave_begins_when_it_is_awarded_and_ends_within_the_sale() {
    let mut chain = applying(4, |_| {});
    eight(&mut chain);
    drawn(&mut chain);
    // An instant too late, and then, in a fork, just in time: whoever is next has a whole week all the
    // same, though the wave could have begun three weeks before.
    chain.now = SALE_UNTIL - CLAIM;
    refuses(&mut chain, vec![(3086, toru(), award(1, 1))]);
    chain = applying(4, |_| {});
    eight(&mut chain);
    drawn(&mut chain);
    chain.now = SALE_UNTIL - CLAIM - 1000;
    chain.must(&toru(), award(1, 1));
    let Further { from, .. } = round(&chain, 1).draw.unwrap().waves[0];
    assert_eq!(from, at(SALE_UNTIL - CLAIM));
    chain.now = SALE_UNTIL - 10_000;
    buy_all(&mut chain, 1, 1..=8);
    assert_eq!(sold(&chain, 1), 4);
    chain.now = SALE_UNTIL - 1000;
    // At its end nothing is bought, and what nobody bought is there for the next round.
    refuses(&mut chain, vec![(3045, person(0), buy(1, 1, 1))]);
}

#[test]
fn a_draw_that_comes_too_late_gives_its_sets_to_the_next_round() {
    let mut chain = applying(4, |_| {});
    eight(&mut chain);
    chain.now = APPLY_UNTIL;
    secrets(&mut chain, 1);
    chain.now = SALE_UNTIL - CLAIM;
    refuses(&mut chain, vec![(3086, toru(), draw(1))]);
    let second = later(first(100), SALE_UNTIL - super::START);
    refuses(&mut chain, vec![(3042, city(), open_round(2, second))]);
    chain.now = SALE_UNTIL;
    chain.must(&city(), open_round(2, second));
    refuses(&mut chain, vec![(3086, toru(), draw(1))]);
}

#[test]
fn a_draw_during_the_sale_gives_the_whole_time_to_buy() {
    let mut chain = applying(4, |_| {});
    eight(&mut chain);
    chain.now = APPLY_UNTIL;
    secrets(&mut chain, 1);
    chain.now = SALE_FROM + 5000;
    let buys: Vec<_> = (1..=8).map(|one| (3059, person(one - 1), buy(1, one.into(), 1))).collect();
    refuses(&mut chain, buys);
    chain.must(&toru(), draw(1));
    let from = round(&chain, 1).draw.unwrap().from;
    assert_eq!(from, at(chain.now));
    chain.now += CLAIM - 4000;
    let winner = order(&chain)[0];
    buy_all(&mut chain, 1, [winner]);
    assert!(sold(&chain, 1) > 0);
}

#[test]
fn a_lottery_without_secrets_ends_with_its_sale() {
    let mut chain = opened(4, |_| {});
    for place in [0, 1] {
        let deposit = deposit(&chain, 1, place);
        chain.must(&committer(place), deposit);
    }
    chain.now = APPLY_FROM;
    let applied = apply(&chain, 1, &person(0), &[(0, 1)]);
    refuses(&mut chain, vec![(3072, person(0), applied)]);
    chain.now = APPLY_UNTIL;
    refuses(&mut chain, vec![(3072, toru(), draw(1))]);
    chain.now = SALE_UNTIL;
    let second = later(first(100), SALE_UNTIL - super::START);
    chain.must(&city(), open_round(2, second));
}

#[test]
fn an_application_for_four_people_buys_in_their_order() {
    let mut chain = applying(20, |_| {});
    let applied = apply(&chain, 1, &person(0), &[(9, 2), (4, 3), (7, 1), (2, 2)]);
    chain.must(&person(0), applied);
    drawn(&mut chain);
    assert_eq!(buyable(&chain, 1, 1), 8);
    chain.must(&person(0), buy(1, 1, 3));
    let bought = |chain: &Chain| {
        ticket(chain, 1, 1).leaves.iter().map(|leaf| leaf.bought).collect::<Vec<_>>()
    };
    assert_eq!(bought(&chain), [2, 1, 0, 0]);
    refuses(&mut chain, vec![(3058, person(0), buy(1, 1, 6)), (3054, person(0), buy(1, 1, 0))]);
    chain.must(&person(0), buy(1, 1, 5));
    assert_eq!(bought(&chain), [2, 3, 1, 2]);
    let used = chain.state.leaf_use(PREMIUM, ticket(&chain, 1, 1).lowest).unwrap();
    assert_eq!((used.round, used.ticket, used.bought), (1, 1, 2));
    // Each lot says for whom it is.
    let lots = chain.state.lots(crate::fixture::TOWN, &person(0).account).unwrap();
    assert_eq!(lots.lots.len(), 8);
}
