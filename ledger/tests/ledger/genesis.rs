//! Genesis documents that contradict themselves make no state; the file of further accounts is
//! bound by its hash.

use ledger::{GenesisError, State};
use ledger_types::genesis::{GenesisAccount, GenesisZone, LotteryTimes, MemberRole};
use ledger_types::money::LevelLimits;
use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{AccountId, Genesis, Hash, Height, Lab, LabRate, PublicKey, Yen, ZoneId, codec};

use super::chain::picture;
use super::custody::{OTHER, PREPAID, float, mei, ren, with_issuers};
use super::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, NO_BANK, NO_ZONE, akari, genesis, kenji, keys_of, nobody, shop,
    yen,
};

fn refusal(change: impl FnOnce(&mut Genesis)) -> GenesisError {
    let mut genesis = genesis();
    change(&mut genesis);
    State::from_genesis(&genesis, []).unwrap_err()
}

#[test]
fn genesis_enters_what_it_names() {
    let document = genesis();
    let state = State::from_genesis(&document, []).unwrap();
    let totals = state.conservation().unwrap();
    assert_eq!((totals.supply, totals.issued, totals.redeemed), (yen(400), yen(400), yen(0)));
    assert_eq!(state.bank(AIZU).unwrap().liability, yen(200));
    assert_eq!(state.bank_of(&Actor::bank(BANDAI).account), Some(BANDAI));
    assert_eq!(state.height(), Height::GENESIS);
    assert_eq!(state.header_hash(), document.hash());
    assert_eq!(state.network(), document.network());
    assert_eq!(state.time(), document.time);
    assert_eq!(state.audit_log_size(), 0);
    assert_eq!(state.audit_log_root(), Hash::of(&[]));
    assert_eq!(state.receipts_root(), Hash::of(&[]));
    assert_eq!(state.banks().count(), 3);
    assert_eq!(state.zones().count(), 2);
    assert_eq!(state.members().count(), 4);
    assert_eq!(state.parties().count(), 3);
    assert_eq!(state.accounts().count(), 10);
    assert_eq!(state.positions().count(), 0);
    let merchants: Vec<_> = state.merchants(super::fixture::TOWN).map(|(who, _)| who).collect();
    assert_eq!(merchants, [shop().account]);
}

#[test]
fn names_members_and_validators_are_checked() {
    let bad_name = GenesisError::BadName { name: String::new() };
    assert_eq!(refusal(|g| g.zones[0].name = String::new()), bad_name);
    let member = genesis().members[0].member;
    let repeated = GenesisError::MemberRepeated { member };
    assert_eq!(refusal(|g| g.members[1].member = member), repeated);
    let roles = vec![MemberRole::City, MemberRole::Bank];
    let unordered = GenesisError::RolesNotInOrder { member };
    assert_eq!(refusal(|g| g.members[0].roles = roles), unordered);
    let account = nobody().account;
    let unknown = GenesisError::UnknownAccount { account };
    assert_eq!(refusal(|g| g.members[0].account = account), unknown);
    let stranger = ledger_types::MemberId::new(99);
    let unknown = GenesisError::UnknownMember { member: stranger };
    assert_eq!(refusal(|g| g.validators[0].member = stranger), unknown);
    assert_eq!(refusal(|g| g.validators.clear()), GenesisError::BadValidatorSet);
    assert_eq!(refusal(|g| g.validators[0].power = 0), GenesisError::BadValidatorSet);
    let weak = PublicKey::Ed25519([0; 32]);
    let bad_key = GenesisError::BadValidatorKey { key: weak.to_string() };
    assert_eq!(refusal(|g| g.validators[0].key = weak), bad_key);
    assert_eq!(refusal(|g| g.validators[0].network_key = weak), bad_key);
    let twice = genesis().validators[0].key;
    let bad_key = GenesisError::BadValidatorKey { key: twice.to_string() };
    assert_eq!(refusal(|g| g.validators[0].network_key = twice), bad_key);
}

#[test]
fn banks_and_accounts_are_checked() {
    let repeated = GenesisError::BankRepeated { bank: AIZU };
    assert_eq!(refusal(|g| g.banks[1].bank = AIZU), repeated);
    let account = Actor::bank(AIZU).account;
    let repeated = GenesisError::AccountRepeated { account };
    assert_eq!(refusal(|g| g.banks[1].account = account), repeated);
    assert_eq!(refusal(|g| g.accounts[1].account = account), repeated);
    let bad_keys = GenesisError::BadKeySet { owner: "bank 1".to_owned() };
    assert_eq!(refusal(|g| g.banks[0].threshold = 2), bad_keys);
    let account = akari().account;
    let bad_keys = GenesisError::BadKeySet { owner: format!("account {account:?}") };
    assert_eq!(refusal(|g| g.accounts[0].keys.clear()), bad_keys);
    let kind = GenesisError::KindRefused { account };
    assert_eq!(refusal(|g| g.accounts[0].kind = AccountKind::Bank), kind);
    let unknown = GenesisError::UnknownBank { bank: NO_BANK };
    assert_eq!(refusal(|g| g.accounts[0].custodian = NO_BANK), unknown);
    let too_low = GenesisError::KycLevelTooLow { account };
    assert_eq!(refusal(|g| g.accounts[0].kyc_level = KycLevel::K0), too_low);
    let allowance = GenesisError::IssueAllowanceExceeded { bank: AIZU, issued: yen(501) };
    assert_eq!(refusal(|g| g.accounts[0].balance = yen(401)), allowance);
    let overflow = GenesisError::AmountOverflow { bank: AIZU };
    assert_eq!(refusal(|g| g.accounts[0].balance = yen(u64::MAX)), overflow);
}

#[test]
fn zones_merchants_and_parties_are_checked() {
    let zone = genesis().zones[0].zone;
    assert_eq!(refusal(|g| g.zones[1].zone = zone), GenesisError::ZoneRepeated { zone });
    let account = nobody().account;
    let unknown = GenesisError::UnknownAccount { account };
    assert_eq!(refusal(|g| g.zones[0].operator = account), unknown);
    assert_eq!(refusal(|g| g.merchants[0].account = account), unknown);
    let unknown = GenesisError::UnknownZone { zone: NO_ZONE };
    assert_eq!(refusal(|g| g.merchants[0].zone = NO_ZONE), unknown);
    let account = kenji().account;
    let too_low = GenesisError::KycLevelTooLow { account };
    assert_eq!(refusal(|g| g.merchants[0].account = account), too_low);
    let account = shop().account;
    let repeated = GenesisError::MerchantRepeated { zone, account };
    assert_eq!(refusal(|g| g.merchants.push(g.merchants[0].clone())), repeated);
    let repeated = GenesisError::PartyRepeated { party: HOSPITAL };
    assert_eq!(refusal(|g| g.parties[1].party = HOSPITAL), repeated);
    let roles = GenesisError::BadPartyRoles { party: HOSPITAL };
    assert_eq!(refusal(|g| g.parties[0].roles = Default::default()), roles);
    let bad_keys = GenesisError::BadKeySet { owner: "party 1".to_owned() };
    assert_eq!(refusal(|g| g.parties[0].threshold = 0), bad_keys);
}

#[test]
fn no_document_has_more_zones_than_operations_could_make() {
    let with_zones = |count: u16| {
        move |genesis: &mut Genesis| {
            let first = genesis.zones[0].clone();
            let zones =
                (1..=count).map(|zone| GenesisZone { zone: ZoneId::new(zone), ..first.clone() });
            genesis.zones = zones.collect();
        }
    };
    let mut full = genesis();
    with_zones(256)(&mut full);
    assert_eq!(State::from_genesis(&full, []).unwrap().zones().count(), 256);
    assert_eq!(refusal(with_zones(257)), GenesisError::TooManyZones { count: 257 });
}

#[test]
fn a_limit_of_nothing_is_refused_wherever_it_stands() {
    for field in [
        (|limits| &mut limits.k0.per_payment) as fn(&mut LevelLimits) -> &mut Option<Yen>,
        |limits| &mut limits.k1.holding,
        |limits| &mut limits.k2.per_day,
        |limits| &mut limits.k_b.per_month,
        |limits| &mut limits.send,
        |limits| &mut limits.send_month,
    ] {
        let with = |most: u64| {
            let mut document = genesis();
            *field(&mut document.parameters.limits) = Some(yen(most));
            State::from_genesis(&document, []).err()
        };
        assert_eq!([with(0), with(1)], [Some(GenesisError::LimitOfNothing), None]);
    }
}

#[test]
fn lotteries_are_shorter_than_the_usual_in_a_lab_alone() {
    for field in [(|times| &mut times.claim_ms_min) as fn(&mut LotteryTimes) -> &mut u64, |times| {
        &mut times.secrets_ms_min
    }] {
        let found = |less: u64, lab: Option<Lab>| {
            let mut document = Genesis { lab, ..genesis() };
            *field(&mut document.parameters.lotteries) -= less;
            State::from_genesis(&document, []).err()
        };
        let least = *field(&mut LotteryTimes::USUAL.clone());
        let start = genesis().time;
        let lab = LabRate::new(2).map(|rate| Lab { rate, start });
        let is_short = |error: Option<GenesisError>| matches!(error, Some(GenesisError::LotteryTimeTooShort(short)) if short.least <= least);
        assert_eq!((found(0, None), found(least - 1, lab)), (None, None));
        assert!(is_short(found(1, None)) && is_short(found(least, lab)));
    }
}

fn further() -> Vec<GenesisAccount> {
    let account = |number: u8| {
        let actor = Actor::holder(AIZU, number);
        let mut account = genesis().accounts[0].clone();
        (account.account, account.keys) = (actor.account, keys_of(&actor));
        account.balance = yen(u64::from(number));
        account
    };
    (31..36).map(account).collect()
}

#[test]
fn further_accounts_are_those_of_the_file_that_the_document_names() {
    let bytes: Vec<u8> = further().iter().flat_map(codec::encode).collect();
    let found = Some(Hash::of(&[&bytes]));
    let mut with_file = genesis();
    with_file.accounts_file = found;
    let state = State::from_genesis(&with_file, further()).unwrap();
    let mut listed = genesis();
    listed.accounts.extend(further());
    let same = State::from_genesis(&listed, []).unwrap();
    assert_eq!(picture(&state), picture(&same));
    assert_eq!(state.state_root(), same.state_root());

    let mismatch = |expected, found| GenesisError::AccountsFileMismatch { expected, found };
    let refused = |genesis: &Genesis, accounts: Vec<GenesisAccount>| {
        State::from_genesis(genesis, accounts).unwrap_err()
    };
    assert_eq!(refused(&genesis(), further()), mismatch(None, found));
    assert_eq!(refused(&with_file, vec![]), mismatch(found, None));
    let mut other = further();
    other.swap(0, 1);
    let bytes: Vec<u8> = other.iter().flat_map(codec::encode).collect();
    assert_eq!(refused(&with_file, other), mismatch(found, Some(Hash::of(&[&bytes]))));
}

#[test]
fn who_signs_directories_is_named_by_genesis_in_one_form() {
    let [one, other] = {
        let mut keys = [31, 32].map(|number| Actor::holder(AIZU, number).key.public_key());
        keys.sort_unstable();
        keys
    };
    let with = |keys: &[PublicKey]| Genesis { directory_keys: keys.to_vec(), ..genesis() };
    let sound = with(&[one, other]);
    let state = State::from_genesis(&sound, []).unwrap();
    assert_eq!(state.directory_keys(), [one, other]);
    assert_ne!(sound.hash(), genesis().hash());
    let json = serde_json::to_string(&sound).unwrap();
    assert_eq!(serde_json::from_str::<Genesis>(&json).unwrap(), sound);
    let weak = PublicKey::Ed25519([0; 32]);
    for keys in [vec![other, one], vec![one, one], vec![weak]] {
        let refused = State::from_genesis(&with(&keys), []).unwrap_err();
        assert!(matches!(refused, GenesisError::BadDirectoryKey { .. }), "{refused}");
    }
}

#[test]
fn genesis_refuses_floats_that_do_not_cover_and_customers_that_are_none() {
    let refusal = |change: &dyn Fn(&mut Genesis)| {
        let mut genesis = with_issuers(genesis());
        change(&mut genesis);
        State::from_genesis(&genesis, []).unwrap_err()
    };
    let entry = |genesis: &mut Genesis, of: AccountId| {
        genesis.accounts.iter().position(|account| account.account == of).unwrap()
    };
    let bad = |float| GenesisError::BadFloat { issuer: PREPAID, float };
    let (own, account) = (float().account, nobody().account);
    assert_eq!(refusal(&|g| g.issuers[0].float = account), bad(account));
    assert_eq!(refusal(&|g| g.issuers[0].float = mei().account), bad(mei().account));
    assert_eq!(refusal(&|g| g.issuers[0].float = akari().account), bad(akari().account));
    let kind = |g: &mut Genesis| {
        let place = entry(g, own);
        g.accounts[place].kind = AccountKind::Operator;
    };
    assert_eq!(refusal(&kind), bad(own));
    let twice = GenesisError::BadFloat { issuer: OTHER, float: own };
    assert_eq!(refusal(&|g| g.issuers[1].float = own), twice);
    let (balance, liability) = (yen(80), yen(81));
    let too_small = GenesisError::FloatTooSmall { issuer: PREPAID, balance, liability };
    let owed = |g: &mut Genesis| {
        let place = entry(g, mei().account);
        g.accounts[place].balance = yen(81);
    };
    assert_eq!(refusal(&owed), too_small);
    let business = |g: &mut Genesis| {
        let place = entry(g, ren().account);
        g.accounts[place].kyc_level = KycLevel::KB;
    };
    let account = ren().account;
    assert_eq!(refusal(&business), GenesisError::CitizensOnly { account });
    let free_value = |g: &mut Genesis| {
        let place = entry(g, mei().account);
        g.accounts[place].kyc_level = KycLevel::K0;
    };
    let account = mei().account;
    assert_eq!(refusal(&free_value), GenesisError::KycLevelTooLow { account });
    for account in [ren().account, own] {
        let merchant = |g: &mut Genesis| g.merchants[0].account = account;
        assert_eq!(refusal(&merchant), GenesisError::MerchantRefused { account });
    }
    assert_eq!(refusal(&|g| g.issuers[0].issuer = AIZU), GenesisError::BankRepeated { bank: AIZU });
    let unnamed = GenesisError::BadName { name: String::new() };
    assert_eq!(refusal(&|g| g.issuers[0].name.clear()), unnamed);
    // What is refused above was sound before the change.
    assert!(State::from_genesis(&with_issuers(genesis()), []).is_ok());
}
