//! `kyojo-demo`: a town's payments on four real validators, one of which dies under load and comes
//! back; a citizen's consent; and every sum checked at the end.

mod consent;
mod feed;
mod play;
mod report;
mod town;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Parser, ValueEnum};
use kyojo_cli::{Exit, Failure, Format, Reply};
use kyojo_tests::network::{Network, Plan};
use kyojo_tests::tool;
use serde_json::json;

/// Bring up a whole network on this machine, with a town's payments going through it.
///
/// Everything that this starts ends with it. Keys follow from the seed: for development only.
#[derive(Debug, Parser)]
#[command(name = "kyojo-demo", version, after_help = EXAMPLES)]
struct Arguments {
    /// How many validators.
    #[arg(short = 'n', long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=128))]
    validators: u16,
    /// From which every key, balance and payment follows.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many citizens.
    #[arg(long, default_value_t = 2_000)]
    citizens: u32,
    /// How many shops.
    #[arg(long, default_value_t = 50)]
    merchants: u32,
    /// Payments a second that the citizens make; 0 is none.
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// How many payments there are before it goes on.
    #[arg(long, default_value_t = 3_000)]
    payments: u64,
    /// Kills this validator (from 0) under load, goes on without it, and brings it back.
    #[arg(long, value_name = "INDEX")]
    kill: Option<u16>,
    /// What is played.
    #[arg(long, value_enum, default_value_t = Scenario::Demo)]
    scenario: Scenario,
    /// The folder of the network, new or empty; a temporary one by default.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The consensus port of node 0; by default, one of a free range.
    #[arg(long)]
    base_port: Option<u16>,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-demo
  kyojo-demo --kill 2 --json
  kyojo-demo --scenario payments --rate 1000
  kyojo-demo --scenario endless             until Ctrl-C

Exit codes: 0 ok, 1 other, 2 usage, 5 a program is missing, 10 a check failed, 130 interrupted.";

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// Payments, the death and return of a validator under load, a consent, and every check.
    Demo,
    /// Payments and every check.
    Payments,
    /// Payments until it is stopped.
    Endless,
}

impl Scenario {
    const fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Payments => "payments",
            Self::Endless => "endless",
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tool::run(Format::of(arguments.json), "Failed", played(&arguments))
}

async fn played(arguments: &Arguments) -> anyhow::Result<Reply> {
    let victim = victim(arguments)?;
    let mut network = Network::prepare(&plan(arguments))?;
    let outcome = tokio::select! {
        stopped = interrupted() => stopped.and_then(|()| stopped_by_hand(arguments)),
        report = play::play(arguments, &mut network, victim) => report.and_then(|report| {
            tool::checked(&report, "CheckFailed", report.holds(), report.text())
        }),
    };
    network.stop()?;
    let is_interrupted = |error: &anyhow::Error| {
        error.downcast_ref::<Failure>().is_some_and(|failure| failure.exit == Exit::Interrupted)
    };
    if outcome.as_ref().is_err_and(|error| !is_interrupted(error)) {
        eprintln!("Logs and stores are left in {}", network.leave().display());
    }
    outcome
}

fn plan(arguments: &Arguments) -> Plan {
    let (citizens, merchants) = (arguments.citizens.to_string(), arguments.merchants.to_string());
    Plan {
        validators: usize::from(arguments.validators),
        seed: arguments.seed,
        genesis_arguments: ["--citizens", &citizens, "--merchants", &merchants]
            .map(str::to_owned)
            .to_vec(),
        out: arguments.out.clone(),
        base_port: arguments.base_port,
        ..Plan::default()
    }
}

/// Which validator dies, if any: one whose absence leaves a quorum.
fn victim(arguments: &Arguments) -> anyhow::Result<Option<usize>> {
    let validators = usize::from(arguments.validators);
    let by_default = (arguments.scenario == Scenario::Demo && validators >= 4)
        .then_some(validators.saturating_sub(1));
    let victim = arguments.kill.map(usize::from).or(by_default);
    if let Some(index) = victim {
        ensure!(index < validators, "--kill {index}: nodes are 0 to {}", validators - 1);
        ensure!(validators >= 4, "--kill needs 4 validators: {validators} tolerate no fault");
    }
    Ok(victim)
}

/// Where an interruption leaves things: without an end of its own it has to be stopped by hand.
fn stopped_by_hand(arguments: &Arguments) -> anyhow::Result<Reply> {
    if arguments.scenario == Scenario::Endless {
        return Ok(Reply::new(json!({ "stopped": true }), ""));
    }
    Err(Failure::new(Exit::Interrupted, "Interrupted", "stopped before the end").into())
}

/// Returns at Ctrl-C or SIGTERM.
async fn interrupted() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
