//! Validators whose memory of their votes is old, elsewhere, or cannot be written.

use std::fs::File;
use std::path::Path;

use kyojo_disk::crash::{Disk, End};
use ledger_types::Height;
use node_consensus::{ConsensusFault, Restart};

use crate::rounds::{log_of_another_program, signed_heights};
use crate::toy::cluster::Cluster;
use crate::toy::{IDLE, Network, WITHIN, until};

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("lists") {
        let path = entry.expect("lists").path();
        // Over a file that is there: it stays the same file.
        std::fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copies");
    }
}

/// Waits until the last validator has followed, and votes again.
async fn follows_before_it_votes(mut cluster: Cluster) {
    // What it voted on before it stopped lies at most two above what anybody has decided.
    let decided = cluster.toys.iter().map(|toy| toy.height()).max().expect("a node");
    let restored_at = decided + 2;
    cluster.restart(3);
    let mark = cluster.homes[3].path().join("standing");
    until("it follows", || mark.exists()).await;
    let address = cluster.address(3);
    let votes = |height: &Height| height.get() > restored_at;
    until("it votes again", || signed_heights(&cluster.toys[0], &address).iter().any(votes)).await;
    assert!(!mark.exists(), "the mark is gone once it votes");
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_backup_follows_before_it_votes() {
    let mut cluster = Cluster::start("backup", 4, IDLE, 100);
    cluster.toys[3].reaches(5, WITHIN).await;
    cluster.stop(3).await;
    let backup = tempfile::tempdir().expect("a directory");
    copy(cluster.homes[3].path(), backup.path());
    let taken_at = cluster.toys[3].height();
    cluster.restart(3);
    cluster.toys[3].reaches(taken_at + 10, WITHIN).await;
    cluster.stop(3).await;
    copy(backup.path(), cluster.homes[3].path());
    cluster.toys[3] = cluster.toys[3].as_of(taken_at).await;
    follows_before_it_votes(cluster).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_was_copied_follows_before_it_votes() {
    let mut cluster = Cluster::start("copied", 4, IDLE, 100);
    cluster.toys[3].reaches(5, WITHIN).await;
    cluster.stop(3).await;
    let restored = tempfile::tempdir().expect("a directory");
    copy(cluster.homes[3].path(), restored.path());
    cluster.homes[3] = restored;
    follows_before_it_votes(cluster).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_stopped_as_one_begins_again_and_nobody_follows() {
    let mut cluster = Cluster::start("together", 4, IDLE, 100);
    cluster.toys[0].reaches(5, WITHIN).await;
    for index in 0..4 {
        cluster.stop(index).await;
    }
    let tip = cluster.toys.iter().map(|toy| toy.height()).max().expect("a node");
    for index in 0..4 {
        cluster.restart(index);
    }
    for toy in &cluster.toys {
        toy.reaches(tip + 3, WITHIN).await;
    }
    let follows = |home: &tempfile::TempDir| home.path().join("standing").exists();
    assert!(!cluster.homes.iter().any(follows));
    cluster.stop_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_name_of_the_log_is_durable_before_anything_is_signed() {
    let network = Network::new("name", 2);
    let home = tempfile::tempdir().expect("a directory");
    let toy = network.toy(IDLE, 100);
    let disk = Disk::watch(home.path()).expect("watches");
    let alone = network.start(network.first_proposer(), home.path(), &toy);
    toy.has_record_of(1).await;
    let images = tempfile::tempdir().expect("a directory");
    for place in disk.survivors(images.path()).expect("survives") {
        assert!(place.join("consensus.wal").exists(), "{}", place.display());
    }
    alone.stop().await.expect("a clean stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_stops_on_a_full_disk_says_so_and_starts_again_once_there_is_room() {
    let network = Network::new("full", 1);
    let home = tempfile::tempdir().expect("a directory");
    let toy = network.toy(IDLE, 100);
    let disk = Disk::watch(home.path()).expect("watches");
    // The engine cannot have its log, and nothing can be written beside it.
    let log = File::create(home.path().join("consensus.wal")).expect("makes");
    log.lock().expect("locks");
    for steps in [0, 2] {
        disk.end_after(steps, End::Room);
        let ended = network.start(0, home.path(), &toy).ends(WITHIN).await;
        let fault = ended.expect_err("full");
        assert!(matches!(fault, ConsensusFault::Full { .. }), "{fault}");
        assert_eq!(fault.restart(), Restart::OnceFreed);
        assert!(disk.mend());
    }
    drop(log);
    let node = network.start(0, home.path(), &toy);
    toy.reaches(2, WITHIN).await;
    node.stop().await.expect("a clean stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_cannot_be_read_is_damage_on_a_full_disk_too() {
    let network = Network::new("holds-full", 1);
    let home = tempfile::tempdir().expect("a directory");
    let toy = network.toy(IDLE, 100);
    let log = home.path().join("consensus.wal");
    std::fs::write(log, log_of_another_program(1)).expect("writes");
    let disk = Disk::watch(home.path()).expect("watches");
    // Enough for the home and the note of the log's place.
    disk.end_after(7, End::Room);
    let ended = network.start(0, home.path(), &toy).ends(WITHIN).await;
    let fault = ended.expect_err("the engine cannot replay its log");
    assert!(matches!(fault, ConsensusFault::SafetyHang { .. }), "{fault}");
    assert_eq!(fault.restart(), Restart::DoNot);
}
