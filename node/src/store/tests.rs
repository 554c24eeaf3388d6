//! The block log under truncation, damage and restarts at every point.

use std::path::{Path, PathBuf};

use ledger_types::{CommitCertificate, CommitSignature, Hash, Height, Round, Signature};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::block_log::{BlockLog, Roots};
use super::{Indexing, Opened, StoreError};

mod crash;
mod full;

const GENESIS: Hash = Hash::new([7; 32]);

/// In memory where the system has that: thousands of syncs then cost nothing.
pub(crate) fn fresh_directory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

fn body(height: u64, variant: u64) -> (Hash, Vec<u8>) {
    let hash = Hash::of(&[&height.to_le_bytes(), &variant.to_le_bytes()]);
    let length = 40 + usize::try_from((height * 37 + variant * 11) % 90).unwrap();
    (hash, hash.as_bytes().iter().copied().cycle().take(length).collect())
}

fn certificate(height: u64, block: Hash) -> CommitCertificate {
    let (set, signature) = (ledger_types::SigningKey::from_seed(&[1; 32]), [9; 64]);
    let validator = ledger_types::ValidatorAddress::of(&set.public_key());
    let signatures = vec![CommitSignature { validator, signature: Signature::Ed25519(signature) }];
    CommitCertificate { height: Height::new(height), round: Round::new(0), block, signatures }
}

fn roots(height: u64) -> Roots {
    let root = Hash::of(&[&height.to_le_bytes()]);
    Roots { state: root, receipts: root, audit_log: root }
}

fn commit(log: &BlockLog, height: u64) {
    let (hash, bytes) = body(height, 0);
    log.put_body(Height::new(height), hash, &bytes).unwrap();
    log.decide(&certificate(height, hash)).unwrap();
    log.put_roots(Height::new(height), &roots(height)).unwrap();
}

fn open(directory: &Path, segment_bytes: u64) -> Result<BlockLog, StoreError> {
    BlockLog::open(directory, GENESIS, segment_bytes)
}

fn assert_block(log: &BlockLog, height: u64) {
    let (hash, bytes) = body(height, 0);
    let decided = log.decided(Height::new(height)).unwrap().expect("the block is kept");
    assert_eq!(decided.certificate, certificate(height, hash));
    assert_eq!(decided.bytes, bytes);
}

fn last_segment(directory: &Path) -> PathBuf {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|e| e == "log")).max().unwrap()
}

#[test]
fn blocks_are_found_again_across_segments_and_restarts() {
    let directory = fresh_directory();
    let log = open(directory.path(), 1_000).unwrap();
    (1..=40).for_each(|height| commit(&log, height));
    drop(log);
    let log = open(directory.path(), 1_000).unwrap();
    assert_eq!((log.tip(), log.earliest()), (Height::new(40), Height::new(1)));
    for height in 1..=40 {
        assert_block(&log, height);
        assert_eq!(log.decided(Height::new(height)).unwrap().unwrap().roots, Some(roots(height)));
    }
    assert_eq!(log.decided(Height::new(41)).unwrap(), None);
    assert_ne!(last_segment(directory.path()), directory.path().join(format!("{:020}.log", 1)));
}

#[test]
fn a_missing_table_is_made_again() {
    let directory = fresh_directory();
    let log = open(directory.path(), 500).unwrap();
    (1..=10).for_each(|height| commit(&log, height));
    drop(log);
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "idx") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let log = open(directory.path(), 500).unwrap();
    (1..=10).for_each(|height| assert_block(&log, height));
}

#[test]
fn a_missing_segment_stops_the_node() {
    let directory = fresh_directory();
    let log = open(directory.path(), 500).unwrap();
    (1..=10).for_each(|height| commit(&log, height));
    drop(log);
    let mut paths: Vec<_> =
        std::fs::read_dir(directory.path()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    paths.sort();
    std::fs::remove_file(&paths[1]).unwrap();
    assert!(matches!(open(directory.path(), 500), Err(StoreError::Damaged { .. })));
}

#[test]
fn another_networks_log_is_refused() {
    let directory = fresh_directory();
    drop(open(directory.path(), 500).unwrap());
    let other = BlockLog::open(directory.path(), Hash::new([8; 32]), 500);
    let told = match other {
        Err(error @ StoreError::OtherGenesis { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let directory = directory.path().display().to_string();
    for part in
        [directory.as_str(), "the store is of the network", "put this node's own store back"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_store_on_a_disk_that_is_not_mounted_says_so() {
    let directory = fresh_directory();
    let store = directory.path().join("store");
    std::os::unix::fs::symlink("/nowhere/disk", &store).unwrap();
    let told = Opened::open(&store, GENESIS, Indexing::Off).unwrap_err().to_string();
    for part in ["store: ", "a link to /nowhere/disk, which is not there", "mount that disk"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn a_decision_without_its_body_or_out_of_order_or_of_another_block_is_refused() {
    let directory = fresh_directory();
    let log = open(directory.path(), 10_000).unwrap();
    let (hash, bytes) = body(1, 0);
    let missing = log.decide(&certificate(1, hash));
    assert!(matches!(missing, Err(StoreError::BodyMissing { .. })));
    log.put_body(Height::new(1), hash, &bytes).unwrap();
    log.decide(&certificate(1, hash)).unwrap();
    log.decide(&certificate(1, hash)).unwrap();
    let conflict = log.decide(&certificate(1, body(1, 1).0));
    assert!(matches!(conflict, Err(StoreError::Conflict { .. })));
    let skipped = log.decide(&certificate(3, body(3, 0).0));
    assert!(matches!(skipped, Err(StoreError::NotNext { .. })));
}

#[test]
fn undecided_bodies_and_proposals_survive_a_restart_and_end_with_their_height() {
    let directory = fresh_directory();
    let log = open(directory.path(), 100).unwrap();
    commit(&log, 1);
    let (height, (one, one_bytes), (two, two_bytes)) = (Height::new(2), body(2, 0), body(2, 1));
    log.put_proposal(height, Round::new(0), b"first").unwrap();
    log.put_body(height, one, &one_bytes).unwrap();
    log.put_body(height, two, &two_bytes).unwrap();
    log.put_proposal(height, Round::new(1), b"second").unwrap();
    log.put_proposal(height, Round::new(1), b"second").unwrap();
    drop(log);
    let log = open(directory.path(), 100).unwrap();
    assert_eq!(log.body(height, two).unwrap().unwrap(), two_bytes);
    let proposals = log.proposals(height);
    let expected = [(Round::new(0), "first".into()), (Round::new(1), "second".into())];
    assert_eq!(proposals, expected);
    log.decide(&certificate(2, one)).unwrap();
    assert!(log.proposals(height).is_empty());
    assert_eq!(log.body(height, two).unwrap(), None);
    assert_eq!(log.body(height, one).unwrap().unwrap(), one_bytes);
}

/// A log of some blocks, and the file's length at the moment each was decided and synced.
fn log_with_ends(directory: &Path, blocks: u64) -> Vec<u64> {
    let log = open(directory, 100_000).unwrap();
    let length = || std::fs::metadata(last_segment(directory)).unwrap().len();
    let mut ends = Vec::new();
    for height in 1..=blocks {
        let (hash, bytes) = body(height, 0);
        log.put_proposal(Height::new(height), Round::new(0), b"init").unwrap();
        log.put_body(Height::new(height), hash, &bytes).unwrap();
        log.decide(&certificate(height, hash)).unwrap();
        ends.push(length());
        log.put_roots(Height::new(height), &roots(height)).unwrap();
    }
    ends
}

#[test]
fn cutting_the_tail_at_any_byte_never_loses_a_block_synced_before_it() {
    let directory = fresh_directory();
    let ends = log_with_ends(directory.path(), 4);
    let whole = std::fs::read(last_segment(directory.path())).unwrap();
    for length in 0..=whole.len() {
        let cut = fresh_directory();
        std::fs::write(last_segment_name(cut.path()), &whole[..length]).unwrap();
        let log = open(cut.path(), 100_000).unwrap();
        let synced = ends.iter().filter(|end| **end <= length as u64).count() as u64;
        assert_eq!(log.tip(), Height::new(synced), "cut at {length}");
        (1..=synced).for_each(|height| assert_block(&log, height));
        commit_any(&log, synced + 1);
        drop(log);
        assert_eq!(open(cut.path(), 100_000).unwrap().tip(), Height::new(synced + 1));
    }
}

fn last_segment_name(directory: &Path) -> PathBuf {
    directory.join(format!("{:020}.log", 1))
}

fn commit_any(log: &BlockLog, height: u64) {
    commit(log, height);
    assert_block(log, height);
}

#[test]
fn a_flipped_byte_before_the_last_synced_record_stops_the_node() {
    let directory = fresh_directory();
    let ends = log_with_ends(directory.path(), 3);
    let whole = std::fs::read(last_segment(directory.path())).unwrap();
    let last = usize::try_from(*ends.last().unwrap()).unwrap();
    for at in 0..last {
        let copy = fresh_directory();
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        std::fs::write(last_segment_name(copy.path()), &bytes).unwrap();
        let opened = open(copy.path(), 100_000);
        assert!(opened.is_err(), "byte {at} of {last} was lost without a word");
    }
}

#[test]
fn a_damaged_length_of_the_last_record_is_damage_and_no_torn_tail() {
    let directory = fresh_directory();
    log_with_ends(directory.path(), 2);
    let whole = std::fs::read(last_segment(directory.path())).unwrap();
    let record = whole.windows(4).rposition(|window| window == super::frame::MAGIC).unwrap();
    let length = record + 8..record + 12;
    for (at, bit) in length.flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let copy = fresh_directory();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        std::fs::write(last_segment_name(copy.path()), &bytes).unwrap();
        let opened = open(copy.path(), 100_000);
        assert!(matches!(opened, Err(StoreError::Damaged { .. })), "bit {bit} of byte {at}");
    }
}

#[test]
fn zeros_after_the_last_record_are_a_torn_tail() {
    let directory = fresh_directory();
    log_with_ends(directory.path(), 3);
    let path = last_segment(directory.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(&[0; 5_000]);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(open(directory.path(), 100_000).unwrap().tip(), Height::new(3));
}

#[test]
fn a_record_inside_a_body_is_not_taken_for_a_later_one() {
    let directory = fresh_directory();
    let log = open(directory.path(), 100_000).unwrap();
    commit(&log, 1);
    drop(log);
    let stranger = fresh_directory();
    log_with_ends(stranger.path(), 3);
    let records = std::fs::read(last_segment(stranger.path())).unwrap();
    let path = last_segment(directory.path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend_from_slice(b"KJR1 a torn record");
    bytes.extend_from_slice(&records);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(open(directory.path(), 100_000).unwrap().tip(), Height::new(1));
}

#[test]
fn a_second_process_is_refused() {
    let directory = fresh_directory();
    let path = directory.path().join("LOCK");
    let held = super::lock::Lock::take(&path).unwrap();
    assert!(matches!(super::lock::Lock::take(&path), Err(StoreError::Locked { .. })));
    drop(held);
    super::lock::Lock::take(&path).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Body { variant: u64 },
    Decide { variant: u64 },
    Roots,
    Reopen { garbage: Vec<u8> },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..3_u64).prop_map(|variant| Step::Body { variant }),
        2 => (0..3_u64).prop_map(|variant| Step::Decide { variant }),
        1 => proptest::strategy::Just(Step::Roots),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(|garbage| Step::Reopen { garbage }),
    ]
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_of_steps_and_restarts_keeps_what_was_decided(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let directory = fresh_directory();
        let mut log = open(directory.path(), 700).unwrap();
        let mut decided: Vec<Hash> = Vec::new();
        let mut bodies: Vec<u64> = Vec::new();
        for step in steps {
            let next = decided.len() as u64 + 1;
            match step {
                Step::Body { variant } => {
                    let (hash, bytes) = body(next, variant);
                    log.put_body(Height::new(next), hash, &bytes).unwrap();
                    bodies.push(variant);
                }
                Step::Decide { variant } => {
                    let (hash, _) = body(next, variant);
                    let taken = log.decide(&certificate(next, hash));
                    prop_assert_eq!(taken.is_ok(), bodies.contains(&variant));
                    if taken.is_ok() {
                        decided.push(hash);
                        bodies.clear();
                    }
                }
                Step::Roots => {
                    let put = log.put_roots(Height::new(next - 1), &roots(next - 1));
                    prop_assert!(put.is_ok() || decided.is_empty());
                }
                Step::Reopen { garbage } => {
                    drop(log);
                    let path = last_segment(directory.path());
                    let mut bytes = std::fs::read(&path).unwrap();
                    bytes.extend_from_slice(&garbage);
                    std::fs::write(&path, bytes).unwrap();
                    log = open(directory.path(), 700).unwrap();
                }
            }
            prop_assert_eq!(log.tip(), Height::new(decided.len() as u64));
        }
        for (height, hash) in (1..).zip(&decided) {
            let kept = log.decided(Height::new(height)).unwrap().unwrap();
            prop_assert_eq!(kept.certificate.block, *hash);
        }
    }
}
