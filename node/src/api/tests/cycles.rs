//! Settlement cycles to everybody: how they stand, who pays, and the room that is back.

use ledger_types::operation::{
    CloseCycle, ConfirmSettlement, FailSettlement, Operation, SettlementFailure,
};
use ledger_types::{Hash, Position, Yen};
use node_api::body::{CycleBody, CycleStanding, CyclesBody, SupplyBody};

use super::World;
use super::world::transfer;

fn close(cycle: u32) -> Operation {
    Operation::CloseCycle(CloseCycle { cycle })
}

fn confirm(cycle: u32) -> Operation {
    let external_ref = Hash::new([7; 32]);
    Operation::ConfirmSettlement(ConfirmSettlement { cycle, external_ref })
}

/// A world in which the first bank owes the second 700 yen, and a cycle waits.
async fn waiting() -> World {
    let mut world = World::new();
    world.send("alice", vec![transfer("bob", 700)]).await;
    world.send("operator", vec![close(1)]).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_is_public_from_its_close_until_it_is_settled() {
    let mut world = waiting().await;
    let cycle: CycleBody = world.get("/v1/cycles/1").await.json();
    assert_eq!((cycle.cycle, cycle.standing), (1, CycleStanding::Waiting));
    let parts: Vec<_> =
        cycle.parts.iter().map(|part| (part.bank.get(), part.position.get())).collect();
    assert_eq!(parts, [(126, -700), (1181, 700)]);
    assert!(cycle.parts.iter().all(|part| part.confirmed.is_none()));
    let payment = &cycle.payments[0];
    let paid = (payment.from.get(), payment.to.get(), payment.amount);
    assert_eq!((cycle.payments.len(), paid), (1, (126, 1181, Yen::new(700))));
    assert_eq!(cycle.pairs[0].position, Position::new(-700));
    world.send("first bank", vec![confirm(1)]).await;
    let cycle: CycleBody = world.get("/v1/cycles/1").await.json();
    assert_eq!(cycle.parts[0].external_ref, Some(Hash::new([7; 32])));
    world.send("alice", vec![transfer("bob", 5)]).await;
    let before: SupplyBody = world.get("/v1/supply").await.json();
    world.send("second bank", vec![confirm(1)]).await;
    let cycles: CyclesBody = world.get("/v1/cycles").await.json();
    assert_eq!(cycles.cycles[0].standing, CycleStanding::Settled);
    assert_eq!(cycles.cycles[0].ended, Some(world.chain.tip().height));
    let after: SupplyBody = world.get("/v1/supply").await.json();
    let bank = &after.banks[0];
    assert_eq!((bank.position, bank.settled), (Position::new(-5), Position::new(-700)));
    let room = before.banks[0].headroom.checked_add(Yen::new(700));
    assert_eq!(Some(bank.headroom), room);
    assert!(after.conserved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_cycle_says_why_and_the_next_one_comes_first() {
    let mut world = waiting().await;
    let (cause, ground) = (SettlementFailure::Unpaid, Hash::new([8; 32]));
    let fail = FailSettlement { cycle: 1, cause, ground };
    world.send("operator", vec![Operation::FailSettlement(fail)]).await;
    world.send("operator", vec![close(2)]).await;
    let cycles: CyclesBody = world.get("/v1/cycles").await.json();
    let shown: Vec<_> =
        cycles.cycles.iter().map(|one| (one.cycle, one.standing, one.cause)).collect();
    let (waiting, failed) = (CycleStanding::Waiting, CycleStanding::Failed);
    assert_eq!(shown, [(2, waiting, None), (1, failed, Some(cause))]);
    assert_eq!(cycles.cycles[1].ground, Some(ground));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_that_never_was_is_told_from_one_that_left() {
    let world = World::new();
    let none: CyclesBody = world.get("/v1/cycles").await.json();
    assert_eq!(none.cycles, []);
    for number in [0, 1] {
        world.get(&format!("/v1/cycles/{number}")).await.expect_problem(6219);
    }
    let mut world = waiting().await;
    for bank in ["first bank", "second bank"] {
        world.send(bank, vec![confirm(1)]).await;
    }
    world.send("alice", vec![transfer("bob", 5)]).await;
    world.send("operator", vec![close(2)]).await;
    world.pass(40 * 24 * 60 * 60 * 1000).await;
    world.get("/v1/cycles/0").await.expect_problem(6219);
    world.get("/v1/cycles/1").await.expect_problem(6220);
    world.get("/v1/cycles/3").await.expect_problem(6219);
    let two: CycleBody = world.get("/v1/cycles/2").await.json();
    assert_eq!(two.standing, CycleStanding::Waiting);
}
