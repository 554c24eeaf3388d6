//! Tests of the vault: nothing in clear, nothing in another's place, shredding, and every stop.

use std::sync::atomic::AtomicUsize;

use ledger_types::{Hash, PartyId};
use proptest::prelude::*;

use super::*;

const OPENING: Entry = Entry { kind: Kind::Opening, number: 0 };
const RECEIPT: Entry = Entry { kind: Kind::Receipt, number: 2 };
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

fn master() -> MasterKey {
    MasterKey::new(Zeroizing::new([5; 32]))
}

fn consent(byte: u8) -> ConsentId {
    ConsentId::new(Hash::new([byte; 32]))
}

fn vault(folder: &Path) -> Vault {
    Vault::open(folder, master()).unwrap()
}

fn text(vault: &Vault, consent: &ConsentId, entry: Entry) -> Option<String> {
    let bytes = vault.read(consent, entry).unwrap()?;
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

/// Every file under a folder with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn documents_read_back_and_nothing_lies_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let opened = vault(folder.path());
    opened.keep(&consent(1), OPENING, b"a clinic in the north").unwrap();
    opened.keep(&consent(1), RECEIPT, b"receipt").unwrap();
    opened.keep(&consent(1), OPENING, b"a clinic in the south").unwrap();
    opened.keep(&consent(2), OPENING, b"a bus").unwrap();
    drop(opened);
    let opened = vault(folder.path());
    assert_eq!(text(&opened, &consent(1), OPENING).as_deref(), Some("a clinic in the south"));
    assert_eq!(text(&opened, &consent(1), RECEIPT).as_deref(), Some("receipt"));
    assert_eq!(text(&opened, &consent(2), RECEIPT), None);
    assert_eq!(opened.consents().unwrap(), [consent(1), consent(2)]);
    assert_eq!(opened.entries(&consent(1)).unwrap(), [OPENING, RECEIPT]);
    for (path, bytes) in files(folder.path()) {
        let shown = String::from_utf8_lossy(&bytes);
        assert!(!shown.contains("clinic") && !shown.contains("receipt"), "{}", path.display());
    }
}

#[test]
fn one_process_at_a_time_has_the_vault_and_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("vault");
    let first = vault(&inside);
    first.keep(&consent(1), OPENING, b"x").unwrap();
    assert!(matches!(Vault::open(&inside, master()), Err(VaultError::Busy)));
    drop(first);
    vault(&inside);
    for (path, _) in files(&inside) {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let parent = std::fs::metadata(path.parent().unwrap()).unwrap();
        assert_eq!(parent.permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn another_master_key_a_changed_byte_or_another_place_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let opened = vault(folder.path());
    opened.keep(&consent(1), OPENING, b"x").unwrap();
    opened.keep(&consent(1), RECEIPT, b"y").unwrap();
    let path = opened.body_path(&consent(1), OPENING);
    let whole = std::fs::read(&path).unwrap();
    let broken =
        |vault: &Vault| matches!(vault.read(&consent(1), OPENING), Err(VaultError::Broken { .. }));
    for index in 0..whole.len() {
        let mut changed = whole.clone();
        changed[index] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        assert!(broken(&opened), "byte {index}");
        std::fs::write(&path, &whole[..index]).unwrap();
        assert!(broken(&opened), "only {index} bytes");
    }
    std::fs::copy(opened.body_path(&consent(1), RECEIPT), &path).unwrap();
    assert!(broken(&opened), "a receipt in the place of an opening");
    std::fs::write(&path, &whole).unwrap();
    assert!(!broken(&opened));
    drop(opened);
    let other = MasterKey::new(Zeroizing::new([6; 32]));
    let opened = Vault::open(folder.path(), other).unwrap();
    assert!(broken(&opened));
    assert!(matches!(opened.keep(&consent(1), OPENING, b"z"), Err(VaultError::Broken { .. })));
    let huge = vec![0; BODY_BYTES_MAX + 1];
    assert!(matches!(opened.keep(&consent(3), OPENING, &huge), Err(VaultError::TooLarge { .. })));
}

#[test]
fn what_is_left_of_a_shredded_consent_cannot_be_opened_and_others_can() {
    let folder = tempfile::tempdir().unwrap();
    let opened = vault(folder.path());
    for byte in [1, 2] {
        opened.keep(&consent(byte), OPENING, b"terms").unwrap();
        opened.keep(&consent(byte), RECEIPT, b"receipt").unwrap();
    }
    let backup: Vec<_> = files(&folder.path().join("bodies"));
    let root = opened.shred(&consent(1), NOW).unwrap();
    assert_eq!((root.documents, root.shredded_at), (2, NOW));
    assert!(matches!(
        opened.read(&consent(1), OPENING),
        Err(VaultError::Shredded { at }) if at == NOW
    ));
    assert!(matches!(
        opened.keep(&consent(1), OPENING, b"again"),
        Err(VaultError::Shredded { .. })
    ));
    assert_eq!(text(&opened, &consent(2), OPENING).as_deref(), Some("terms"));
    let left = files(folder.path());
    let of_first: Vec<_> =
        left.iter().filter(|(path, _)| path.to_string_lossy().contains(&"01".repeat(32))).collect();
    assert_eq!(of_first.len(), 1, "the record alone");
    drop(opened);
    // The bodies come back from a backup and the record is lost: the key is still gone.
    for (path, bytes) in &backup {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::remove_file(folder.path().join("shredded").join("01".repeat(32))).unwrap();
    let opened = vault(folder.path());
    assert!(matches!(opened.read(&consent(1), OPENING), Err(VaultError::Broken { .. })));
    assert_eq!(text(&opened, &consent(2), RECEIPT).as_deref(), Some("receipt"));
    for (_, bytes) in &backup {
        let with_master = ["opening-0", "receipt-2", "key"]
            .map(|label| sealed::open(&[5; 32], &consent(1), label, bytes));
        assert_eq!(with_master, [None, None, None], "the master key alone opens nothing");
    }
}

#[test]
fn shredding_twice_is_shredding_once_and_backups_do_not_survive_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let opened = vault(folder.path());
    opened.keep(&consent(1), OPENING, b"terms").unwrap();
    let backup = files(folder.path());
    let first = opened.shred(&consent(1), NOW).unwrap();
    let later = Timestamp::from_millis(NOW.as_millis() + 1);
    assert_eq!(opened.shred(&consent(1), later).unwrap(), first);
    drop(opened);
    for (path, bytes) in backup.iter().filter(|(path, _)| !path.ends_with("lock")) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let opened = vault(folder.path());
    assert_eq!(opened.shredded(&consent(1)).unwrap(), Some(first));
    assert!(opened.consents().unwrap().is_empty(), "keys that came back are destroyed again");
    let never_kept = opened.shred(&consent(9), NOW).unwrap();
    assert_eq!(never_kept.documents, 0, "there may be nothing to destroy");
}

#[test]
fn the_digest_to_sign_is_pinned_and_binds_every_part() {
    let record = ShredRecord::of(consent(1), NOW, &[b"one".to_vec(), b"two".to_vec()]);
    let (genesis, holder) = (Hash::new([3; 32]), PartyId::new(7));
    assert_eq!(record.acknowledgement(&genesis, holder).to_string(), PINNED);
    let others = [
        record.acknowledgement(&Hash::ZERO, holder),
        record.acknowledgement(&genesis, PartyId::new(8)),
        ShredRecord { consent: consent(2), ..record.clone() }.acknowledgement(&genesis, holder),
        ShredRecord { documents: 3, ..record.clone() }.acknowledgement(&genesis, holder),
        ShredRecord { documents_root: Hash::ZERO, ..record.clone() }
            .acknowledgement(&genesis, holder),
        ShredRecord { shredded_at: Timestamp::from_millis(1), ..record.clone() }
            .acknowledgement(&genesis, holder),
    ];
    for other in others {
        assert_ne!(other.to_string(), PINNED);
    }
}

// Worked out with another SHA-256.
const PINNED: &str = "fa3f0553c9c0634ea06ad671e2631bb72676b563ef88172052a4f40c2cb07896";

fn stopping(folder: &Path, steps: usize) -> Result<Vault, VaultError> {
    let disk = Disk { stop: Some(AtomicUsize::new(steps)) };
    Vault::open_on(disk, folder, master())
}

#[test]
fn a_stop_at_any_step_of_keeping_leaves_the_old_or_the_new() {
    let mut seen_new = false;
    for steps in 0..200 {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path()).keep(&consent(1), OPENING, b"the old one").unwrap();
        let kept = stopping(folder.path(), steps).and_then(|vault| {
            vault.keep(&consent(1), OPENING, b"the new one, which is longer")?;
            vault.keep(&consent(2), OPENING, b"another")
        });
        let again = vault(folder.path());
        let first = text(&again, &consent(1), OPENING).unwrap();
        assert!(first == "the old one" || first == "the new one, which is longer", "{first}");
        let second = text(&again, &consent(2), OPENING);
        assert!(second.is_none() || second.as_deref() == Some("another"));
        again.keep(&consent(1), OPENING, b"a third").unwrap();
        again.keep(&consent(2), OPENING, b"a third").unwrap();
        seen_new |= first != "the old one";
        if kept.is_ok() {
            assert!(steps > 10 && seen_new, "only {steps} steps were tried");
            return;
        }
    }
    panic!("keeping takes fewer than 200 steps");
}

#[test]
fn a_stop_at_any_step_of_shredding_leaves_all_or_is_finished_later() {
    let (mut whole, mut finished) = (0, 0);
    for steps in 0..200 {
        let folder = tempfile::tempdir().unwrap();
        let opened = vault(folder.path());
        opened.keep(&consent(1), OPENING, b"terms").unwrap();
        opened.keep(&consent(1), RECEIPT, b"receipt").unwrap();
        opened.keep(&consent(2), OPENING, b"other").unwrap();
        drop(opened);
        let shredded =
            stopping(folder.path(), steps).and_then(|vault| vault.shred(&consent(1), NOW));
        let again = vault(folder.path());
        assert_eq!(text(&again, &consent(2), OPENING).as_deref(), Some("other"));
        match again.shredded(&consent(1)).unwrap() {
            None => {
                assert_eq!(text(&again, &consent(1), OPENING).as_deref(), Some("terms"));
                assert_eq!(text(&again, &consent(1), RECEIPT).as_deref(), Some("receipt"));
                whole += 1;
            }
            Some(record) => {
                assert_eq!((record.documents, record.shredded_at), (2, NOW));
                assert_eq!(again.consents().unwrap(), [consent(2)]);
                assert!(!again.bodies(&consent(1)).exists());
                finished += 1;
            }
        }
        if shredded.is_ok() {
            assert!(whole > 4 && finished > 10, "{whole} whole, {finished} finished");
            return;
        }
    }
    panic!("shredding takes fewer than 200 steps");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_bytes_read_back_from_any_entry(body in proptest::collection::vec(any::<u8>(), 0..500),
                                          number: u32, which in 0_usize..3) {
        let folder = tempfile::tempdir().unwrap();
        let opened = vault(folder.path());
        let entry = Entry { kind: Kind::ALL[which], number };
        opened.keep(&consent(1), entry, &body).unwrap();
        let read = opened.read(&consent(1), entry).unwrap().unwrap();
        prop_assert_eq!(read.as_slice(), &body[..]);
        prop_assert_eq!(opened.entries(&consent(1)).unwrap(), [entry]);
    }
}
