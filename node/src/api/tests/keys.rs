//! For whom a key acts, and that only the key is told.

use ledger_types::operation::{AccountKind, KycLevel, OpenAccount, RotateKeys, WeightedKey};
use ledger_types::{AccountId, BankId, Hash, Operation};
use node_api::Problem;
use node_api::body::KeyBody;
use node_api::path;
use node_api::query::Page;

use super::World;
use super::cast::Cast;
use super::world::key;
use crate::store::Indexing;

fn path_of(name: &str) -> String {
    path::key(&key(name).public_key()).to_string()
}

/// The addresses for which the key of this name acts.
async fn accounts(world: &World, name: &str) -> Vec<String> {
    let body: KeyBody = world.read_by_key(&key(name), &path_of(name)).await.json();
    assert_eq!((body.key, body.next), (key(name).public_key(), None));
    body.accounts.iter().map(|address| address.as_str().to_owned()).collect()
}

fn weighted(names: &[&str]) -> Vec<WeightedKey> {
    names.iter().map(|name| WeightedKey::plain(key(name).public_key(), 1)).collect()
}

fn rotate(names: &[&str]) -> Operation {
    RotateKeys { keys: weighted(names), threshold: 1 }.into()
}

fn open(holder: &str, names: &[&str]) -> Operation {
    let holder_commitment = Hash::of(&[holder.as_bytes()]);
    let (kind, kyc_level) = (AccountKind::Citizen, KycLevel::K2);
    OpenAccount { holder_commitment, kind, kyc_level, keys: weighted(names), threshold: 1 }.into()
}

fn opened(world: &World, holder: &str) -> String {
    let account = AccountId::opened_by(BankId::new(126), &Hash::of(&[holder.as_bytes()]));
    account.to_address(&world.genesis.address_prefix)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_told_for_whom_it_acts_now() {
    let world = World::new();
    // From genesis: accounts, banks' own accounts and parties.
    for name in ["alice", "first bank", "operator", "clinic"] {
        assert_eq!(accounts(&world, name).await, [world.address(name)], "{name}");
    }
    assert_eq!(accounts(&world, "nobody").await, [""; 0]);
    // A subject is there from its first transaction on.
    assert_eq!(accounts(&world, "guardian").await, [""; 0]);
    let mut world = Cast::new().await.world;
    assert_eq!(accounts(&world, "guardian").await, [world.address("guardian")]);
    world.send("guardian", vec![rotate(&["guardian", "spare"])]).await;
    assert_eq!(accounts(&world, "guardian").await, [world.address("guardian")]);
    assert_eq!(accounts(&world, "spare").await, [world.address("guardian")]);
    // An account that a bank opens, and each of several keys.
    world.send("first bank", vec![open("carol", &["carol", "spare"])]).await;
    assert_eq!(accounts(&world, "carol").await, [opened(&world, "carol")]);
    let mut both = [opened(&world, "carol"), world.address("guardian")];
    let mut found = accounts(&world, "spare").await;
    both.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, both);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_rotated_away_acts_for_nobody() {
    let mut world = Cast::new().await.world;
    for name in ["alice", "clinic", "subject"] {
        let new = format!("{name} new");
        world.send(name, vec![rotate(&[&new])]).await;
        assert_eq!(accounts(&world, name).await, [""; 0], "{name}");
        assert_eq!(accounts(&world, &new).await, [world.address(name)], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_a_key_come_in_pages_and_each_once() {
    let mut world = Cast::new().await.world;
    world.send("subject", vec![rotate(&["subject", "other"])]).await;
    for holder in ["one", "two", "three"] {
        world.send("first bank", vec![open(holder, &["subject"])]).await;
    }
    let mut all = accounts(&world, "subject").await;
    assert_eq!(all.len(), 4);
    for limit in [1, 2, 3, 4] {
        let (mut found, mut cursor) = (vec![], None);
        loop {
            let page = Page { cursor, limit: Some(limit) };
            let path = path::key(&key("subject").public_key()).with(&page).to_string();
            let body: KeyBody = world.read_by_key(&key("subject"), &path).await.json();
            found.extend(body.accounts.iter().map(|address| address.as_str().to_owned()));
            cursor = body.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, all, "{limit}");
    }
    all.dedup();
    assert_eq!(all.len(), 4);
}

/// What of a problem could tell something.
fn said(problem: &Problem) -> (u16, u16, String) {
    (problem.status, problem.code, problem.detail.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_learns_whether_the_ledger_knows_a_key() {
    let world = World::new();
    let (known, unknown) = (path_of("alice"), path_of("nobody"));
    world.get(&known).await.expect_problem(6101);
    world.get(&unknown).await.expect_problem(6101);
    for reader in ["bob", "stranger"] {
        let of_known = world.read_by_key(&key(reader), &known).await.expect_problem(6107);
        let of_unknown = world.read_by_key(&key(reader), &unknown).await.expect_problem(6107);
        assert_eq!(said(&of_known), said(&of_unknown), "{reader}");
    }
    // By an address nobody reads it: not its holder, its bank or the auditor.
    for reader in ["alice", "first bank", "auditor"] {
        let of_known = world.read(reader, &known).await.expect_problem(6107);
        let of_unknown = world.read(reader, &unknown).await.expect_problem(6107);
        assert_eq!(said(&of_known), said(&of_unknown), "{reader}");
    }
    let says_alice = key("alice").public_key().to_string();
    let forged = world.sign_as(&says_alice, &key("bob"), &known);
    world.read_with(&known, &forged).await.expect_problem(6104);
    let other_path = world.sign_as(&says_alice, &key("alice"), &unknown);
    world.read_with(&known, &other_path).await.expect_problem(6104);
    let nonsense = world.sign_as("ed25519:00", &key("alice"), &known);
    world.read_with(&known, &nonsense).await.expect_problem(6102);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_by_itself_reads_nothing_else() {
    let world = World::new();
    let path = path::account(&world.address("alice")).to_string();
    world.read_by_key(&key("alice"), &path).await.expect_problem(6102);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_a_malformed_request_and_without_an_index_there_is_no_answer() {
    let world = World::with(Indexing::Off);
    world.read_by_key(&key("alice"), "/v1/keys/ed25519:00").await.expect_problem(6001);
    world.read_by_key(&key("alice"), &path_of("alice")).await.expect_problem(7003);
    world.read_by_key(&key("bob"), &path_of("alice")).await.expect_problem(6107);
}
