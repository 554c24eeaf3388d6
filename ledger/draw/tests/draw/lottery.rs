//! A round's file is counted again by this crate and by a program that shares no code with it.

use std::path::Path;
use std::process::Command;

use public_draw::{Allocation, Lottery};
use serde_json::{Value, json};

use crate::sample::lottery;
use crate::vectors::{assert_pinned, golden};

/// What the other program says of a file: nothing, or its differences.
fn theirs(file: &Path) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify/lottery.py");
    let run = Command::new("python3").arg(script).arg(file).output();
    let run = run.expect("python3 is installed: it runs the second program");
    let said = String::from_utf8(run.stdout).unwrap();
    let found: Vec<String> = said.lines().map(ToOwned::to_owned).collect();
    let expected = i32::from(!found.is_empty());
    let errors = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(expected), "{said}{errors}");
    found
}

fn ours(file: &Value) -> Vec<String> {
    match serde_json::from_value::<Lottery>(file.clone()) {
        Ok(lottery) => lottery.differences().iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_sample_is_pinned_and_both_programs_find_it_right() {
    let sample = serde_json::to_value(lottery(Allocation::EqualFirst, 40)).unwrap();
    assert_pinned("lottery.json", &sample);
    assert_eq!(ours(&sample), [""; 0]);
    assert_eq!(theirs(&golden("lottery.json")), [""; 0]);
}

#[test]
fn both_programs_find_other_rounds_right() {
    let folder = tempfile::tempdir().unwrap();
    for (allocation, sets) in [
        (Allocation::Whole, 0),
        (Allocation::Whole, 30),
        (Allocation::Whole, 500),
        (Allocation::EqualFirst, 3),
        (Allocation::EqualFirst, 500),
    ] {
        let round = serde_json::to_value(lottery(allocation, sets)).unwrap();
        assert_eq!(ours(&round), [""; 0], "{allocation:?} {sets}");
        let file = folder.path().join("lottery.json");
        std::fs::write(&file, round.to_string()).unwrap();
        assert_eq!(theirs(&file), [""; 0], "{allocation:?} {sets}");
    }
}

#[test]
fn both_programs_find_what_was_tampered_with() {
    let folder = tempfile::tempdir().unwrap();
    let right = serde_json::to_value(lottery(Allocation::EqualFirst, 40)).unwrap();
    let other = "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76";
    let zeros = "0".repeat(64);
    let get = |place: &str| right.pointer(place).unwrap().clone();
    let changes = [
        ("/format", json!("kyojo/lottery/2")),
        ("/programme", json!(8)),
        ("/lists/0/leaves/3", json!(other)),
        ("/lists/1/root", json!(zeros)),
        ("/members/2", json!(other)),
        ("/members/2", json!(zeros)),
        ("/threshold", json!(2)),
        ("/deposits/1/dealing/commitments/1", json!(other)),
        ("/deposits/1/dealing/shares/4/sealed", json!(other)),
        ("/deposits/1/dealing/shares/4/sealed", get("/deposits/1/dealing/shares/3/sealed")),
        ("/deposits/2/dealing/shares/0/proof/response", json!(zeros)),
        ("/deposits/2/revealed", get("/deposits/1/revealed")),
        ("/deposits/2/revealed", Value::Null),
        ("/deposits/0/opened/1/share/opened", json!(other)),
        ("/deposits/0/opened/1/member", json!(2)),
        ("/deposits/0/opened/1", get("/deposits/0/opened/0")),
        ("/deposits/0/opened", json!([])),
        ("/deposits", json!([])),
        ("/seed", json!(zeros)),
        ("/allocation", json!("whole")),
        ("/sets", json!(39)),
        ("/tickets/4/asked", json!(100)),
        ("/tickets/4/granted", json!(100)),
        ("/tickets/4/leaves", get("/tickets/5/leaves")),
        ("/tickets/4/leaves", json!([{ "list": 1, "index": 7 }])),
        ("/tickets/4/leaves", json!([])),
        ("/tickets/4/further/0", json!(100)),
        ("/tickets/4/further", json!([])),
        ("/outcome/before", json!(100)),
        ("/outcome/cut", json!("f".repeat(64))),
        ("/outcome/given", json!(41)),
        ("/further/0/left", json!(7)),
        ("/further/0/award/given", json!(5)),
        ("/further/1/award/cut", json!(zeros)),
    ];
    for (place, value) in changes {
        let mut changed = right.clone();
        let at = changed.pointer_mut(place).unwrap();
        assert_ne!(*at, value, "{place} is changed");
        *at = value.clone();
        let file = folder.path().join("lottery.json");
        std::fs::write(&file, changed.to_string()).unwrap();
        assert!(!ours(&changed).is_empty(), "{place} = {value}: nothing found by us");
        assert!(!theirs(&file).is_empty(), "{place} = {value}: nothing found by them");
    }
    let mut shorter = right;
    shorter["tickets"].as_array_mut().unwrap().remove(2);
    let file = folder.path().join("lottery.json");
    std::fs::write(&file, shorter.to_string()).unwrap();
    assert!(!ours(&shorter).is_empty() && !theirs(&file).is_empty(), "a ticket was left out");
}
