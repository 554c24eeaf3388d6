//! What this validator cosigns, and when cosignatures make a checkpoint hold.

use kyojo_disk::crash::{Disk, End};
use ledger_proof::note::Checked;
use ledger_types::Hash;

use super::*;
use crate::mempool::testing::world;
use crate::store::testing::log_of_sizes;

fn checkpoint(signers: &Signers, size: u64, root: Hash) -> Checkpoint {
    Checkpoint { origin: signers.origin.clone(), size, root }
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// The small network with four validators whose audit keys are known here.
fn network(powers: [u64; 4]) -> (Genesis, Signers) {
    let mut genesis = world(1).genesis;
    genesis.validators.resize(4, genesis.validators[0].clone());
    for (place, entry) in (0_u8..).zip(&mut genesis.validators) {
        entry.power = powers[usize::from(place)];
        entry.log_key = key(100 + place).public_key();
        entry.cosignature_key = key(150 + place).public_key();
    }
    let signers = Signers::of(&genesis).unwrap();
    (genesis, signers)
}

fn vote(signers: &Signers, validator: u8, of: &Checkpoint) -> Vote {
    let place = usize::from(validator);
    let signer = NoteSigner::new(signers.witnesses[place].name.clone(), key(150 + validator));
    let signature = signer.cosign(&of.to_string(), 1_767_225_600);
    let cosignature = signature.bytes.as_slice().try_into().unwrap();
    Vote { validator: place, size: of.size, cosignature }
}

fn published(signers: &Signers, board: &Board, at_least: u64) -> Option<SignedCheckpoint> {
    let log = NoteSigner::new(signers.origin.clone(), key(100));
    board.quorum(at_least, |text| log.sign(text))
}

#[test]
fn three_of_four_cosignatures_over_one_checkpoint_make_it_hold() {
    let (_, signers) = network([1; 4]);
    let head = checkpoint(&signers, 9, Hash::of(&[b"nine"]));
    let mut board = Board::new(signers.clone());
    board.reach(head.clone());
    assert!(board.add(vote(&signers, 0, &head)));
    assert!(!board.add(vote(&signers, 0, &head)), "nobody counts twice");
    assert!(board.add(vote(&signers, 1, &head)));
    let other = checkpoint(&signers, 9, Hash::of(&[b"another nine"]));
    assert!(!board.add(vote(&signers, 2, &other)), "it is over another tree");
    let forged = Vote { validator: 2, ..vote(&signers, 3, &head) };
    assert!(!board.add(forged), "it is another validator's");
    assert_eq!(published(&signers, &board, 0), None);
    assert!(board.add(vote(&signers, 3, &head)));
    let signed = published(&signers, &board, 0).unwrap();
    assert_eq!(signed.checkpoint(), &head);
    assert_eq!(signers.policy.judge(&signed).unwrap().cosignatures.len(), 3);
    assert_eq!(published(&signers, &board, 10), None, "never a smaller one than was published");
}

#[test]
fn cosignatures_for_a_size_not_reached_yet_wait_for_it_and_are_bounded() {
    let (_, signers) = network([1; 4]);
    let heads: Vec<Checkpoint> = (1..=20)
        .map(|size: u64| checkpoint(&signers, size, Hash::of(&[&size.to_le_bytes()])))
        .collect();
    let mut board = Board::new(signers.clone());
    for head in &heads {
        for validator in 1..4 {
            assert!(!board.add(vote(&signers, validator, head)));
        }
    }
    board.reach(heads[19].clone());
    assert!(published(&signers, &board, 0).is_some(), "the last ones of each validator were kept");
    board.reach(heads[2].clone());
    assert_eq!(published(&signers, &board, 0).unwrap().checkpoint().size, 20);
}

#[test]
fn the_policy_asks_for_what_the_weakest_validators_need() {
    let quorum = |powers: [u64; 4]| {
        let (genesis, signers) = network(powers);
        let text = signers.policy.to_string();
        assert!(text.contains(&format!("kyojo.{}/audit-log+", genesis.network())), "{text}");
        let line = text.lines().find(|line| line.starts_with("group bft")).unwrap().to_owned();
        line.split(' ').nth(2).unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(quorum([1, 1, 1, 1]), 3);
    assert_eq!(quorum([1, 1, 1, 9]), 4);
    assert_eq!(quorum([5, 5, 5, 1]), 3);
}

#[test]
fn a_cosigner_remembers_over_restarts_and_signs_neither_less_nor_something_else() {
    let (_, signers) = network([1; 4]);
    let directory = tempfile::tempdir().unwrap();
    let (log, sizes) = log_of_sizes(&directory.path().join("log"), 6);
    let path = directory.path().join("cosigned");
    let signer = || NoteSigner::new(signers.witnesses[0].name.clone(), key(150));
    let root = |size| ledger_proof::tile::TileReader::new(log.as_ref(), size).root().unwrap();
    let head = |size| checkpoint(&signers, size, root(size));
    let mut cosigner = Cosigner::open(&path, signer()).unwrap();
    let signature = cosigner.cosign(&log, &head(sizes[2]), 5).unwrap();
    let good = signers.witnesses[0].check(&head(sizes[2]).to_string(), &signature);
    assert_eq!(good, Checked::Good { time: Some(5) });
    for _ in 0..2 {
        let smaller = cosigner.cosign(&log, &head(sizes[1]), 6).unwrap_err();
        assert!(matches!(smaller, CosignError::Smaller { .. }), "{smaller}");
        let other = checkpoint(&signers, sizes[2], Hash::of(&[b"other"]));
        let differs = cosigner.cosign(&log, &other, 6).unwrap_err();
        assert!(matches!(differs, CosignError::Differs { .. }), "{differs}");
        cosigner = Cosigner::open(&path, signer()).unwrap();
    }
    cosigner.cosign(&log, &head(sizes[2]), 7).unwrap();
    cosigner.cosign(&log, &head(sizes[5]), 8).unwrap();
}

#[test]
fn a_validator_with_other_keys_or_a_damaged_checkpoint_does_not_start() {
    let (genesis, _) = network([1; 4]);
    let directory = tempfile::tempdir().unwrap();
    let (log, _) = log_of_sizes(&directory.path().join("log"), 2);
    let open = |log_key: u8, cosignature: u8| {
        let keys = Keys { log: key(log_key), cosignature: key(cosignature) };
        let (_, due) = watch::channel(None);
        let (own, clock) = (Some((1, keys)), Clock::real());
        Cosigning::open(directory.path(), &genesis, own, Arc::clone(&log), due, clock)
    };
    assert!(open(101, 151).is_ok());
    assert!(matches!(open(100, 151), Err(AuditError::OtherKey { which: "log" })));
    assert!(matches!(open(101, 150), Err(AuditError::OtherKey { which: "cosignature" })));
    std::fs::write(directory.path().join(CHECKPOINT), "no note").unwrap();
    assert!(matches!(open(101, 151), Err(AuditError::Checkpoint { .. })));
}

#[test]
fn a_log_that_is_not_the_one_cosigned_before_is_not_cosigned_again() {
    let (_, signers) = network([1; 4]);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cosigned");
    let signer = || NoteSigner::new(signers.witnesses[0].name.clone(), key(150));
    let (log, sizes) = log_of_sizes(&directory.path().join("log"), 6);
    let elsewhere = checkpoint(&signers, sizes[3], Hash::of(&[b"another history"]));
    Cosigner::open(&path, signer()).unwrap().cosign(&log, &elsewhere, 1).unwrap();
    let root = ledger_proof::tile::TileReader::new(log.as_ref(), sizes[5]).root().unwrap();
    let later = checkpoint(&signers, sizes[5], root);
    let refused = Cosigner::open(&path, signer()).unwrap().cosign(&log, &later, 2).unwrap_err();
    assert!(matches!(refused, CosignError::Differs { size } if size == sizes[3]), "{refused}");
    std::fs::write(&path, [0; 48]).unwrap();
    Cosigner::open(&path, signer()).unwrap_err();
}

#[test]
fn a_cosignature_is_given_only_once_no_crash_can_make_it_forgotten() {
    let (_, signers) = network([1; 4]);
    let directory = crate::store::fresh_directory();
    let (log, sizes) = log_of_sizes(&directory.path().join("log"), 6);
    let signer = || NoteSigner::new(signers.witnesses[0].name.clone(), key(150));
    let mut steps = 0;
    loop {
        let root = crate::store::fresh_directory();
        let path = root.path().join("cosigned");
        let disk = Disk::watch(root.path()).unwrap();
        disk.end_after(steps, End::Power);
        let mut cosigner = Cosigner::open(&path, signer()).unwrap();
        let mut given = 0;
        let ended = sizes[2..].iter().try_for_each(|size| {
            let root = ledger_proof::tile::TileReader::new(log.as_ref(), *size).root().unwrap();
            cosigner.cosign(&log, &checkpoint(&signers, *size, root), 5)?;
            given = *size;
            Ok::<_, CosignError>(())
        });
        let images = crate::store::fresh_directory();
        for place in disk.survivors(images.path()).unwrap() {
            let mut later = Cosigner::open(&place.join("cosigned"), signer()).unwrap();
            let other = checkpoint(&signers, given, Hash::of(&[b"another tree"]));
            let cosigned = given > 0 && later.cosign(&log, &other, 6).is_ok();
            assert!(!cosigned, "two trees of size {given} after {steps} steps");
        }
        if ended.is_ok() {
            break;
        }
        steps += 1;
    }
    assert!(steps > 10, "{steps} steps are not all");
}
