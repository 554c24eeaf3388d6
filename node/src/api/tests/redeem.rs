//! Redeem requests in the histories of both sides: the holder's, and that of the bank that pays.
//! And histories read at once after a commit, while the index is still behind.

use ledger_types::operation::{CancelRedeem, RequestRedeem, SettleRedeem};
use ledger_types::{Hash, Operation, Yen};
use node_api::body::{Direction, HistoryEntry, HistoryKind, HistoryPage};

use super::World;
use super::world::transfer;

fn request(name: &str, amount: u64) -> Operation {
    let redeem = Hash::of(&[name.as_bytes()]);
    Operation::RequestRedeem(RequestRedeem { redeem, amount: Yen::new(amount) })
}

async fn history(world: &World, name: &str) -> Vec<HistoryEntry> {
    let path = format!("/v1/accounts/{}/history", world.address(name));
    world.read(name, &path).await.json::<HistoryPage>().entries
}

/// What was done, to which request, which way, how much, and with whom; newest first.
type Line = (HistoryKind, Hash, Option<Direction>, u64, Option<String>);

fn lines(entries: &[HistoryEntry]) -> Vec<Line> {
    let line = |entry: &HistoryEntry| {
        let with = entry.counterparty.as_ref().map(|address| address.as_str().to_owned());
        let amount = entry.amount.expect("every entry here has an amount").get();
        let redeem = entry.redeem.expect("every entry here has a request");
        (entry.kind, redeem, entry.direction, amount, with)
    };
    entries.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_sees_requests_made_to_it_and_how_each_ended() {
    let mut world = World::new();
    let named = |name: &str| Hash::of(&[name.as_bytes()]);
    let requests = vec![request("paid", 400), request("given up", 30), request("refused", 2)];
    world.settle(&[world.transaction("alice", 0, requests)]).await;
    let settle = Operation::SettleRedeem(SettleRedeem { redeem: named("paid") });
    let refuse = Operation::CancelRedeem(CancelRedeem { redeem: named("refused") });
    world.settle(&[world.transaction("first bank", 0, vec![settle, refuse])]).await;
    let give_up = Operation::CancelRedeem(CancelRedeem { redeem: named("given up") });
    world.settle(&[world.transaction("alice", 1, vec![give_up])]).await;

    let (requested, settled, cancelled) =
        (HistoryKind::RedeemRequested, HistoryKind::RedeemSettled, HistoryKind::RedeemCancelled);
    let expected = |way, with: Option<String>| {
        vec![
            (cancelled, named("given up"), None, 30, with.clone()),
            (cancelled, named("refused"), None, 2, with.clone()),
            (settled, named("paid"), None, 400, with.clone()),
            (requested, named("refused"), Some(way), 2, with.clone()),
            (requested, named("given up"), Some(way), 30, with.clone()),
            (requested, named("paid"), Some(way), 400, with),
        ]
    };
    let alice = world.address("alice");
    let of_bank = history(&world, "first bank").await;
    assert_eq!(lines(&of_bank), expected(Direction::In, Some(alice)));
    let of_holder = history(&world, "alice").await;
    assert_eq!(lines(&of_holder), expected(Direction::Out, None));
    assert_eq!(history(&world, "second bank").await, [], "another bank has no part in it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_is_its_senders_alone() {
    let mut world = World::new();
    world.settle(&[world.transaction("alice", 0, vec![request("too much", 10_001)])]).await;
    assert_eq!(history(&world, "alice").await.len(), 1);
    assert_eq!(history(&world, "first bank").await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_read_at_once_after_a_commit_holds_what_was_committed() {
    let mut world = World::new();
    for nonce in 0..20 {
        let transaction = world.transaction("alice", nonce, vec![transfer("bob", nonce + 1)]);
        let octets = ledger_types::codec::encode(&transaction);
        world.post("/v1/transactions", node_api::OCTET_STREAM, &octets).await.expect_status(202);
        world.commit();
        let newest = history(&world, "bob").await.into_iter().next();
        assert_eq!(newest.and_then(|entry| entry.amount), Some(Yen::new(nonce + 1)));
    }
}
