//! Mistakes while the companies found their network.

use kyojo_tests::founding::{GENESIS, HOMES};

use super::bench::{Bench, FRESH, Mistake, OURS, TRIAL};

/// Documents beside the right one.
pub(super) const OF_THREE: &str = "of-three.json";
const TWICE: &str = "twice.json";
const LAB: &str = "lab.json";

pub(super) fn mistakes(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let desk = &bench.desk;
    let ours = format!("{}/card.json", HOMES[OURS]);
    // The document without our card.
    desk.write_document(OF_THREE, &[])?;
    let others: Vec<String> = desk.cards().into_iter().filter(|card| *card != ours).collect();
    let hash_of_three = desk.collect(OF_THREE, &others)?;
    bench.trial(FRESH)?;
    let join = |file: &'static str| ["kyojo-node", "join", "--home", TRIAL, "--genesis", file];
    let card_missing = bench.refused(
        ("card-missing", "the founders forgot a company's card"),
        3,
        &join(OF_THREE),
        &[OF_THREE, "does not name it", "have the founders add its card"],
    )?;
    desk.write_document(TWICE, &[])?;
    let collect = ["kyojo-genesis", "collect", "--file", TWICE];
    let (first, again) = ("node0/card.json", "copy-of-card.json");
    std::fs::copy(desk.path(first), desk.path(again))?;
    let card_twice = bench.refused(
        ("card-twice", "one company's card was given twice"),
        3,
        &[&collect[..], &[first, "node1/card.json", again]].concat(),
        &[again, "the same node's card as node0/card.json", "leave this one out"],
    )?;
    let all = [&join(GENESIS)[..], &["--hash", &hash_of_three]].concat();
    let hash_differs = bench.refused(
        ("hash-differs", "the hash that was told by telephone is another document's"),
        3,
        &all,
        &[GENESIS, &hash_of_three, "have the founders send it again"],
    )?;
    desk.write_document(LAB, &["--lab-rate", "100"])?;
    desk.collect(LAB, &desk.cards())?;
    let lab = bench.refused(
        ("lab-by-accident", "the document is a test network's, whose time is not real"),
        3,
        &join(LAB),
        &[LAB, "time runs 100 times as fast", "write `lab = true`"],
    )?;
    Ok(vec![card_missing, card_twice, hash_differs, lab])
}
