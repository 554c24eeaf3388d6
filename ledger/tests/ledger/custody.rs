//! Prepaid issuers: who holds what at them, how they pay and are paid by their floats, and that no
//! float ever falls below what its issuer owes.
//!
//! `State::conservation` holds the float against the liability after every block of every test. Lines
//! whose loss it is there to catch: `check_bound` in `debit` and in `RequestRedeem`, `check_covers` in
//! `Issue` and the credit of the float in `ByFloat::issue` (the float falls below what is owed); the
//! float's debit in `ByFloat::redeem` (a bank owes less than its accounts have); the release of lapsed
//! requests in `after_debit` (more is held than is posted).

use ledger::record::{CustodianKind, Record, Spending};
use ledger::state::keys;
use ledger_types::genesis::{GenesisAccount, GenesisIssuer};
use ledger_types::limits::REDEEM_EXPIRY_MS;
use ledger_types::operation::{
    AccountKind, CancelRedeem, Charge, Discharge, Freeze, FreezeBasis, FreezeDirection, Issue,
    KycLevel, MerchantClass, OpenAccount, OpenZoneAccount, Operation, Pay, SetNetDebitCap,
    SettleRedeem, Unfreeze,
};
use ledger_types::{BankId, Genesis, Position, Timestamp};

use super::chain::{Chain, Picture};
use super::dice::Dice;
use super::fixture::{
    AIZU, Actor, BANDAI, TOWN, akari, botan, chika, commitment, genesis, keys_of, later, nobody,
    operator, registers, shop, yen,
};
use super::happy::{claim, commits, request, transfer};
use super::rejections::{Row, refuses};

/// An issuer with its float at Aizu, and one with its float at Bandai.
pub(crate) const PREPAID: BankId = BankId::new(4);
pub(crate) const OTHER: BankId = BankId::new(5);

/// What PREPAID owes, and what its float has.
const OWED: u64 = 50;
const FLOAT: u64 = 80;

/// The floats.
pub(crate) fn float() -> Actor {
    Actor::holder(AIZU, 8)
}
pub(crate) fn other_float() -> Actor {
    Actor::holder(BANDAI, 9)
}
/// PREPAID's customers: Mei and Sora of level K1, Nao of level K0.
pub(crate) fn mei() -> Actor {
    Actor::holder(PREPAID, 10)
}
pub(crate) fn sora() -> Actor {
    Actor::holder(PREPAID, 14)
}
pub(crate) fn nao() -> Actor {
    Actor::holder(PREPAID, 11)
}
/// OTHER's customer, of level K2.
pub(crate) fn ren() -> Actor {
    Actor::holder(OTHER, 12)
}
/// A shop at the bank of PREPAID's float.
pub(crate) fn stall() -> Actor {
    Actor::holder(AIZU, 13)
}

/// A genesis with two issuers more.
pub(crate) fn with_issuers(mut genesis: Genesis) -> Genesis {
    let issuer = |issuer: BankId, float: Actor, allowance| {
        let actor = Actor::bank(issuer);
        GenesisIssuer {
            issuer,
            name: format!("issuer {issuer}"),
            account: actor.account,
            keys: keys_of(&actor),
            threshold: 1,
            issue_allowance: yen(allowance),
            float: float.account,
        }
    };
    genesis.issuers = vec![issuer(PREPAID, float(), 300), issuer(OTHER, other_float(), 100)];
    let (citizen, merchant) = (AccountKind::Citizen, AccountKind::Merchant);
    for (actor, number, custodian, kind, kyc_level, balance) in [
        (float(), 8, AIZU, AccountKind::Issuer, KycLevel::KB, FLOAT),
        (other_float(), 9, BANDAI, AccountKind::Issuer, KycLevel::KB, 40),
        (mei(), 10, PREPAID, citizen, KycLevel::K1, OWED),
        (nao(), 11, PREPAID, citizen, KycLevel::K0, 0),
        (ren(), 12, OTHER, citizen, KycLevel::K2, 30),
        (stall(), 13, AIZU, merchant, KycLevel::KB, 0),
        (sora(), 14, PREPAID, citizen, KycLevel::K1, 0),
    ] {
        genesis.accounts.push(GenesisAccount {
            account: actor.account,
            custodian,
            holder_commitment: commitment(number),
            kind,
            kyc_level,
            keys: keys_of(&actor),
            threshold: 1,
            balance: yen(balance),
        });
    }
    genesis
}

fn town() -> Chain {
    Chain::of(&with_issuers(genesis()))
}

/// Adds to an account's balance.
fn moves(picture: &mut Picture, actor: &Actor, by: i64) {
    let key = keys::account(&actor.account);
    let Some(Record::Account(record)) = picture.get_mut(key.as_bytes()) else { panic!("none") };
    record.balance = yen(record.balance.get().checked_add_signed(by).unwrap());
}

/// A small prepaid account has a limit of a month, so what leaves it is counted.
fn spends(picture: &mut Picture, actor: &Actor, amount: u64, sent: u64) {
    let key = keys::spending(&actor.account).as_bytes().to_vec();
    let before = match picture.get(&key) {
        Some(Record::Spending(spending)) => *spending,
        _ => Spending::default(),
    };
    let after = before.with(yen(amount), yen(sent)).unwrap();
    picture.insert(key, Record::Spending(after));
}

/// What a custodian issued, redeemed, owes and is owed more.
fn turns(picture: &mut Picture, bank: BankId, [issued, redeemed, owed, position]: [i64; 4]) {
    let Some(Record::Bank(record)) = picture.get_mut(keys::bank(bank).as_bytes()) else {
        panic!("none")
    };
    record.issued = yen(record.issued.get().checked_add_signed(issued).unwrap());
    record.redeemed = yen(record.redeemed.get().checked_add_signed(redeemed).unwrap());
    record.liability = yen(record.liability.get().checked_add_signed(owed).unwrap());
    record.position = Position::new(record.position.get() + position);
}

fn pair(picture: &mut Picture, position: i64) {
    let position = Position::new(position);
    let record = Record::PairPosition(ledger::record::PairPosition { position });
    super::happy::put(picture, keys::pair_position(AIZU, BANDAI), record);
}

fn issue(to: &Actor, amount: u64, reference: u8) -> Operation {
    let core_banking_ref = commitment(reference);
    Operation::Issue(Issue { account: to.account, amount: yen(amount), core_banking_ref })
}

fn freeze(chain: &Chain, whom: &Actor, direction: FreezeDirection) -> Operation {
    let (account, basis) = (whom.account, FreezeBasis::Attachment);
    let until = Timestamp::from_millis(chain.now + 3_600_000);
    Operation::Freeze(Freeze { account, direction, basis, ground: commitment(1), until })
}

fn unfreeze(whom: &Actor) -> Operation {
    Operation::Unfreeze(Unfreeze { account: whom.account })
}

fn open_in_town() -> Operation {
    Operation::OpenZoneAccount(OpenZoneAccount { zone: TOWN })
}

fn charge(amount: u64) -> Operation {
    Operation::Charge(Charge { zone: TOWN, amount: yen(amount) })
}

fn pay(merchant: &Actor, amount: u64) -> Operation {
    let merchant = merchant.account;
    Operation::Pay(Pay {
        zone: TOWN,
        merchant,
        amount: yen(amount),
        charge: None,
        vouchers: None,
        reference: None,
        request: None,
        again: true,
    })
}

#[test]
fn prepaid_value_pays_a_shop_by_the_float_and_between_the_banks_like_any_payment() {
    let mut chain = town();
    commits(&mut chain, &mei(), transfer(&shop(), 20), |picture| {
        moves(picture, &mei(), -20);
        spends(picture, &mei(), 20, 0);
        turns(picture, PREPAID, [0, 20, -20, 0]);
        moves(picture, &float(), -20);
        turns(picture, AIZU, [0, 0, -20, -20]);
        turns(picture, BANDAI, [0, 0, 20, 20]);
        pair(picture, -20);
        moves(picture, &shop(), 20);
    });
    // At the float's own bank nothing is owed by anybody.
    commits(&mut chain, &mei(), transfer(&stall(), 30), |picture| {
        moves(picture, &mei(), -30);
        spends(picture, &mei(), 30, 0);
        turns(picture, PREPAID, [0, 30, -30, 0]);
        moves(picture, &float(), -30);
        moves(picture, &stall(), 30);
    });
}

#[test]
fn yen_from_a_bank_account_become_prepaid_value_that_the_float_covers() {
    let mut chain = town();
    commits(&mut chain, &akari(), transfer(&mei(), 10), |picture| {
        moves(picture, &akari(), -10);
        moves(picture, &float(), 10);
        turns(picture, PREPAID, [10, 0, 10, 0]);
        moves(picture, &mei(), 10);
    });
    commits(&mut chain, &botan(), transfer(&sora(), 5), |picture| {
        moves(picture, &botan(), -5);
        turns(picture, BANDAI, [0, 0, -5, -5]);
        turns(picture, AIZU, [0, 0, 5, 5]);
        pair(picture, 5);
        moves(picture, &float(), 5);
        turns(picture, PREPAID, [5, 0, 5, 0]);
        moves(picture, &sora(), 5);
    });
}

#[test]
fn within_an_issuer_nothing_moves_and_between_issuers_both_floats_do() {
    let mut chain = town();
    commits(&mut chain, &mei(), transfer(&sora(), 7), |picture| {
        moves(picture, &mei(), -7);
        spends(picture, &mei(), 7, 7);
        moves(picture, &sora(), 7);
    });
    commits(&mut chain, &mei(), transfer(&ren(), 9), |picture| {
        moves(picture, &mei(), -9);
        spends(picture, &mei(), 9, 9);
        turns(picture, PREPAID, [0, 9, -9, 0]);
        moves(picture, &float(), -9);
        turns(picture, AIZU, [0, 0, -9, -9]);
        turns(picture, BANDAI, [0, 0, 9, 9]);
        pair(picture, -9);
        moves(picture, &other_float(), 9);
        turns(picture, OTHER, [9, 0, 9, 0]);
        moves(picture, &ren(), 9);
    });
}

#[test]
fn prepaid_value_pays_in_a_zone_and_what_lies_there_is_covered_too() {
    let mut chain = town();
    assert_eq!(chain.outcome(&mei(), vec![open_in_town(), charge(40)]), 0);
    // The issuer owes what lies in the zone: no yen of the float is free that was not before.
    refuses(&mut chain, vec![(2040, float(), transfer(&stall(), FLOAT - OWED + 1))]);
    chain.must(&mei(), pay(&shop(), 40));
    let (issuer, state) = (chain.state.bank(PREPAID).unwrap(), &chain.state);
    assert_eq!((issuer.liability, issuer.redeemed), (yen(OWED - 40), yen(40)));
    assert_eq!(state.float(issuer), Some(yen(FLOAT - 40)));
    assert_eq!(state.zone_account(TOWN, &shop().account).unwrap().balance, yen(40));
    assert_eq!(state.bank(AIZU).unwrap().position, Position::new(-40));
}

#[test]
fn the_supply_says_deposits_and_prepaid_value_apart() {
    let totals = town().state.conservation().unwrap();
    assert_eq!((totals.supply, totals.prepaid), (yen(600), yen(80)));
    let kind = |bank| town().state.bank(bank).unwrap().kind;
    assert_eq!(kind(AIZU), CustodianKind::Bank);
    assert_eq!(kind(PREPAID), CustodianKind::PrepaidIssuer { float: float().account });
}

#[test]
fn sends_from_to_and_past_issuers_are_refused_in_order() {
    let mut chain = town();
    let prepaid = Actor::bank(PREPAID);
    let rows: Vec<Row> = vec![
        (2012, mei(), transfer(&nao(), 1000)),
        (2012, akari(), transfer(&nao(), 1000)),
        (2012, akari(), transfer(&prepaid, 1000)),
        (2042, mei(), transfer(&akari(), 1000)),
        (2042, ren(), transfer(&float(), 1000)),
        (2043, float(), transfer(&mei(), 1000)),
        (2043, other_float(), transfer(&mei(), 1000)),
        (2004, mei(), transfer(&shop(), OWED + 1)),
        (2004, float(), transfer(&shop(), FLOAT + 1)),
        (2040, float(), transfer(&shop(), FLOAT - OWED + 1)),
    ];
    refuses(&mut chain, rows);
    chain.must(&float(), transfer(&stall(), FLOAT - OWED));
    refuses(&mut chain, vec![(2040, float(), transfer(&stall(), 1))]);
    // The allowance and the cap are those of the issuer and of the float's bank.
    let cap = |cap| SetNetDebitCap { bank: AIZU, cap: yen(cap) };
    chain.must(&operator(), Operation::SetNetDebitCap(cap(10)));
    refuses(&mut chain, vec![(2005, mei(), transfer(&shop(), 11))]);
    chain.must(&mei(), transfer(&shop(), 10));
    // OTHER owes 30 of its 100.
    refuses(&mut chain, vec![(2007, chika(), transfer(&ren(), 71))]);
    assert_eq!(chain.state.conservation().unwrap().prepaid, yen(OWED - 10 + 30));
}

#[test]
fn a_frozen_float_stops_payments_out_of_or_into_the_issuer() {
    let (mut chain, aizu) = (town(), Actor::bank(AIZU));
    assert_eq!(chain.outcome(&mei(), vec![open_in_town(), charge(10)]), 0);
    let out = freeze(&chain, &float(), FreezeDirection::Out);
    chain.must(&aizu, out);
    let rows = vec![(2025, mei(), transfer(&shop(), 1)), (2025, mei(), pay(&shop(), 1))];
    refuses(&mut chain, rows);
    // Within the issuer nothing asks the float, and what comes in still does.
    chain.must(&mei(), transfer(&sora(), 1));
    chain.must(&akari(), transfer(&mei(), 1));
    chain.must(&aizu, unfreeze(&float()));
    let into = freeze(&chain, &float(), FreezeDirection::In);
    chain.must(&aizu, into);
    refuses(&mut chain, vec![(2026, akari(), transfer(&mei(), 50))]);
    chain.must(&mei(), transfer(&shop(), 1));
}

#[test]
fn an_issuer_issues_within_its_allowance_and_its_float() {
    let (mut chain, prepaid) = (town(), Actor::bank(PREPAID));
    chain.must(&prepaid, issue(&mei(), 10, 50));
    let rows = vec![
        (2009, Actor::bank(AIZU), issue(&mei(), 1, 51)),
        (2012, prepaid.clone(), issue(&nao(), 1000, 50)),
        (2012, prepaid.clone(), issue(&prepaid, 1000, 50)),
        (2008, prepaid.clone(), issue(&mei(), 1000, 50)),
        (2007, prepaid.clone(), issue(&mei(), 300, 51)),
        (2041, prepaid.clone(), issue(&mei(), 21, 51)),
    ];
    refuses(&mut chain, rows);
    chain.must(&prepaid, issue(&mei(), 20, 51));
    refuses(&mut chain, vec![(2041, prepaid.clone(), issue(&mei(), 1, 52))]);
    // More in the float, and more may be issued: by its bank, or by who pays in.
    chain.must(&Actor::bank(AIZU), issue(&float(), 1, 60));
    chain.must(&prepaid, issue(&mei(), 1, 52));
    chain.must(&botan(), transfer(&float(), 2));
    chain.must(&prepaid, issue(&sora(), 2, 53));
}

#[test]
fn prepaid_value_is_not_redeemed_and_a_float_redeems_what_is_free() {
    let mut chain = town();
    let free = FLOAT - OWED;
    let rows = vec![
        (2001, mei(), request(commitment(50), 0)),
        (2042, mei(), request(commitment(50), 1000)),
        (2004, float(), request(commitment(50), FLOAT + 1)),
        (2040, float(), request(commitment(50), free + 1)),
        (2010, float(), issue(&mei(), 1, 50)),
    ];
    refuses(&mut chain, rows);
    chain.must(&float(), request(commitment(50), free));
    // What is held is not free: not for another request, nor for the issuer.
    let rows = vec![
        (2040, float(), request(commitment(51), 1)),
        (2041, Actor::bank(PREPAID), issue(&mei(), 1, 50)),
    ];
    refuses(&mut chain, rows);
    let claimed = claim(&chain, commitment(50));
    let settle = Operation::SettleRedeem(SettleRedeem { redeem: commitment(50) });
    assert_eq!(chain.outcome(&Actor::bank(AIZU), vec![claimed, settle]), 0);
    chain.must(&mei(), transfer(&shop(), OWED));
    assert_eq!(chain.state.float(chain.state.bank(PREPAID).unwrap()), Some(yen(0)));
}

/// A payment by the float takes lapsed requests out of what is held, as a payment of its own would.
#[test]
fn a_float_pays_what_a_lapsed_request_held() {
    let mut chain = town();
    chain.must(&float(), request(commitment(50), FLOAT - OWED));
    chain.now += REDEEM_EXPIRY_MS;
    chain.must(&Actor::bank(PREPAID), issue(&sora(), FLOAT - OWED, 50));
    assert_eq!(chain.outcome(&mei(), vec![transfer(&stall(), OWED)]), 0);
    assert_eq!(chain.outcome(&sora(), vec![transfer(&stall(), FLOAT - OWED)]), 0);
    let record = chain.state.account(&float().account).unwrap();
    assert_eq!((record.balance, record.held), (yen(0), yen(0)));
    assert!(chain.state.open_redeems(&float().account).is_none());
}

#[test]
fn accounts_merchants_charges_and_caps_of_issuers_are_refused_in_order() {
    let mut chain = town();
    let open = |number, kind, kyc_level| {
        let (holder_commitment, keys, threshold) = (commitment(number), keys_of(&nobody()), 1);
        Operation::OpenAccount(OpenAccount { holder_commitment, kind, kyc_level, keys, threshold })
    };
    let register = |merchant: &Actor| {
        let (merchant, class) = (merchant.account, MerchantClass::Local);
        registers(TOWN, merchant, class, 0)
    };
    let prepaid = || Actor::bank(PREPAID);
    let cap = SetNetDebitCap { bank: PREPAID, cap: yen(1) };
    let rows = vec![
        (2017, prepaid(), open(10, AccountKind::Bank, KycLevel::KB)),
        (2044, prepaid(), open(10, AccountKind::Merchant, KycLevel::K2)),
        (2044, prepaid(), open(10, AccountKind::Citizen, KycLevel::KB)),
        (2011, prepaid(), open(10, AccountKind::Citizen, KycLevel::K1)),
        (2012, operator(), register(&nao())),
        // K1 holds yen at an issuer: it is refused for where the account is.
        (2045, operator(), register(&mei())),
        (2045, operator(), register(&ren())),
        (2043, operator(), register(&float())),
        (2046, operator(), Operation::SetNetDebitCap(cap)),
    ];
    refuses(&mut chain, rows);
    chain.must(&prepaid(), open(30, AccountKind::Citizen, KycLevel::K0));
    chain.must(&float(), open_in_town());
    let rows = vec![(2004, float(), charge(FLOAT + 1)), (2040, float(), charge(FLOAT - OWED + 1))];
    refuses(&mut chain, rows);
    chain.must(&float(), charge(FLOAT - OWED));
    chain.must(&float(), Operation::Discharge(Discharge { zone: TOWN, amount: yen(1) }));
}

/// Whoever acts in the random sequences.
fn crowd() -> Vec<Actor> {
    vec![
        akari(),
        botan(),
        shop(),
        stall(),
        mei(),
        sora(),
        nao(),
        ren(),
        float(),
        other_float(),
        Actor::bank(AIZU),
        Actor::bank(BANDAI),
        Actor::bank(PREPAID),
        Actor::bank(OTHER),
    ]
}

fn anything(chain: &Chain, crowd: &[Actor], dice: &mut Dice) -> (Actor, Operation) {
    let (one, other) = (dice.of(crowd).clone(), dice.of(crowd).clone());
    let holders = &crowd[..10];
    let amount = if dice.one_in(8) { dice.below(200) } else { 1 + dice.below(40) };
    let redeem = later(chain.now, 50 + dice.small(6));
    let custodian = dice.of(&crowd[10..]).clone();
    let directions = [FreezeDirection::Out, FreezeDirection::In, FreezeDirection::Both];
    match dice.below(14) {
        0..4 => (one, transfer(&other, amount)),
        4 | 5 => (custodian, issue(dice.of(holders), amount, dice.small(250))),
        6 => (dice.of(holders).clone(), charge(amount)),
        7 => (one, Operation::Discharge(Discharge { zone: TOWN, amount: yen(amount) })),
        8 => (dice.of(holders).clone(), pay(&shop(), amount)),
        9 => (dice.of(&crowd[8..10]).clone(), request(redeem, amount)),
        10 => (custodian, claim(chain, redeem)),
        11 => (custodian, Operation::SettleRedeem(SettleRedeem { redeem })),
        12 if dice.one_in(2) => (one, Operation::CancelRedeem(CancelRedeem { redeem })),
        12 => (custodian, unfreeze(&other)),
        _ => (custodian, freeze(chain, dice.of(&crowd[8..10]), *dice.of(&directions))),
    }
}

/// The float is held against the liability after every block, so that the first sequence that took
/// one below would end the test.
#[test]
fn no_sequence_of_payments_issues_redeems_and_freezes_takes_a_float_below_what_is_owed() {
    let crowd = crowd();
    let mut codes = std::collections::BTreeMap::new();
    for seed in 0..60 {
        let (mut chain, mut dice) = (town(), Dice::new(seed));
        // The shop, as a merchant, has a sub-account already.
        for actor in crowd[..10].iter().filter(|actor| actor.account != shop().account) {
            chain.must(actor, open_in_town());
        }
        for _ in 0..60 {
            chain.now += if dice.one_in(20) { REDEEM_EXPIRY_MS / 2 } else { 0 };
            let steps = 1 + dice.below(4);
            let txs = (0..steps).map(|_| {
                let (sender, operation) = anything(&chain, &crowd, &mut dice);
                chain.tx(&sender, vec![operation])
            });
            let txs = Chain::ended_once(txs.collect());
            for code in super::chain::codes(&chain.commit(txs)) {
                *codes.entry(code).or_insert(0) += 1;
            }
        }
    }
    for code in [0, 2004, 2007, 2012, 2025, 2026, 2040, 2041, 2042, 2043] {
        assert!(codes.contains_key(&code), "{code} was not reached: {codes:?}");
    }
}
