//! Power that fails at every step: on whatever disk it leaves is all that was acknowledged.
//!
//! Each sync that a promise rests on is missed by one of these tests where it is taken away.

use std::path::Path;

use kyojo_disk::crash::{Disk, End, Site};
use ledger::StoredRecord;
use ledger_types::{Height, Round};

use super::{GENESIS, assert_block, body, certificate, commit, fresh_directory, open, roots};
use crate::store::checkpoint::{Checkpoints, Dirty};
use crate::store::{BlockLog, StoreError};

/// So many that the table of a segment is longer than a sector.
const HEIGHTS: u64 = 30;
const SEGMENT_BYTES: u64 = 10_000;
const PLACE: &str = "store/blocks";

/// What was said to be durable.
#[derive(Debug, Default)]
struct Acknowledged {
    proposed: u64,
    kept: u64,
    decided: u64,
}

fn live(root: &Path, done: &mut Acknowledged) -> Result<(), StoreError> {
    let log = BlockLog::open(&root.join(PLACE), GENESIS, SEGMENT_BYTES)?;
    for height in 1..=HEIGHTS {
        let (hash, bytes) = body(height, 0);
        log.put_proposal(Height::new(height), Round::new(0), b"init")?;
        done.proposed = height;
        log.put_body(Height::new(height), hash, &bytes)?;
        done.kept = height;
        log.decide(&certificate(height, hash))?;
        done.decided = height;
        log.put_roots(Height::new(height), &roots(height))?;
    }
    Ok(())
}

fn assert_acknowledged(root: &Path, done: &Acknowledged, when: &str) {
    let log =
        open(&root.join(PLACE), SEGMENT_BYTES).unwrap_or_else(|error| panic!("{when}: {error}"));
    let tip = log.tip().get();
    assert!(tip >= done.decided, "{when}: the log ends at {tip}, not at {}", done.decided);
    (1..=tip).for_each(|height| assert_block(&log, height));
    if done.kept > tip {
        let (hash, bytes) = body(done.kept, 0);
        let kept = log.body(Height::new(done.kept), hash).unwrap();
        assert_eq!(kept.as_deref(), Some(&bytes[..]), "{when}: a body that was voted for");
    }
    if done.proposed > tip {
        let kept = log.proposals(Height::new(done.proposed));
        assert_eq!(kept, [(Round::new(0), "init".into())], "{when}: a proposal that was sent");
    }
    commit(&log, tip + 1);
}

/// Cuts the power at every step of a life, whose syncs at `missed` are not there; the lines that sync.
fn crash_at_every_step(missed: Option<Site>) -> Vec<Site> {
    let mut steps = 0;
    loop {
        let root = fresh_directory();
        let disk = Disk::watch(root.path()).unwrap();
        if let Some(site) = missed {
            disk.miss(site);
        }
        disk.end_after(steps, End::Power);
        let mut done = Acknowledged::default();
        let ended = live(root.path(), &mut done);
        let images = fresh_directory();
        for place in disk.survivors(images.path()).unwrap() {
            assert_acknowledged(&place, &done, &format!("{steps} steps, {}", place.display()));
        }
        if ended.is_ok() {
            assert!(steps > 200, "{steps} steps are not a life");
            return disk.sites();
        }
        // The beginning at every step, and then in strides that fit no period.
        steps += if steps < 60 { 1 } else { 7 };
    }
}

#[test]
fn what_was_acknowledged_is_on_any_disk_that_a_crash_at_any_step_leaves() {
    crash_at_every_step(None);
}

#[test]
fn each_sync_of_the_block_log_is_needed() {
    // Those of a start over what a killed process left, and of the layer, have tests of their own.
    let is_own = |site: &Site| {
        ["store/block_log.rs", "store/segment.rs"].iter().any(|file| site.file().ends_with(file))
    };
    let sites: Vec<Site> = crash_at_every_step(None).into_iter().filter(is_own).collect();
    assert_eq!(sites.len(), 6, "body, proposal, decision, roll, and two of a segment: {sites:#?}");
    for site in sites {
        let missed = std::panic::catch_unwind(|| crash_at_every_step(Some(site)));
        assert!(missed.is_err(), "nothing is lost without the sync at {site}");
    }
}

#[test]
fn what_a_killed_process_left_unsynced_is_synced_before_it_counts() {
    let sites = kill_and_crash(None);
    let sites = sites.into_iter().filter(|site| site.file().ends_with("opening.rs"));
    let needed: Vec<bool> = sites
        .map(|site| std::panic::catch_unwind(|| kill_and_crash(Some(site))).is_err())
        .collect();
    assert_eq!(needed, [true], "the sync of a start is needed");
}

fn kill_and_crash(missed: Option<Site>) -> Vec<Site> {
    let root = fresh_directory();
    let disk = Disk::watch(root.path()).unwrap();
    if let Some(site) = missed {
        disk.miss(site);
    }
    let log = open(&root.path().join(PLACE), SEGMENT_BYTES).unwrap();
    let (hash, bytes) = body(1, 0);
    // Head and payload are written, and the process is killed before it syncs them.
    disk.end_after(2, End::Power);
    log.put_body(Height::new(1), hash, &bytes).unwrap_err();
    assert!(disk.mend());
    drop(log);
    let log = open(&root.path().join(PLACE), SEGMENT_BYTES).unwrap();
    log.put_body(Height::new(1), hash, &bytes).unwrap();
    let (images, done) = (fresh_directory(), Acknowledged { kept: 1, ..Acknowledged::default() });
    for place in disk.survivors(images.path()).unwrap() {
        assert_acknowledged(&place, &done, "after a kill, then a crash");
    }
    disk.sites()
}

#[test]
fn the_roots_of_the_tip_are_on_disk_once_the_log_was_closed() {
    let root = fresh_directory();
    let disk = Disk::watch(root.path()).unwrap();
    let log = open(&root.path().join(PLACE), SEGMENT_BYTES).unwrap();
    commit(&log, 1);
    log.sync().unwrap();
    let images = fresh_directory();
    for place in disk.survivors(images.path()).unwrap() {
        let log = open(&place.join(PLACE), SEGMENT_BYTES).unwrap();
        let decided = log.decided(Height::new(1)).unwrap().unwrap();
        assert_eq!(decided.roots, Some(roots(1)));
    }
}

#[test]
fn a_checkpoint_that_was_written_is_on_disk_whole_and_each_of_its_syncs_is_needed() {
    let sites = crash_after_checkpoints(None);
    let flushes = sites.into_iter().filter(|site| site.file().ends_with("checkpoint.rs"));
    let needed: Vec<bool> = flushes
        .map(|site| std::panic::catch_unwind(|| crash_after_checkpoints(Some(site))).is_err())
        .collect();
    assert_eq!(needed, [true, true], "of the first one, and of those after it");
}

fn crash_after_checkpoints(missed: Option<Site>) -> Vec<Site> {
    let root = fresh_directory();
    std::fs::create_dir(root.path().join("state")).unwrap();
    let disk = Disk::watch(root.path()).unwrap();
    if let Some(site) = missed {
        disk.miss(site);
    }
    let record = |slot: u32, value: &[u8]| StoredRecord {
        slot,
        key: slot.to_be_bytes().to_vec(),
        value: value.to_vec(),
    };
    let checkpoints = Checkpoints::open(&root.path().join("state")).unwrap();
    let first = [record(1, b"a"), record(2, b"b")];
    checkpoints.write_first(first.iter().cloned(), Height::new(0), b"tip").unwrap();
    let assert_at = |height: u64, records: &[StoredRecord], images: &Path| {
        for place in disk.survivors(images).unwrap() {
            let found = Checkpoints::open(&place.join("state")).unwrap();
            let tip = found.tip().unwrap().map(|(height, _)| height);
            assert_eq!(tip, Some(Height::new(height)), "{}", place.display());
            let kept = found.with_records(|records| records.collect::<Vec<_>>()).unwrap();
            assert_eq!(kept, records);
        }
    };
    assert_at(0, &first, fresh_directory().path());
    let mut dirty = Dirty::new();
    dirty.insert(2_u32.to_be_bytes().to_vec(), (2, Some(b"c".to_vec())));
    checkpoints.write(&dirty, Height::new(5), b"tip").unwrap();
    assert_at(5, &[record(1, b"a"), record(2, b"c")], fresh_directory().path());
    disk.sites()
}
