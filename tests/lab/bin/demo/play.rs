//! What happens on the network, step by step, and what is checked at the end.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use kyojo_tests::engine::{Engine, Pace};
use kyojo_tests::measure::{millis, quantile};
use kyojo_tests::network::Network;
use kyojo_tests::progress::{Progress, yen};
use kyojo_tests::rest::Rest;
use serde_json::Value;

use crate::consent::{self, ConsentReport};
use crate::feed::{Feed, Mode, Shared};
use crate::report::{Outage, Report};
use crate::town::Town;
use crate::{Arguments, Scenario};

/// How long the network may take to be ready, and a node to catch up.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long a step may go without a new block before it has failed.
const STALL: Duration = Duration::from_secs(30);
/// Between two looks at how far a step is.
const LOOK: Duration = Duration::from_millis(50);
/// Sub-accounts are opened at this rate at least.
const OPENING_RATE: u32 = 1_000;
/// How long one request of the engine may take.
const REQUEST_WITHIN: Duration = Duration::from_secs(10);
/// How the town's transactions are handed over.
const PACE: Pace =
    Pace { in_flight_max: 8_192, bundle: 512, again_after: Some(Duration::from_secs(3)) };

/// Starts the network and plays until the scenario's end.
pub(crate) async fn play(
    arguments: &Arguments,
    network: &mut Network,
    victim: Option<usize>,
) -> anyhow::Result<Report> {
    let begun = Instant::now();
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
    let feed = RefCell::new(Feed::new(Town::read(network.folder(), arguments.seed)?));
    let urls: Vec<String> = (0..network.size()).map(|index| network.url(index)).collect();
    let engine = Engine::connect(&urls, REQUEST_WITHIN, PACE).await?;
    let rest = Rest::new(REQUEST_WITHIN)?;
    let mut play = Play { arguments, network, progress, feed: &feed, rest, begun };
    let mut source = Shared(&feed);
    tokio::select! {
        report = play.steps(victim) => report,
        ended = engine.run(&mut source) => {
            ended?;
            bail!("the town ran out of payments")
        }
    }
}

fn tell_addresses(network: &Network, progress: &mut Progress) {
    for index in 0..network.size().min(8) {
        progress.say(&format!("  node {index}  {}", network.url(index)));
    }
    let (url, folder) = (network.url(0), network.folder().display().to_string());
    progress.say(&format!("Look:  curl {url}{}", node_api::path::SUPPLY));
    progress.say(&format!("Pay:   export KYOJO_NODE={url} KYOJO_ACTORS={folder}/actors.json"));
    progress.say("       kyojo --help");
    progress.say("Ctrl-C stops everything.");
}

struct Play<'a> {
    arguments: &'a Arguments,
    network: &'a mut Network,
    progress: Progress,
    feed: &'a RefCell<Feed>,
    rest: Rest,
    begun: Instant,
}

impl Play<'_> {
    async fn steps(&mut self, victim: Option<usize>) -> anyhow::Result<Report> {
        let Arguments { rate, payments, scenario, .. } = *self.arguments;
        if rate > 0 {
            self.feed.borrow_mut().set(Mode::Open, rate.max(OPENING_RATE));
            let is_open = |feed: &Feed| feed.town.is_open() && feed.town.waiting() == 0;
            self.step("citizens put money in the zone", is_open).await?;
            self.feed.borrow_mut().take_times();
        }
        self.feed.borrow_mut().set(Mode::Pay, rate);
        self.pay_until(payments / 2).await?;
        let mut times = self.feed.borrow_mut().take_times();
        let outage = match victim {
            Some(index) => Some(self.outage(index, payments).await?),
            None => None,
        };
        if scenario == Scenario::Endless {
            loop {
                self.step("live", |_| false).await?;
            }
        }
        self.pay_until(payments).await?;
        self.feed.borrow_mut().set(Mode::Drain, 0);
        self.step("waiting for the last receipts", |feed| feed.town.waiting() == 0).await?;
        times.extend(self.feed.borrow_mut().take_times());
        times.sort_unstable();
        let consent = match scenario {
            Scenario::Demo => Some(self.consent().await?),
            Scenario::Payments | Scenario::Endless => None,
        };
        self.check(outage, consent, &times).await
    }

    async fn pay_until(&mut self, payments: u64) -> anyhow::Result<()> {
        if self.arguments.rate == 0 {
            return Ok(());
        }
        self.step("payments", |feed| feed.town.counts().payments >= payments).await
    }

    /// Shows how far things are until `done`; fails where the network stands still.
    async fn step(&mut self, what: &str, done: impl Fn(&Feed) -> bool) -> anyhow::Result<()> {
        let mut height = self.feed.borrow().height;
        let mut moved = Instant::now();
        let mut before = (Instant::now(), self.feed.borrow().town.counts().committed);
        while !done(&self.feed.borrow()) {
            tokio::time::sleep(LOOK).await;
            self.network.check_runs()?;
            let feed = self.feed.borrow();
            if feed.height > height {
                (height, moved) = (feed.height, Instant::now());
            }
            ensure!(moved.elapsed() <= STALL, "no block for {STALL:?} after {height}, at: {what}");
            let (counts, waiting) = (feed.town.counts(), feed.town.waiting());
            let passed = before.0.elapsed().as_secs_f64();
            let rate = (counts.committed - before.1) as f64 / passed.max(0.001);
            if passed > 2.0 {
                before = (Instant::now(), counts.committed);
            }
            self.progress.show(&format!(
                "{what}: height {height}, {} committed ({rate:.0}/s), {} rejected, {waiting} waiting",
                counts.committed, counts.rejected,
            ));
        }
        Ok(())
    }

    fn paid(&self) -> (u64, u64) {
        let feed = self.feed.borrow();
        (feed.height, feed.town.counts().payments)
    }

    /// Kills a validator under load, goes on without it, and brings it back.
    async fn outage(&mut self, index: usize, payments: u64) -> anyhow::Result<Outage> {
        self.feed.borrow_mut().set_dead(Some(index));
        self.network.kill(index)?;
        let (height, paid) = self.paid();
        self.progress.say(&format!("Killed node {index} (SIGKILL) at height {height}"));
        self.pay_until(paid + payments / 4).await?;
        let mut times = self.feed.borrow_mut().take_times();
        times.sort_unstable();
        let (height_after, paid_after) = self.paid();
        let (blocks_meanwhile, payments_meanwhile) = (height_after - height, paid_after - paid);
        let finality_ms_p50 = millis(quantile(&times, 500));
        self.progress.say(&format!(
            "Without it: {blocks_meanwhile} blocks, {payments_meanwhile} payments, \
             finality p50 {finality_ms_p50:.1} ms"
        ));
        let restarted = Instant::now();
        self.network.start_node(index)?;
        self.network.wait_ready(READY_WITHIN).await?;
        self.catch_up(index).await?;
        let back_after_seconds = restarted.elapsed().as_secs_f64();
        self.feed.borrow_mut().set_dead(None);
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
        let wanted = self.feed.borrow().height;
        self.rest.wait_height(&self.network.url(index), wanted, READY_WITHIN).await?;
        self.network.check_runs()
    }

    /// A citizen's consent, from giving it to the auditor's count.
    async fn consent(&mut self) -> anyhow::Result<ConsentReport> {
        self.progress.say("A citizen lends her purchases to the shops' service …");
        let report = consent::play(self.network.folder(), &self.network.url(0)).await?;
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
        outage: Option<Outage>,
        consent: Option<ConsentReport>,
        times: &[Duration],
    ) -> anyhow::Result<Report> {
        // The block after the last receipt vouches for the state that it left.
        let height = self.feed.borrow().height + 1;
        self.step("waiting for the block that vouches", |feed| feed.height >= height).await?;
        let mut hashes = Vec::with_capacity(self.network.size());
        let mut conserved = true;
        let mut liabilities = Vec::with_capacity(self.network.size());
        for index in 0..self.network.size() {
            self.catch_up(index).await?;
            let url = self.network.url(index);
            hashes.push(text(&self.rest.block(&url, height).await?, "hash")?);
            let (_, supply) = self.rest.get(&url, node_api::path::SUPPLY).await?;
            conserved &= supply["conserved"] == true;
            liabilities.push(text(&supply, "liability")?.parse::<u64>()?);
        }
        let feed = self.feed.borrow();
        let counts = feed.town.counts();
        let expected_yen = feed.town.genesis_yen() + counts.issued;
        let liability_yen = liabilities.iter().copied().find(|l| *l != expected_yen);
        self.progress.say(&format!("Checked {} nodes: {}", hashes.len(), yen(expected_yen)));
        Ok(Report {
            scenario: self.arguments.scenario.name(),
            seed: self.arguments.seed,
            validators: self.network.size(),
            height,
            transactions_made: counts.made,
            committed: counts.committed,
            payments: counts.payments,
            rejected: counts.rejected,
            without_receipt: feed.town.waiting(),
            conserved,
            liability_yen: liability_yen.unwrap_or(expected_yen),
            expected_yen,
            same_history: hashes.windows(2).all(|pair| pair[0] == pair[1]),
            finality_ms_p50: millis(quantile(times, 500)),
            finality_ms_p99: millis(quantile(times, 990)),
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
