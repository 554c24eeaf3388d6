//! Redeem requests in the histories of both sides: the holder's, and that of the bank that pays.
//! And histories read at once after a commit, while the index is still behind.

use ledger_types::event::{
    RedeemCancelled, RedeemClaimed, RedeemReleased, RedeemRequested, RedeemSettled, Transferred,
};
use ledger_types::operation::{
    CancelRedeem, ClaimRedeem, ReleaseRedeem, RequestRedeem, SettleRedeem,
};
use ledger_types::{AccountId, Event, Hash, Operation, Timestamp, Yen};
use node_api::body::{HistoryEntry, HistoryPage};

use super::World;
use super::world::{Today, actor, told, transfer};

/// The request of this name.
fn of(name: &str) -> Hash {
    Today(name.as_bytes()[0]).id()
}

fn request(name: &str, amount: u64) -> Operation {
    let redeem = of(name);
    Operation::RequestRedeem(RequestRedeem { redeem, amount: Yen::new(amount) })
}

async fn history(world: &World, name: &str) -> Vec<HistoryEntry> {
    let path = format!("/v1/accounts/{}/history", world.address(name));
    world.read(name, &path).await.json::<HistoryPage>().entries
}

/// What was done, to which request, of whom, at which bank, and how much; newest first.
type Line = (&'static str, Hash, AccountId, AccountId, u64);

fn line(event: &Event) -> Line {
    let (redeem, account, bank, amount) = if let Some(asked) = RedeemRequested::of(event) {
        (asked.redeem, asked.account, asked.bank_account, asked.amount)
    } else if let Some(settled) = RedeemSettled::of(event) {
        (settled.redeem, settled.account, settled.bank_account, settled.amount)
    } else if let Some(claimed) = RedeemClaimed::of(event) {
        (claimed.redeem, claimed.account, claimed.bank_account, claimed.amount)
    } else if let Some(released) = RedeemReleased::of(event) {
        (released.redeem, released.account, released.bank_account, released.amount)
    } else {
        let cancelled = RedeemCancelled::of(event).expect("every entry here is of a request");
        (cancelled.redeem, cancelled.account, cancelled.bank_account, cancelled.amount)
    };
    (event.name(), redeem, account, bank, amount.get())
}

async fn lines(world: &World, name: &str) -> Vec<Line> {
    let entries = history(world, name).await;
    told(&HistoryPage { entries, next: None }).iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_sees_requests_made_to_it_and_how_each_ended() {
    let mut world = World::new();
    let requests = vec![request("paid", 400), request("given up", 30), request("refused", 2)];
    world.settle(&[world.transaction("alice", 0, requests)]).await;
    let settle = Operation::SettleRedeem(SettleRedeem { redeem: of("paid") });
    let refuse = Operation::CancelRedeem(CancelRedeem { redeem: of("refused") });
    let until = Timestamp::from_millis(world.now_ms() + 3_600_000);
    let claim = |name| Operation::ClaimRedeem(ClaimRedeem { redeem: of(name), until });
    let release = Operation::ReleaseRedeem(ReleaseRedeem { redeem: of("refused") });
    let operations = vec![claim("paid"), claim("refused"), settle, release, refuse];
    world.settle(&[world.transaction("first bank", 0, operations)]).await;
    let give_up = Operation::CancelRedeem(CancelRedeem { redeem: of("given up") });
    world.settle(&[world.transaction("alice", 1, vec![give_up])]).await;

    let (alice, bank) = (actor("alice").account, actor("first bank").account);
    let line = |what, request: &str, amount| (what, of(request), alice, bank, amount);
    let expected = [
        line("redeem_cancelled", "given up", 30),
        line("redeem_cancelled", "refused", 2),
        line("redeem_released", "refused", 2),
        line("redeem_settled", "paid", 400),
        line("redeem_claimed", "refused", 2),
        line("redeem_claimed", "paid", 400),
        line("redeem_requested", "refused", 2),
        line("redeem_requested", "given up", 30),
        line("redeem_requested", "paid", 400),
    ];
    assert_eq!(lines(&world, "first bank").await, expected);
    assert_eq!(lines(&world, "alice").await, expected);
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
        let entries = history(&world, "bob").await;
        let told = told(&HistoryPage { entries, next: None });
        let paid = told.first().and_then(Transferred::of);
        assert_eq!(paid.map(|paid| paid.amount), Some(Yen::new(nonce + 1)));
    }
}
