//! Rules of the source tree that no compiler checks: who may depend on whom, what the state machine
//! may touch, how files begin and how long they are.
//!
//! Each checker is tried on small bad inputs beside its definition, so that none of them can be one
//! that never fails.

mod arrows;
mod calendar;
mod circles;
mod clock;
mod count;
mod disk;
mod form;
mod modules;
mod output;
mod paths;
mod patterns;
mod purity;
mod rules;
mod rust;
mod tree;

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
fn validator_and_gateway_know_nothing_of_the_wallet() {
    none(&arrows::servers(&tree()));
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
fn each_cited_rule_of_the_protocol_stands_in_the_repository() {
    none(&rules::rules(&tree()));
}

#[test]
fn the_time_is_read_in_one_file() {
    none(&clock::clock(&tree()));
}

#[test]
fn instants_are_put_into_words_in_one_place() {
    none(&calendar::calendar(&tree()));
}

#[test]
fn a_nodes_files_are_written_in_one_crate() {
    none(&disk::disk(&tree()));
}

#[test]
fn what_programs_print_goes_through_one_crate() {
    none(&output::output(&tree()));
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
fn the_nodes_paths_stand_in_one_table() {
    none(&paths::paths(&tree()));
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
fn every_line_of_rust_is_counted_once() {
    let tree = tree();
    let areas = count::count(&tree);
    let sum = areas.values().fold(count::Lines::default(), |sum, one| sum.plus(*one));
    let code = |text: &str| {
        rust::without_comments(text).lines().filter(|line| !line.trim().is_empty()).count()
    };
    assert_eq!(sum.whole(), tree.rust().map(|file| code(&file.text)).sum::<usize>());
    assert!(sum.outside > 0 && sum.tests > 0 && sum.lab > 0, "{sum:?}");
    assert!(areas.keys().all(|area| !area.is_empty()), "a Rust file belongs to no crate");
}

#[test]
fn no_circle_between_modules() {
    none(&circles::unknown(&circles::between_modules(&tree()), &circles::KNOWN_MODULES));
}

#[test]
fn no_circle_of_many_files() {
    none(&circles::unknown(&circles::between_files(&tree()), &circles::KNOWN_FILES));
}

#[test]
fn no_pattern_passes_over_operations_events_and_records() {
    none(&patterns::unknown(patterns::patterns(&tree()), &patterns::KNOWN));
}
