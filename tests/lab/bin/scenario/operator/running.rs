//! Mistakes with which a node runs, or that others must see.

use std::fs;

use anyhow::ensure;
use kyojo_tests::founding::HOMES;
use kyojo_tests::load::now;

use super::bench::{Bench, FRESH, Mistake, OURS, TRIAL, move_to_another_machine};

const OTHER: &str = "other.json";
const LATER: &str = "later.json";
/// So much later than now a network begins, in milliseconds.
const LATER_MS: u64 = 600_000;

pub(super) async fn mistakes(bench: &Bench) -> anyhow::Result<Vec<Mistake>> {
    let all = [
        key_of_another(bench).await?,
        memory_removed(bench).await?,
        foreign_genesis(bench)?,
        begins_later(bench).await?,
    ];
    Ok(all.into_iter().collect())
}

async fn key_of_another(bench: &Bench) -> anyhow::Result<Mistake> {
    let home = bench.trial(HOMES[OURS])?;
    fs::copy(bench.desk.path("node2/consensus.key"), home.join("consensus.key"))?;
    let _running = bench.start(TRIAL)?;
    let what = ("key-of-another-validator", "consensus.key is another company's");
    let wants =
        ["consensus.key is validator 2's", "does not vote in another's name", "put the right"];
    bench.seen(what, TRIAL, &wants).await
}

async fn memory_removed(bench: &Bench) -> anyhow::Result<Mistake> {
    let home = bench.trial(HOMES[OURS])?;
    fs::remove_dir_all(home.join("consensus"))?;
    let _running = bench.start(TRIAL)?;
    let what = ("memory-removed", "the folder `consensus` was removed");
    let wants =
        ["its folder `consensus` is new", "no memory of its votes", "nothing is to be done"];
    bench.seen(what, TRIAL, &wants).await
}

fn foreign_genesis(bench: &Bench) -> anyhow::Result<Mistake> {
    bench.trial(FRESH)?;
    bench.desk.write_document(OTHER, &[])?;
    let theirs = bench.desk.collect(OTHER, &bench.desk.cards())?;
    let said = bench.desk.join(TRIAL, OTHER, &[])?;
    ensure!(said.exit == Some(0), "{}", said.aside);
    bench.start_refused(
        ("foreign-genesis", "a company joined by another document than the others"),
        3,
        &["validator 0 (Company A): ", &theirs, "compare genesis.json", "replace the one"],
    )
}

async fn begins_later(bench: &Bench) -> anyhow::Result<Mistake> {
    let home = bench.trial(FRESH)?;
    let time = (now().as_millis() + LATER_MS).to_string();
    bench.desk.write_document(LATER, &["--time-ms", &time])?;
    bench.desk.collect(LATER, &bench.desk.cards())?;
    // Alone: the others' network is another one.
    bench.desk.does(&["kyojo-node", "join", "--home", TRIAL, "--genesis", LATER])?;
    move_to_another_machine(&home)?;
    let _running = bench.start(TRIAL)?;
    let what = ("genesis-in-the-future", "the document's day is still to come");
    let wants =
        ["the network begins at 20", "`time` of genesis.json", "nothing is to be done until"];
    bench.seen(what, TRIAL, &wants).await
}
