//! Local networks as users get them: whole, sound, repeatable.

use std::collections::BTreeSet;
use std::path::Path;

use kyojo_genesis::accounts_file::{self, Accounts};
use kyojo_genesis::actors::{ActorRole, Actors};
use kyojo_genesis::check::check;
use kyojo_genesis::directory;
use kyojo_genesis::document;
use kyojo_genesis::keys::DevelopmentSeed;
use kyojo_genesis::localnet::{LaidOut, Localnet, LocalnetError};
use kyojo_genesis::scenario::{self, BANKS_MAX, Plan};
use ledger_types::allowance::Allowances;
use ledger_types::{AccountId, AddressPrefix, Genesis, PublicKey, SigningKey, Yen};
use public_names::SignedDirectory;

fn plan(validators: usize) -> Plan {
    Plan {
        seed: DevelopmentSeed::new(7),
        validators,
        banks: 2,
        citizens: 40,
        merchants: 10,
        issue_allowance: None,
        net_debit_cap: Yen::new(1_000_000_000),
        allowances_times: 1,
        lab: None,
        lotteries: ledger_types::genesis::LotteryTimes::USUAL,
    }
}

fn write(out: &Path, plan: Plan, further_accounts: u64) -> LaidOut {
    let localnet = Localnet { plan, out: out.join("net"), base_port: 26_600, further_accounts };
    localnet.write().expect("the folder can be written")
}

fn genesis(out: &Path) -> Genesis {
    document::read(&out.join("net/genesis.json")).expect("the document reads back")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn the_same_seed_gives_the_same_files_and_another_seed_another_network() {
    let [one, same, other] = [folder(), folder(), folder()];
    write(one.path(), plan(4), 0);
    write(same.path(), plan(4), 0);
    let laid_out = write(other.path(), Plan { seed: DevelopmentSeed::new(8), ..plan(4) }, 0);
    for file in ["genesis.json", "actors.json", "node0/config.toml", "node3/network.key"] {
        let read = |root: &Path| std::fs::read(root.join("net").join(file)).unwrap();
        assert_eq!(read(one.path()), read(same.path()), "{file}");
        assert_ne!(read(one.path()), read(other.path()), "{file}");
    }
    assert_eq!(laid_out.genesis_hash, genesis(other.path()).hash());
}

#[test]
fn everybody_of_a_network_has_a_name_that_its_city_signed() {
    let at = folder();
    write(at.path(), Plan { merchants: 30, ..plan(1) }, 0);
    let genesis = genesis(at.path());
    let file = at.path().join("net/node0").join(directory::FILE_NAME);
    let bytes = std::fs::read(file).unwrap();
    let signed = SignedDirectory::open(&bytes, &genesis.hash(), &genesis.directory_keys).unwrap();
    let entries = signed.directory().entries.len();
    let custodians = genesis.banks.len() + genesis.issuers.len();
    let named = [genesis.zones.len(), custodians, genesis.parties.len()];
    assert_eq!(entries, named.iter().sum::<usize>() + genesis.merchants.len());
    let shop = &signed.directory().entries[entries - 30];
    assert_eq!(shop.of.account(), Some(&genesis.merchants[0].account));
    assert_eq!(shop.name.as_str(), "みそ屋");
}

#[test]
fn a_network_for_load_has_so_many_times_the_usual_allowances() {
    let of = |allowances_times| {
        let plan = Plan { allowances_times, ..plan(4) };
        scenario::consortium(&plan).genesis.parameters.allowances
    };
    assert_eq!(of(1), Allowances::INITIAL);
    let (usual, large) = (of(1).named(), of(10_000).named());
    for ((kind, usual), (_, large)) in usual.into_iter().zip(large) {
        assert_eq!(large.burst, usual.burst * 10_000, "{kind}");
        assert_eq!(large.per_minute, usual.per_minute * 10_000, "{kind}");
    }
}

#[test]
fn any_number_of_validators_makes_a_sound_network_of_distinct_members() {
    for validators in [1, 2, 3, 5, 7, 16, 128] {
        let consortium = scenario::consortium(&plan(validators));
        assert_eq!(check(&consortium.genesis, []), [], "{validators} validators");
        let members: BTreeSet<_> =
            consortium.genesis.validators.iter().map(|validator| validator.member).collect();
        assert_eq!(members.len(), validators);
        assert_eq!(consortium.validators.len(), validators);
    }
}

#[test]
fn any_number_of_banks_makes_a_sound_network() {
    for banks in [1, 3, 9, 10, BANKS_MAX] {
        let consortium = scenario::consortium(&Plan { banks, ..plan(4) });
        assert_eq!(check(&consortium.genesis, []), [], "{banks} banks");
        assert_eq!(consortium.genesis.banks.len(), banks);
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let at = folder();
    let refuse = |plan: Plan, base_port| {
        let out = at.path().join("net");
        Localnet { plan, out, base_port, further_accounts: 0 }.write().unwrap_err()
    };
    assert!(matches!(refuse(plan(0), 1), LocalnetError::OutOfRange { value: 0, .. }));
    assert!(matches!(refuse(plan(129), 1), LocalnetError::OutOfRange { value: 129, .. }));
    let no_banks = Plan { banks: 0, ..plan(4) };
    assert!(matches!(refuse(no_banks, 1), LocalnetError::OutOfRange { value: 0, .. }));
    assert!(matches!(refuse(plan(4), 65_510), LocalnetError::Ports { base: 65_510, nodes: 4 }));
    assert!(!at.path().join("net").exists(), "nothing was written");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let at = folder();
    write(at.path(), plan(1), 0);
    let before = std::fs::read(at.path().join("net/genesis.json")).unwrap();
    let again = Localnet {
        plan: plan(4),
        out: at.path().join("net"),
        base_port: 26_600,
        further_accounts: 0,
    };
    assert!(matches!(again.write(), Err(LocalnetError::Document(_))));
    assert_eq!(std::fs::read(at.path().join("net/genesis.json")).unwrap(), before);
}

#[test]
fn every_actor_holds_the_key_of_its_account() {
    let at = folder();
    write(at.path(), plan(4), 0);
    let genesis = genesis(at.path());
    let text = std::fs::read(at.path().join("net/actors.json")).unwrap();
    let actors: Actors = serde_json::from_slice(&text).unwrap();
    assert!(actors.notice.contains("DEVELOPMENT ONLY"));
    assert_eq!(actors.genesis_hash, genesis.hash());
    let names: BTreeSet<_> = actors.actors.iter().map(|actor| &actor.name).collect();
    assert_eq!(names.len(), actors.actors.len(), "names are unique");
    let prefix = AddressPrefix::new(&actors.address_prefix).unwrap();
    for actor in &actors.actors {
        let mut seed = [0; 32];
        hex::decode_to_slice(&actor.seed, &mut seed).unwrap();
        let key = SigningKey::from_seed(&seed).public_key();
        assert_eq!(keys_of(&genesis, actor.account), [key], "{}", actor.name);
        assert_eq!(AccountId::from_address(&actor.address, &prefix), Ok(actor.account));
        assert_eq!(actor.role == ActorRole::Party, actor.bank.is_none(), "{}", actor.name);
    }
    // With the issuer, its float, and who has prepaid value.
    assert_eq!(actors.actors.len(), 2 + 6 + 2 + 10 + 10 + 40 + 1 + 1 + 5);
}

fn keys_of(genesis: &Genesis, account: AccountId) -> Vec<PublicKey> {
    let banks = genesis.banks.iter().map(|bank| (bank.account, &bank.keys));
    let accounts = genesis.accounts.iter().map(|account| (account.account, &account.keys));
    let parties = genesis.parties.iter();
    let parties = parties.map(|party| (AccountId::of_party(party.party), &party.keys));
    let issuers = genesis.issuers.iter().map(|issuer| (issuer.account, &issuer.keys));
    let mut all = banks.chain(issuers).chain(accounts).chain(parties);
    let keys = all.find(|(id, _)| *id == account).map(|(_, keys)| keys);
    keys.into_iter().flatten().map(|entry| entry.key).collect()
}

#[test]
fn node_folders_hold_a_pinned_document_and_the_keys_it_lists() {
    let at = folder();
    let laid_out = write(at.path(), plan(4), 0);
    let genesis = genesis(at.path());
    for (node, validator) in laid_out.nodes.iter().zip(&genesis.validators) {
        let read = |file: &str| std::fs::read_to_string(node.home.join(file)).unwrap();
        let config: toml::Table = read("config.toml").parse().unwrap();
        let pinned = config["node"]["genesis_hash"].as_str().unwrap();
        assert_eq!(pinned, genesis.hash().to_string());
        assert_eq!(read("genesis.json"), document::to_text(&genesis));
        assert_eq!(key_in(&read("consensus.key")), validator.key);
        assert_eq!(key_in(&read("network.key")), validator.network_key);
    }
}

fn key_in(digits: &str) -> PublicKey {
    let mut seed = [0; 32];
    hex::decode_to_slice(digits.trim_end(), &mut seed).expect("64 hexadecimal digits");
    SigningKey::from_seed(&seed).public_key()
}

#[cfg(unix)]
#[test]
fn secrets_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let at = folder();
    write(at.path(), plan(1), 0);
    for file in ["net/actors.json", "net/node0/consensus.key", "net/node0/network.key"] {
        let mode = std::fs::metadata(at.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn further_accounts_read_back_as_written_under_the_documents_hash() {
    let at = folder();
    let laid_out = write(at.path(), plan(4), 1_000);
    let genesis = genesis(at.path());
    let codes = scenario::bank_codes(2);
    let seed = DevelopmentSeed::new(7);
    let mut accounts = Accounts::open(&at.path().join("net/node3/accounts.bin")).unwrap();
    let read: Vec<_> = accounts.by_ref().map(Result::unwrap).collect();
    assert_eq!(Some(accounts.hash()), genesis.accounts_file);
    assert_eq!(read.len(), 1_000);
    for (index, account) in (0..).zip(&read) {
        assert_eq!(Some(account.account), accounts_file::account_id(seed, &codes, index));
        assert_eq!(account.keys[0].key, accounts_file::key(seed, index).public_key());
    }
    assert_eq!(check(&genesis, read), []);
    assert_eq!(laid_out.accounts, 2 + 6 + 2 + 10 + 40 + 1 + 1 + 5 + 1_000);
    let listed: u64 = genesis.accounts.iter().map(|account| account.balance.get()).sum();
    assert_eq!(laid_out.supply.get(), listed + 1_000 * accounts_file::BALANCE.get());
}

#[test]
fn a_cut_or_changed_accounts_file_does_not_pass_for_the_whole() {
    let at = folder();
    write(at.path(), plan(1), 100);
    let path = at.path().join("net/accounts.bin");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let mut cut = Accounts::open(&path).unwrap();
    assert_eq!(cut.by_ref().filter(Result::is_ok).count(), 99);
    let mut changed = bytes.clone();
    changed[bytes.len() - 1] ^= 1;
    std::fs::write(&path, changed).unwrap();
    let mut accounts = Accounts::open(&path).unwrap();
    accounts.by_ref().for_each(drop);
    assert_ne!(Some(accounts.hash()), genesis(at.path()).accounts_file);
}
