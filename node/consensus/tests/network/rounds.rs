//! Validators on loopback, in one process: they decide, survive one another, and catch up.

use std::time::Duration;

use crate::toy::cluster::Cluster;
use crate::toy::{IDLE, Network, Toy, WITHIN};
use ledger_types::{Height, SigningKey, ValidatorAddress};
use node_consensus::{ConsensusFault, Restart};

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
async fn four_validators_decide_over_gossipsub_too_and_one_may_rejoin() {
    let mut cluster = Cluster::start_over_gossipsub("gossipsub", 4);
    for toy in &cluster.toys {
        toy.reaches(20, WITHIN).await;
    }
    cluster.stop(3).await;
    let stopped_at = cluster.toys[3].height();
    cluster.toys[0].reaches(stopped_at + 5, WITHIN).await;
    cluster.restart(3);
    let tip = cluster.toys[0].height();
    cluster.toys[3].reaches(tip + 10, WITHIN).await;
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_fetches_what_it_is_about_to_decide_itself() {
    let cluster = Cluster::start("fetching", 4, IDLE, 100);
    for toy in &cluster.toys {
        toy.reaches(10, WITHIN).await;
    }
    let asked = |cluster: &Cluster| cluster.toys.iter().map(|toy| toy.asked()).sum::<u64>();
    let (before, from) = (asked(&cluster), cluster.toys[0].height());
    for toy in &cluster.toys {
        toy.reaches(from + 100, WITHIN).await;
    }
    let requests = asked(&cluster) - before;
    // A node may really fall behind on a busy machine; each status used to bring a request about.
    assert!(requests <= 10, "{requests} requests in a hundred heights");
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_validator_decides_alone() {
    let cluster = Cluster::start("single", 1, Duration::ZERO, 100);
    cluster.toys[0].reaches(20, WITHIN).await;
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_of_many_parts_are_decided() {
    let cluster = Cluster::start("large", 4, IDLE, 3_000_000);
    for toy in &cluster.toys {
        toy.reaches(4, WITHIN).await;
    }
    cluster.stop_all().await;
}

/// The heights in whose certificate, as node 0 has it, a validator's signature is.
pub(crate) fn signed_heights(toy: &Toy, validator: &ValidatorAddress) -> Vec<Height> {
    let chain = toy.chain();
    let is_signer = |signatures: &[ledger_types::CommitSignature]| {
        signatures.iter().any(|entry| entry.validator == *validator)
    };
    let signed = chain.iter().filter(|(certificate, _)| is_signer(&certificate.signatures));
    signed.map(|(certificate, _)| certificate.height).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_validator_with_a_wiped_disk_follows_before_it_votes() {
    let mut cluster = Cluster::start("wiped", 4, IDLE, 100);
    cluster.toys[0].reaches(10, WITHIN).await;
    cluster.stop(3).await;
    cluster.wipe(3);
    let wiped_at = cluster.toys[0].height();
    cluster.restart(3);
    let mark = cluster.homes[3].path().join("standing");
    cluster.toys[3].reaches(wiped_at, WITHIN).await;
    let address = cluster.address(3);
    let voted_again = |height: &Height| height.get() > wiped_at;
    let deadline = std::time::Instant::now() + WITHIN;
    while !signed_heights(&cluster.toys[0], &address).iter().any(voted_again) {
        assert!(std::time::Instant::now() < deadline, "it votes again");
        let tip = cluster.toys[0].height();
        cluster.toys[0].reaches(tip + 1, WITHIN).await;
    }
    assert!(!mark.exists(), "the mark is gone once it votes");
    let first = signed_heights(&cluster.toys[0], &address).into_iter().find(voted_again);
    let first = first.expect("just seen").get();
    assert!(first > wiped_at + 2, "wiped at {wiped_at}, voted at {first}");
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolled_back_store_is_refused() {
    let cluster = Cluster::start("rolled", 1, Duration::ZERO, 100);
    cluster.toys[0].reaches(5, WITHIN).await;
    let (network, homes) = cluster.stop_all().await;
    let older = network.toy(IDLE, 100);
    let outcome = network.start(0, homes[0].path(), &older).ends(WITHIN).await;
    let fault = outcome.expect_err("the log is ahead of the chain");
    assert!(matches!(fault, ConsensusFault::StoreRolledBack { .. }), "{fault}");
    assert!(fault.do_not_restart());
    assert_eq!(older.height(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_within_a_height_proposes_the_same_block() {
    let network = Network::new("again", 2);
    let homes = [0, 1].map(|_| tempfile::tempdir().expect("a directory"));
    let toys = [0, 1].map(|_| network.toy(IDLE, 100));
    let first = network.first_proposer();
    let start = |index: usize| network.start(index, homes[index].path(), &toys[index]);
    for _ in 0..3 {
        let alone = start(first);
        toys[first].has_record_of(1).await;
        alone.stop().await.expect("a clean stop");
    }
    assert_eq!(toys[first].height(), 0, "one of two decides nothing");
    toys[first].assert_one_block_per_round(1);
    let nodes = [start(0), start(1)];
    for toy in &toys {
        toy.reaches(3, WITHIN).await;
    }
    for node in nodes {
        node.stop().await.expect("a clean stop");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_votes_at_two_nodes_stops_the_one_that_sees_it() {
    let network = Network::new("twins", 4);
    let homes: Vec<_> = (0..4).map(|_| tempfile::tempdir().expect("a directory")).collect();
    let toys: Vec<_> = (0..4).map(|_| network.toy(IDLE, 100)).collect();
    let start = |index: usize| {
        let mut config = network.config(index, homes[index].path());
        if index == 3 {
            // A fourth node, with the first one's key.
            config.validator_key = Some(network.key(0).clone());
        }
        network.start_with(config, &toys[index])
    };
    let (first, others, twin) = (start(0), [start(1), start(2)], start(3));
    let ended = tokio::select! {
        ended = first.ends(WITHIN) => ended,
        ended = twin.ends(WITHIN) => ended,
    };
    let fault = ended.expect_err("it stops by itself");
    assert!(matches!(fault, ConsensusFault::KeyUsedElsewhere { .. }), "{fault}");
    assert!(fault.do_not_restart());
    for other in others {
        other.stop().await.expect("nothing happened to the others");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrupt_log_stops_the_node_for_good() {
    let network = Network::new("corrupt", 2);
    let home = tempfile::tempdir().expect("a directory");
    let toy = network.toy(IDLE, 100);
    let first = network.first_proposer();
    let log = home.path().join("consensus.wal");
    let alone = network.start(first, home.path(), &toy);
    let has_entries = || std::fs::metadata(&log).is_ok_and(|file| file.len() > 100);
    crate::toy::until("the log has an entry", has_entries).await;
    alone.stop().await.expect("a clean stop");
    let mut bytes = std::fs::read(&log).expect("a log");
    bytes[30] ^= 1;
    std::fs::write(&log, &bytes).expect("writes");
    for _ in 0..2 {
        let ended = network.start(first, home.path(), &toy).ends(WITHIN).await;
        let fault = ended.expect_err("corrupt");
        assert!(matches!(fault, ConsensusFault::UnreadableLog { .. }), "{fault}");
        assert_eq!(fault.restart(), Restart::DoNot);
        assert_eq!(std::fs::read(&log).expect("still there"), bytes, "the log is left alone");
    }
}

/// A log whose only entry is whole, but nothing that a node of this network writes.
pub(crate) fn log_of_another_program(height: u64) -> Vec<u8> {
    let entry = b"what another program wrote";
    let mut bytes = vec![0, 0, 0, 1];
    bytes.extend_from_slice(&height.to_be_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&(entry.len() as u64).to_be_bytes());
    bytes.extend_from_slice(&crc32fast::hash(entry).to_be_bytes());
    bytes.extend_from_slice(entry);
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_holds_for_safety_stops_the_node_for_good() {
    let network = Network::new("holds", 1);
    let home = tempfile::tempdir().expect("a directory");
    let toy = network.toy(IDLE, 100);
    let log = home.path().join("consensus.wal");
    std::fs::write(log, log_of_another_program(1)).expect("writes");
    let ended = network.start(0, home.path(), &toy).ends(WITHIN).await;
    let fault = ended.expect_err("the engine cannot replay its log");
    assert!(matches!(fault, ConsensusFault::SafetyHang { .. }), "{fault}");
    assert_eq!(fault.restart(), Restart::DoNot);
    assert_eq!(toy.height(), 0, "nothing was decided without the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_of_the_application_stops_consensus() {
    let cluster = Cluster::start("fault", 1, Duration::ZERO, 100);
    cluster.toys[0].reaches(3, WITHIN).await;
    cluster.toys[0].fail_at(6);
    let ended = cluster.ends(0).await;
    let fault = ended.expect_err("the application failed");
    assert!(matches!(fault, ConsensusFault::Application(_)), "{fault}");
    assert!(fault.do_not_restart(), "a lasting fault");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_once() {
    let network = Network::new("settings", 2);
    let home = tempfile::tempdir().expect("a directory");
    let sound = network.config(0, home.path());
    let mut no_id = sound.clone();
    no_id.peers = vec!["/ip4/127.0.0.1/tcp/1".to_owned()];
    let mut no_tcp = sound.clone();
    no_tcp.listen = "/ip4/127.0.0.1/udp/1/quic-v1".to_owned();
    let mut no_address = sound;
    no_address.validator_key = Some(SigningKey::from_seed(&[1; 32]));
    no_address.peers = vec!["somewhere".to_owned()];
    for config in [no_id, no_tcp, no_address] {
        let ended = network.start_with(config, &network.toy(IDLE, 100)).ends(WITHIN).await;
        let fault = ended.expect_err("refused");
        assert!(matches!(fault, ConsensusFault::Configuration { .. }), "{fault}");
    }
}
