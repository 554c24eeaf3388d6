//! How accounts end: closing, a holder's death and its correction, and what goes to heirs.

use ledger_types::event::{Event, List};
use ledger_types::operation::{
    AccountStatus, CancelRedeem, Charge, ClaimRedeem, CloseAccount, CorrectDeath, Freeze,
    FreezeBasis, FreezeDirection, Issue, KeyLoss, KeyRole, Limits, MarkDeceased, OpenZoneAccount,
    Operation, Pay, ProposeAccountRecovery, ReleaseRedeem, RotateKeys, SetLimits, SettleRedeem,
    TransferEstate, VetoAccountRecovery, WeightedKey,
};
use ledger_types::{Genesis, SigningKey, Timestamp, Yen, ZoneId};
use proptest::prelude::*;

use crate::chain::{Chain, codes};
use crate::consent::world::{COUNTER, town};
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, HOSPITALS, TOWN, akari, botan, chika, commitment, genesis,
    kenji, keys_of, nobody, operator, registers, seeded, shop, yen,
};
use crate::happy::{charged, claim, request, transfer};
use crate::rejections::refuses;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

fn close(actor: &Actor) -> Operation {
    Operation::CloseAccount(CloseAccount { account: actor.account })
}

fn mark(actor: &Actor) -> Operation {
    let (account, evidence) = (actor.account, commitment(8));
    Operation::MarkDeceased(MarkDeceased { account, evidence })
}

fn correct(actor: &Actor) -> Operation {
    let (account, evidence) = (actor.account, commitment(9));
    Operation::CorrectDeath(CorrectDeath { account, evidence })
}

fn estate(from: &Actor, to: &Actor, amount: u64) -> Operation {
    let (account, to, evidence) = (from.account, to.account, commitment(8));
    Operation::TransferEstate(TransferEstate {
        account,
        to,
        amount: yen(amount),
        vouchers: vec![],
        evidence,
    })
}

fn open_in(zone: ZoneId) -> Operation {
    Operation::OpenZoneAccount(OpenZoneAccount { zone })
}

fn charge(zone: ZoneId, amount: u64) -> Operation {
    Operation::Charge(Charge { zone, amount: yen(amount) })
}

fn pay(amount: u64) -> Operation {
    let (merchant, reference) = (shop().account, None);
    Operation::Pay(Pay {
        zone: TOWN,
        merchant,
        amount: yen(amount),
        charge: None,
        vouchers: None,
        reference,
        request: None,
        again: true,
    })
}

fn issue(to: &Actor, amount: u64, reference: u8) -> Operation {
    let (account, core_banking_ref) = (to.account, commitment(reference));
    Operation::Issue(Issue { account, amount: yen(amount), core_banking_ref })
}

fn register(merchant: &Actor) -> Operation {
    let (merchant, class) = (merchant.account, ledger_types::operation::MerchantClass::Local);
    registers(TOWN, merchant, class, 0)
}

fn freeze(chain: &Chain, actor: &Actor, direction: FreezeDirection) -> Operation {
    Operation::Freeze(Freeze {
        account: actor.account,
        direction,
        basis: FreezeBasis::Attachment,
        ground: commitment(7),
        until: Timestamp::from_millis(chain.now + DAY_MS),
    })
}

fn propose(actor: &Actor) -> Operation {
    Operation::ProposeAccountRecovery(ProposeAccountRecovery {
        account: actor.account,
        keys: keys_of(&Actor { key: seeded(77), ..actor.clone() }),
        threshold: 1,
        evidence: commitment(9),
        loss: KeyLoss::Lost,
    })
}

fn set(actor: &Actor, limits: Limits) -> Operation {
    Operation::SetLimits(SetLimits { account: actor.account, limits })
}

fn status(chain: &Chain, actor: &Actor) -> AccountStatus {
    chain.state.account(&actor.account).unwrap().status
}

fn balance(chain: &Chain, actor: &Actor) -> u64 {
    chain.state.account(&actor.account).unwrap().balance.get()
}

fn checker() -> SigningKey {
    seeded(241)
}

/// The keys of the bank with a maker and a checker.
fn two_keys() -> Vec<WeightedKey> {
    let part = |key: &SigningKey, role| WeightedKey { key: key.public_key(), weight: 1, role };
    vec![part(&aizu().key, KeyRole::Maker), part(&checker(), KeyRole::Checker)]
}

fn in_parts() -> Genesis {
    let mut genesis = genesis();
    genesis.banks[0].keys = two_keys();
    genesis
}

/// What the bank does, signed by both parts.
fn by_both(chain: &mut Chain, operations: Vec<Operation>) -> u16 {
    let second = Actor { key: checker(), ..aizu() };
    let tx = chain.cosigned(&aizu(), &[&second], operations);
    codes(&chain.commit(vec![tx]))[0]
}

fn must_by_both(chain: &mut Chain, operation: Operation) {
    let shown = format!("{operation:?}");
    assert_eq!(by_both(chain, vec![operation]), 0, "{shown}");
}

/// Akari has nothing in its account.
fn emptied() -> Chain {
    let mut chain = Chain::new();
    chain.must(&akari(), transfer(&chika(), 100));
    chain
}

#[test]
fn closings_in_order() {
    let mut chain = Chain::new();
    charged(&mut chain, 10);
    chain.must(&aizu(), propose(&akari()));
    let frozen = freeze(&chain, &akari(), FreezeDirection::In);
    chain.must(&aizu(), frozen);
    chain.must(&kenji(), close(&kenji()));
    chain.must(&operator(), register(&akari()));
    let rows = vec![
        (2018, Actor::party(HOSPITAL), close(&nobody())),
        (2002, akari(), close(&nobody())),
        (2009, akari(), close(&botan())),
        (2009, Actor::bank(BANDAI), close(&akari())),
        (2057, aizu(), close(&kenji())),
        (2063, aizu(), close(&aizu())),
        (2063, operator(), close(&operator())),
        (2025, akari(), close(&akari())),
        (2025, aizu(), close(&akari())),
    ];
    refuses(&mut chain, rows);
    chain.now += DAY_MS;
    refuses(&mut chain, vec![(4073, akari(), close(&akari()))]);
    chain
        .must(&akari(), Operation::VetoAccountRecovery(VetoAccountRecovery { on_behalf_of: None }));
    refuses(&mut chain, vec![(2064, akari(), close(&akari()))]);
    chain.must(&akari(), transfer(&chika(), 90));
    refuses(&mut chain, vec![(2065, akari(), close(&akari()))]);
    chain.must(&chika(), open_in(TOWN));
    chain.must(&chika(), charge(TOWN, 10));
    chain.must(&chika(), transfer(&akari(), 180));
    refuses(&mut chain, vec![(2066, chika(), close(&chika()))]);
}

#[test]
fn what_a_redeem_request_holds_is_something_left() {
    let mut chain = emptied();
    chain.must(&chika(), transfer(&akari(), 5));
    chain.must(&akari(), request(commitment(51), 5));
    refuses(&mut chain, vec![(2064, akari(), close(&akari()))]);
    // The request lapses: it is the balance all the same.
    chain.now += 8 * DAY_MS;
    refuses(&mut chain, vec![(2064, aizu(), close(&akari()))]);
}

#[test]
fn a_closed_account_stays_and_never_gives_or_gets_again() {
    let mut chain = emptied();
    chain.must(&akari(), open_in(TOWN));
    chain.must(&akari(), open_in(HOSPITALS));
    chain.must(&aizu(), set(&akari(), Limits { per_day: Some(yen(5)), ..Limits::NONE }));
    let tx = chain.tx(&akari(), vec![close(&akari())]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(codes(&applied), [0]);
    assert_eq!(applied.events[0].event.enters(), [List::Account(akari().account)]);
    assert_eq!(status(&chain, &akari()), AccountStatus::Closed);
    for zone in [TOWN, HOSPITALS] {
        assert_eq!(chain.state.zone_account(zone, &akari().account), None);
    }
    assert_eq!(chain.state.own_limits(&akari().account), None);
    // But for those that a terminal's key signs, which is none of the account's.
    let samples = Operation::samples().into_iter().filter(|one| one.terminal().is_none());
    refuses(&mut chain, samples.map(|one| (2057, akari(), one)).collect());
    let rows = vec![
        (2058, chika(), transfer(&akari(), 1)),
        (2058, aizu(), issue(&akari(), 1, 60)),
        (2058, operator(), register(&akari())),
        (2057, aizu(), set(&akari(), Limits::NONE)),
        (2057, aizu(), mark(&akari())),
        (2060, aizu(), correct(&akari())),
        (2057, aizu(), propose(&akari())),
        (2057, aizu(), close(&akari())),
        (2060, aizu(), estate(&akari(), &chika(), 1)),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn whoever_closes_its_account_sends_nothing_after_it_in_the_same_transaction() {
    let mut chain = emptied();
    let tx = chain.tx(&akari(), vec![close(&akari()), open_in(TOWN)]);
    assert_eq!(codes(&chain.commit(vec![tx])), [2057]);
    assert_eq!(status(&chain, &akari()), AccountStatus::Open);
    let txs = vec![
        chain.tx(&akari(), vec![close(&akari())]),
        chain.tx(&akari(), vec![open_in(TOWN)]),
        chain.tx(&chika(), vec![transfer(&akari(), 1)]),
    ];
    assert_eq!(codes(&chain.commit(txs)), [0, 2057, 2058]);
}

#[test]
fn deaths_in_order() {
    let mut genesis = genesis();
    genesis.members[2].account = chika().account;
    genesis.accounts[6].kind = ledger_types::operation::AccountKind::Citizen;
    let mut chain = Chain::of(&genesis);
    chain.must(&kenji(), close(&kenji()));
    chain.must(&aizu(), mark(&akari()));
    let rows = vec![
        (2010, chika(), mark(&nobody())),
        (2002, aizu(), mark(&nobody())),
        (2009, aizu(), mark(&botan())),
        (2057, aizu(), mark(&kenji())),
        (2061, aizu(), mark(&akari())),
        (2062, aizu(), mark(&aizu())),
        (2063, aizu(), mark(&chika())),
        (2063, aizu(), mark(&operator())),
        (2010, chika(), correct(&nobody())),
        (2002, aizu(), correct(&nobody())),
        (2009, aizu(), correct(&botan())),
        (2060, aizu(), correct(&chika())),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn a_deceased_holders_keys_act_no_more_and_what_comes_in_is_taken() {
    let mut chain = town();
    charged(&mut chain, 40);
    chain.must(&aizu(), propose(&akari()));
    chain.must(&aizu(), mark(&akari()));
    assert_eq!(status(&chain, &akari()), AccountStatus::Deceased);
    assert_eq!(chain.state.account_recovery(&akari().account), None);
    // But for those that a terminal's key signs, which is none of the account's.
    let samples = Operation::samples().into_iter().filter(|one| one.terminal().is_none());
    refuses(&mut chain, samples.map(|one| (2059, akari(), one)).collect());
    let veto = VetoAccountRecovery { on_behalf_of: Some(akari().account) };
    let rows = vec![
        (2059, aizu(), propose(&akari())),
        (4074, Actor::party(COUNTER), Operation::VetoAccountRecovery(veto)),
    ];
    refuses(&mut chain, rows);
    chain.must(&chika(), transfer(&akari(), 1));
    chain.must(&aizu(), issue(&akari(), 2, 60));
    assert_eq!(balance(&chain, &akari()), 63);
    chain.must(&aizu(), set(&akari(), Limits::NONE));
}

#[test]
fn a_death_takes_back_what_is_held_but_for_what_the_bank_may_have_paid() {
    let mut chain = Chain::new();
    for (number, amount) in [(51, 10), (52, 20), (53, 30)] {
        chain.must(&akari(), request(commitment(number), amount));
    }
    let (first, second) = (claim(&chain, commitment(51)), claim(&chain, commitment(52)));
    chain.must(&aizu(), first);
    chain.must(&aizu(), second);
    let tx = chain.tx(&aizu(), vec![mark(&akari())]);
    let applied = chain.commit(vec![tx]);
    let told: Vec<&str> = applied.events.iter().map(|happened| happened.event.name()).collect();
    assert_eq!(told, ["redeem_cancelled", "deceased_marked"]);
    assert!(matches!(&applied.events[0].event, Event::RedeemCancelled(e) if e.amount == yen(30)));
    let held = chain.state.account(&akari().account).unwrap().held;
    assert_eq!(held, yen(30));
    // What was paid is settled; what was not is released and given back, and claimed no more.
    let redeem = commitment(52);
    chain.must(&aizu(), Operation::SettleRedeem(SettleRedeem { redeem: commitment(51) }));
    chain.must(&aizu(), Operation::ReleaseRedeem(ReleaseRedeem { redeem }));
    let until = Timestamp::from_millis(chain.now + 60_000);
    let claim = Operation::ClaimRedeem(ClaimRedeem { redeem, until });
    refuses(&mut chain, vec![(2059, aizu(), claim)]);
    chain.must(&aizu(), Operation::CancelRedeem(CancelRedeem { redeem }));
    assert_eq!(balance(&chain, &akari()), 90);
    assert_eq!(chain.state.account(&akari().account).unwrap().held, Yen::ZERO);
}

#[test]
fn a_death_that_was_none_is_taken_back_and_both_are_told() {
    let mut chain = Chain::new();
    for (operation, name) in
        [(mark(&akari()), "deceased_marked"), (correct(&akari()), "death_corrected")]
    {
        let tx = chain.tx(&aizu(), vec![operation]);
        let applied = chain.commit(vec![tx]);
        let event = &applied.events[0].event;
        assert_eq!(event.name(), name);
        assert_eq!(event.enters(), [List::Account(akari().account)]);
    }
    assert_eq!(status(&chain, &akari()), AccountStatus::Open);
    chain.must(&akari(), transfer(&chika(), 100));
    chain.must(&akari(), close(&akari()));
}

#[test]
fn estates_in_order() {
    let mut chain = Chain::of(&in_parts());
    let second = Actor { key: checker(), ..aizu() };
    must_by_both(&mut chain, mark(&akari()));
    must_by_both(&mut chain, close(&kenji()));
    let frozen = freeze(&chain, &chika(), FreezeDirection::In);
    must_by_both(&mut chain, frozen);
    let heir = Actor::holder(AIZU, 20);
    let open = |kyc_level| {
        Operation::OpenAccount(ledger_types::operation::OpenAccount {
            holder_commitment: commitment(20),
            kind: ledger_types::operation::AccountKind::Citizen,
            kyc_level,
            keys: keys_of(&heir),
            threshold: 1,
        })
    };
    must_by_both(&mut chain, open(ledger_types::operation::KycLevel::K2));
    must_by_both(&mut chain, close(&heir));
    must_by_both(&mut chain, set(&operator(), Limits { holding: Some(yen(99)), ..Limits::NONE }));
    let rows = [
        (2002, estate(&nobody(), &nobody(), 0)),
        (2009, estate(&botan(), &nobody(), 0)),
        (2060, estate(&chika(), &nobody(), 0)),
        (2001, estate(&akari(), &akari(), 0)),
        (2003, estate(&akari(), &akari(), 1000)),
        (2002, estate(&akari(), &nobody(), 1000)),
        (2012, estate(&akari(), &kenji(), 1000)),
        (2026, estate(&akari(), &chika(), 1000)),
        (2058, estate(&akari(), &heir, 1000)),
        (2004, estate(&akari(), &operator(), 101)),
        (2054, estate(&akari(), &operator(), 100)),
    ];
    for (code, operation) in rows {
        assert_eq!(by_both(&mut chain, vec![operation.clone()]), code, "{operation:?}");
    }
    refuses(&mut chain, vec![(2010, botan(), estate(&akari(), &nobody(), 0))]);
    let cap = ledger_types::operation::SetNetDebitCap { bank: AIZU, cap: yen(50) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap));
    assert_eq!(by_both(&mut chain, vec![estate(&akari(), &botan(), 51)]), 2005);
    let frozen = freeze(&chain, &akari(), FreezeDirection::Out);
    must_by_both(&mut chain, frozen);
    // An attachment comes before heirs.
    assert_eq!(by_both(&mut chain, vec![estate(&akari(), &operator(), 1)]), 2025);
    assert_eq!(second.account, aizu().account);
    assert_eq!(balance(&chain, &akari()), 100);
}

#[test]
fn an_estate_is_moved_by_two_persons_of_the_bank_or_not_at_all() {
    let mut chain = Chain::new();
    chain.must(&aizu(), mark(&akari()));
    refuses(&mut chain, vec![(2067, aizu(), estate(&akari(), &chika(), 1))]);
    let rotate = Operation::RotateKeys(RotateKeys { keys: two_keys(), threshold: 1 });
    // Keys that become two parts in the same block do not make two persons of one.
    let txs = vec![
        chain.tx(&aizu(), vec![rotate]),
        chain.tx(&aizu(), vec![estate(&akari(), &chika(), 1)]),
    ];
    assert_eq!(codes(&chain.commit(txs)), [0, 2067]);
    must_by_both(&mut chain, estate(&akari(), &chika(), 1));
}

#[test]
fn an_estate_brings_what_lies_in_zones_and_goes_to_several_heirs_once() {
    let mut chain = Chain::of(&in_parts());
    charged(&mut chain, 40);
    chain.must(&akari(), open_in(HOSPITALS));
    chain.must(&akari(), charge(HOSPITALS, 15));
    chain.must(&akari(), pay(1));
    let limits = Limits { per_payment: Some(yen(1)), per_day: Some(yen(1)), ..Limits::NONE };
    must_by_both(&mut chain, set(&akari(), limits));
    must_by_both(&mut chain, mark(&akari()));
    must_by_both(&mut chain, estate(&akari(), &chika(), 60));
    // Everything came back with the first, and the limits of the deceased count none of it.
    assert_eq!(balance(&chain, &akari()), 39);
    for zone in [TOWN, HOSPITALS] {
        assert_eq!(chain.state.zone_account(zone, &akari().account).unwrap().balance, Yen::ZERO);
    }
    assert_eq!(chain.state.spending(&akari().account), None);
    assert_eq!(by_both(&mut chain, vec![estate(&akari(), &botan(), 40)]), 2004);
    must_by_both(&mut chain, estate(&akari(), &botan(), 39));
    assert_eq!(by_both(&mut chain, vec![estate(&akari(), &botan(), 1)]), 2004);
    assert_eq!((balance(&chain, &chika()), balance(&chain, &botan())), (160, 139));
    must_by_both(&mut chain, close(&akari()));
    assert_eq!(status(&chain, &akari()), AccountStatus::Closed);
}

#[test]
fn an_estate_tells_the_deceaseds_account_and_the_heirs() {
    let mut chain = Chain::of(&in_parts());
    charged(&mut chain, 40);
    must_by_both(&mut chain, mark(&akari()));
    let second = Actor { key: checker(), ..aizu() };
    let tx = chain.cosigned(&aizu(), &[&second], vec![estate(&akari(), &botan(), 100)]);
    let applied = chain.commit(vec![tx]);
    let told: Vec<&str> = applied.events.iter().map(|happened| happened.event.name()).collect();
    assert_eq!(told, ["discharged", "estate_transferred"]);
    let mut both = vec![List::Account(akari().account), List::Account(botan().account)];
    both.sort_unstable();
    assert_eq!(applied.events[1].event.enters(), both);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() })]

    /// However it is shared out: the heirs get exactly what there was, and nothing twice.
    #[test]
    fn an_estate_moves_exactly_everything(
        in_town in 1..50_u64,
        in_hospitals in 1..50_u64,
        shares in prop::collection::vec((1..70_u64, 0..3_usize), 1..8),
    ) {
        let mut chain = Chain::of(&in_parts());
        chain.must(&akari(), open_in(TOWN));
        chain.must(&akari(), open_in(HOSPITALS));
        chain.must(&akari(), charge(TOWN, in_town));
        chain.must(&akari(), charge(HOSPITALS, in_hospitals));
        must_by_both(&mut chain, mark(&akari()));
        let heirs = [chika(), botan(), operator()];
        let had: u64 = heirs.iter().map(|heir| balance(&chain, heir)).sum();
        let mut left = 100;
        for (share, heir) in shares {
            let code = by_both(&mut chain, vec![estate(&akari(), &heirs[heir], share)]);
            prop_assert_eq!(code, if share <= left { 0 } else { 2004 });
            left -= if code == 0 { share } else { 0 };
        }
        if left > 0 {
            must_by_both(&mut chain, estate(&akari(), &chika(), left));
        }
        let have: u64 = heirs.iter().map(|heir| balance(&chain, heir)).sum();
        prop_assert_eq!(have, had + 100);
        prop_assert_eq!(balance(&chain, &akari()), 0);
        must_by_both(&mut chain, close(&akari()));
    }
}
