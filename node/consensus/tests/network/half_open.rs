//! A connection that only one side knows to be lost leaves neither deaf for long.

use crate::toy::relay::Relay;
use crate::toy::{IDLE, Network, Toy, WITHIN};

/// Waits until `toy` was asked to judge a block above `tip`, as a live proposal, that was decided.
async fn hears_proposals_above(toy: &Toy, tip: u64) {
    let is_live = || {
        let chain = toy.chain();
        let above = chain.iter().filter(|(certificate, _)| certificate.height.get() > tip);
        above.into_iter().any(|(certificate, _)| toy.has_judged(&certificate.block))
    };
    crate::toy::until("the other's proposals are heard", is_live).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_behind_a_half_open_connection_hears_again() {
    let network = Network::new("half-open", 2);
    let homes = [0, 1].map(|_| tempfile::tempdir().expect("a directory"));
    let toys = [0, 1].map(|_| network.toy(IDLE, 100));
    let relay = Relay::to(network.port(1)).await;
    let [dialler, listener] = [0, 1].map(|index| {
        let mut config = network.config(index, homes[index].path());
        let (_, id) = config.peers[0].rsplit_once('/').expect("an id");
        // Node 1 knows node 0, but no way to it.
        let address = if index == 0 { relay.address.as_str() } else { "/ip4/127.0.0.1/tcp/1" };
        config.peers = vec![format!("{address}/p2p/{id}")];
        network.start_with(config, &toys[index])
    });
    for toy in &toys {
        toy.reaches(5, WITHIN).await;
        hears_proposals_above(toy, 0).await;
    }
    relay.leave_half_open();
    // Whatever was on its way when the connection broke is for the next height at most.
    let tip = toys.iter().map(|toy| toy.height()).max().expect("two nodes") + 1;
    for toy in &toys {
        hears_proposals_above(toy, tip).await;
    }
    for node in [dialler, listener] {
        node.stop().await.expect("a clean stop");
    }
}
