//! Mistakes with ports, disks and processes.

use std::fs;
use std::net::TcpListener;

use kyojo_tests::founding::HOMES;

use super::bench::{Bench, Mistake, OURS};

pub(super) fn mistakes(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let (ours, api) = (HOMES[OURS], bench.network.api_port(OURS));
    bench.trial(ours)?;
    let taken = TcpListener::bind(("127.0.0.1", api))?;
    let port = bench.start_refused(
        ("port-taken", "another program has the port for clients"),
        69,
        &[&format!("[api] listen = 127.0.0.1:{api}"), "Address already in use", "ss -ltnp"],
    )?;
    drop(taken);
    let store = bench.trial(ours)?.join("store");
    fs::remove_dir_all(&store)?;
    std::os::unix::fs::symlink("/nowhere/disk", &store)?;
    let disk = bench.start_refused(
        ("disk-not-mounted", "the disk on which the store lies was not mounted"),
        1,
        &["trial/store", "a link to /nowhere/disk, which is not there", "mount that disk"],
    )?;
    let store = bench.trial(ours)?.join("store");
    fs::remove_dir_all(&store)?;
    let rolled_back = bench.start_refused(
        ("store-rolled-back", "the store was thrown away, and the memory of votes was not"),
        70,
        &["consensus.wal", "the store was rolled back", "restore the newer store"],
    )?;
    let second = bench.refused(
        ("second-process", "a node that runs was started once more"),
        70,
        &["kyojo-node", "start", "--home", HOMES[0]],
        &["node0/store/LOCK", "another process runs on this store", "stop that one first"],
    )?;
    let prune = ["kyojo-node", "prune", "--home", ours, "--before", "1000000", "--yes"];
    let pruned = bench.refused(
        ("pruned-too-far", "old entries were to go that the law has served"),
        2,
        &prune,
        &["access_served_days", "from height 1 on is kept", "at most --before 1"],
    )?;
    Ok(vec![port, disk, rolled_back, second, pruned])
}
