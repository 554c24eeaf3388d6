//! Every refusal of the lottery's operations, in the order that they publish; nothing is changed.

use ledger_types::Hash;
use ledger_types::operation::{
    Apply, AwardLeft, Buyer, CreateProgramme, DepositSecret, DrawLottery, OpenShare, Operation,
    Purchase, RevealSecret, RevokeLeaf, SupplementEligibility,
};
use ledger_types::programme::{Allocation, LeafPlace, ProgrammeTerms};
use ledger_types::{ProgrammeId, Yen};

use super::lists::{revoke, supplement};
use super::{
    APPLY_FROM, APPLY_UNTIL, CLAIM, LETTERS, PREMIUM, SALE_FROM, SALE_UNTIL, USE_UNTIL, apply,
    applying, award, buy, city, claim, committer, define, deposit, draw, drawn, escrow, first,
    founded, later, open, open_round, opened, person, place, secrets, tell, terms,
};
use crate::chain::Chain;
use crate::fixture::{Actor, HOSPITAL, akari, operator, toru};
use crate::rejections::{Row, refuses};

const NO_PROGRAMME: ProgrammeId = ProgrammeId::new(9);

/// The same operation of another programme or round.
fn moved(operation: &Operation, programme: ProgrammeId, round: u16) -> Operation {
    match operation.clone() {
        Operation::Apply(one) => Operation::Apply(Apply { programme, round, ..one }),
        Operation::DepositSecret(one) => {
            Operation::DepositSecret(DepositSecret { programme, round, ..one })
        }
        Operation::RevealSecret(one) => {
            Operation::RevealSecret(RevealSecret { programme, round, ..one })
        }
        Operation::OpenShare(one) => Operation::OpenShare(OpenShare { programme, round, ..one }),
        Operation::DrawLottery(_) => Operation::DrawLottery(DrawLottery { programme, round }),
        Operation::AwardLeft(one) => Operation::AwardLeft(AwardLeft { programme, round, ..one }),
        other => panic!("{other:?} is not of a round"),
    }
}

/// What each operation of a round is refused for first.
fn of_no_round(actor: &Actor, operation: &Operation) -> Vec<Row> {
    vec![
        (2018, Actor::party(HOSPITAL), moved(operation, NO_PROGRAMME, 1)),
        (3027, actor.clone(), moved(operation, NO_PROGRAMME, 9)),
        (3044, actor.clone(), moved(operation, PREMIUM, 9)),
    ]
}

/// A programme of a list in which whoever comes first buys.
fn first_come(terms: &mut ProgrammeTerms) {
    (terms.allocation, terms.committers, terms.threshold) = (Allocation::FirstCome, vec![], 0);
}

/// Its first round.
fn selling() -> Chain {
    let mut chain = Chain::of(&founded());
    chain.must(&operator(), define());
    let mut terms = terms(&chain.state.genesis_hash());
    first_come(&mut terms);
    let create = CreateProgramme { programme: PREMIUM, terms };
    chain.must(&city(), Operation::CreateProgramme(create));
    let fund = ledger_types::operation::FundProgramme { programme: PREMIUM };
    chain.must(&escrow(), Operation::FundProgramme(fund));
    let mut sale = first(20);
    sale.lottery = None;
    chain.must(&city(), open_round(1, sale));
    chain
}

#[test]
fn a_sale_without_a_lottery_has_none_of_it() {
    let mut chain = selling();
    let by = |actor: Actor, operation| (3070, actor, operation);
    let rows = vec![
        by(person(0), apply(&chain, 1, &person(0), &[(0, 1)])),
        by(akari(), deposit(&chain, 1, 0)),
        by(akari(), tell(&chain, 1, 0)),
        by(akari(), open(&chain, 1, 0, 1)),
        by(akari(), draw(1)),
        by(akari(), award(1, 1)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn apply_in_order() {
    let mut chain = opened(20, |terms| (terms.per_person, terms.per_household) = (2, Some(3)));
    let (me, other) = (person(0), person(1));
    let nothing = Operation::Apply(Apply { programme: PREMIUM, round: 1, leaves: vec![] });
    refuses(&mut chain, of_no_round(&me, &nothing));
    refuses(&mut chain, vec![(3071, me.clone(), nothing.clone())]);
    chain.now = APPLY_FROM - 2000;
    refuses(&mut chain, vec![(3071, me.clone(), nothing.clone())]);
    refuses(&mut chain, vec![(3072, me.clone(), nothing.clone())]);
    let mut chain = applying(20, |terms| (terms.per_person, terms.per_household) = (2, Some(3)));
    let entered = apply(&chain, 1, &other, &[(0, 2)]);
    chain.must(&other, entered);
    refuses(&mut chain, vec![(3073, other, nothing)]);
    chain.must(&city(), revoke(place(7).0));
    let of = |leaves| Operation::Apply(Apply { programme: PREMIUM, round: 1, leaves });
    let revoked = claim(&chain, 1, &me, 7, 0);
    let used = claim(&chain, 1, &me, 0, 0);
    let none = claim(&chain, 1, &me, 2, 0);
    let too_many = claim(&chain, 1, &me, 3, 3);
    let household = claim(&chain, 1, &me, 1, 2);
    let rows = vec![
        (3050, of(vec![used.clone(), none.clone(), too_many.clone(), revoked])),
        (3051, of(vec![none.clone(), too_many.clone(), household.clone(), used])),
        (3054, of(vec![too_many.clone(), household.clone(), none])),
        (3047, of(vec![household.clone(), too_many])),
        (3048, of(vec![claim(&chain, 1, &me, 5, 1), household])),
    ];
    refuses(&mut chain, rows.into_iter().map(|(code, apply)| (code, me.clone(), apply)).collect());
    chain.now = APPLY_UNTIL - 1000;
    let late = apply(&chain, 1, &me, &[(5, 1)]);
    refuses(&mut chain, vec![(3071, me, late)]);
}

#[test]
fn a_letter_is_shown_whole_and_for_whoever_shows_it() {
    let mut chain = applying(20, |_| {});
    let me = person(0);
    let right = claim(&chain, 1, &me, 4, 2);
    let changed = |change: &dyn Fn(&mut ledger_types::operation::LeafClaim)| {
        let mut claim = right.clone();
        change(&mut claim);
        claim
    };
    let other = claim(&chain, 1, &me, 5, 2);
    let mut bad = vec![
        vec![],
        vec![right.clone(), right.clone()],
        vec![claim(&chain, 1, &person(1), 4, 2)],
        vec![claim(&chain, 2, &me, 4, 2)],
        (4..9).map(|letter| claim(&chain, 1, &me, letter, 1)).collect(),
        vec![claim(&chain, 1, &me, LETTERS + 1, 1)],
    ];
    bad.extend(
        [
            changed(&|claim| claim.leaf.index = 5),
            changed(&|claim| claim.leaf.index = LETTERS),
            changed(&|claim| claim.leaf.list = 0),
            changed(&|claim| claim.leaf.list = 2),
            changed(&|claim| claim.leaf.list = u16::MAX),
            changed(&|claim| claim.key = other.key),
            changed(&|claim| claim.household = Hash::ZERO),
            changed(&|claim| claim.entitled = 4),
            changed(&|claim| claim.signature = other.signature),
            changed(&|claim| claim.path.clear()),
            changed(&|claim| claim.path[0] = Hash::ZERO),
            changed(&|claim| claim.path.push(Hash::ZERO)),
        ]
        .map(|claim| vec![claim]),
    );
    let of = |leaves| Operation::Apply(Apply { programme: PREMIUM, round: 1, leaves });
    let rows = bad.into_iter().map(|leaves| (3049, me.clone(), of(leaves))).collect();
    refuses(&mut chain, rows);
    chain.must(&me, of(vec![right]));
}

#[test]
fn secrets_in_order() {
    let mut chain = opened(20, |_| {});
    let by = committer(0);
    let mut bad = deposit(&chain, 1, 1);
    for operation in [bad.clone(), tell(&chain, 1, 0), open(&chain, 1, 0, 1)] {
        refuses(&mut chain, of_no_round(&by, &operation));
        refuses(&mut chain, vec![(3075, toru(), operation)]);
    }
    // Another committer's dealing, one of another round, a wrong share, one too few, one too many.
    refuses(&mut chain, vec![(3078, by.clone(), bad)]);
    bad = moved(&deposit(&chain, 2, 0), PREMIUM, 1);
    refuses(&mut chain, vec![(3078, by.clone(), bad)]);
    for change in 0..4 {
        let Operation::DepositSecret(mut bad) = deposit(&chain, 1, 0) else { unreachable!() };
        match change {
            0 => bad.sharing.shares[2].sealed = bad.sharing.shares[1].sealed,
            1 => drop(bad.sharing.shares.pop()),
            2 => drop(bad.sharing.commitments.pop()),
            _ => bad.sharing.commitments.push(bad.sharing.commitments[0]),
        }
        refuses(&mut chain, vec![(3078, by.clone(), Operation::DepositSecret(bad))]);
    }
    let right = deposit(&chain, 1, 0);
    chain.must(&by, right.clone());
    let other = deposit(&chain, 1, 4);
    refuses(&mut chain, vec![(3077, by.clone(), other.clone())]);
    chain.now = APPLY_FROM - 1000;
    refuses(&mut chain, vec![(3076, by.clone(), right)]);
    chain.now = APPLY_UNTIL - 2000;
    let (told, shared) = (tell(&chain, 1, 0), open(&chain, 1, 0, 4));
    refuses(&mut chain, vec![(3079, by.clone(), told.clone())]);
    // After the close; the third committer deposited nothing.
    let undeposited = open(&chain, 1, 2, 0);
    let (wrong, unknown) = (tell(&chain, 1, 1), moved(&open(&chain, 1, 0, 0), PREMIUM, 1));
    let Operation::OpenShare(unknown) = unknown else { unreachable!() };
    let unknown = Operation::OpenShare(OpenShare { of: 99, ..unknown });
    let not_scalar = RevealSecret { programme: PREMIUM, round: 1, secret: Hash::new([255; 32]) };
    refuses(
        &mut chain,
        vec![
            (3080, committer(2), told.clone()),
            (3080, by.clone(), undeposited),
            (3080, by.clone(), unknown),
            (3083, by.clone(), wrong),
            (3083, by.clone(), Operation::RevealSecret(not_scalar)),
            (3083, by.clone(), shared.clone()),
        ],
    );
    chain.must(&committer(4), shared.clone());
    refuses(&mut chain, vec![(3082, committer(4), open(&chain_of(), 1, 0, 1))]);
    chain.must(&by, told.clone());
    refuses(&mut chain, vec![(3081, by.clone(), told), (3081, committer(4), shared)]);
}

/// The same network anew: what committers make is the same in it.
fn chain_of() -> Chain {
    opened(20, |_| {})
}

#[test]
fn a_share_is_opened_once_and_of_this_secret_alone() {
    let mut chain = applying(20, |_| {});
    chain.now = APPLY_FROM + 1000;
    let early = open(&chain, 1, 1, 0);
    refuses(&mut chain, vec![(3079, committer(0), early)]);
    chain.now = APPLY_UNTIL;
    let of_other = moved_to(&open(&chain, 1, 3, 0), 1);
    let right = open(&chain, 1, 1, 0);
    refuses(&mut chain, vec![(3083, committer(0), of_other), (3083, committer(2), right.clone())]);
    chain.must(&committer(0), right.clone());
    refuses(&mut chain, vec![(3082, committer(0), right)]);
}

/// A share said to be of another's secret.
fn moved_to(operation: &Operation, of: u16) -> Operation {
    let Operation::OpenShare(share) = operation.clone() else { panic!("{operation:?}") };
    Operation::OpenShare(OpenShare { of, ..share })
}

#[test]
fn draw_lottery_in_order() {
    let mut chain = applying(20, |_| {});
    let entered = apply(&chain, 1, &person(0), &[(0, 2)]);
    chain.must(&person(0), entered);
    refuses(&mut chain, of_no_round(&toru(), &draw(1)));
    chain.now = APPLY_UNTIL - 2000;
    refuses(&mut chain, vec![(3079, toru(), draw(1)), (3085, toru(), draw(1))]);
    // One secret is missing, and two of the three shares are there.
    for place in [0, 3, 4] {
        let tell = tell(&chain, 1, place);
        chain.must(&committer(place), tell);
    }
    for by in [0, 2] {
        let open = open(&chain, 1, 1, by);
        chain.must(&committer(by), open);
    }
    refuses(&mut chain, vec![(3085, toru(), draw(1))]);
    let last = open(&chain, 1, 1, 4);
    chain.must(&committer(4), last);
    let mut late = applying(20, |_| {});
    late.now = SALE_UNTIL - CLAIM - 1000;
    secrets(&mut late, 1);
    refuses(&mut late, vec![(3086, toru(), draw(1))]);
    chain.must(&toru(), draw(1));
    chain.now = SALE_UNTIL;
    refuses(&mut chain, vec![(3084, toru(), draw(1))]);
    // Once its programme is reconciled nothing of it is known any more.
    late.now = USE_UNTIL;
    let reconcile = ledger_types::operation::ReconcileProgramme { programme: PREMIUM };
    late.must(&city(), Operation::ReconcileProgramme(reconcile));
    (0..4).for_each(|_| drop(late.commit(vec![])));
    refuses(&mut late, vec![(3072, toru(), draw(1)), (3087, toru(), award(1, 1))]);
}

#[test]
fn award_left_in_order() {
    let mut chain = applying(2, |_| {});
    for number in 0..2 {
        let by = person(number);
        let apply = apply(&chain, 1, &by, &[(number.into(), 2)]);
        chain.must(&by, apply);
    }
    refuses(&mut chain, of_no_round(&toru(), &award(1, 0)));
    refuses(&mut chain, vec![(3087, toru(), award(1, 0))]);
    drawn(&mut chain);
    refuses(&mut chain, vec![(3088, toru(), award(1, 0)), (3088, toru(), award(1, 2))]);
    refuses(&mut chain, vec![(3089, toru(), award(1, 1))]);
    chain.now = SALE_FROM + CLAIM - 2000;
    refuses(&mut chain, vec![(3089, toru(), award(1, 1))]);
    chain.must(&toru(), award(1, 1));
    chain.now += CLAIM;
    refuses(&mut chain, vec![(3088, toru(), award(1, 1)), (3090, toru(), award(1, 2))]);
    chain.now = SALE_UNTIL - CLAIM;
    refuses(&mut chain, vec![(3086, toru(), award(1, 2))]);
}

#[test]
fn a_win_is_bought_in_order() {
    let mut chain = applying(2, |_| {});
    for number in 0..2 {
        let by = person(number);
        let apply = apply(&chain, 1, &by, &[(number.into(), 2)]);
        chain.must(&by, apply);
    }
    chain.now = APPLY_UNTIL;
    secrets(&mut chain, 1);
    chain.must(&toru(), draw(1));
    refuses(&mut chain, vec![(3045, person(0), buy(1, 9, 0))]);
    chain.now = SALE_FROM;
    let winner = if super::buyable(&chain, 1, 1) > 0 { 1 } else { 2 };
    let (by, loser) = (person(winner - 1), person(2 - winner));
    let (won, lost) = (winner.into(), (3 - winner).into());
    let anybody = |buyer| {
        Operation::Purchase(Purchase { programme: PREMIUM, round: 1, buyer, price: Yen::ZERO })
    };
    refuses(
        &mut chain,
        vec![
            (3055, by.clone(), anybody(Buyer::Anybody { sets: 0 })),
            (3055, by.clone(), anybody(Buyer::Leaves { leaves: vec![] })),
            (3056, by.clone(), buy(1, 0, 0)),
            (3056, by.clone(), buy(1, 3, 0)),
            (3057, loser.clone(), buy(1, won, 0)),
            (3058, loser.clone(), buy(1, lost, 1)),
            (3054, loser, buy(1, lost, 0)),
            (3058, by.clone(), buy(1, won, 3)),
            (3054, by.clone(), buy(1, won, 0)),
        ],
    );
    chain.must(&by, buy(1, won, 1));
    refuses(&mut chain, vec![(3058, by.clone(), buy(1, won, 2))]);
    chain.now = SALE_FROM + CLAIM - 1000;
    refuses(&mut chain, vec![(3059, by, buy(1, won, 3))]);
}

#[test]
fn lists_in_order() {
    let mut chain = applying(20, |_| {});
    let list = |chain: &Chain, list, size| {
        let more = SupplementEligibility { size, ..supplement(chain, list) };
        Operation::SupplementEligibility(more)
    };
    let unknown = SupplementEligibility { programme: NO_PROGRAMME, ..supplement(&chain, 0) };
    let leaf = LeafPlace { list: 1, index: LETTERS };
    let reason = ledger_types::programme::LeafRevocation::Error;
    let of_none = RevokeLeaf { programme: NO_PROGRAMME, leaf, reason };
    let too_long = ledger_types::limits::ELIGIBILITY_LEAVES_MAX + 1;
    let rows = vec![
        (3027, city(), Operation::SupplementEligibility(unknown)),
        (3028, toru(), list(&chain, 0, 0)),
        (3068, city(), list(&chain, 1, 0)),
        (3068, city(), list(&chain, 3, 0)),
        (3069, city(), list(&chain, 2, 0)),
        (3069, city(), list(&chain, 2, too_long)),
        (3027, city(), Operation::RevokeLeaf(of_none)),
        (3028, toru(), revoke(leaf)),
        (3049, city(), revoke(leaf)),
        (3049, city(), revoke(LeafPlace { list: 0, index: 0 })),
        (3049, city(), revoke(LeafPlace { list: 2, index: 0 })),
    ];
    refuses(&mut chain, rows);
    chain.now = SALE_UNTIL;
    let second = later(first(20), SALE_UNTIL - super::START);
    chain.must(&city(), open_round(2, second));
    chain.now = USE_UNTIL;
    let reconcile = ledger_types::operation::ReconcileProgramme { programme: PREMIUM };
    chain.must(&city(), Operation::ReconcileProgramme(reconcile));
    (0..4).for_each(|_| drop(chain.commit(vec![])));
    let rows = vec![(3039, city(), list(&chain, 0, 0)), (3039, city(), revoke(leaf))];
    refuses(&mut chain, rows);
}

#[test]
fn letters_buy_at_once_where_nothing_is_drawn() {
    let mut chain = selling();
    chain.now = SALE_FROM;
    let me = person(0);
    let buy = |leaves: Vec<ledger_types::operation::LeafClaim>, sets: u64| {
        let (buyer, price) = (Buyer::Leaves { leaves }, Yen::new(super::PRICE * sets));
        Operation::Purchase(Purchase { programme: PREMIUM, round: 1, buyer, price })
    };
    let shown = vec![claim(&chain, 1, &me, 6, 2), claim(&chain, 1, &me, 3, 1)];
    let stolen = vec![claim(&chain, 1, &person(1), 6, 2)];
    let greedy = vec![claim(&chain, 1, &me, 6, 4)];
    refuses(
        &mut chain,
        vec![(3049, me.clone(), buy(stolen, 2)), (3047, me.clone(), buy(greedy, 4))],
    );
    chain.must(&me, buy(shown.clone(), 3));
    let used = chain.state.leaf_use(PREMIUM, place(6).0).unwrap();
    assert_eq!((used.round, used.ticket, used.bought), (1, 0, 2));
    refuses(
        &mut chain,
        vec![(3047, me.clone(), buy(shown, 3)), (3052, city(), revoke(place(6).0))],
    );
    // Within its cap a letter buys again in the same round.
    let again = vec![claim(&chain, 1, &me, 3, 1)];
    chain.must(&me, buy(again, 1));
    assert_eq!(chain.state.leaf_use(PREMIUM, place(3).0).unwrap().bought, 2);
}
