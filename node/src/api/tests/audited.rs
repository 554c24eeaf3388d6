//! Accounts that are audited: by a view of one, of a bank's, or of a zone's, and never unseen.

use ledger_types::event::AccessLogRead;
use ledger_types::operation::{AuditScope, Charge, OpenZoneAccount, Operation};
use ledger_types::{Hash, Yen};
use node_api::body::{AccountBody, HistoryPage};

use super::World;
use super::cast::{READ_OF_ALICE, READ_OF_BANK, READ_OF_ZONE, read_of, view};
use super::world::{Today, ZONE, actor, bank_of, prefix, transfer};
use crate::rights::READ_VALID_MS;

const VIEW: Hash = Hash::new([0x71; 32]);

/// The inspector gets a view and records a read by it.
async fn audit(world: &mut World, scope: AuditScope, read: Today, of: &str) {
    let id = Hash::of(&[VIEW.as_bytes(), read.id().as_bytes()]);
    let granted = view(world, id, scope);
    world.send("operator", vec![granted]).await;
    world.send("inspector", vec![read_of(read, id, actor(of).account)]).await;
}

fn account(world: &World, name: &str, read: Today) -> String {
    format!("/v1/accounts/{}?read={read}", world.address(name))
}

/// The recorded reads of which somebody's own history tells.
async fn told(world: &World, name: &str) -> Vec<Hash> {
    let path = format!("/v1/accounts/{}/history", world.address(name));
    let page: HistoryPage = world.read(name, &path).await.json();
    let events = page.entries.iter().filter_map(|entry| entry.event(&prefix()).unwrap());
    events.filter_map(|event| AccessLogRead::of(&event).map(|logged| logged.read)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_no_account_before_the_ledger_has_recorded_it() {
    let mut world = World::new();
    world.send("alice", vec![transfer("shop", 300)]).await;
    let path = format!("/v1/accounts/{}", world.address("alice"));
    for at in [path.clone(), format!("{path}/history"), format!("{path}/bundle")] {
        world.read("auditor", &at).await.expect_problem(6107);
        world.read("inspector", &at).await.expect_problem(6108);
    }
    let scope = AuditScope::Account { account: actor("alice").account };
    audit(&mut world, scope, READ_OF_ALICE, "alice").await;
    let read: AccountBody =
        world.read("inspector", &account(&world, "alice", READ_OF_ALICE)).await.json();
    assert_eq!(read.address.as_str(), world.address("alice"));
    world.read("inspector", &account(&world, "bob", READ_OF_ALICE)).await.expect_problem(6108);
    // Another's recorded read is nobody's but the auditor's who recorded it.
    world.read("auditor", &account(&world, "alice", READ_OF_ALICE)).await.expect_problem(6107);
    world.read("clinic", &account(&world, "alice", READ_OF_ALICE)).await.expect_problem(6108);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_recorded_read_covers_its_scope_for_its_time_and_pages_included() {
    let mut world = World::new();
    for amount in 1..=4 {
        world.send("alice", vec![transfer("shop", amount)]).await;
    }
    let scope = AuditScope::Bank { bank: bank_of("alice") };
    audit(&mut world, scope, READ_OF_BANK, "first bank").await;
    let base =
        format!("/v1/accounts/{}/history?limit=2&read={READ_OF_BANK}", world.address("alice"));
    let (mut seen, mut path) = (0, base.clone());
    loop {
        let page: HistoryPage = world.read("inspector", &path).await.json();
        seen += page.entries.len();
        let Some(next) = page.next else { break };
        path = format!("{base}&cursor={next}");
    }
    assert_eq!(seen, 5, "four payments and the read itself");
    let (within, elsewhere) = (["alice", "operator"], ["bob", "shop"]);
    for name in within {
        let asked = world.read("inspector", &account(&world, name, READ_OF_BANK)).await;
        asked.expect_status(200);
    }
    for name in elsewhere {
        let asked = world.read("inspector", &account(&world, name, READ_OF_BANK)).await;
        asked.expect_problem(6108);
    }
    world.pass(READ_VALID_MS + 1).await;
    for name in within {
        let asked = world.read("inspector", &account(&world, name, READ_OF_BANK)).await;
        asked.expect_problem(6109);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_holder_whom_a_recorded_read_covers_is_told_of_it() {
    let mut world = World::new();
    let amount = Yen::new(100);
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: ZONE });
    world.send("bob", vec![open, Operation::Charge(Charge { zone: ZONE, amount })]).await;
    let scope = AuditScope::Account { account: actor("alice").account };
    audit(&mut world, scope, READ_OF_ALICE, "alice").await;
    let scope = AuditScope::Bank { bank: bank_of("alice") };
    audit(&mut world, scope, READ_OF_BANK, "first bank").await;
    audit(&mut world, AuditScope::Zone { zone: ZONE }, READ_OF_ZONE, "operator").await;
    assert_eq!(told(&world, "alice").await, [READ_OF_BANK.id(), READ_OF_ALICE.id()]);
    assert_eq!(told(&world, "bob").await, [READ_OF_ZONE.id()]);
    assert_eq!(told(&world, "first bank").await, [READ_OF_BANK.id()]);
    // The operator keeps an account at the first bank, and the zone is its own.
    assert_eq!(told(&world, "operator").await, [READ_OF_ZONE.id(), READ_OF_BANK.id()]);
    let path = account(&world, "bob", READ_OF_ZONE);
    world.read("inspector", &path).await.expect_status(200);
    world.read("inspector", &account(&world, "alice", READ_OF_ZONE)).await.expect_problem(6108);
}
