//! `kyojo-bench`: what four real validators on this machine commit, and what it costs.

mod consent;
mod growth;
mod heights;
mod profile;
mod run;
mod text;
mod together;
mod windows;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::ensure;
use clap::Parser;
use kyojo_cli::{Format, Reply};
use kyojo_tests::engine::Pace;
use kyojo_tests::measure::Machine;
use kyojo_tests::network::PubSub;
use kyojo_tests::tool;
use serde_json::{Map, Value};

use crate::profile::{Asked, Profile, describe};
use crate::run::{Case, Loss, Peer, once};
use crate::together::together;

/// Measure what a local network of validators commits.
///
/// Load is signed beforehand and shaped like a real community currency's transfers. A transfer
/// counts once its committed receipt was read back from a node. Every figure is the median of
/// several runs, each on a network of its own that was warmed up before.
#[derive(Debug, Parser)]
#[command(name = "kyojo-bench", version, after_help = EXAMPLES)]
struct Arguments {
    /// A named measurement instead of one of your own.
    #[arg(
        long,
        value_enum,
        conflicts_with_all = ["accounts", "rate", "kill", "presign", "postgres", "consent"]
    )]
    profile: Option<Profile>,
    /// How many accounts hold money (10 thousand to 10 million; all in the genesis state).
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
    /// For how long load counts, in each run: 20, or as the profile says.
    #[arg(long)]
    seconds: Option<u64>,
    /// For how many seconds load is offered before it counts: 5, or 3 among all profiles.
    #[arg(long, conflicts_with = "consent")]
    warm_up: Option<u64>,
    /// How many runs: 3, or as the profile says.
    #[arg(long, conflicts_with = "consent")]
    runs: Option<usize>,
    /// Transfers offered a second; without it, as many as are committed.
    #[arg(long)]
    rate: Option<u64>,
    /// How many validators.
    #[arg(long, default_value_t = 4)]
    validators: usize,
    /// Let every word between two validators arrive so many milliseconds later, each way.
    #[arg(long, value_name = "MS", conflicts_with = "consent")]
    delay: Option<u64>,
    /// How votes and proposals travel; the node's default without.
    #[arg(long, value_enum, value_name = "NAME", conflicts_with = "consent")]
    pubsub: Option<PubSub>,
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
    /// Live a simulated year of a city at 1:100 on one validator, without a network, and measure
    /// what stays of it in memory and on disk.
    #[arg(long, conflicts_with_all = [
        "accounts", "rate", "kill", "presign", "postgres", "consent", "profile", "seconds",
        "warm_up", "runs", "delay", "pubsub",
    ])]
    growth: bool,
    /// Say how much memory the state in a folder takes: what the growth run asks of a process of
    /// its own.
    #[arg(long, hide = true, value_name = "FOLDER")]
    weigh: Option<PathBuf>,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-bench --accounts 10000 --seconds 20 --json
  kyojo-bench --profile all --json             every figure that is kept, within 15 minutes
  kyojo-bench --profile dead                   500 a second while one of four dies
  kyojo-bench --rate 500 --seconds 20          finality at a light load
  kyojo-bench --rate 500 --delay 20            with validators 20 ms apart
  kyojo-bench --kill 1                         with one of four validators dead
  kyojo-bench --postgres                       beside PostgreSQL on the same machine
  kyojo-bench --consent --json                 a million consents
  kyojo-bench --growth --json                  a year of a city at 1:100

The city of --growth has 1,130 residents, 5 shops, 2 banks and 4 controllers, a block an hour and the
usual retention and allowances. On its first day everyone opens an account in the coin's zone and
consents to each controller, under a pseudonym for each. Then, for each resident: 3 payments a day
(2 at shops, 1 to a resident), an issue by its bank and an access under a consent each 30 days (one in
100 without the recipient's half), a charge each 7 days; a year, 1 redeem request (90% settled, 5%
cancelled, 5% lapse), 0.1 requests to a controller (answered in 5 days), 0.2 reads of its log, 0.01
broken glasses (reviewed, and the person told); of each consent 0.1 withdrawals, acknowledged, and a
new consent 30 days later. Shops redeem each evening. In mid-year the notices change, and everyone
renews. Memory is that of the state alone: the growth of the anonymous memory of a process that
rebuilds it from its records.";

const SECONDS: u64 = 20;
const WARM_UP: u64 = 5;
const RUNS: usize = 3;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(folder) = &arguments.weigh {
        return growth::weighed(folder);
    }
    tool::run(Format::of(arguments.json), "bench_failed", run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<Reply> {
    ensure!(arguments.runs != Some(0), "--runs is at least 1");
    ensure!(arguments.seconds != Some(0), "--seconds is at least 1");
    ensure!(arguments.validators > 0, "--validators is at least 1");
    if arguments.growth {
        let report = growth::measure(arguments.seed).await?;
        return Ok(Reply::new(serde_json::to_value(&report)?, growth::text(&report)));
    }
    if arguments.consent {
        let report = consent::measure(consent::Size {
            consents: arguments.consents,
            seconds: arguments.seconds.unwrap_or(SECONDS),
            validators: arguments.validators,
            seed: arguments.seed,
        });
        let report = report.await?;
        return Ok(Reply::new(serde_json::to_value(&report)?, consent::text(&report)));
    }
    let (mut data, text) = match arguments.profile {
        None => {
            let data = measure(arguments).await?;
            let text = text::figures(&data);
            (data, text)
        }
        Some(profile) => {
            let Arguments { seconds, warm_up, runs, .. } = *arguments;
            let asked = Asked { base: case(arguments), seconds, warm_up, runs };
            let data = profile::measure(profile, &asked).await?;
            let text = text::profiles(&data);
            (data, text)
        }
    };
    let machine = Machine::this();
    let on = format!("{} cores of {}", machine.cores, machine.cpu_model);
    if let Value::Object(machine) = serde_json::to_value(&machine)? {
        data.extend(machine);
    }
    let vectors = if machine.ifma { "with" } else { "without" };
    Ok(Reply::new(Value::Object(data), format!("{text}\n\non {on}, {vectors} AVX-512 IFMA")))
}

/// The measurement that the arguments describe.
async fn measure(arguments: &Arguments) -> anyhow::Result<Map<String, Value>> {
    let case = case(arguments);
    let mut runs = Vec::new();
    for _ in 0..arguments.runs.unwrap_or(RUNS) {
        runs.push(once(&case).await?);
    }
    let mut report = together(&runs)?;
    describe(&mut report, &case);
    report.insert("killed".to_owned(), arguments.kill.into());
    Ok(report)
}

fn case(arguments: &Arguments) -> Case {
    let (in_flight_max, bundle) = (arguments.in_flight, arguments.bundle);
    Case {
        accounts: arguments.accounts,
        validators: arguments.validators,
        seed: arguments.seed,
        rate: arguments.rate,
        warm_up: Duration::from_secs(arguments.warm_up.unwrap_or(WARM_UP)),
        duration: Duration::from_secs(arguments.seconds.unwrap_or(SECONDS)),
        pace: Pace { in_flight_max, bundle, again_after: None },
        presign: arguments.presign,
        delay: arguments.delay.map(Duration::from_millis),
        pubsub: arguments.pubsub,
        loss: if arguments.kill > 0 { Loss::Before(arguments.kill) } else { Loss::Nobody },
        peer: if arguments.postgres { Peer::Demanded } else { Peer::No },
    }
}
