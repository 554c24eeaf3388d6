//! The audit log as a stranger reads it: policy, checkpoint, tiles, and the proof of a receipt.

use std::path::Path;

use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::policy::Policy;
use ledger_proof::tlog_proof::TlogProof;
use ledger_types::day::DAY_MS;
use ledger_types::{Entry, Hash, Height, merkle};
use node_api::body::ReceiptBody;

use super::World;
use super::witness::publish;
use super::world::transfer;
use crate::store::Offline;

/// A world whose validator cosigns.
pub(super) fn cosigned() -> World {
    cosigning(World::new())
}

/// The same of a world that is there already.
pub(super) fn cosigning(mut world: World) -> World {
    let cosigning = world.cosigning.take().unwrap();
    tokio::spawn(cosigning.run(world.shutdown.subscribe()));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_proved_under_the_policy_and_nothing_else_is() {
    let mut world = cosigned();
    world.get("/audit/checkpoint").await.expect_problem(7004);
    let payment = world.transaction("alice", 0, vec![transfer("bob", 300)]);
    let id = payment.id(&world.genesis.hash());
    world.settle(&[payment]).await;
    let proof = world.get(&format!("/v1/receipts/{id}/proof")).await.text();
    let policy = Policy::parse(&world.get("/audit/policy").await.text()).unwrap();
    let proof = TlogProof::parse(&proof).unwrap();
    let entry = proof.extra.clone().unwrap();
    assert_eq!(proof.verify(&policy, &entry).unwrap().cosignatures.len(), 1);
    let Ok(Entry::Receipt(receipt)) = Entry::decode(&entry) else { panic!("a receipt") };
    let served = world.get(&format!("/v1/receipts/{id}")).await.text();
    let served: ReceiptBody = serde_json::from_str(&served).unwrap();
    assert_eq!(ReceiptBody::of(&receipt), served);
    for place in 0..entry.len() {
        let mut tampered = entry.clone();
        tampered[place] ^= 1;
        assert!(proof.verify(&policy, &tampered).is_err());
    }
    let unknown = Hash::of(&[b"nobody's"]);
    world.get(&format!("/v1/receipts/{unknown}/proof")).await.expect_problem(6201);
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_and_entries_make_up_the_checkpoint() {
    let mut world = cosigned();
    for nonce in 0..3 {
        let payment = world.transaction("alice", nonce, vec![transfer("bob", 1)]);
        world.settle(&[payment]).await;
    }
    // The proof of the first entry waits until there is a checkpoint.
    world.get("/audit/proof/0").await.text();
    let checkpoint = world.get("/audit/checkpoint").await.text();
    let checkpoint = SignedCheckpoint::parse(&checkpoint).unwrap().checkpoint().clone();
    let size = checkpoint.size;
    let hashes = world.get(&format!("/audit/tile/0/000.p/{size}")).await.octets();
    let hashes: Vec<Hash> =
        hashes.as_chunks::<32>().0.iter().map(|bytes| Hash::new(*bytes)).collect();
    assert_eq!(merkle::root(&hashes), checkpoint.root);
    let bundle = world.get(&format!("/audit/tile/entries/000.p/{size}")).await.octets();
    let entries = ledger_proof::tile::decode_entries(&bundle).unwrap();
    let leaves: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    assert_eq!(leaves, hashes);
    for path in ["0/000", "0/001.p/1", "9/000.p/1", "entries/000.p/0", "0/000.p/300", "x"] {
        world.get(&format!("/audit/tile/{path}")).await.expect_problem(6209);
    }
    world.get("/audit/proof/99999").await.expect_problem(6209);
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_keeps_what_must_be_served() {
    let mut world = World::new();
    let days = world.genesis.parameters.retention.access_served_days;
    let payments = |world: &World, nonces: core::ops::Range<u64>| -> Vec<_> {
        let pay = |nonce| world.transaction("alice", nonce, vec![transfer("bob", 1)]);
        nonces.map(pay).collect()
    };
    let mut first = None;
    for nonces in [0..128, 128..256, 256..260] {
        let some = payments(&world, nonces);
        first.get_or_insert(some[0].id(&world.genesis.hash()));
        world.settle(&some).await;
    }
    let old = world.chain.tip().height;
    // A day more than they are served: an identity may be of the day after its block's.
    world.pass((u64::from(days) + 1) * DAY_MS).await;
    let genesis = world.genesis.hash();
    let kept = |directory: &Path| Offline::open(directory, genesis).unwrap().served_from(days);
    let mut world = world.reopened(|directory| {
        assert_eq!(kept(directory).unwrap(), Height::new(1), "the last day");
    });
    world.pass(DAY_MS).await;
    let world = world.reopened(|directory| {
        assert_eq!(kept(directory).unwrap(), old.next().unwrap());
        let store = Offline::open(directory, genesis).unwrap();
        let gone = store.prune_audit_log(old.next().unwrap()).unwrap();
        assert_eq!(gone.entries, 256, "whole bundles");
    });
    let mut world = cosigning(world);
    world.get("/audit/tile/entries/000").await.expect_problem(6212);
    publish(&mut world).await;
    let proof = world.get(&format!("/v1/receipts/{}/proof", first.unwrap())).await.text();
    let policy = Policy::parse(&world.get("/audit/policy").await.text()).unwrap();
    let proof = TlogProof::parse(&proof).unwrap();
    let entry = proof.extra.clone().unwrap();
    assert!(proof.verify(&policy, &entry).is_ok(), "what was taken out is proved");
}
