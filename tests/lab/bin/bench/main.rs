//! `kyojo-bench`: what four real validators on this machine commit, and what it costs.

mod consent;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Parser;
use kyojo_cli::{Format, Reply};
use kyojo_tests::account::{further, genesis};
use kyojo_tests::engine::{Pace, Tally, drive};
use kyojo_tests::load::community;
use kyojo_tests::measure::{cpu_time, disk_bytes, millis, quantile, resident_bytes};
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::postgres;
use kyojo_tests::rest::Rest;
use kyojo_tests::tool;
use serde::Serialize;

/// Measure what a local network of validators commits.
///
/// Load is signed beforehand and shaped like a real community currency's transfers. A transfer
/// counts once its committed receipt was read back from a node.
#[derive(Debug, Parser)]
#[command(name = "kyojo-bench", version, after_help = EXAMPLES)]
struct Arguments {
    /// How many accounts hold money (10 thousand to 10 million; all in the genesis state).
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
    /// For how long load is offered.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Transfers offered a second; without it, as many as are committed.
    #[arg(long)]
    rate: Option<u64>,
    /// How many validators.
    #[arg(long, default_value_t = 4)]
    validators: usize,
    /// Kill this many validators before the measurement.
    #[arg(long, default_value_t = 0)]
    kill: usize,
    /// Transfers under way at once.
    #[arg(long, default_value_t = 12_000)]
    in_flight: usize,
    /// Transfers in one request.
    #[arg(long, default_value_t = 512)]
    bundle: usize,
    /// Transfers to sign beforehand; without it, enough for the time.
    #[arg(long)]
    presign: Option<usize>,
    /// Seed of keys and load.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also run PostgreSQL's plain double-entry ledger, and print the ratio.
    #[arg(long)]
    postgres: bool,
    /// Measure consent instead: grants, decisions, accesses, memory, disk and proofs.
    #[arg(long, conflicts_with_all = ["accounts", "rate", "kill", "presign", "postgres"])]
    consent: bool,
    /// How many consents to load, each of a subject of its own.
    #[arg(long, default_value_t = 1_000_000, requires = "consent")]
    consents: usize,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-bench --accounts 10000 --seconds 20 --json
  kyojo-bench --rate 500 --seconds 20          finality at a light load
  kyojo-bench --kill 1                         with one of four validators dead
  kyojo-bench --postgres                       beside PostgreSQL on the same machine
  kyojo-bench --consent --json                 a million consents";

/// How many of the accounts pay and are paid: enough for the shape, few enough to derive at once.
const PAYERS_MAX: usize = 1_000_000;

#[derive(Debug, Serialize)]
struct Report {
    accounts: usize,
    validators: usize,
    killed: usize,
    seconds: f64,
    offered_rate: Option<u64>,
    committed: usize,
    committed_per_second: f64,
    finality_p50_ms: f64,
    finality_p99_ms: f64,
    cpu_us_per_transfer_per_validator: f64,
    disk_bytes_per_transfer: f64,
    memory_bytes_per_validator: u64,
    blocks: u64,
    transfers_per_block: f64,
    rejected: std::collections::BTreeMap<u16, u64>,
    refused: std::collections::BTreeMap<u16, u64>,
    start_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    postgres_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio_to_postgres: Option<f64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tool::run(Format::of(arguments.json), "bench_failed", run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<Reply> {
    if !arguments.consent {
        let report = measure(arguments).await?;
        return Ok(Reply::new(serde_json::to_value(&report)?, text(&report)));
    }
    let report = consent::measure(consent::Size {
        consents: arguments.consents,
        seconds: arguments.seconds,
        validators: arguments.validators,
        seed: arguments.seed,
    });
    let report = report.await?;
    Ok(Reply::new(serde_json::to_value(&report)?, consent::text(&report)))
}

async fn measure(arguments: &Arguments) -> anyhow::Result<Report> {
    ensure!(arguments.accounts >= 100, "--accounts is at least 100");
    ensure!(arguments.kill < arguments.validators, "--kill leaves no validator");
    let begun = Instant::now();
    let plan = Plan {
        validators: arguments.validators,
        seed: arguments.seed,
        genesis_arguments: genesis_arguments(arguments.accounts),
        ..Plan::default()
    };
    eprintln!("genesis with {} accounts …", arguments.accounts);
    let mut network = Network::start(&plan)?;
    let document = genesis(network.folder())?;
    let payers = further(&document, arguments.seed, arguments.accounts.min(PAYERS_MAX));
    let genesis = document.hash();
    network.wait_ready(Duration::from_secs(180)).await?;
    let start_seconds = begun.elapsed().as_secs_f64();

    let count = arguments.presign.unwrap_or_else(|| presign_count(arguments));
    eprintln!(
        "{} validators are ready after {start_seconds:.1} s; signing {count} transfers …",
        arguments.validators
    );
    let mut nonces = vec![0; payers.len()];
    let load = community(&genesis, &payers, &mut nonces, count, arguments.seed);

    for index in arguments.validators - arguments.kill..arguments.validators {
        network.kill(index)?;
    }
    let before = Usage::of(&network).await?;
    eprintln!("offering load for {} s …", arguments.seconds);
    let urls: Vec<String> = network.running().into_iter().map(|i| network.url(i)).collect();
    let (in_flight_max, bundle) = (arguments.in_flight, arguments.bundle);
    let pace = Pace { in_flight_max, bundle, again_after: None };
    let duration = Duration::from_secs(arguments.seconds);
    let tally = drive(&urls, load, arguments.rate, duration, pace).await?;
    let after = Usage::of(&network).await?;
    let mut report = report(arguments, &network, &tally, (&before, &after));
    report.start_seconds = start_seconds;
    report.memory_bytes_per_validator = memory(&network);
    drop(network);
    if arguments.postgres {
        eprintln!("the same machine's PostgreSQL …");
        let per_client_count = (arguments.seconds / 3).max(3);
        let peer = postgres::transfers_per_second(arguments.accounts, per_client_count)?;
        report.postgres_per_second = Some(peer);
        report.ratio_to_postgres = Some(report.committed_per_second / peer);
    }
    Ok(report)
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

fn presign_count(arguments: &Arguments) -> usize {
    let per_second = arguments.rate.unwrap_or(25_000);
    usize::try_from(per_second * arguments.seconds).unwrap_or(usize::MAX)
}

/// Processor, disk and height of the running validators.
struct Usage {
    cpu: Duration,
    disk: u64,
    height: u64,
}

impl Usage {
    async fn of(network: &Network) -> anyhow::Result<Self> {
        let mut cpu = Duration::ZERO;
        let mut disk = 0;
        let running = network.running();
        for index in &running {
            cpu += cpu_time(network.pid(*index).context("a running node has a pid")?)?;
            disk += disk_bytes(&network.home(*index));
        }
        let first = running.first().context("no validator runs")?;
        let height = Rest::new(Duration::from_secs(10))?.height(&network.url(*first)).await?;
        Ok(Self { cpu, disk, height })
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn report(
    arguments: &Arguments,
    network: &Network,
    tally: &Tally,
    (before, after): (&Usage, &Usage),
) -> Report {
    let committed = tally.acknowledged.len();
    let running = network.running().len();
    let seconds = tally.elapsed.as_secs_f64();
    let each = (committed.max(1) * running) as f64;
    let blocks = after.height.saturating_sub(before.height);
    Report {
        accounts: arguments.accounts,
        validators: arguments.validators,
        killed: arguments.kill,
        seconds,
        offered_rate: arguments.rate,
        committed,
        committed_per_second: (committed as f64 / seconds).round(),
        finality_p50_ms: millis(quantile(&tally.finality, 500)),
        finality_p99_ms: millis(quantile(&tally.finality, 990)),
        cpu_us_per_transfer_per_validator: tenth(
            after.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e6 / each,
        ),
        disk_bytes_per_transfer: tenth(after.disk.saturating_sub(before.disk) as f64 / each),
        memory_bytes_per_validator: memory(network),
        blocks,
        transfers_per_block: tenth(committed as f64 / blocks.max(1) as f64),
        rejected: tally.rejected.clone(),
        refused: tally.refused.clone(),
        start_seconds: 0.0,
        postgres_per_second: None,
        ratio_to_postgres: None,
    }
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The mean resident memory of the running validators.
fn memory(network: &Network) -> u64 {
    let sizes: Vec<u64> = network
        .running()
        .into_iter()
        .filter_map(|index| resident_bytes(network.pid(index)?).ok())
        .collect();
    sizes.iter().sum::<u64>().checked_div(sizes.len() as u64).unwrap_or(0)
}

fn text(report: &Report) -> String {
    let mut lines = vec![
        format!("committed            {:>12.0} transfers/s", report.committed_per_second),
        format!("finality p50         {:>12.1} ms", report.finality_p50_ms),
        format!("finality p99         {:>12.1} ms", report.finality_p99_ms),
        format!(
            "CPU                  {:>12.1} µs a transfer a validator",
            report.cpu_us_per_transfer_per_validator
        ),
        format!(
            "disk                 {:>12.1} bytes a transfer a validator",
            report.disk_bytes_per_transfer
        ),
        format!("memory               {:>12} bytes a validator", report.memory_bytes_per_validator),
        format!(
            "blocks               {:>12} of {} transfers",
            report.blocks, report.transfers_per_block
        ),
    ];
    if !report.rejected.is_empty() || !report.refused.is_empty() {
        lines.push(format!(
            "rejected by code     {:?}, refused at the door {:?}",
            report.rejected, report.refused
        ));
    }
    if let (Some(peer), Some(ratio)) = (report.postgres_per_second, report.ratio_to_postgres) {
        lines.push(format!("PostgreSQL           {peer:>12.0} transfers/s; ratio {ratio:.2}"));
    }
    lines.join("\n")
}
