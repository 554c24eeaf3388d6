//! A Byzantine validator that signs many blocks for each of its turns cannot stop the others.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::toy::WITHIN;
use crate::toy::cluster::Cluster;
use crate::toy::forger::{Forgery, sign};
use crate::toy::raw::{CONSENSUS, Client, PARTS};
use ledger_types::{Hash, Height, Round};
use node_consensus::Application;

const BYZANTINE: usize = 3;
/// How many blocks it signs for one turn, and for how many rounds of a height it does so.
const BLOCKS: u64 = 8;
const ROUNDS: u32 = 3;
const HEIGHTS: u64 = 12;

/// The blocks that the Byzantine validator signed, by turn.
type Signed = BTreeMap<(Height, Round), BTreeSet<Hash>>;

/// Signs blocks for each of its turns at the next height, and sends every node a different one
/// first.
fn equivocate(cluster: &Cluster, clients: &[Client], signed: &mut Signed) {
    let network = &cluster.network;
    let next = cluster.toys[0].next();
    let (proposer, key) = (cluster.address(BYZANTINE), network.key(BYZANTINE));
    for round in (0..ROUNDS).map(Round::new) {
        let turn = next.rotation.proposer(&next.validators, next.height, round);
        if turn != Some(proposer) || signed.contains_key(&(next.height, round)) {
            continue;
        }
        let forge = |number: u64| {
            let sign = |claim: &_| sign(claim, key, &network.genesis);
            Forgery::new(next.height, round, number, proposer, sign)
        };
        let blocks: Vec<_> = (0..BLOCKS).map(forge).collect();
        for (index, client) in clients.iter().enumerate() {
            for block in blocks.iter().cycle().skip(index).take(blocks.len()) {
                client.publish(CONSENSUS, block.message());
                client.publish(PARTS, block.part());
            }
        }
        signed.insert((next.height, round), blocks.iter().map(|block| block.hash).collect());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn honest_validators_decide_past_a_proposer_of_many_blocks() {
    let cluster = Cluster::start_all_but_one("equivocating", 4);
    let honest = &cluster.toys[..BYZANTINE];
    let network_key = cluster.network.network_key(BYZANTINE);
    let dial = |node| Client::dial(&cluster.network, &network_key, node);
    let clients: Vec<_> = (0..BYZANTINE).map(dial).collect();
    for client in &clients {
        client.is_read().await;
    }
    let start = honest[0].height();
    let mut signed = Signed::new();
    let has_two = |signed: &Signed| {
        let judged = |hash: &&Hash| honest.iter().any(|toy| toy.has_judged(hash));
        signed.values().any(|blocks| blocks.iter().filter(judged).count() > 1)
    };
    let deadline = Instant::now() + WITHIN;
    let is_far = |toy: &std::sync::Arc<crate::toy::Toy>| toy.height() >= start + HEIGHTS;
    while !honest.iter().all(is_far) || !has_two(&signed) {
        let heights: Vec<_> = honest.iter().map(|toy| toy.height()).collect();
        assert!(Instant::now() < deadline, "from {start} to {heights:?}: {signed:?}");
        equivocate(&cluster, &clients, &mut signed);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    cluster.stop_all().await;
}
