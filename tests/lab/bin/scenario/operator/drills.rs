//! What every operator meets once: a backup that is put back, a key on two machines, machines that are down.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::ensure;
use kyojo_tests::founding::HOMES;
use node_api::body::NodeBody;
use node_api::path;
use serde::Serialize;
use serde_json::Value;

use super::bench::{Bench, OURS, SEEN_WITHIN, Started, TRIAL, move_to_another_machine};

const BACKUP: &str = "kyojo.tar.gz";
/// How often a node is asked.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// Those that go down when two do.
const TWO: [usize; 2] = [2, 3];
/// Within so much, in seconds, a node knows that it has no quorum.
const SOON: f64 = 10.0;

/// A home that was lost and put back.
#[derive(Debug, Serialize)]
pub(super) struct Restore {
    /// How many heights the backup was behind.
    heights_behind: u64,
    /// What the node was, in this order.
    stances: Vec<String>,
    followed_before_it_voted: bool,
    seconds: f64,
}

/// Two nodes with one key.
#[derive(Debug, Serialize)]
pub(super) struct Duplicate {
    what: &'static str,
    /// How long it took until the others named it, in seconds.
    seconds: f64,
    others_say: String,
    own_says: String,
    copy_says: String,
    /// How long after the copy was stopped all were ready, in seconds.
    ready_after: f64,
}

/// Two of four machines that are down, while nothing is paid.
#[derive(Debug, Serialize)]
pub(super) struct TwoDown {
    /// How long it took until `/readyz` was 503, in seconds.
    not_ready_after: f64,
    waits_for: Vec<String>,
    both_named: bool,
    /// How long it took from the start of both until all were ready, in seconds.
    ready_after: f64,
}

/// All machines down.
#[derive(Debug, Serialize)]
pub(super) struct AllDown {
    /// The height at which all went.
    height: u64,
    /// What the first one that was started again waited for.
    first_waits_for: Vec<String>,
    ready_after: f64,
    /// At every node the blocks up to there are the same, and the next one too.
    no_fork: bool,
}

impl Restore {
    pub(super) const fn holds(&self) -> bool {
        self.followed_before_it_voted && self.heights_behind > 1
    }

    pub(super) fn text(&self) -> String {
        format!(
            "a lost home, its backup put back {} heights later: {}, {:.1} s",
            self.heights_behind,
            self.stances.join(", then "),
            self.seconds
        )
    }
}

impl Duplicate {
    pub(super) fn holds(&self) -> bool {
        let stops = [&self.others_say, &self.own_says, &self.copy_says];
        stops.iter().all(|said| said.contains("network.key") && said.contains("home of its own"))
    }

    pub(super) fn text(&self) -> String {
        let Self { what, seconds, others_say, own_says, ready_after, .. } = self;
        format!(
            "{what}: named after {seconds:.1} s, all ready {ready_after:.1} s after the copy was \
             stopped\n    the others say: {others_say}\n    it says: {own_says}"
        )
    }
}

impl TwoDown {
    pub(super) fn holds(&self) -> bool {
        self.both_named && self.not_ready_after < SOON
    }

    pub(super) fn text(&self) -> String {
        format!(
            "two of four down while nothing is paid: not ready after {:.1} s, back after {:.1} s\n    {}",
            self.not_ready_after,
            self.ready_after,
            self.waits_for.join("; ")
        )
    }
}

impl AllDown {
    pub(super) const fn holds(&self) -> bool {
        self.no_fork && !self.first_waits_for.is_empty()
    }

    pub(super) fn text(&self) -> String {
        format!(
            "all four down at height {}: {}, all ready after {:.1} s\n    the first waits for: {}",
            self.height,
            if self.no_fork { "it goes on, no fork" } else { "FORKED" },
            self.ready_after,
            self.first_waits_for.join("; ")
        )
    }
}

fn archive(bench: &Bench) -> String {
    bench.desk.path(BACKUP).display().to_string()
}

fn shell(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let status = std::process::Command::new(program).args(arguments).status()?;
    ensure!(status.success(), "{program} {arguments:?}: {status}");
    Ok(())
}

/// Backs a home up whose node stands still, as the manual has it; gives the network's height.
pub(super) async fn back_up(bench: &Bench) -> anyhow::Result<u64> {
    let home = bench.desk.path(HOMES[OURS]).display().to_string();
    shell("tar", &["-C", &home, "-czf", &archive(bench), "."])?;
    bench.rest.height(&bench.network.url(0)).await
}

/// Puts the backup into a new home.
fn put_back(bench: &Bench, home: &str) -> anyhow::Result<PathBuf> {
    let home = bench.desk.path(home);
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir(&home)?;
    shell("tar", &["-C", &home.display().to_string(), "-xzf", &archive(bench)])?;
    Ok(home)
}

pub(super) async fn restore(bench: &mut Bench, backed_up_at: u64) -> anyhow::Result<Restore> {
    put_back(bench, HOMES[OURS])?;
    // So old that the node can tell, whatever else it looks at.
    let url = bench.network.url(0);
    let tip = bench.rest.wait_height(&url, backed_up_at + 2, SEEN_WITHIN).await?;
    let began = Instant::now();
    bench.network.start_node(OURS)?;
    let mut stances: Vec<String> = Vec::new();
    loop {
        ensure!(began.elapsed() < SEEN_WITHIN, "it does not vote again: {stances:?}");
        if let Some(node) = bench.status(HOMES[OURS])? {
            if stances.last() != Some(&node.stance) {
                stances.push(node.stance.clone());
            }
            if node.stance == "voting" && node.ready {
                break;
            }
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    let voting = stances.iter().position(|stance| stance == "voting");
    let following = stances.iter().position(|stance| stance == "following");
    let followed_before_it_voted = following.is_some() && following < voting;
    let heights_behind = tip.saturating_sub(backed_up_at);
    Ok(Restore { heights_behind, stances, followed_before_it_voted, seconds })
}

/// Puts the backup on a second machine, with an address of its own.
fn copy_on_another_machine(bench: &Bench) -> anyhow::Result<PathBuf> {
    let home = put_back(bench, TRIAL)?;
    move_to_another_machine(&home)?;
    Ok(home)
}

pub(super) async fn duplicate_keys(bench: &mut Bench) -> anyhow::Result<Vec<Duplicate>> {
    let home = copy_on_another_machine(bench)?;
    fs::remove_file(home.join("consensus.key"))?;
    let network_key = duplicate(bench, "one network key on two machines").await?;
    // A warning goes once it was mended; the next one is news.
    bench.until(HOMES[0], |node| node.warnings.is_empty()).await?;
    copy_on_another_machine(bench)?;
    let whole = duplicate(bench, "a whole home on two machines").await?;
    Ok(vec![network_key, whole])
}

async fn duplicate(bench: &mut Bench, what: &'static str) -> anyhow::Result<Duplicate> {
    let began = Instant::now();
    let copy = bench.start(TRIAL)?;
    let others_say = warned(bench, HOMES[0], "two nodes run with the network.key of").await?;
    let seconds = began.elapsed().as_secs_f64();
    let own = "another node runs with this node's network.key";
    let own_says = warned(bench, HOMES[OURS], own).await?;
    let copy_says = warned(bench, TRIAL, own).await?;
    let stopped = Instant::now();
    drop::<Started>(copy);
    // Had the copy voted, the right one would have ended by itself (code 71): it is looked at, and started.
    if bench.network.check_runs().is_err() {
        bench.network.start_node(OURS)?;
    }
    bench.network.wait_ready(SEEN_WITHIN).await?;
    let ready_after = stopped.elapsed().as_secs_f64();
    Ok(Duplicate { what, seconds, others_say, own_says, copy_says, ready_after })
}

async fn warned(bench: &Bench, home: &str, part: &str) -> anyhow::Result<String> {
    let about = |node: &NodeBody| node.warnings.iter().find(|said| said.contains(part)).cloned();
    let node = bench.until(home, |node| about(node).is_some()).await?;
    Ok(about(&node).unwrap_or_default())
}

pub(super) async fn two_down(bench: &mut Bench) -> anyhow::Result<TwoDown> {
    for index in TWO {
        bench.network.kill(index)?;
    }
    let (url, began) = (bench.network.url(0), Instant::now());
    while bench.rest.get(&url, path::READYZ).await?.0 != 503 {
        ensure!(began.elapsed() < SEEN_WITHIN, "it stays ready without a quorum");
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    let not_ready_after = began.elapsed().as_secs_f64();
    let are_both = |node: &NodeBody| {
        let said = node.waits_for.concat();
        TWO.iter().all(|index| said.contains(&format!("validator {index} (")))
    };
    let node = bench.until(HOMES[0], are_both).await?;
    let began = Instant::now();
    for index in TWO {
        bench.network.start_node(index)?;
    }
    bench.network.wait_ready(SEEN_WITHIN).await?;
    let ready_after = began.elapsed().as_secs_f64();
    let both_named = are_both(&node);
    Ok(TwoDown { not_ready_after, waits_for: node.waits_for, both_named, ready_after })
}

pub(super) async fn all_down(bench: &mut Bench) -> anyhow::Result<AllDown> {
    let (first, last) = (bench.network.url(0), bench.network.url(OURS));
    let height = bench.rest.height(&first).await?;
    // Whoever is behind by a height would have nothing to compare.
    bench.rest.wait_height(&last, height, SEEN_WITHIN).await?;
    let before = hash(bench, &first, height).await?;
    for index in 0..HOMES.len() {
        bench.network.kill(index)?;
    }
    let began = Instant::now();
    bench.network.start_node(0)?;
    let missing = |node: &NodeBody| !node.ready && node.waits_for.concat().contains("validator 1");
    let waits = bench.until(HOMES[0], missing).await?;
    for index in 1..HOMES.len() {
        bench.network.start_node(index)?;
    }
    bench.network.wait_ready(SEEN_WITHIN).await?;
    let ready_after = began.elapsed().as_secs_f64();
    let mut next = Vec::new();
    let mut no_fork = true;
    for index in 0..HOMES.len() {
        let url = bench.network.url(index);
        bench.rest.wait_height(&url, height + 1, SEEN_WITHIN).await?;
        no_fork &= hash(bench, &url, height).await? == before;
        next.push(hash(bench, &url, height + 1).await?);
    }
    no_fork &= next.iter().all(|hash| Some(hash) == next.first());
    Ok(AllDown { height, first_waits_for: waits.waits_for, ready_after, no_fork })
}

async fn hash(bench: &Bench, url: &str, height: u64) -> anyhow::Result<Value> {
    let block = bench.rest.block(url, height).await?;
    let hash = block["hash"].clone();
    ensure!(hash.is_string(), "a block has a hash: {block}");
    Ok(hash)
}
