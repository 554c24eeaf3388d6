//! `kyojo-count`: how much Rust a tree holds, by crate and in sum (what counts: `tidy/count.rs`).

#[path = "../tidy/count.rs"]
mod count;
#[path = "../tidy/rust.rs"]
#[allow(dead_code, reason = "the checks of the source tree use the rest")]
mod rust;
#[path = "../tidy/tree.rs"]
#[allow(dead_code, reason = "the checks of the source tree use the rest")]
mod tree;

use std::path::PathBuf;

use clap::Parser;
use count::Lines;
use serde_json::{Value, json};

/// Counts lines of Rust without comments and blanks.
#[derive(Debug, Parser)]
#[command(name = "kyojo-count")]
struct Args {
    /// The root of the tree
    #[arg(default_value = ".")]
    tree: PathBuf,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

fn main() {
    let args = Args::parse();
    let areas = count::count(&tree::Tree::of_folder(&args.tree));
    let sum = areas.values().fold(Lines::default(), |sum, one| sum.plus(*one));
    if args.json {
        let areas: Vec<Value> = areas.iter().map(|(area, lines)| as_json(area, *lines)).collect();
        println!("{}", json!({ "areas": areas, "sum": as_json("sum", sum) }));
        return;
    }
    println!("{:<20} {:>8} {:>8} {:>8} {:>8}", "area", "outside", "tests", "lab", "whole");
    for (area, lines) in areas.iter().chain([(&"sum".to_owned(), &sum)]) {
        let Lines { outside, tests, lab } = *lines;
        println!("{area:<20} {outside:>8} {tests:>8} {lab:>8} {:>8}", lines.whole());
    }
}

fn as_json(area: &str, lines: Lines) -> Value {
    json!({
        "area": area,
        "outside": lines.outside,
        "tests": lines.tests,
        "lab": lines.lab,
        "whole": lines.whole(),
    })
}
