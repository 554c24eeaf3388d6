//! A Byzantine validator that floods proposals nobody may make gets none of them judged.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::toy::WITHIN;
use crate::toy::cluster::Cluster;
use crate::toy::forger::{Forgery, NONE, sign};
use crate::toy::raw::{CONSENSUS, Client, PARTS};
use ledger_types::{Hash, Height, Round, SigningKey};
use node_consensus::Application;

const BYZANTINE: usize = 3;
const ROUNDS: u32 = 4;
const HEIGHTS: u64 = 12;

/// What was sent.
#[derive(Default)]
struct Sent {
    count: u64,
    forged: BTreeSet<Hash>,
    /// Rightly signed and in turn: it shows that the sender is heard.
    sound: BTreeSet<Hash>,
    turns: BTreeSet<(Height, Round)>,
}

impl Sent {
    /// Proposals for the rounds of the next height: unsigned in the name of whoever has the turn,
    /// signed with a wrong key in that name, and signed by the Byzantine validator out of turn.
    fn proposals(&mut self, cluster: &Cluster) -> Vec<Forgery> {
        let (genesis, key) = (&cluster.network.genesis, cluster.network.key(BYZANTINE));
        let (next, own) = (cluster.toys[0].next(), cluster.address(BYZANTINE));
        let stranger = SigningKey::from_seed(&[99; 32]);
        let mut proposals = Vec::new();
        for round in (0..ROUNDS).map(Round::new) {
            let turn = next.rotation.proposer(&next.validators, next.height, round);
            let turn = turn.expect("somebody has the turn");
            let mut forge = |proposer, sign: &dyn Fn(&_) -> _| {
                self.count += 1;
                Forgery::new(next.height, round, self.count, proposer, sign)
            };
            let unsigned = forge(turn, &|_| NONE);
            let strange = forge(turn, &|claim| sign(claim, &stranger, genesis));
            let own = forge(own, &|claim| sign(claim, key, genesis));
            let is_in_turn = turn == cluster.address(BYZANTINE);
            self.forged.extend([unsigned.hash, strange.hash]);
            proposals.extend([unsigned, strange]);
            if !is_in_turn {
                let usurped = forge(turn, &|claim| sign(claim, key, genesis));
                self.forged.extend([usurped.hash, own.hash]);
                proposals.extend([usurped, own]);
            } else if self.turns.insert((next.height, round)) {
                self.sound.insert(own.hash);
                proposals.push(own);
            }
        }
        proposals
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proposals_without_the_proposers_signature_are_never_judged() {
    let cluster = Cluster::start_all_but_one("forged", 4);
    let honest = &cluster.toys[..BYZANTINE];
    let network_key = cluster.network.network_key(BYZANTINE);
    let dial = |node| Client::dial(&cluster.network, &network_key, node);
    let clients: Vec<_> = (0..BYZANTINE).map(dial).collect();
    for client in &clients {
        client.is_read().await;
    }
    let start = honest[0].height();
    let mut sent = Sent::default();
    let judged = |hashes: &BTreeSet<Hash>| {
        hashes.iter().any(|hash| honest.iter().any(|toy| toy.has_judged(hash)))
    };
    let deadline = Instant::now() + WITHIN;
    let is_far = |toy: &std::sync::Arc<crate::toy::Toy>| toy.height() >= start + HEIGHTS;
    while !honest.iter().all(is_far) || !judged(&sent.sound) {
        let heights: Vec<_> = honest.iter().map(|toy| toy.height()).collect();
        assert!(Instant::now() < deadline, "from {start} to {heights:?}");
        for proposal in sent.proposals(&cluster) {
            for client in &clients {
                client.publish(CONSENSUS, proposal.message());
                client.publish(PARTS, proposal.part());
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(sent.forged.len() > 100, "it was a flood");
    assert!(!judged(&sent.forged), "no application was asked about a forged proposal");
    cluster.stop_all().await;
}
