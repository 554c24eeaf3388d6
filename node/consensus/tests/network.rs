//! Validators on loopback, in one process: they decide, survive one another, and catch up.

mod toy;

use std::sync::Arc;
use std::time::Duration;

use toy::{Network, Running, Toy};

const WITHIN: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_millis(20);

struct Cluster {
    network: Network,
    homes: Vec<tempfile::TempDir>,
    toys: Vec<Arc<Toy>>,
    nodes: Vec<Option<Running>>,
}

impl Cluster {
    fn start(name: &str, count: usize, idle: Duration, payload_bytes: usize) -> Self {
        let network = Network::new(name, count);
        let home = || tempfile::tempdir().expect("a directory");
        let homes: Vec<_> = (0..count).map(|_| home()).collect();
        let toys: Vec<_> = (0..count).map(|_| network.toy(idle, payload_bytes)).collect();
        let start = |index: usize| Some(network.start(index, homes[index].path(), &toys[index]));
        let nodes = (0..count).map(start).collect();
        Self { network, homes, toys, nodes }
    }

    fn restart(&mut self, index: usize) {
        let home = self.homes[index].path();
        self.nodes[index] = Some(self.network.start(index, home, &self.toys[index]));
    }

    async fn stop(&mut self, index: usize) {
        if let Some(node) = self.nodes[index].take() {
            node.stop().await.expect("a clean stop");
        }
    }

    async fn stop_all(mut self) {
        for index in 0..self.nodes.len() {
            self.stop(index).await;
        }
        self.assert_one_chain();
    }

    /// No two nodes ever decided differently, and every certificate proves its block.
    fn assert_one_chain(&self) {
        let chains: Vec<_> = self.toys.iter().map(|toy| toy.chain()).collect();
        let longest = chains.iter().max_by_key(|chain| chain.len()).expect("a node");
        for chain in &chains {
            for ((certificate, bytes), (_, other)) in chain.iter().zip(longest) {
                assert_eq!(bytes, other, "one block at {}", certificate.height);
                let verdict = certificate.verify(&self.network.set, &self.network.genesis);
                assert_eq!(verdict, Ok(()), "the certificate of {}", certificate.height);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_validators_decide_and_one_may_stop_and_rejoin() {
    let mut cluster = Cluster::start("four", 4, IDLE, 100);
    for toy in &cluster.toys {
        toy.reaches(20, WITHIN).await;
    }
    cluster.stop(3).await;
    let stopped_at = cluster.toys[3].height();
    cluster.toys[0].reaches(stopped_at + 15, WITHIN).await;
    assert_eq!(cluster.toys[3].height(), stopped_at, "a stopped node decides nothing");
    cluster.restart(3);
    let tip = cluster.toys[0].height();
    cluster.toys[3].reaches(tip + 10, WITHIN).await;
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_validator_decides_alone() {
    let cluster = Cluster::start("single", 1, Duration::ZERO, 100);
    cluster.toys[0].reaches(20, WITHIN).await;
    cluster.stop_all().await;
}
