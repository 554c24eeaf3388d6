//! A client that connects without ever saying who it is gets nothing through (protocol rule 16).

use crate::toy::cluster::Cluster;
use crate::toy::forger::{Forgery, sign};
use crate::toy::raw::{CONSENSUS, Client, LIVENESS, PARTS, STATUS};
use crate::toy::{WITHIN, until};
use ledger_types::{Hash, Round, SigningKey};
use node_consensus::Application;

/// The validator that does not run; the outsider has its validator key, but not its network key.
const STOLEN: usize = 3;

fn outsider() -> SigningKey {
    SigningKey::from_seed(&[78; 32])
}

/// What the stolen key may propose at the next height: a member's like would be judged, as
/// `forged_openings.rs` shows.
fn sound_proposals(cluster: &Cluster, first: u64) -> Vec<Forgery> {
    let (network, next) = (&cluster.network, cluster.toys[0].next());
    let proposer = cluster.address(STOLEN);
    let turn = |round: &Round| next.rotation.proposer(&next.validators, next.height, *round);
    let turns = (0..6).map(Round::new).filter(|round| turn(round) == Some(proposer));
    let sign = |claim: &_| sign(claim, network.key(STOLEN), &network.genesis);
    turns
        .zip(first..)
        .map(|(round, number)| Forgery::new(next.height, round, number, proposer, sign))
        .collect()
}

async fn is_cut_off(client: &Client) {
    until("the outsider is disconnected", || client.met().is_cut_off()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outsider_gets_nothing_through() {
    let cluster = Cluster::start_all_but_one("outsider", 4);
    let mut sent: Vec<Hash> = Vec::new();
    for attempt in 0..4 {
        let client = Client::dial(&cluster.network, &outsider(), 0);
        client.is_read().await;
        for proposal in sound_proposals(&cluster, attempt * 100) {
            client.publish(CONSENSUS, proposal.message());
            client.publish(PARTS, proposal.part());
            sent.push(proposal.hash);
        }
        client.publish(LIVENESS, b"nothing that decodes".as_slice().into());
        let tip = cluster.toys[0].height();
        cluster.toys[0].reaches(tip + 3, WITHIN).await;
    }
    assert!(!sent.is_empty(), "it had turns to usurp");
    let is_judged = |hash: &Hash| cluster.toys.iter().any(|toy| toy.has_judged(hash));
    assert!(!sent.iter().any(is_judged), "no application was asked about a proposal of it");
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outsider_reads_nothing() {
    let cluster = Cluster::start_all_but_one("reader", 4);
    let silent = Client::dial(&cluster.network, &outsider(), 1);
    silent.is_read().await;
    for topic in [CONSENSUS, PARTS, LIVENESS, STATUS] {
        let client = Client::dial(&cluster.network, &outsider(), 0);
        client.is_read().await;
        client.subscribe(topic);
        is_cut_off(&client).await;
        let read = client.met().messages.len();
        let tip = cluster.toys[0].height();
        cluster.toys[0].reaches(tip + 5, WITHIN).await;
        let met = client.met();
        assert_eq!((met.messages.len(), met.opened), (read, 1), "nothing more of {topic}");
    }
    assert_eq!(silent.met().messages, [], "nothing is sent to whoever does not ask");
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_is_given_to_members_and_to_nobody_else() {
    let cluster = Cluster::start_all_but_one("history", 4);
    cluster.toys[0].reaches(5, WITHIN).await;
    let member = Client::dial(&cluster.network, &cluster.network.network_key(STOLEN), 0);
    member.ask();
    until("a member is answered", || member.met().answers.len() == 1).await;
    let bytes = member.met().answers[0];
    assert!(bytes > 300, "three blocks in {bytes} bytes");
    let outsider = Client::dial(&cluster.network, &outsider(), 0);
    outsider.ask();
    until("an outsider is refused", || outsider.met().failures == 1).await;
    assert!(outsider.met().answers.is_empty());
    let tip = cluster.toys[0].height();
    cluster.toys[0].reaches(tip + 5, WITHIN).await;
    cluster.stop_all().await;
}
