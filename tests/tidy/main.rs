//! Rules of the source tree that no compiler checks: who may depend on whom, what the state machine
//! may touch, how files begin and how long they are.
//!
//! Each checker is tried on small bad inputs beside its definition, so that none of them can be one
//! that never fails.

mod arrows;
mod clock;
mod form;
mod purity;
mod rust;
mod tree;
mod words;

use tree::{Tree, Violation};

fn none(violations: &[Violation]) {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

fn tree() -> Tree {
    let tree = Tree::of_workspace();
    assert!(tree.files.len() > 50, "only {} files were found", tree.files.len());
    assert!(tree.rust().count() > 30, "only {} Rust files were found", tree.rust().count());
    tree
}

#[test]
fn crates_depend_only_along_the_arrows() {
    none(&arrows::arrows(&tree()));
}

#[test]
fn only_the_consensus_crate_names_malachite() {
    none(&arrows::malachite(&tree()));
}

#[test]
fn nothing_heavy_stands_behind_the_wallet_or_the_state_machine() {
    none(&arrows::closures(&tree()));
}

#[test]
fn the_state_machine_is_pure() {
    none(&purity::purity(&tree()));
}

#[test]
fn the_time_is_read_in_one_file() {
    none(&clock::clock(&tree()));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    none(&form::headers(&tree()));
}

#[test]
fn files_are_short_enough_to_read() {
    let tree = tree();
    for (path, lines) in form::long_files(&tree) {
        eprintln!("long: {path} has {lines} lines before its tests");
    }
    none(&form::sizes(&tree));
}

#[test]
fn scripts_only_call_programs() {
    none(&form::scripts(&tree()));
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_do() {
    none(&form::unfinished(&tree()));
}

#[test]
fn the_project_speaks_of_itself_alone() {
    none(&words::words(&tree()));
}
