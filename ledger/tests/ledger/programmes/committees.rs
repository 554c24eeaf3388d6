//! Lotteries' committees, and the dates that a lottery needs.

use ledger_types::genesis::LotteryTimes;
use ledger_types::programme::{
    Allocation, Committer, LotteryTerms, ProgrammeTerms, RoundTerms, ShareProof,
};
use ledger_types::zone::MerchantClass;
use ledger_types::{Hash, Lab, LabRate, ProgrammeId};
use public_draw::sharing::{SealingSecret, member_context};

use super::refusals::listed;
use super::{
    DAY, PREMIUM, at, chain_shop, city, create, defined, defined_in, main_escrow, open, pledge,
    register, terms,
};
use crate::chain::Chain;
use crate::fixture::{Actor, START, akari, botan, nobody, operator, toru};
use crate::rejections::refuses;

fn sealing(number: u8) -> SealingSecret {
    SealingSecret::from_seed(&[number; 32])
}

/// A committer with its own key, and the proof that it has it, for this programme.
fn committer(chain: &Chain, programme: ProgrammeId, actor: &Actor, number: u8) -> Committer {
    let secret = sealing(number);
    let account = actor.account;
    let context = member_context(&chain.state.genesis_hash(), programme.get(), &account);
    let possession = secret.prove_possession(&context);
    let hash = |bytes: &[u8; 32]| Hash::new(*bytes);
    let proof = ShareProof {
        challenge: hash(possession.proof().challenge.as_bytes()),
        response: hash(possession.proof().response.as_bytes()),
    };
    Committer { account, sealing: hash(secret.public().encoding().as_bytes()), proof }
}

/// Terms of a lottery with this committee.
fn drawn(committers: Vec<Committer>, threshold: u16) -> ProgrammeTerms {
    let mut terms = terms();
    listed(&mut terms, 100);
    (terms.allocation, terms.committers, terms.threshold) =
        (Allocation::Whole, committers, threshold);
    terms
}

fn committee(chain: &Chain) -> Vec<Committer> {
    let members = [akari(), botan(), toru()];
    let committer = |(number, actor)| committer(chain, PREMIUM, actor, number);
    (1..).zip(&members).map(committer).collect()
}

#[test]
fn a_committee_is_of_members_with_their_own_keys() {
    let mut chain = defined();
    let good = committee(&chain);
    let mut bad = vec![(drawn(vec![], 0), 3034), (drawn(good[..2].to_vec(), 2), 3034)];
    bad.extend([0, 1, 3, 4, u16::MAX].map(|threshold| (drawn(good.clone(), threshold), 3034)));
    let changed = |change: &dyn Fn(&mut Vec<Committer>)| {
        let mut committers = good.clone();
        change(&mut committers);
        drawn(committers, 2)
    };
    let other = committer(&chain, ProgrammeId::new(71), &toru(), 3);
    let again = committer(&chain, PREMIUM, &toru(), 1);
    bad.extend([
        (changed(&|all| all[2].account = nobody().account), 2002),
        (changed(&|all| all[2] = all[1]), 3034),
        (changed(&|all| all[2] = other), 3034),
        (changed(&|all| all[2] = again), 3034),
        (changed(&|all| all[2].account = city().account), 3034),
        (changed(&|all| all[0].sealing = Hash::new([0; 32])), 3034),
        (changed(&|all| all[0].sealing = Hash::new([0xff; 32])), 3034),
        (changed(&|all| all[0].proof.response = Hash::new([0xff; 32])), 3034),
    ]);
    let mut first_come = terms();
    first_come.committers = good.clone();
    bad.push((first_come, 3034));
    let rows = bad.into_iter().map(|(terms, code)| (code, city(), create(terms))).collect();
    refuses(&mut chain, rows);
    chain.must(&city(), create(drawn(good, 2)));
    assert_eq!(super::programme(&chain).lists, 1);
    assert!(chain.state.eligibility(PREMIUM, 1).is_some());
}

#[test]
fn a_labs_lottery_is_as_short_as_its_genesis_lets_it_be() {
    let mut chain = defined_in(|genesis| {
        genesis.lab = LabRate::new(2).map(|rate| Lab { rate, start: genesis.time });
        genesis.parameters.lotteries = LotteryTimes { claim_ms_min: 2_000, secrets_ms_min: 4_000 };
    });
    chain.must(&operator(), register(&chain_shop(), MerchantClass::Chain));
    let committee = committee(&chain);
    chain.must(&city(), create(drawn(committee, 2)));
    chain.must(&main_escrow(), pledge());
    let after = |ms: u64| at(START + DAY + ms);
    let round = |claim_ms: u64, sale_until: u64| {
        let (apply_from, apply_until) = (after(0), after(1_000));
        let lottery = Some(LotteryTerms { apply_from, apply_until, claim_ms });
        let (sale_from, sale_until) = (after(1_000), after(sale_until));
        open(1, RoundTerms { sets: 5, sale_from, sale_until, lottery })
    };
    let rows = vec![(3043, city(), round(1_999, 5_000)), (3043, city(), round(2_000, 4_999))];
    refuses(&mut chain, rows);
    chain.must(&city(), round(2_000, 5_000));
}

#[test]
fn a_lotterys_dates_leave_time_for_secrets_and_for_buying() {
    let mut chain = defined();
    let committee = committee(&chain);
    chain.must(&city(), create(drawn(committee, 2)));
    chain.must(&main_escrow(), pledge());
    let good = LotteryTerms {
        apply_from: at(START + DAY),
        apply_until: at(START + 2 * DAY),
        claim_ms: 7 * DAY,
    };
    let round = |lottery: Option<LotteryTerms>, from: u64, until: u64| {
        let (sale_from, sale_until) = (at(START + from * DAY), at(START + until * DAY));
        open(1, RoundTerms { sets: 5, sale_from, sale_until, lottery })
    };
    let rows = vec![
        (3043, city(), round(None, 3, 20)),
        (3043, city(), round(Some(LotteryTerms { apply_from: at(START), ..good }), 3, 20)),
        (3043, city(), round(Some(LotteryTerms { apply_from: good.apply_until, ..good }), 3, 20)),
        (3043, city(), round(Some(LotteryTerms { claim_ms: 7 * DAY - 1, ..good }), 3, 20)),
        (3043, city(), round(Some(LotteryTerms { claim_ms: u64::MAX, ..good }), 3, 20)),
        (3043, city(), round(Some(LotteryTerms { claim_ms: 18 * DAY, ..good }), 3, 20)),
        (3043, city(), round(Some(good), 1, 20)),
        (3043, city(), round(Some(good), 3, 15)),
        (3043, city(), round(Some(LotteryTerms { apply_until: at(u64::MAX), ..good }), 3, 20)),
    ];
    refuses(&mut chain, rows);
    chain.must(&city(), round(Some(good), 2, 16));
}
