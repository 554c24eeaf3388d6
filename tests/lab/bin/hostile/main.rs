//! `kyojo-hostile`: clients that do what is forbidden, against validators that take payments.

mod access;
mod asking;
mod endless;
mod foe;
mod heavy;
mod payments;
mod port;
mod powers;
mod reads;
mod report;
mod spread;
mod stage;
mod watch;

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Parser;
use kyojo_cli::{Format, Reply};
use kyojo_tests::load::{Payer, Signed, community, sign};
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::rest::Rest;
use kyojo_tests::tool;
use ledger_types::Operation;
use ledger_types::operation::Withdraw;
use tokio::task::JoinSet;

use crate::foe::{Deeds, Foe};
use crate::payments::Stream;
use crate::report::{Bounds, Report, Seen};
use crate::stage::{FOES, Stage, WITHDRAWERS, subjects};
use crate::watch::{Memory, watch};

/// Attack four validators that take payments meanwhile.
///
/// First come payments alone, then payments and everybody who does what is forbidden, in one run on
/// one network. It fails where a payment is lost, where payments take more than so many times as
/// long, where a validator's memory grows by more than 256 MiB, where anything forbidden came to
/// pass, or where a validator stopped, forked or lost money.
#[derive(Debug, Parser)]
#[command(name = "kyojo-hostile", version, after_help = EXAMPLES)]
struct Arguments {
    /// For how long the network is attacked.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// For how long it is in peace before, which is what the attack is compared with.
    #[arg(long, default_value_t = 20)]
    baseline: u64,
    /// Payments a second.
    #[arg(long, default_value_t = 100)]
    rate: u32,
    /// How many times as often as usual each attacker acts.
    #[arg(long, default_value_t = NonZeroU32::MIN)]
    pressure: NonZeroU32,
    /// Only these attackers, by their names in the report.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// How many times as long payments' 99th percentile may be under attack.
    #[arg(long, default_value_t = 3.0)]
    p99_ratio_max: f64,
    /// Seed of keys and load.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-hostile --json
  kyojo-hostile --seconds 300 --pressure 4
  kyojo-hostile --only port,reads --seconds 20";

/// How many payments there are for each citizen: so few that the busiest stays within its allowance
/// and its money.
const PAYMENTS_EACH: u64 = 2;
/// The fewest citizens who pay.
const PAYERS_MIN: u64 = 1_000;
/// Payments before anything counts.
const WARM_UP: Duration = Duration::from_secs(3);
/// The most that the memory of a validator may grow by.
const RSS_GROWTH_MAX: u64 = 256 * 1024 * 1024;
const READY_WITHIN: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tool::run(Format::of(arguments.json), "hostile_failed", judged(&arguments))
}

async fn judged(arguments: &Arguments) -> anyhow::Result<Reply> {
    ensure!(arguments.seconds > 0 && arguments.baseline > 0, "a phase is at least 1 s");
    ensure!(arguments.rate > 0, "--rate is at least 1");
    let report = run(arguments).await?;
    tool::checked(&report, "check_failed", report.failed.is_empty(), report.text())
}

async fn run(arguments: &Arguments) -> anyhow::Result<Report> {
    let lengths = [WARM_UP, seconds(arguments.baseline), seconds(arguments.seconds)];
    let all: Duration = lengths.iter().sum();
    let count = all.as_secs().saturating_mul(arguments.rate.into());
    let mut network = Network::start(&plan(arguments.seed, count))?;
    network.wait_ready(READY_WITHIN).await?;
    eprintln!("preparing a town with consents, powers and an access …");
    let stage = Arc::new(Stage::set(&network, arguments.seed).await?);
    let (payments, withdrawals) = signed(&stage, arguments.seed, count);
    eprintln!(
        "{} s of payments alone, then {} s under attack …",
        arguments.baseline, arguments.seconds
    );
    let begin = Instant::now();
    let attacked = begin + lengths[0] + lengths[1];
    let end = begin + all;
    let second = Duration::from_secs(1);
    let paying = Stream::new(payments, second / arguments.rate, stage.urls.clone());
    let paying = tokio::spawn(paying.run(begin, end));
    tokio::time::sleep_until(attacked.into()).await;
    let attacked_height = Rest::new(READY_WITHIN)?.height(&stage.urls[0]).await?;
    let withdrawing = Stream::new(withdrawals, second, stage.urls.clone());
    let withdrawing = tokio::spawn(withdrawing.run(Instant::now(), end));
    let pids = (0..network.size()).filter_map(|index| network.pid(index)).collect();
    let watching = tokio::spawn(watch(pids, end));
    let deeds = attack(&stage, arguments, end).await?;
    let memory: Vec<Memory> = watching.await?;
    eprintln!("holding what was acknowledged against the history of every node …");
    let (payments, withdrawals) = (paying.await??, withdrawing.await??);
    network.check_runs()?;
    let begin = begin + lengths[0];
    let seen = Seen { begin, attacked, attacked_height, payments, withdrawals, memory, deeds };
    let bounds = Bounds { p99_ratio_max: arguments.p99_ratio_max, rss_growth_max: RSS_GROWTH_MAX };
    Report::of(&stage, &seen, &bounds).await
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// The usual allowances, and as many payers as that takes.
fn plan(seed: u64, payments: u64) -> Plan {
    let payers = (payments / PAYMENTS_EACH).max(PAYERS_MIN);
    let citizens = (payers + FOES as u64).to_string();
    let arguments = ["--citizens", &citizens, "--merchants", "5"];
    Plan {
        genesis_arguments: arguments.iter().map(ToString::to_string).collect(),
        allowances_times: Some(NonZeroU32::MIN),
        ..Plan::small(seed)
    }
}

/// Everything that honest people send.
fn signed(stage: &Stage, seed: u64, count: u64) -> (Vec<Signed>, Vec<Signed>) {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut nonces = vec![0; stage.honest.len()];
    let payments = community(&stage.genesis, &stage.honest, &mut nonces, count, seed);
    let withdrawals = (0..WITHDRAWERS).map(|number| withdrawal(stage, number)).collect();
    (payments, withdrawals)
}

fn withdrawal(stage: &Stage, number: u64) -> Signed {
    let subject = subjects::WITHDRAWING + number;
    let who: Payer = stage.people.subject(subject);
    let consent = stage.people.consent(subject);
    sign(&stage.genesis, &who, 1, vec![Operation::Withdraw(Withdraw { consent })])
}

/// Has everybody attack until the end.
async fn attack(
    stage: &Arc<Stage>,
    arguments: &Arguments,
    end: Instant,
) -> anyhow::Result<BTreeMap<&'static str, Deeds>> {
    let mut attacking = JoinSet::new();
    let mut number = 1;
    macro_rules! attackers {
        ($( $name:ident $per_second:literal; )*) => { $(
            number += 1;
            let name = stringify!($name);
            if arguments.only.is_empty() || arguments.only.iter().any(|one| one == name) {
                let per_second = $per_second * arguments.pressure.get();
                let foe = Foe::new(stage, name, number, per_second, end)?;
                attacking.spawn(async move { (name, $name::attack(foe).await) });
            }
        )* };
    }
    // So often a second each; what is in one request differs.
    attackers! {
        endless 20;
        asking 4;
        heavy 4;
        spread 10;
        access 20;
        powers 20;
        reads 40;
        port 40;
    }
    ensure!(!attacking.is_empty(), "--only names no attacker");
    let mut all = BTreeMap::new();
    while let Some(ended) = attacking.join_next().await {
        let (name, deeds) = ended?;
        all.insert(name, deeds?);
    }
    Ok(all)
}
