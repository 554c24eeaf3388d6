//! `kyojo-scenario`: what the acceptance scenarios describe, played on four real validators.

mod day;
mod first_day;
mod foreign;
mod operator;
mod people;
mod premium;
mod region;
mod shop_day;
mod traces;
mod withdrawal;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use kyojo_cli::{Format, Reply};
use kyojo_tests::tool;
use kyojo_tests::verifiers::Tally;
use serde::Serialize;

use region::Region;

/// Play an acceptance scenario on a network of its own.
#[derive(Debug, Parser)]
#[command(name = "kyojo-scenario", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Debug, Subcommand)]
enum Scenario {
    /// Consent given, used, withdrawn, and the next disclosure refused, with proofs
    Consent(Consent),
    /// A data user's day through the consent gateway, with two withdrawals
    Day(Day),
    /// A city's premium vouchers from the lottery to the reconciliation, counted again by another program
    AizuPremium(AizuPremium),
    /// From nothing to a paid shop at a terminal, in Japanese; then a lost phone, twice
    FirstDay(FirstDay),
    /// A shop's day: thirty payments of five kinds of tender, refunds and a void, through the wallet program
    ShopDay(ShopDay),
    /// Four companies from `init` to voting, twenty mistakes, and machines that are lost, copied or down
    Operator(Operator),
}

#[derive(Debug, clap::Args)]
struct AizuPremium {
    /// A small town in the place of the city, within a minute
    #[arg(long)]
    small: bool,
    /// How many times as long as usual people have for everything: for slow machines
    #[arg(long, default_value_t = 1)]
    slower: u64,
    /// Where the rounds' files and the journal go: a folder that is not there yet; without it a new one
    /// among the temporary files
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seed of the network's keys
    #[arg(long, default_value_t = 72)]
    seed: u64,
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct ShopDay {
    /// Seed of the network's keys
    #[arg(long, default_value_t = 30)]
    seed: u64,
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Operator {
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct FirstDay {
    /// Seed of the network's keys
    #[arg(long, default_value_t = 11)]
    seed: u64,
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Day {
    /// Seed of the network's keys
    #[arg(long, default_value_t = 14)]
    seed: u64,
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Consent {
    /// Where proofs and the log's copy go: a folder that is not there yet; without it a new one
    /// among the temporary files
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave out the verifiers of the log that must be installed first
    #[arg(long)]
    without_foreign: bool,
    /// Seed of the network's keys
    #[arg(long, default_value_t = 4)]
    seed: u64,
    /// Print one JSON envelope on stdout
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-scenario consent --json
  kyojo-scenario consent --out proofs
  kyojo-scenario day --json
  kyojo-scenario aizu-premium --small --json
  kyojo-scenario first-day --json
  kyojo-scenario shop-day --json
  kyojo-scenario operator --json
  kyojo verify proofs/proofs/ended.json --trust proofs/trust.json";

/// What came of it.
#[derive(Debug, Serialize)]
struct Report {
    scenario: &'static str,
    out: PathBuf,
    withdrawal_to_denial_ms: std::collections::BTreeMap<String, f64>,
    bound_ms: u64,
    denied_on_every_node: bool,
    stale_decision_refused: bool,
    proofs_verified: usize,
    tampered: usize,
    tampered_rejected: usize,
    foreign_verifiers: usize,
    foreign_tampered: usize,
    foreign_tampered_rejected: usize,
    traces: traces::Traces,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let json = match &arguments.scenario {
        Scenario::Consent(consent) => consent.json,
        Scenario::Day(day) => day.json,
        Scenario::AizuPremium(premium) => premium.json,
        Scenario::FirstDay(first_day) => first_day.json,
        Scenario::ShopDay(shop_day) => shop_day.json,
        Scenario::Operator(operator) => operator.json,
    };
    tool::run(Format::of(json), "scenario_failed", play(&arguments.scenario))
}

async fn play(scenario: &Scenario) -> anyhow::Result<Reply> {
    match scenario {
        Scenario::Consent(arguments) => {
            let report = consent(arguments).await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
        Scenario::Day(arguments) => {
            let folder = tempfile::tempdir()?;
            let region = Region::start(arguments.seed, folder.path()).await?;
            let report = day::play(&region).await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
        Scenario::AizuPremium(arguments) => {
            let out = fresh_folder("kyojo-premium-", arguments.out.as_deref())?;
            let AizuPremium { small, slower, seed, .. } = *arguments;
            let asked = premium::Asked { is_small: small, seed, slower, out: &out };
            let report = premium::play(&asked).await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
        Scenario::FirstDay(arguments) => {
            let report = first_day::play(arguments.seed).await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
        Scenario::ShopDay(arguments) => {
            let report = shop_day::play(arguments.seed).await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
        Scenario::Operator(_) => {
            let report = operator::play().await?;
            tool::checked(&report, "check_failed", report.holds(), report.text())
        }
    }
}

async fn consent(arguments: &Consent) -> anyhow::Result<Report> {
    let out = fresh_folder("kyojo-consent-", arguments.out.as_deref())?;
    let mut region = Region::start(arguments.seed, &out).await?;
    let mut tally = Tally::default();
    let played = withdrawal::play(&mut region, &mut tally).await?;
    region.copy_log(&out.join("log"))?;
    let traces = traces::look(&mut region, &played.citizen)?;
    let foreign = if arguments.without_foreign {
        foreign::Found::default()
    } else {
        foreign::check(&out.join("log"))?
    };
    Ok(Report {
        scenario: "consent",
        out,
        withdrawal_to_denial_ms: played.withdrawal_to_denial_ms,
        bound_ms: region.document.parameters.decision_validity_ms,
        denied_on_every_node: played.denied_on_every_node,
        stale_decision_refused: played.stale_decision_refused,
        proofs_verified: tally.proved,
        tampered: tally.tampered,
        tampered_rejected: tally.refused,
        foreign_verifiers: foreign.verifiers.len(),
        foreign_tampered: foreign.tampered,
        foreign_tampered_rejected: foreign.refused,
        traces,
    })
}

fn fresh_folder(prefix: &str, asked: Option<&Path>) -> anyhow::Result<PathBuf> {
    let Some(path) = asked else {
        return Ok(tempfile::Builder::new().prefix(prefix).tempdir()?.keep());
    };
    std::fs::create_dir(path).with_context(|| format!("{} cannot be made", path.display()))?;
    Ok(path.canonicalize()?)
}

impl Report {
    /// Whether everything that was checked holds.
    fn holds(&self) -> bool {
        self.denied_on_every_node
            && self.stale_decision_refused
            && self.tampered == self.tampered_rejected
            && self.foreign_tampered == self.foreign_tampered_rejected
            && self.traces.found == 0
    }

    fn text(&self) -> String {
        let took = |(node, taken): (&String, &f64)| {
            format!("{node}: refused {taken} ms after the withdrawal was handed over")
        };
        let mut lines: Vec<String> = self.withdrawal_to_denial_ms.iter().map(took).collect();
        lines.extend([
            format!("proven bound: {} ms", self.bound_ms),
            format!("{} proofs held for both verifiers", self.proofs_verified),
            format!("{} of {} changed copies were refused", self.tampered_rejected, self.tampered),
            format!("{} foreign verifiers accept the log", self.foreign_verifiers),
            format!(
                "{} personal strings were looked for in {} bytes of a validator's disk; {} were found",
                self.traces.looked_for, self.traces.bytes, self.traces.found
            ),
            format!("everything lies in {}", self.out.display()),
        ]);
        lines.join("\n")
    }
}
