//! A database that meets the system's own refusal, in a process whose files may grow no further.

use std::process::Command;

use ledger_types::{Hash, Height};

use super::fresh_directory;
use crate::store::StoreError;
use crate::store::checkpoint::{Checkpoints, Dirty};

const NAME: &str =
    "store::tests::full::a_database_whose_files_may_grow_no_further_says_that_the_disk_is_full";
const PLACE: &str = "KYOJO_TEST_PLACE";

/// A megabyte that no compression makes smaller.
fn changes() -> Dirty {
    let value = |number: u32| {
        let blocks = (0..32_u32).map(|at| Hash::of(&[&number.to_le_bytes(), &at.to_le_bytes()]));
        blocks.flat_map(|hash| *hash.as_bytes()).collect::<Vec<u8>>()
    };
    let change = |number: u32| (number.to_be_bytes().to_vec(), (number, Some(value(number))));
    (0..1024).map(change).collect()
}

#[test]
fn a_database_whose_files_may_grow_no_further_says_that_the_disk_is_full() {
    if let Some(place) = std::env::var_os(PLACE) {
        let checkpoints = Checkpoints::open(place.as_ref()).unwrap();
        let refused = checkpoints.write(&changes(), Height::new(2), b"tip").unwrap_err();
        assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
        assert!(refused.to_string().contains("free space on that file system"), "{refused}");
        return;
    }
    let directory = fresh_directory();
    let place = directory.path().join("state");
    let checkpoints = Checkpoints::open(&place).unwrap();
    checkpoints.write_first(core::iter::empty(), Height::new(1), b"tip").unwrap();
    drop(checkpoints);
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 300; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(PLACE, &place)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&limited.stdout);
    assert!(limited.status.success() && told.contains("1 passed"), "{limited:?}");
    let checkpoints = Checkpoints::open(&place).unwrap();
    let height = |checkpoints: &Checkpoints| checkpoints.tip().unwrap().map(|(height, _)| height);
    assert_eq!(height(&checkpoints), Some(Height::new(1)), "it comes back as it was");
    checkpoints.write(&changes(), Height::new(2), b"tip").unwrap();
    assert_eq!(height(&checkpoints), Some(Height::new(2)));
}
