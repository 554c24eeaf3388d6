//! One measurement: a network of its own, warmed up apart, then counted between two instants.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use kyojo_tests::account::{further, genesis};
use kyojo_tests::engine::{Pace, Seen, Tally, drive};
use kyojo_tests::load::{Signed, community};
use kyojo_tests::measure::{cpu_time, disk_bytes, millis, quantile, resident_bytes};
use kyojo_tests::network::{ALLOWANCES_TIMES, Network, Plan, PubSub};
use kyojo_tests::postgres;
use kyojo_tests::rest::Rest;
use serde::Serialize;

use crate::heights::{self, Height, SlowHeight};
use crate::windows::Recovery;

/// How many of the accounts pay and are paid: enough for the shape, few enough to derive at once.
const PAYERS_MAX: usize = 1_000_000;
/// More than is committed in a second.
const TRANSFERS_PER_SECOND_MAX: u64 = 25_000;
/// How long load goes on after the last instant that counts, so that it is like those before.
const AFTERWARDS: Duration = Duration::from_secs(1);
/// How long a network may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(300);
/// Heights that take longer are counted.
const LONG_HEIGHT: Duration = Duration::from_millis(600);

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// How many accounts hold money.
    pub accounts: usize,
    /// How many validators.
    pub validators: usize,
    /// Seed of keys and load.
    pub seed: u64,
    /// Transfers offered a second; without it, as many as are committed.
    pub rate: Option<u64>,
    /// For how long load is offered before anything counts.
    pub warm_up: Duration,
    /// For how long it counts.
    pub duration: Duration,
    /// How transfers are handed over.
    pub pace: Pace,
    /// Transfers to sign beforehand; without it, enough for the time.
    pub presign: Option<usize>,
    /// How much later every word between two validators arrives, each way.
    pub delay: Option<Duration>,
    /// How votes and proposals travel, where not as by default.
    pub pubsub: Option<PubSub>,
    /// Which validators are lost.
    pub loss: Loss,
    /// Whether PostgreSQL is measured too.
    pub peer: Peer,
}

/// Which validators are lost, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// None.
    Nobody,
    /// The last ones, killed before any load.
    Before(usize),
    /// The last one, killed when the warm-up ends.
    Killed,
    /// The last one, stopped when the warm-up ends: its connections stay open.
    Stopped,
}

/// Whether PostgreSQL is measured beside the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// No.
    No,
    /// Yes; without it there is no report.
    Demanded,
    /// Where it is installed and starts; the report says where not.
    WhereThere,
}

/// What came out.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figures {
    seconds: f64,
    committed: usize,
    committed_per_second: f64,
    finality_p50_ms: f64,
    finality_p90_ms: f64,
    finality_p99_ms: f64,
    finality_p999_ms: f64,
    cpu_us_per_transfer_per_validator: f64,
    cpu_cores_busy: f64,
    cpu_cores_by_validator: Vec<f64>,
    client_cpu_cores: f64,
    disk_bytes_per_transfer: f64,
    memory_bytes_per_validator: u64,
    blocks: u64,
    transfers_per_block: f64,
    heights_over_600_ms: usize,
    start_seconds: f64,
    #[serde(flatten)]
    recovery: Option<Recovery>,
    #[serde(flatten)]
    beside: Option<Beside>,
    /// Rejections by code.
    #[serde(skip)]
    pub rejected: BTreeMap<u16, u64>,
    /// Refusals by code.
    #[serde(skip)]
    pub refused: BTreeMap<u16, u64>,
    /// The heights that took longest.
    #[serde(skip)]
    pub slowest: Vec<SlowHeight>,
}

/// What PostgreSQL did on the same machine, where it is there.
#[derive(Clone, Debug, Serialize)]
struct Beside {
    postgres_per_second: Option<f64>,
    ratio_to_postgres: Option<f64>,
}

/// Measures once.
pub(crate) async fn once(case: &Case) -> anyhow::Result<Figures> {
    ensure!(case.accounts >= 100, "--accounts is at least 100");
    let begun = Instant::now();
    eprintln!(
        "genesis with {} accounts, each payer with {ALLOWANCES_TIMES} times the usual allowance …",
        case.accounts
    );
    let mut network = Network::start(&plan(case))?;
    let document = genesis(network.folder())?;
    let payers = further(&document, case.seed, case.accounts.min(PAYERS_MAX));
    network.wait_ready(READY_WITHIN).await?;
    let start_seconds = tenth(begun.elapsed().as_secs_f64());
    let count = case.presign.unwrap_or_else(|| presign_count(case));
    eprintln!(
        "{} validators are ready after {start_seconds} s; signing {count} transfers …",
        case.validators
    );
    let mut nonces = vec![0; payers.len()];
    let load = community(&document.hash(), &payers, &mut nonces, count, case.seed);
    if let Loss::Before(killed) = case.loss {
        ensure!(killed < case.validators, "--kill leaves no validator");
        for index in case.validators - killed..case.validators {
            network.kill(index)?;
        }
    }
    let observed = observe(case, &mut network, load).await?;
    drop(network);
    let mut figures = figures(case, &observed);
    figures.start_seconds = start_seconds;
    figures.beside = beside(case, figures.committed_per_second)?;
    Ok(figures)
}

fn plan(case: &Case) -> Plan {
    Plan {
        validators: case.validators,
        seed: case.seed,
        genesis_arguments: genesis_arguments(case.accounts),
        delay: case.delay,
        pubsub: case.pubsub,
        telemetry: true,
        ..Plan::default()
    }
}

/// All payers are accounts of the genesis state; the town's own few people are not counted.
fn genesis_arguments(accounts: usize) -> Vec<String> {
    let yen = "1000000000000000";
    let accounts = accounts.to_string();
    [
        "--citizens",
        "10",
        "--merchants",
        "2",
        "--accounts-file-count",
        &accounts,
        "--issue-allowance",
        yen,
        "--net-debit-cap",
        yen,
    ]
    .iter()
    .map(ToString::to_string)
    .collect()
}

fn presign_count(case: &Case) -> usize {
    let seconds = (case.warm_up + case.duration + AFTERWARDS).as_secs() + 1;
    let count = case.rate.unwrap_or(TRANSFERS_PER_SECOND_MAX).saturating_mul(seconds);
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// What was seen of a network between two instants.
struct Observed {
    before: Usage,
    after: Usage,
    tally: Tally,
    heights: Vec<Height>,
    memory: u64,
}

/// Offers the load to the validators that stay, and looks at them when the warm-up is over and
/// at the end.
async fn observe(
    case: &Case,
    network: &mut Network,
    load: Vec<Signed>,
) -> anyhow::Result<Observed> {
    let probe = Probe::of(network, &staying(case, network))?;
    let Case { rate, pace, warm_up, duration, .. } = *case;
    eprintln!(
        "warming up for {} s, then measuring for {} s …",
        warm_up.as_secs(),
        duration.as_secs()
    );
    let (urls, whole) = (probe.urls.clone(), warm_up + duration + AFTERWARDS);
    let mut driving = tokio::spawn(async move { drive(&urls, load, rate, whole, pace).await });
    tokio::time::sleep(warm_up).await;
    let last = case.validators - 1;
    match case.loss {
        Loss::Nobody | Loss::Before(_) => {}
        Loss::Killed => network.kill(last)?,
        Loss::Stopped => network.suspend(last)?,
    }
    let before = probe.usage().await?;
    let ended = tokio::time::timeout(duration, &mut driving).await;
    let after = probe.usage().await?;
    let memory = probe.memory();
    let heights = heights::fetch(&probe.telemetry, before.height + 1, after.height).await?;
    let tally = match ended {
        Ok(tally) => tally,
        Err(_) => driving.await,
    };
    Ok(Observed { before, after, tally: tally??, heights, memory })
}

/// The validators that run to the end.
fn staying(case: &Case, network: &Network) -> Vec<usize> {
    let mut running = network.running();
    if matches!(case.loss, Loss::Killed | Loss::Stopped) {
        running.pop();
    }
    running
}

/// Looks at validators.
struct Probe {
    pids: Vec<u32>,
    homes: Vec<PathBuf>,
    urls: Vec<String>,
    /// The operators' listener of the first one.
    telemetry: String,
    rest: Rest,
}

/// Processors, disk and height at an instant.
struct Usage {
    at: Instant,
    /// Of each validator.
    cpu: Vec<Duration>,
    client: Duration,
    disk: u64,
    height: u64,
}

impl Probe {
    fn of(network: &Network, indices: &[usize]) -> anyhow::Result<Self> {
        let first = *indices.first().context("no validator runs to the end")?;
        let pid = |index: &usize| network.pid(*index).context("a running node has a pid");
        Ok(Self {
            pids: indices.iter().map(pid).collect::<anyhow::Result<_>>()?,
            homes: indices.iter().map(|index| network.home(*index)).collect(),
            urls: indices.iter().map(|index| network.url(*index)).collect(),
            telemetry: format!("http://127.0.0.1:{}", network.telemetry_port(first)),
            rest: Rest::new(Duration::from_secs(10))?,
        })
    }

    async fn usage(&self) -> anyhow::Result<Usage> {
        let at = Instant::now();
        let cpu = self.pids.iter().map(|pid| cpu_time(*pid)).collect::<anyhow::Result<_>>()?;
        let client = cpu_time(std::process::id())?;
        let height = self.rest.height(&self.urls[0]).await?;
        let homes = self.homes.clone();
        let sizes = move || homes.iter().map(|home| disk_bytes(home)).sum();
        let disk = tokio::task::spawn_blocking(sizes).await?;
        Ok(Usage { at, cpu, client, disk, height })
    }

    /// The mean resident memory.
    fn memory(&self) -> u64 {
        let sizes: Vec<u64> =
            self.pids.iter().filter_map(|pid| resident_bytes(*pid).ok()).collect();
        sizes.iter().sum::<u64>().checked_div(sizes.len() as u64).unwrap_or(0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn figures(case: &Case, observed: &Observed) -> Figures {
    let Observed { before, after, tally, heights, memory } = observed;
    let counts = |seen: &&Seen| seen.at > before.at && seen.at <= after.at;
    let seen: Vec<Seen> = tally.seen.iter().filter(counts).copied().collect();
    let committed = seen.iter().filter(|seen| seen.is_committed).count();
    let mut finality: Vec<Duration> = seen.iter().map(|seen| seen.took).collect();
    finality.sort_unstable();
    let at = |per_mille| millis(quantile(&finality, per_mille));
    let wall = (after.at - before.at).as_secs_f64();
    let cpu: Vec<f64> = before
        .cpu
        .iter()
        .zip(&after.cpu)
        .map(|(before, after)| after.saturating_sub(*before).as_secs_f64())
        .collect();
    let busy: f64 = cpu.iter().sum();
    let each = (committed.max(1) * cpu.len()) as f64;
    let blocks = after.height.saturating_sub(before.height);
    let recovery = matches!(case.loss, Loss::Killed | Loss::Stopped)
        .then(|| Recovery::of(&seen, before.at, case.duration));
    Figures {
        seconds: hundredth(wall),
        committed,
        committed_per_second: (committed as f64 / wall).round(),
        finality_p50_ms: at(500),
        finality_p90_ms: at(900),
        finality_p99_ms: at(990),
        finality_p999_ms: at(999),
        cpu_us_per_transfer_per_validator: tenth(busy * 1e6 / each),
        cpu_cores_busy: hundredth(busy / wall),
        cpu_cores_by_validator: cpu.iter().map(|cpu| hundredth(cpu / wall)).collect(),
        client_cpu_cores: hundredth(
            after.client.saturating_sub(before.client).as_secs_f64() / wall,
        ),
        disk_bytes_per_transfer: tenth(after.disk.saturating_sub(before.disk) as f64 / each),
        memory_bytes_per_validator: *memory,
        blocks,
        transfers_per_block: tenth(committed as f64 / blocks.max(1) as f64),
        heights_over_600_ms: heights::over(heights, LONG_HEIGHT),
        start_seconds: 0.0,
        recovery,
        beside: None,
        rejected: tally.rejected.clone(),
        refused: tally.refused.clone(),
        slowest: heights::slowest(heights),
    }
}

/// PostgreSQL on the same machine, once the network is gone.
fn beside(case: &Case, committed_per_second: f64) -> anyhow::Result<Option<Beside>> {
    if case.peer == Peer::No {
        return Ok(None);
    }
    eprintln!("the same machine's PostgreSQL …");
    let per_client_count = (case.duration.as_secs() / 3).max(3);
    let measured = postgres::transfers_per_second(case.accounts, per_client_count);
    let postgres_per_second = match measured {
        Ok(peer) => Some(peer.round()),
        Err(error) if case.peer == Peer::WhereThere => {
            eprintln!("not measured: {error:#}");
            None
        }
        Err(error) => return Err(error),
    };
    let ratio_to_postgres = postgres_per_second.map(|peer| hundredth(committed_per_second / peer));
    Ok(Some(Beside { postgres_per_second, ratio_to_postgres }))
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
