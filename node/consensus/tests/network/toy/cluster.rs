//! Several toy nodes and the directories they live in.

use std::sync::Arc;
use std::time::Duration;

use ledger_types::ValidatorAddress;
use node_consensus::{ConsensusFault, PubSub};

use super::{Network, Running, Toy, WITHIN};

/// A network and its nodes.
pub(crate) struct Cluster {
    pub(crate) network: Network,
    pub(crate) homes: Vec<tempfile::TempDir>,
    pub(crate) toys: Vec<Arc<Toy>>,
    nodes: Vec<Option<Running>>,
}

impl Cluster {
    pub(crate) fn start(name: &str, count: usize, idle: Duration, payload_bytes: usize) -> Self {
        let mut cluster = Self::prepare(name, count, idle, payload_bytes);
        for index in 0..count {
            cluster.restart(index);
        }
        cluster
    }

    /// A network whose votes and proposals travel by gossipsub.
    pub(crate) fn start_over_gossipsub(name: &str, count: usize) -> Self {
        let mut cluster = Self::prepare(name, count, super::IDLE, 100);
        cluster.network.pubsub = PubSub::GossipSub;
        for index in 0..count {
            cluster.restart(index);
        }
        cluster
    }

    fn prepare(name: &str, count: usize, idle: Duration, payload_bytes: usize) -> Self {
        let network = Network::new(name, count);
        let home = |_| tempfile::tempdir().expect("a directory");
        let homes = (0..count).map(home).collect();
        let toys = (0..count).map(|_| network.toy(idle, payload_bytes)).collect();
        let nodes = (0..count).map(|_| None).collect();
        Self { network, homes, toys, nodes }
    }

    /// A network whose last validator does not run: whoever has its keys may act for it.
    pub(crate) fn start_all_but_one(name: &str, count: usize) -> Self {
        let mut cluster = Self::prepare(name, count, super::IDLE, 100);
        for index in 0..count - 1 {
            cluster.restart(index);
        }
        cluster
    }

    pub(crate) fn restart(&mut self, index: usize) {
        let home = self.homes[index].path();
        self.nodes[index] = Some(self.network.start(index, home, &self.toys[index]));
    }

    pub(crate) async fn stop(&mut self, index: usize) {
        if let Some(node) = self.nodes[index].take() {
            node.stop().await.expect("a clean stop");
        }
    }

    /// Stops every node; what they decided must be one chain.
    pub(crate) async fn stop_all(mut self) -> (Network, Vec<tempfile::TempDir>) {
        for index in 0..self.nodes.len() {
            self.stop(index).await;
        }
        self.assert_one_chain();
        (self.network, self.homes)
    }

    /// A node's disk is lost: its chain and its home.
    pub(crate) fn wipe(&mut self, index: usize) {
        assert!(self.nodes[index].is_none(), "only a stopped node");
        self.homes[index] = tempfile::tempdir().expect("a directory");
        self.toys[index] = self.toys[index].empty();
    }

    /// Waits until a node stops by itself.
    pub(crate) async fn ends(mut self, index: usize) -> Result<(), ConsensusFault> {
        self.nodes[index].take().expect("it runs").ends(WITHIN).await
    }

    /// A validator's address.
    pub(crate) fn address(&self, index: usize) -> ValidatorAddress {
        self.network.address(index)
    }

    /// No two nodes ever decided differently, and every certificate proves its block.
    pub(crate) fn assert_one_chain(&self) {
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
