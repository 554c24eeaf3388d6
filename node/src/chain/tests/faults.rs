//! Disks that fail, fill up, lose what was not synced or are old: nothing wrong comes of it.

use kyojo_cli::Exit;
use kyojo_disk::crash::{Disk, End, Site};
use node_consensus::{Fault, Restart};

use super::*;
use crate::chain::OpenError;
use crate::store::{Due, Opened, fresh_directory};

/// Blocks with payments, as a chain that is never disturbed made them.
fn blocks(fixture: &Fixture, count: u64) -> Vec<(CommitCertificate, Bytes, [Hash; 4])> {
    let directory = fresh_directory();
    let chain = fixture.chain(directory.path(), 100);
    let made = |nonce| {
        fixture.submit(&chain, fixture.payments(nonce));
        let height = chain.tip().height.next().unwrap();
        let proposed = chain.propose_block(height).unwrap();
        let certificate = fixture.certificate(height, proposed.hash);
        chain.commit(certificate.clone()).unwrap();
        (certificate, proposed.bytes, roots(&chain))
    };
    (0..count).map(made).collect()
}

fn follow(chain: &Chain, certificate: &CommitCertificate, bytes: &Bytes) -> Result<(), Fault> {
    let verdict = chain.check_block(certificate.height, certificate.block, bytes)?;
    assert_eq!(verdict, Validity::Valid);
    chain.commit(certificate.clone())
}

fn checkpoint_of(fixture: &Fixture, directory: &Path) -> Option<Height> {
    let opened = Opened::open(directory, fixture.world.genesis_hash, Indexing::On).unwrap();
    opened.checkpoint().unwrap().map(|(height, _)| height)
}

#[test]
fn after_a_fault_no_closing_checkpoint_is_written() {
    let fixture = Fixture::new();
    let blocks = blocks(&fixture, 3);
    let directory = fresh_directory();
    let disk = Disk::watch(directory.path()).unwrap();
    let chain = fixture.chain(directory.path(), 100);
    for (certificate, bytes, _) in &blocks[..2] {
        follow(&chain, certificate, bytes).unwrap();
    }
    let (certificate, bytes, expected) = &blocks[2];
    chain.check_block(certificate.height, certificate.block, bytes).unwrap();
    // The decision is written in three steps; the block is applied, and its roots are not written.
    disk.end_after(3, End::Power);
    chain.commit(certificate.clone()).unwrap_err();
    assert!(disk.mend());
    assert_eq!(chain.read().height(), certificate.height, "memory is ahead of what is behind it");
    // The index has a thread of its own, which met the cut or did not.
    if let Err(fault) = chain.close() {
        assert!(format!("{fault:?}").contains("the power is off"), "{fault:?}");
    }
    drop(chain);
    let checkpoint = checkpoint_of(&fixture, directory.path());
    assert_eq!(checkpoint, Some(Height::GENESIS), "a tip without its records");
    assert_eq!(roots(&fixture.chain(directory.path(), 100)), *expected);
}

#[test]
fn a_node_that_ends_without_a_fault_leaves_a_checkpoint_on_any_disk() {
    let sites = crash_after_the_end(None);
    let behind = ["store/index.rs", "store/checkpoint.rs", "store/audit_log.rs"];
    for file in behind {
        let of_file = sites.iter().filter(|site| site.file().ends_with(file));
        let is_needed =
            |site: &Site| std::panic::catch_unwind(|| crash_after_the_end(Some(site))).is_err();
        let needed = of_file.copied().filter(is_needed).count();
        assert_eq!(needed, 1, "the flush of {file} before the checkpoint is needed");
    }
}

fn crash_after_the_end(missed: Option<Site>) -> Vec<Site> {
    let fixture = Fixture::new();
    let blocks = blocks(&fixture, 3);
    let directory = fresh_directory();
    let disk = Disk::watch(directory.path()).unwrap();
    if let Some(site) = missed {
        disk.miss(site);
    }
    let chain = fixture.chain(directory.path(), 100);
    for (certificate, bytes, _) in &blocks {
        follow(&chain, certificate, bytes).unwrap();
    }
    chain.close().unwrap();
    let images = fresh_directory();
    for place in disk.survivors(images.path()).unwrap() {
        let checkpoint = checkpoint_of(&fixture, &place);
        assert_eq!(checkpoint, Some(Height::new(3)), "nothing is read again: {}", place.display());
        assert_eq!(roots(&fixture.chain(&place, 100)), blocks[2].2);
    }
    disk.sites()
}

#[test]
fn the_tips_root_is_compared_at_a_restart_even_where_it_was_not_written() {
    let fixture = Fixture::new();
    let directory = fresh_directory();
    let blocks = blocks(&fixture, 2);
    let chain = fixture.chain(directory.path(), 100);
    let (certificate, bytes, expected) = &blocks[0];
    chain.check_block(certificate.height, certificate.block, bytes).unwrap();
    // Decided, and nothing after it: the roots are not on record.
    let log = chain.store().log();
    log.decide(certificate).unwrap();
    let (next, next_bytes, _) = &blocks[1];
    log.put_body(next.height, next.block, next_bytes).unwrap();
    drop(chain);
    let sound = fresh_directory();
    copy(directory.path(), sound.path());
    let recovered = fixture.chain(sound.path(), 100);
    assert_eq!(roots(&recovered), *expected);
    let on_record = recovered.store().log().decided(certificate.height).unwrap().unwrap();
    assert_eq!(on_record.roots.unwrap().state, expected[1], "the next start has them");
    drop(recovered);
    // A body that was made or judged on another state: this node voted on other roots.
    let log = crate::store::BlockLog::open(
        &directory.path().join("blocks"),
        fixture.world.genesis_hash,
        crate::store::SEGMENT_BYTES,
    );
    let mut other = Block::decode(next_bytes).unwrap();
    other.header.state_root = Hash::ZERO;
    log.unwrap().put_body(next.height, other.header.hash(), &other.encode()).unwrap();
    let refused = recover(directory.path(), &fixture.world.genesis, [], Indexing::On).unwrap_err();
    assert!(matches!(refused, OpenError::Roots { .. }), "{refused}");
    assert_eq!(refused.exit(), Exit::DoNotRestart);
}

#[test]
fn a_checkpoint_is_compared_with_the_audit_log() {
    let fixture = Fixture::new();
    let directory = fresh_directory();
    let chain = fixture.chain(directory.path(), 100);
    for (certificate, bytes, _) in blocks(&fixture, 2) {
        follow(&chain, &certificate, &bytes).unwrap();
    }
    chain.close().unwrap();
    drop(chain);
    let path = directory.path().join("audit/hashes-0");
    let mut hashes = std::fs::read(&path).unwrap();
    hashes[5] ^= 1;
    std::fs::write(&path, hashes).unwrap();
    let refused = recover(directory.path(), &fixture.world.genesis, [], Indexing::On).unwrap_err();
    assert!(matches!(refused, OpenError::Roots { .. }), "{refused}");
}

/// A whole life: start, blocks, end. How many blocks were committed, and how it ended.
fn life(
    fixture: &Fixture,
    directory: &Path,
    blocks: &[(CommitCertificate, Bytes, [Hash; 4])],
) -> (usize, Result<(), (Exit, String)>) {
    let recovered = match recover(directory, &fixture.world.genesis, [], Indexing::On) {
        Ok(recovered) => recovered,
        Err(error) => return (0, Err((error.exit(), error.to_string()))),
    };
    let chain = fixture.chain_of(recovered, 2);
    let of_fault = |fault: Fault| {
        let exit = if fault.restart() == Restart::OnceFreed { Exit::DiskFull } else { Exit::Other };
        (exit, fault.to_string())
    };
    for (done, (certificate, bytes, _)) in blocks.iter().enumerate() {
        if let Err(fault) = follow(&chain, certificate, bytes) {
            // What the thread behind met is told here too, or not at all.
            let _ = chain.close();
            return (done, Err(of_fault(fault)));
        }
    }
    (blocks.len(), chain.close().map_err(|error| (error.exit(), error.to_string())))
}

#[test]
fn a_full_disk_at_every_write_site_stops_the_node_with_its_code_and_it_comes_back_whole() {
    let fixture = Fixture::new();
    let blocks = blocks(&fixture, 5);
    let mut steps = 0;
    loop {
        let directory = fresh_directory();
        let disk = Disk::watch(directory.path()).unwrap();
        disk.end_after(steps, End::Room);
        let (done, ended) = life(&fixture, &directory.path().join("store"), &blocks);
        let was_full = disk.mend();
        match ended {
            Ok(()) => assert!(!was_full, "a full disk after {steps} steps was not told"),
            Err((exit, text)) => {
                assert_eq!(exit, Exit::DiskFull, "after {steps} steps: {text}");
                assert!(text.contains("free space on that file system"), "{text}");
            }
        }
        let chain = fixture.chain(&directory.path().join("store"), 100);
        let tip = usize::try_from(chain.tip().height.get()).unwrap();
        assert!(tip >= done, "{done} were committed, {tip} are there after {steps} steps");
        for (certificate, bytes, expected) in &blocks[tip..] {
            follow(&chain, certificate, bytes).unwrap();
            assert_eq!(roots(&chain), *expected, "after {steps} steps");
        }
        chain.close().unwrap();
        if !was_full {
            break;
        }
        steps += 1;
    }
    assert!(steps > 80, "{steps} steps are not a life");
}

#[test]
fn a_node_that_catches_up_cosigns_nothing_until_it_is_where_the_network_is() {
    let world = world(8);
    let start = world.genesis.time.checked_add_millis(1_000).unwrap();
    let clock = Clock::of(&world.genesis).stepped(start);
    let fixture = Fixture::of(world, clock.clone());
    let (one, other) = (fresh_directory(), fresh_directory());
    let (first, second) = (fixture.chain(one.path(), 2), fixture.chain(other.path(), 100));
    for _ in 0..5 {
        clock.step(Duration::from_secs(1));
        fixture.step(&[&first]);
    }
    for (certificate, bytes) in first.driven().history(Height::new(1), Height::new(5), usize::MAX) {
        second.check_synced_block(&certificate, &bytes).unwrap();
        second.commit(certificate).unwrap();
    }
    let entered = |chain: &Chain, height: u64| {
        let mut head = chain.store().audit_log().head();
        let entered = head.wait_for(|head| head.height >= Height::new(height));
        fixture.runtime.block_on(entered).unwrap();
    };
    let due = |chain: &Chain| -> Option<Due> { *chain.store().due().borrow() };
    entered(&second, 5);
    assert_eq!(due(&second), None, "what the network is long past is not cosigned");
    clock.step(Duration::from_secs(1));
    fixture.step(&[&first, &second]);
    let mut told = second.store().due();
    fixture.runtime.block_on(told.wait_for(Option::is_some)).unwrap();
    let size = second.store().audit_log().head().borrow().size;
    assert_eq!(due(&second).map(|due| due.size), Some(size), "from here on it cosigns");
    drop(second);
    // What is read again at a start is as old.
    let second = fixture.chain(other.path(), 100);
    entered(&second, 6);
    assert_eq!(due(&second), None);
}
