//! Every fault that a document can have is found, at its place.

use kyojo_genesis::check::check;
use kyojo_genesis::keys::DevelopmentSeed;
use kyojo_genesis::scenario::{Plan, consortium};
use ledger_types::genesis::{GenesisZone, MemberRole};
use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{AccountId, BankId, Genesis, Hash, MemberId, PublicKey, Yen, ZoneId};

fn sound() -> Genesis {
    let plan = Plan {
        seed: DevelopmentSeed::new(1),
        validators: 4,
        banks: 2,
        citizens: 5,
        merchants: 5,
        issue_allowance: None,
        net_debit_cap: Yen::new(1_000_000),
        allowances_times: 1,
        lab: None,
        lotteries: ledger_types::genesis::LotteryTimes::USUAL,
    };
    consortium(&plan).genesis
}

/// Codes and places of what is found once `spoil` has been at a sound document.
fn found(spoil: impl FnOnce(&mut Genesis)) -> Vec<(&'static str, String)> {
    let mut genesis = sound();
    spoil(&mut genesis);
    check(&genesis, []).into_iter().map(|finding| (finding.code, finding.place)).collect()
}

fn one(code: &'static str, place: &str) -> Vec<(&'static str, String)> {
    vec![(code, place.to_owned())]
}

/// The identity: of small order, so anything "signed" by it verifies.
const WEAK: PublicKey = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    PublicKey::Ed25519(bytes)
};

#[test]
fn a_sound_document_has_no_fault() {
    assert_eq!(found(|_| ()), []);
}

#[test]
fn general_faults_are_found() {
    assert_eq!(found(|g| g.name.clear()), one("empty_name", "name"));
    assert_eq!(
        found(|g| g.parameters.drift_ms_max = 0),
        one("zero_drift", "parameters.drift_ms_max")
    );
    assert_eq!(
        found(|g| g.parameters.decision_validity_ms = 0),
        one("zero_validity", "parameters.decision_validity_ms")
    );
    assert_eq!(
        found(|g| g.parameters.gather_ms_max = 1_001),
        one("long_gathering", "parameters.gather_ms_max")
    );
    assert_eq!(found(|g| g.parameters.gather_ms_max = 1_000), []);
    for (change, place) in [
        ((|g| g.parameters.retention.read_days = 2) as fn(&mut Genesis), "read_days"),
        (|g| g.parameters.retention.access_days = 2, "access_days"),
        (|g| g.parameters.retention.access_served_days = 1095, "access_served_days"),
    ] {
        let place = format!("parameters.retention.{place}");
        assert_eq!(found(change), one("short_retention", &place));
    }
    for (change, place) in [
        ((|g| g.parameters.lotteries.claim_ms_min -= 1) as fn(&mut Genesis), "claim_ms_min"),
        (|g| g.parameters.lotteries.secrets_ms_min = 0, "secrets_ms_min"),
    ] {
        let place = format!("parameters.lotteries.{place}");
        assert_eq!(found(change), one("short_lottery", &place));
    }
    assert_eq!(found(|g| g.parameters.lotteries.claim_ms_min += 1), []);
    let in_a_lab = |ms: u64| {
        found(|g| {
            let rate = ledger_types::LabRate::new(10_000);
            g.lab = rate.map(|rate| ledger_types::Lab { rate, start: g.time });
            g.parameters.lotteries.claim_ms_min = ms;
        })
    };
    assert_eq!(in_a_lab(1), []);
    assert_eq!(in_a_lab(0), one("short_lottery", "parameters.lotteries.claim_ms_min"));
    let nothing = Some(Yen::ZERO);
    assert_eq!(
        found(|g| g.parameters.limits.k2.per_day = nothing),
        one("zero_limit", "parameters.limits")
    );
    assert_eq!(
        found(|g| g.parameters.limits.send = nothing),
        one("zero_limit", "parameters.limits")
    );
    let small = |kind: &str| one("small_allowance", &format!("parameters.allowances.{kind}"));
    assert_eq!(found(|g| g.parameters.allowances.citizen.burst = 63), small("citizen"));
    assert_eq!(found(|g| g.parameters.allowances.subject.per_minute = 0), small("subject"));
    assert_eq!(found(|g| g.parameters.allowances.bank.burst = 64), []);
}

#[test]
fn faults_of_banks_are_found() {
    assert_eq!(found(|g| g.banks[1].name.clear()), one("empty_name", "banks[1].name"));
    assert_eq!(found(|g| g.banks[0].threshold = 2), one("bad_threshold", "banks[0].threshold"));
    assert_eq!(found(|g| g.banks[0].keys[0].key = WEAK), one("bad_key", "banks[0].keys[0].key"));
    assert_eq!(
        found(|g| g.banks[0].issue_allowance = Yen::new(1)),
        one("over_allowance", "banks[0].issue_allowance")
    );
    let twice = found(|g| g.banks[1].bank = g.banks[0].bank);
    assert!(twice.contains(&("repeated_bank", "banks[1]".to_owned())), "{twice:?}");
    assert!(twice.iter().any(|(code, _)| *code == "unknown_custodian"), "{twice:?}");
    let large = found(|g| g.banks[1].bank = BankId::new(10_000));
    assert!(large.contains(&("bad_bank_code", "banks[1].bank".to_owned())), "{large:?}");
}

#[test]
fn faults_of_accounts_are_found() {
    assert_eq!(
        found(|g| g.accounts[8].holder_commitment = Hash::ZERO),
        one("account_mismatch", "accounts[8]")
    );
    assert_eq!(
        found(|g| g.accounts[9].kind = AccountKind::Bank),
        one("bank_among_accounts", "accounts[9]")
    );
    let last = citizen();
    assert_eq!(
        found(|g| g.accounts[last].kyc_level = KycLevel::K1),
        one("deposit_not_allowed", &format!("accounts[{last}]"))
    );
    let repeated = found(|g| g.accounts.push(g.accounts[last].clone()));
    let pushed = format!("accounts[{}]", sound().accounts.len());
    assert_eq!(repeated, one("repeated_account", &pushed));
    let without_key = found(|g| g.accounts[last].keys.clear());
    let place = format!("accounts[{last}]");
    assert_eq!(
        without_key,
        [("key_count", format!("{place}.keys")), ("bad_threshold", format!("{place}.threshold"))]
    );
    let doubled = found(|g| {
        let key = g.accounts[last].keys[0];
        g.accounts[last].keys.push(key);
    });
    assert_eq!(doubled, one("bad_weight", &format!("{place}.keys[1]")));
}

/// The place of the issuer's float, which follows the last citizen at a bank.
fn float() -> usize {
    let genesis = sound();
    let float = genesis.issuers[0].float;
    genesis.accounts.iter().position(|entry| entry.account == float).expect("the float is listed")
}

fn citizen() -> usize {
    float() - 1
}

#[test]
fn faults_of_issuers_are_found() {
    assert_eq!(found(|g| g.issuers[0].name.clear()), one("empty_name", "issuers[0].name"));
    let twice = found(|g| g.issuers[0].issuer = g.banks[0].bank);
    assert!(twice.contains(&("repeated_bank", "issuers[0]".to_owned())), "{twice:?}");
    let bad = || one("bad_float", "issuers[0].float");
    assert_eq!(found(|g| g.accounts[float()].kind = AccountKind::Operator), bad());
    assert_eq!(found(|g| g.accounts[float()].kyc_level = KycLevel::K2), bad());
    let unlisted = found(|g| g.issuers[0].float = AccountId::new([9; 20]));
    assert_eq!(unlisted, bad());
    let two = found(|g| {
        let mut other = g.issuers[0].clone();
        other.issuer = BankId::new(9992);
        other.account = AccountId::new([9; 20]);
        g.issuers.push(other);
    });
    assert_eq!(two, one("bad_float", "issuers[1].float"));
    let small = found(|g| g.accounts[float()].balance = Yen::new(24_999));
    assert_eq!(small, one("small_float", "issuers[0].float"));
    assert_eq!(found(|g| g.accounts[float()].balance = Yen::new(25_000)), []);
    let customer = float() + 1;
    let place = format!("accounts[{customer}]");
    let business = found(|g| g.accounts[customer].kind = AccountKind::Merchant);
    assert_eq!(business, one("citizens_only", &place));
    let free_value = found(|g| g.accounts[customer].kyc_level = KycLevel::K0);
    assert_eq!(free_value, one("deposit_not_allowed", &place));
    for place in [float(), customer] {
        let merchant = found(|g| g.merchants[0].account = g.accounts[place].account);
        let told = ("merchant_at_issuer", "merchants[0].account".to_owned());
        assert!(merchant.contains(&told), "{merchant:?}");
    }
    assert_eq!(
        found(|g| g.issuers[0].issue_allowance = Yen::new(24_999)),
        one("over_allowance", "issuers[0].issue_allowance")
    );
}

#[test]
fn sums_that_do_not_fit_are_found() {
    let last = citizen();
    let overflow = found(|g| {
        g.accounts[last].balance = Yen::new(u64::MAX);
        for bank in &mut g.banks {
            bank.issue_allowance = Yen::new(u64::MAX);
        }
    });
    assert!(overflow.iter().any(|(code, _)| *code == "sum_overflow"), "{overflow:?}");
    assert!(overflow.contains(&("supply_overflow", "accounts".to_owned())), "{overflow:?}");
    let supply = found(|g| {
        for (index, account) in g.accounts.iter_mut().enumerate() {
            account.balance = Yen::new(if index < 2 { 1 << 62 } else { 0 });
        }
        for bank in &mut g.banks {
            bank.issue_allowance = Yen::new(u64::MAX);
        }
    });
    assert_eq!(supply, one("supply_overflow", "accounts"));
}

#[test]
fn faults_of_members_are_found() {
    assert_eq!(
        found(|g| g.members[2].account = AccountId::new([9; 20])),
        one("unknown_account", "members[2].account")
    );
    assert_eq!(
        found(|g| g.members[9].member = MemberId::new(1)),
        one("repeated_member", "members[9]")
    );
    assert_eq!(found(|g| g.members[2].roles.clear()), one("no_roles", "members[2].roles"));
    assert_eq!(
        found(|g| g.members[2].roles = vec![MemberRole::Auditor, MemberRole::City]),
        one("bad_roles", "members[2].roles")
    );
    assert_eq!(
        found(|g| g.members[0].roles = vec![MemberRole::City]),
        one("bank_role", "members[0].account")
    );
    assert_eq!(
        found(|g| g.members.retain(|m| !m.roles.contains(&MemberRole::Registrar))),
        one("office", "members")
    );
}

#[test]
fn faults_of_validators_are_found() {
    assert_eq!(
        found(|g| g.validators[1].member = MemberId::new(999)),
        one("unknown_member", "validators[1].member")
    );
    assert_eq!(found(|g| g.validators[3].key = WEAK), one("bad_key", "validators[3].key"));
    assert_eq!(
        found(|g| g.validators[3].network_key = g.validators[0].key),
        one("repeated_key", "validators[3].network_key")
    );
    assert_eq!(found(|g| g.validators[0].power = 0), one("zero_power", "validators[0].power"));
    assert_eq!(found(|g| g.validators[0].power = u64::MAX), one("power_overflow", "validators"));
    assert_eq!(found(|g| g.validators.clear()), one("validator_count", "validators"));
}

#[test]
fn faults_of_zones_and_parties_are_found() {
    assert_eq!(
        found(|g| g.zones[0].operator = AccountId::new([9; 20])),
        one("unknown_account", "zones[0].operator")
    );
    assert_eq!(found(|g| g.zones.push(g.zones[0].clone())), one("repeated_zone", "zones[1]"));
    let with_zones = |count: u16| {
        found(|g| {
            let first = g.zones[0].clone();
            let others = (2..=count).map(ZoneId::new);
            g.zones.extend(others.map(|zone| GenesisZone { zone, ..first.clone() }));
        })
    };
    assert_eq!(with_zones(256), []);
    assert_eq!(with_zones(257), one("many_zones", "zones"));
    assert_eq!(
        found(|g| g.merchants[4].zone = ZoneId::new(2)),
        one("unknown_zone", "merchants[4].zone")
    );
    assert_eq!(
        found(|g| g.merchants.push(g.merchants[0].clone())),
        one("repeated_merchant", "merchants[5]")
    );
    assert_eq!(
        found(|g| g.parties.push(g.parties[0].clone())),
        one("repeated_party", "parties[10]")
    );
    assert_eq!(
        found(|g| g.parties[0].roles = Default::default()),
        one("bad_party_roles", "parties[0].roles")
    );
    assert_eq!(found(|g| g.parties[0].threshold = 9), one("bad_threshold", "parties[0].threshold"));
}

#[test]
fn every_fault_is_told_and_not_only_the_first() {
    let both = found(|g| {
        g.name.clear();
        g.validators[0].power = 0;
    });
    assert_eq!(both, [("empty_name", "name".into()), ("zero_power", "validators[0].power".into())]);
}
