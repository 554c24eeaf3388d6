//! What a bank used a core banking reference for, as the bank alone is told.

use ledger_types::event::Issued;
use ledger_types::{Event, Hash, Yen};
use node_api::body::HistoryEntry;
use node_api::path;

use super::World;
use super::cast::issue;
use super::world::{actor, bank_of};

const REFERENCE: Hash = Hash::new([0x41; 32]);

async fn found(world: &World, reference: &Hash) -> HistoryEntry {
    let path = path::reference(bank_of("first bank"), reference);
    world.read("first bank", path.as_str()).await.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_finds_for_whom_a_reference_was() {
    let mut world = World::new();
    let other = Hash::new([0x42; 32]);
    let operations = vec![issue("alice", 700, REFERENCE), issue("first bank", 9, other)];
    let transaction = world.transaction("first bank", 0, operations);
    world.settle(std::slice::from_ref(&transaction)).await;
    let event = |name, amount| {
        let (account, amount) = (actor(name).account, Yen::new(amount));
        Event::from(Issued { account, bank: bank_of("first bank"), amount })
    };
    let prefix = &world.genesis.address_prefix;
    for (reference, operation, event) in
        [(REFERENCE, 0, event("alice", 700)), (other, 1, event("first bank", 9))]
    {
        let entry = found(&world, &reference).await;
        assert_eq!(entry.event(prefix).unwrap(), Some(event));
        assert_eq!(entry.transaction, Some(transaction.id(&world.genesis.hash())));
        assert_eq!((entry.operation, entry.height), (operation, world.chain.tip().height));
        assert_eq!(entry.time.get(), world.chain.tip().time);
    }
    // One that is refused, used before, leaves what it was first used for.
    let again = world.transaction("first bank", 1, vec![issue("alice", 1, REFERENCE)]);
    world.settle(&[again]).await;
    let entry = found(&world, &REFERENCE).await;
    assert_eq!(entry.event(&world.genesis.address_prefix).unwrap(), Some(event("alice", 700)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_that_was_not_used_is_not_found_and_anothers_is_not_read() {
    let mut world = World::new();
    let operations = vec![issue("alice", 700, REFERENCE)];
    world.settle(&[world.transaction("first bank", 0, operations)]).await;
    let of = |bank: &str, reference: &Hash| path::reference(bank_of(bank), reference).to_string();
    let unused = world.read("first bank", &of("first bank", &Hash::ZERO)).await;
    assert_eq!(unused.problem().map(|problem| (problem.status, problem.code)), Some((404, 6213)));
    // The same words are the other bank's own reference, which it did not use.
    let others = world.read("second bank", &of("second bank", &REFERENCE)).await;
    assert_eq!(others.problem().map(|problem| problem.code), Some(6213));
    for (name, bank) in [("second bank", "first bank"), ("alice", "first bank")] {
        let refused = world.read(name, &of(bank, &REFERENCE)).await;
        assert_eq!(refused.problem().map(|problem| problem.code), Some(6107), "{name}");
    }
}
