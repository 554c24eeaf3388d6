//! The log's files against a tree made anew, and after crashes at any length.

use ledger::Applied;
use ledger_proof::tile::{TileReader, added_entry_tiles, decode_entries, entry_tiles, hash_tiles};
use ledger_types::{
    Block, Body, CommitCertificate, Header, NetworkId, Outcome, Receipt, Round, Timestamp,
    TransactionId, ValidatorAddress,
};

use std::fs::OpenOptions;

use kyojo_disk::crash::{Disk, End, Site};

use super::*;
use crate::store::fresh_directory;

/// A block of a height with so many receipts.
fn committed(height: u64, receipts: u32) -> Committed {
    let of = |index: u32| Receipt {
        transaction: TransactionId::new(Hash::of(&[&height.to_le_bytes(), &index.to_le_bytes()])),
        height: Height::new(height),
        index,
        outcome: Outcome::Committed,
    };
    let root = Hash::of(&[&height.to_le_bytes()]);
    let header = Header {
        network: NetworkId::new([1; 4]),
        height: Height::new(height),
        time: Timestamp::from_millis(height * 100),
        proposer: ValidatorAddress::of(&ledger_types::SigningKey::from_seed(&[2; 32]).public_key()),
        parent: root,
        transactions_root: root,
        state_root: root,
        receipts_root: root,
        audit_log_root: root,
        certificate_hash: root,
        validators_hash: root,
        rotation_hash: root,
    };
    let body = Body { parent_certificate: None, transactions: vec![] };
    let (height, hash) = (header.height, header.hash());
    let applied = Applied {
        height,
        header_hash: hash,
        receipts: (0..receipts).map(of).collect(),
        events: vec![],
        changes: vec![],
        state_root: root,
        receipts_root: root,
        audit_log_root: root,
    };
    let certificate =
        CommitCertificate { height, round: Round::new(0), block: hash, signatures: vec![] };
    let block = Arc::new(Block { header, body });
    Committed { block, hash, certificate, applied, changes: vec![] }
}

/// How many receipts the block of a height has: some none, some more than a tile.
fn receipts(height: u64) -> u32 {
    [0, 1, 3, 255, 300, 17][usize::try_from(height % 6).unwrap()]
}

/// A log of so many blocks, and its size after each.
pub(crate) fn log_of_sizes(directory: &Path, heights: u64) -> (Arc<AuditLog>, Vec<u64>) {
    let (log, mut writer) = AuditLog::open(directory).unwrap();
    let enter = |height| writer.enter(&committed(height, receipts(height))).unwrap().size;
    let sizes = (1..=heights).map(enter).collect();
    (log, sizes)
}

/// All entries of the first `heights` blocks.
fn entries(heights: u64) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for height in 1..=heights {
        let first = u64::try_from(all.len()).unwrap();
        all.extend(entries_of(&committed(height, receipts(height)), first));
    }
    all
}

fn assert_holds(log: &AuditLog, heights: u64) {
    let entries = entries(heights);
    let size = u64::try_from(entries.len()).unwrap();
    assert_eq!(*log.head().borrow(), Head { height: Height::new(heights), size });
    let leaves: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    assert_eq!(TileReader::new(log, size).root().unwrap(), merkle::root(&leaves));
    for tile in entry_tiles(size).chain(added_entry_tiles(size.saturating_sub(1), size)) {
        let bundle = log.tile(tile).unwrap().unwrap();
        let first = usize::try_from(tile.index).unwrap() * 256;
        let expected = &entries[first..first + usize::from(tile.width)];
        assert_eq!(decode_entries(&bundle).unwrap(), expected);
    }
    for tile in hash_tiles(size) {
        let bytes = log.tile(tile).unwrap().unwrap();
        assert_eq!(bytes.len(), usize::from(tile.width) * 32);
        let narrower = Tile { width: 1, ..tile };
        assert_eq!(log.tile(narrower).unwrap().unwrap(), bytes[..32]);
    }
    for index in [0, size / 2, size - 1] {
        let entry = log.entry(index).unwrap().unwrap();
        assert_eq!(entry, entries[usize::try_from(index).unwrap()]);
    }
    assert_eq!(log.entry(size).unwrap(), None);
    for height in [0, 1, heights] {
        let after = log.size_after(Height::new(height)).unwrap();
        let last = after.unwrap().checked_sub(1).map(|last| log.entry(last).unwrap().unwrap());
        let last = last.map(|entry| Entry::decode(&entry).unwrap());
        let closes = |entry| matches!(entry, Entry::BlockCommit(c) if c.height.get() == height);
        assert!(last.is_none_or(closes), "the entry before a size closes its block");
    }
    assert_eq!(log.size_after(Height::new(heights + 1)).unwrap(), None);
}

#[test]
fn every_tile_is_that_of_a_tree_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let (log, mut writer) = AuditLog::open(directory.path()).unwrap();
    for height in 1..=40 {
        writer.enter(&committed(height, receipts(height))).unwrap();
        if height % 13 == 0 || height < 5 {
            assert_holds(&log, height);
        }
    }
    assert_holds(&log, 40);
}

#[test]
fn what_was_not_made_durable_is_cut_off_and_entered_again() {
    let directory = tempfile::tempdir().unwrap();
    let (_, mut writer) = AuditLog::open(directory.path()).unwrap();
    for height in 1..=9 {
        writer.enter(&committed(height, receipts(height))).unwrap();
        if height == 5 {
            writer.flush().unwrap();
        }
    }
    drop(writer);
    // A crash may also leave half a hash.
    let torn = directory.path().join("hashes-0");
    let length = std::fs::metadata(&torn).unwrap().len();
    OpenOptions::new().write(true).open(&torn).unwrap().set_len(length - 7).unwrap();
    let (log, mut writer) = AuditLog::open(directory.path()).unwrap();
    assert_holds(&log, 5);
    for height in 3..=12 {
        writer.enter(&committed(height, receipts(height))).unwrap();
    }
    assert_holds(&log, 12);
}

#[test]
fn a_gap_and_a_file_that_lost_what_was_synced_are_faults() {
    let directory = tempfile::tempdir().unwrap();
    let (_, mut writer) = AuditLog::open(directory.path()).unwrap();
    writer.enter(&committed(1, 4)).unwrap();
    let gap = writer.enter(&committed(3, 1)).unwrap_err();
    assert!(matches!(gap, StoreError::Inconsistent { .. }), "{gap}");
    writer.flush().unwrap();
    drop(writer);
    let file = directory.path().join("entries");
    OpenOptions::new().write(true).open(&file).unwrap().set_len(20).unwrap();
    let lost = AuditLog::open(directory.path()).unwrap_err();
    assert!(matches!(lost, StoreError::Damaged { .. }), "{lost}");
}

#[test]
fn pruned_entries_are_gone_and_everything_else_is_still_proved() {
    let directory = tempfile::tempdir().unwrap();
    let (_, mut writer) = AuditLog::open(directory.path()).unwrap();
    for height in 1..=20 {
        writer.enter(&committed(height, receipts(height))).unwrap();
    }
    writer.flush().unwrap();
    drop(writer);
    assert_eq!(prune(directory.path(), Height::new(1)).unwrap(), Pruned::default());
    let beyond = prune(directory.path(), Height::new(21)).unwrap_err();
    assert!(matches!(beyond, StoreError::Inconsistent { .. }), "{beyond}");
    let length = || std::fs::metadata(directory.path().join("entries")).map(|file| file.len());
    let whole = length().unwrap();
    for height in [9, 15] {
        let pruned = prune(directory.path(), Height::new(height)).unwrap();
        let before = entries(height - 1).len() as u64;
        assert_eq!(pruned.entries, before / 256 * 256);
        assert!(pruned.bytes > 0 && pruned.bytes < whole);
        assert_eq!(prune(directory.path(), Height::new(height)).unwrap(), pruned);
        assert!(length().is_err(), "the old file is gone");
        assert_partly_pruned(directory.path(), 20, pruned);
    }
    // It grows on as before.
    let (log, mut writer) = AuditLog::open(directory.path()).unwrap();
    writer.enter(&committed(21, receipts(21))).unwrap();
    writer.flush().unwrap();
    drop((log, writer));
    let pruned = Pruned::read(directory.path()).unwrap();
    assert_partly_pruned(directory.path(), 21, pruned);
}

/// Entries from the first kept on are there, those before are not, and every hash is.
fn assert_partly_pruned(directory: &Path, heights: u64, pruned: Pruned) {
    let (log, _) = AuditLog::open(directory).unwrap();
    assert_eq!(log.pruned(), pruned);
    let all = entries(heights);
    let leaves: Vec<Hash> = all.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    let size = all.len() as u64;
    assert_eq!(TileReader::new(log.as_ref(), size).root().unwrap(), merkle::root(&leaves));
    for (index, entry) in (0..).zip(&all) {
        let kept = (index >= pruned.entries).then(|| entry.clone());
        assert_eq!(log.entry(index).unwrap(), kept, "{index}");
    }
    let path = TileReader::new(log.as_ref(), size).inclusion(3).unwrap();
    assert_eq!(path, merkle::inclusion_path(&leaves, 3), "a pruned entry is proved still");
}

/// Enters blocks and makes some durable; how many were said to be.
fn live(directory: &Path, durable: &mut u64) -> Result<(), StoreError> {
    let (_, mut writer) = AuditLog::open(directory)?;
    for height in 1..=14 {
        writer.enter(&committed(height, receipts(height)))?;
        if height % 4 == 0 {
            writer.flush()?;
            *durable = height;
        }
    }
    Ok(())
}

/// Each line that syncs is needed: without it something that was said to be durable is lost.
fn assert_each_is_needed(crash: impl Fn(Option<Site>) -> Vec<Site> + std::panic::RefUnwindSafe) {
    let is_own = |site: &Site| site.file().contains("store/audit_log");
    let sites: Vec<Site> = crash(None).into_iter().filter(is_own).collect();
    assert!(!sites.is_empty());
    for site in sites {
        let missed = std::panic::catch_unwind(|| crash(Some(site)));
        assert!(missed.is_err(), "nothing is lost without the sync at {site}");
    }
}

#[test]
fn what_the_log_made_durable_is_on_any_disk_that_a_crash_leaves_and_each_sync_is_needed() {
    assert_each_is_needed(crash_at_every_step);
}

#[test]
fn pruning_that_a_crash_ends_leaves_the_log_whole_and_each_sync_is_needed() {
    assert_each_is_needed(crash_while_pruning);
}

fn crash_at_every_step(missed: Option<Site>) -> Vec<Site> {
    let mut steps = 0;
    loop {
        let root = fresh_directory();
        let disk = watch(root.path(), missed);
        disk.end_after(steps, End::Power);
        let mut durable = 0;
        let ended = live(&root.path().join("audit"), &mut durable);
        let images = fresh_directory();
        for place in disk.survivors(images.path()).unwrap() {
            let (log, mut writer) = AuditLog::open(&place.join("audit")).unwrap();
            let height = log.head().borrow().height.get();
            assert!(height >= durable, "{height} of {durable} after {steps} steps");
            if height > 0 {
                assert_holds(&log, height);
            }
            writer.enter(&committed(height + 1, receipts(height + 1))).unwrap();
        }
        if ended.is_ok() {
            assert!(steps > 60, "{steps} steps are not a life");
            return disk.sites();
        }
        steps += 3;
    }
}

fn watch(root: &Path, missed: Option<Site>) -> Disk {
    let disk = Disk::watch(root).unwrap();
    if let Some(site) = missed {
        disk.miss(site);
    }
    disk
}

fn crash_while_pruning(missed: Option<Site>) -> Vec<Site> {
    let whole = entries(10);
    let mut steps = 0;
    loop {
        let root = fresh_directory();
        let directory = root.path().join("audit");
        let (_, mut writer) = AuditLog::open(&directory).unwrap();
        for height in 1..=10 {
            writer.enter(&committed(height, receipts(height))).unwrap();
        }
        writer.flush().unwrap();
        drop(writer);
        let disk = watch(root.path(), missed);
        disk.end_after(steps, End::Power);
        let ended = prune(&directory, Height::new(9));
        let images = fresh_directory();
        for place in disk.survivors(images.path()).unwrap() {
            let place = place.join("audit");
            let pruned = Pruned::read(&place).unwrap();
            assert!(ended.is_err() || pruned.entries > 0, "what was said to be gone is gone");
            let (log, _) = AuditLog::open(&place).unwrap();
            let size = whole.len() as u64;
            let leaves: Vec<Hash> = whole.iter().map(|entry| merkle::leaf_hash(entry)).collect();
            assert_eq!(TileReader::new(&*log, size).root().unwrap(), merkle::root(&leaves));
            for index in [0, pruned.entries, size - 1] {
                let entry = whole.get(usize::try_from(index).unwrap()).cloned();
                let kept = entry.filter(|_| index >= pruned.entries);
                assert_eq!(log.entry(index).unwrap(), kept, "{index}");
            }
        }
        if ended.is_ok() {
            assert!(steps > 8, "{steps} steps are no pruning");
            return disk.sites();
        }
        steps += 1;
    }
}

#[test]
fn a_head_whose_numbers_are_damaged_is_damage_and_cuts_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (_, mut writer) = AuditLog::open(directory.path()).unwrap();
    for height in 1..=9 {
        writer.enter(&committed(height, receipts(height))).unwrap();
    }
    writer.flush().unwrap();
    drop(writer);
    let path = directory.path().join(HEAD);
    let head = std::fs::read(&path).unwrap();
    let length = || std::fs::metadata(directory.path().join("entries")).unwrap().len();
    let whole = length();
    for (at, bit) in (0..HEAD_BYTES).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut damaged = head.clone();
        damaged[at] ^= 1 << bit;
        std::fs::write(&path, damaged).unwrap();
        let opened = AuditLog::open(directory.path());
        assert!(matches!(opened, Err(StoreError::Damaged { .. })), "bit {bit} of byte {at}");
        assert_eq!(length(), whole, "nothing is cut");
    }
    std::fs::write(&path, head).unwrap();
    AuditLog::open(directory.path()).unwrap();
}
