//! What happens on the network, step by step, and what is checked at the end.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::Dev;
use super::consent::{self, ConsentReport};
use super::http::Client;
use super::network::Network;
use super::progress::{Progress, quantile, yen};
use super::summary::{Outage, Outcome, Report};
use super::town::Town;
use super::traffic::{Mode, Traffic};

/// When the network ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Ending {
    /// Payments, the death and return of a validator under load, and every check.
    Demo,
    /// Payments and every check.
    Payments,
}

/// How long the network may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long a step may go without a new block before it has failed.
const STALL: Duration = Duration::from_secs(30);
/// Between two looks at how far a step is.
const LOOK: Duration = Duration::from_millis(50);
/// Sub-accounts are opened at this rate at least.
const OPENING_RATE: u32 = 1_000;

/// Where an interruption leaves things.
pub(super) fn interrupted(arguments: &Dev) -> Outcome {
    let awaited = arguments.exit_after.is_some() || !arguments.command.is_empty();
    if awaited { Outcome::Interrupted } else { Outcome::Stopped }
}

/// Starts the network and plays until the scenario's end, or for ever.
pub(super) async fn play(arguments: &Dev, network: &mut Network) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let victim = victim(arguments, network.size())?;
    let mut progress = Progress::new();
    progress.say(&format!(
        "Starting {} validators in {} (keys for development only, seed {})",
        network.size(),
        network.folder().display(),
        arguments.seed
    ));
    network.start_all()?;
    network.wait_ready(READY_WITHIN).await?;
    progress.say(&format!("Ready after {:.1} s", begun.elapsed().as_secs_f64()));
    tell_addresses(network, &mut progress);
    if !arguments.command.is_empty() {
        return run_command(&arguments.command, network).await;
    }
    let town = Town::read(network.folder(), arguments.seed)?;
    let addresses: Vec<_> = (0..network.size()).map(|index| network.api(index)).collect();
    let traffic = Traffic::new(&addresses, town);
    let mut play = Play { arguments, network, progress, traffic: Arc::clone(&traffic), begun };
    tokio::select! {
        outcome = play.steps(victim) => outcome,
        failed = Arc::clone(&traffic).hand_over() => failed.map(|()| Outcome::Stopped),
        failed = traffic.follow() => failed.map(|()| Outcome::Stopped),
    }
}

/// Which validator dies, if any: one whose absence leaves a quorum.
fn victim(arguments: &Dev, validators: usize) -> anyhow::Result<Option<usize>> {
    let by_default = (arguments.exit_after == Some(Ending::Demo) && validators >= 4)
        .then_some(validators.saturating_sub(1));
    let victim = arguments.kill.map(usize::from).or(by_default);
    if let Some(index) = victim {
        ensure!(index < validators, "--kill {index}: nodes are 0 to {}", validators - 1);
        ensure!(validators >= 4, "--kill needs 4 validators: {validators} tolerate no fault");
    }
    Ok(victim)
}

fn tell_addresses(network: &Network, progress: &mut Progress) {
    for index in 0..network.size().min(8) {
        progress.say(&format!("  node {index}  {}", network.url(index)));
    }
    let (url, folder) = (network.url(0), network.folder().display().to_string());
    progress.say(&format!("Look:  curl {url}/v1/supply"));
    progress.say(&format!("Pay:   export KYOJO_NODE={url} KYOJO_ACTORS={folder}/actors.json"));
    progress.say("       kyojo --help");
    progress.say("Ctrl-C stops everything.");
}

async fn run_command(command: &[String], network: &Network) -> anyhow::Result<Outcome> {
    let (program, arguments) = command.split_first().context("an empty command")?;
    let status = tokio::process::Command::new(program)
        .args(arguments)
        .env("KYOJO_NODE", network.url(0))
        .env("KYOJO_ACTORS", network.folder().join("actors.json"))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .with_context(|| format!("{program} does not start"))?;
    Ok(Outcome::Command(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

struct Play<'a> {
    arguments: &'a Dev,
    network: &'a mut Network,
    progress: Progress,
    traffic: Arc<Traffic>,
    begun: Instant,
}

impl Play<'_> {
    async fn steps(&mut self, victim: Option<usize>) -> anyhow::Result<Outcome> {
        if self.arguments.rate > 0 {
            self.open().await?;
        }
        let payments = self.arguments.payments;
        self.traffic.set_rate(self.arguments.rate);
        self.traffic.set_mode(Mode::Pay);
        self.pay_until(payments / 2).await?;
        let mut times = self.traffic.take_times();
        let outage = match victim {
            Some(index) => Some(self.outage(index, payments).await?),
            None => None,
        };
        let Some(ending) = self.arguments.exit_after else {
            loop {
                self.step("live", |_| false).await?;
            }
        };
        self.pay_until(payments).await?;
        self.traffic.set_mode(Mode::Drain);
        self.step("waiting for the last receipts", |t| t.town().waiting() == 0).await?;
        times.extend(self.traffic.take_times());
        times.sort_unstable();
        let consent = match ending {
            Ending::Demo => Some(self.consent().await?),
            Ending::Payments => None,
        };
        let report = self.check(ending, outage, consent, &times).await?;
        Ok(Outcome::Played(Box::new(report)))
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        self.traffic.set_rate(self.arguments.rate.max(OPENING_RATE));
        let is_open = |traffic: &Traffic| {
            let town = traffic.town();
            town.is_open() && town.waiting() == 0
        };
        self.step("citizens put money in the zone", is_open).await?;
        self.traffic.take_times();
        Ok(())
    }

    async fn pay_until(&mut self, payments: u64) -> anyhow::Result<()> {
        if self.arguments.rate == 0 {
            return Ok(());
        }
        self.step("payments", |t| t.town().counts().payments >= payments).await
    }

    /// Shows how far things are until `done`; fails where the network stands still.
    async fn step(&mut self, what: &str, done: impl Fn(&Traffic) -> bool) -> anyhow::Result<()> {
        let mut height = self.traffic.height();
        let mut moved = Instant::now();
        let mut before = (Instant::now(), self.traffic.town().counts().committed);
        while !done(&self.traffic) {
            tokio::time::sleep(LOOK).await;
            for index in 0..self.network.size() {
                self.network.check_runs(index)?;
            }
            if self.traffic.height() > height {
                (height, moved) = (self.traffic.height(), Instant::now());
            }
            if moved.elapsed() > STALL {
                bail!("no block for {STALL:?} after height {height}, at: {what}");
            }
            let counts = self.traffic.town().counts();
            let passed = before.0.elapsed().as_secs_f64();
            let rate = (counts.committed - before.1) as f64 / passed.max(0.001);
            if passed > 2.0 {
                before = (Instant::now(), counts.committed);
            }
            self.progress.show(&format!(
                "{what}: height {height}, {} committed ({rate:.0}/s), {} rejected, {} waiting",
                counts.committed,
                counts.rejected,
                self.traffic.town().waiting(),
            ));
        }
        Ok(())
    }

    /// Kills a validator under load, goes on without it, and brings it back.
    async fn outage(&mut self, index: usize, payments: u64) -> anyhow::Result<Outage> {
        self.traffic.use_node(index, false);
        self.network.kill(index).await?;
        let (height, paid) = (self.traffic.height(), self.traffic.town().counts().payments);
        self.progress.say(&format!("Killed node {index} (SIGKILL) at height {height}"));
        self.pay_until(paid + payments / 4).await?;
        let mut times = self.traffic.take_times();
        times.sort_unstable();
        let blocks_meanwhile = self.traffic.height() - height;
        let payments_meanwhile = self.traffic.town().counts().payments - paid;
        let finality_ms_p50 = quantile(&times, 500);
        self.progress.say(&format!(
            "Without it: {blocks_meanwhile} blocks, {payments_meanwhile} payments, \
             finality p50 {finality_ms_p50:.1} ms"
        ));
        let restarted = Instant::now();
        self.network.start(index)?;
        self.network.wait_ready(READY_WITHIN).await?;
        self.catch_up(index).await?;
        let back_after_seconds = restarted.elapsed().as_secs_f64();
        self.traffic.use_node(index, true);
        self.progress.say(&format!("Node {index} is back after {back_after_seconds:.1} s"));
        Ok(Outage {
            node: index,
            blocks_meanwhile,
            payments_meanwhile,
            finality_ms_p50,
            back_after_seconds,
        })
    }

    /// Waits until a node has every block that there was when this was asked.
    async fn catch_up(&mut self, index: usize) -> anyhow::Result<()> {
        let wanted = self.traffic.height();
        let mut client = Client::new(self.network.api(index));
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let status = client.json("/v1/status").await.unwrap_or_default();
            let height = status.get("height").and_then(Value::as_u64).unwrap_or(0);
            if height >= wanted {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "node {index} stays at {height}, {wanted} is known");
            self.network.check_runs(index)?;
            self.progress.show(&format!("node {index} catches up: {height} of {wanted}"));
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A citizen's consent, from giving it to the auditor's count.
    async fn consent(&mut self) -> anyhow::Result<ConsentReport> {
        self.progress.say("A citizen lends her purchases to the shops' service …");
        let (folder, address) = (self.network.folder().to_owned(), self.network.api(0));
        let report = consent::play(&folder, address).await?;
        self.progress.say(&format!(
            "Consent: {} uses permitted, {} refused; 1 emergency reviewed; the auditor's count {}",
            report.permitted,
            report.refused,
            if report.adds_up { "adds up" } else { "does NOT add up" }
        ));
        Ok(report)
    }

    /// Every node holds the same blocks and every sum holds.
    async fn check(
        &mut self,
        ending: Ending,
        outage: Option<Outage>,
        consent: Option<ConsentReport>,
        times: &[Duration],
    ) -> anyhow::Result<Report> {
        // The block after the last receipt vouches for the state that it left.
        let height = self.traffic.height() + 1;
        self.step("waiting for the block that vouches", |t| t.height() >= height).await?;
        let mut hashes = Vec::with_capacity(self.network.size());
        let mut conserved = true;
        let mut liabilities = Vec::with_capacity(self.network.size());
        for index in 0..self.network.size() {
            self.catch_up(index).await?;
            let mut client = Client::new(self.network.api(index));
            let block = client.json(&format!("/v1/blocks/{height}")).await?;
            hashes.push(text(&block, "hash")?);
            let supply = client.json("/v1/supply").await?;
            conserved &= supply.get("conserved").and_then(Value::as_bool).unwrap_or(false);
            liabilities.push(text(&supply, "liability")?.parse::<u64>()?);
        }
        let same = |hash: &String| Some(hash) == hashes.first();
        let counts = self.traffic.town().counts();
        let genesis_yen = self.traffic.town().genesis_yen();
        let expected_yen = genesis_yen + counts.issued;
        let liability_yen = liabilities.iter().copied().find(|l| *l != expected_yen);
        self.progress.say(&format!("Checked {} nodes: {}", hashes.len(), yen(expected_yen)));
        Ok(Report {
            scenario: match ending {
                Ending::Demo => "demo",
                Ending::Payments => "payments",
            },
            seed: self.arguments.seed,
            validators: self.network.size(),
            height,
            transactions_made: counts.made,
            committed: counts.committed,
            payments: counts.payments,
            rejected: counts.rejected,
            without_receipt: self.traffic.town().waiting(),
            conserved,
            liability_yen: liability_yen.unwrap_or(expected_yen),
            expected_yen,
            same_history: hashes.iter().all(same),
            finality_ms_p50: quantile(times, 500),
            finality_ms_p99: quantile(times, 990),
            outage,
            consent,
            seconds: (self.begun.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        })
    }
}

fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    let text = value.get(field).and_then(Value::as_str);
    text.map(ToOwned::to_owned).with_context(|| format!("no `{field}` in {value}"))
}
