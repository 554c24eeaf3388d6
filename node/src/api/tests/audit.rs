//! The audit log as a stranger reads it: policy, checkpoint, tiles, and the proof of a receipt.

use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::policy::Policy;
use ledger_proof::tlog_proof::TlogProof;
use ledger_types::{Entry, Hash, merkle};
use node_api::body::ReceiptBody;

use super::World;
use super::world::transfer;

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
