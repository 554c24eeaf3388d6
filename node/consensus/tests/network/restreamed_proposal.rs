//! A block that a quorum prevoted for in one round is proposed again in a later one, and decided.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::toy::forger::{Opening, vote, vote_in};
use crate::toy::raw::{CONSENSUS, Client};
use crate::toy::{IDLE, Network, Toy, WITHIN};
use ledger_types::{Hash, Height, Round, ValidatorAddress, Vote, VoteKind, codec};
use node_consensus::Application;

const HEIGHT: Height = Height::new(1);
/// Nodes 0 and 1 run. The votes of these are cast by the test: the first says what it hears, but
/// precommits only to a block that was proposed again; the second always says nil.
const ECHO: usize = 2;
const NIL: usize = 3;

/// What was proposed again at the first height and judged by `toys`, with the earlier round.
fn again(toys: &[Arc<Toy>]) -> Vec<(Round, Round, Hash, ValidatorAddress)> {
    let records = toys.iter().flat_map(|toy| toy.proposals(HEIGHT));
    let openings = records.filter_map(|(_, record)| codec::decode::<Opening>(&record, 1024).ok());
    openings
        .filter_map(|((_, round, valid_round, block), proposer, _)| {
            Some((round, valid_round?, block, proposer))
        })
        .collect()
}

/// Answers the votes that the clients heard, each step of a round once.
fn answer(
    network: &Network,
    clients: &[Client],
    toys: &[Arc<Toy>],
    answered: &mut BTreeSet<(VoteKind, Round)>,
) {
    let votes = |client: &Client| -> Vec<Vote> {
        client.met().messages.iter().filter_map(|(_, message)| vote_in(message)).collect()
    };
    let heard = clients.iter().flat_map(votes).filter(|vote| vote.height == HEIGHT);
    for heard in heard.collect::<Vec<_>>() {
        if !answered.insert((heard.kind, heard.round)) {
            continue;
        }
        let is_again = again(toys).iter().any(|(round, ..)| *round == heard.round);
        let echo = heard.block.filter(|_| heard.kind == VoteKind::Prevote || is_again);
        for (voter, block) in [(ECHO, echo), (NIL, None)] {
            let cast = Vote { block, validator: network.address(voter), ..heard };
            let message = vote(cast, network.key(voter), &network.genesis);
            clients.iter().for_each(|client| client.publish(CONSENSUS, message.clone()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_with_a_quorum_of_prevotes_is_proposed_again_and_decided() {
    let network = Network::new("restreamed", 4);
    let homes = [0, 1].map(|_| tempfile::tempdir().expect("a directory"));
    let toys = [0, 1].map(|_| network.toy(IDLE, 600_000));
    let nodes = [0, 1].map(|index| network.start(index, homes[index].path(), &toys[index]));
    let network_key = network.network_key(ECHO);
    let clients = [0, 1].map(|node| Client::dial(&network, &network_key, node));
    for client in &clients {
        client.is_read().await;
        client.subscribe(CONSENSUS);
    }
    let mut answered = BTreeSet::new();
    let mut proposed_again = Vec::new();
    let deadline = Instant::now() + WITHIN;
    while toys.iter().any(|toy| toy.height() == 0) {
        assert!(Instant::now() < deadline, "answered {answered:?}, again {proposed_again:?}");
        proposed_again.extend(again(&toys));
        answer(&network, &clients, &toys, &mut answered);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (certificate, _) = toys[0].chain().remove(0);
    let (_, earlier, _, proposer) = proposed_again
        .into_iter()
        .find(|(round, _, block, _)| (*round, *block) == (certificate.round, certificate.block))
        .expect("what was decided had been proposed again in that round");
    assert!(earlier < certificate.round);
    assert!([0, 1].map(|node| network.address(node)).contains(&proposer), "by a node that runs");
    assert_eq!(toys[0].chain()[0].1, toys[1].chain()[0].1, "both have the block");
    for node in nodes {
        node.stop().await.expect("a clean stop");
    }
}
