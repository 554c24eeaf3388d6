//! `kyojo-replay`: files of real payments, fed through signed transactions, with a closing summary.
//!
//! Two formats are read, told apart by their first line. `PKDD'99` (a Czech bank's anonymised
//! files, semicolons, decimal crowns) maps so:
//!
//! | row | on the ledger |
//! |---|---|
//! | an account of the bank | an account at the network's first bank |
//! | a partner account at one of 13 bank codes | an account at the network's 2nd to 14th bank |
//! | `VKLAD` (cash in), interest (`UROK`) | Issue by the bank |
//! | `VYBER`, `VYBER KARTOU` (cash out) | RequestRedeem by the holder, then ClaimRedeem and SettleRedeem |
//! | `VYBER` for `SLUZBY` or `SANKC. UROK` (fees) | Transfer to the bank's own account |
//! | `PREVOD NA UCET` (to another bank), an order | Transfer to the partner's account |
//! | `PREVOD Z UCTU` (from another bank) | Issue at the partner's bank, then Transfer from there |
//!
//! Orders follow the transactions. `CSV` has columns `debtor,creditor,amount`; its accounts take
//! turns at the network's banks, and each row is a Transfer.
//!
//! Rows of one account keep their order: the next one starts when the ledger has decided the one
//! before, or at once where the same account alone signs both, as many as its nonces allow.
//! Different accounts run beside each other. Amounts are scaled by a whole number and must
//! come out whole; nothing is rounded and no floating point is used.

mod decimal;
mod plan;
mod read;
mod rows;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser;
use kyojo_cli::{Exit, Failure, Format, Problem, Reply};
use kyojo_genesis::actors::{ActorRole, Actors};
use kyojo_tests::account::{actors, payer};
use kyojo_tests::engine::{Engine, Pace};
use kyojo_tests::network::{Network, Plan as NetworkPlan};
use kyojo_tests::progress::Progress;
use kyojo_tests::tool;
use ledger_types::rejection::RejectionCode;
use ledger_types::{Hash, Height, Yen};
use node_api::body::SupplyBody;
use node_client::{Client, ClientError};
use serde_json::json;

use plan::{Bank, OpeningBalance, Plan, Row};
use read::{Files, ReadError};
use rows::{Feed, STALLED_AFTER, Senders, Tally};

/// Replay recorded payments through signed transactions.
#[derive(Debug, Parser)]
#[command(name = "kyojo-replay", version, after_help = EXAMPLES)]
struct Arguments {
    /// A folder or files: account.asc, order.asc, trans.asc, trans-part.asc.gz, or a CSV with
    /// `debtor,creditor,amount`.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The node of a network that runs; without it, four validators are started.
    #[arg(long, value_name = "URL", requires = "actors")]
    node: Option<String>,
    /// The folder of that network, for the banks' keys in its actors.json.
    #[arg(long, value_name = "FOLDER")]
    actors: Option<PathBuf>,
    /// Payments a second; 0 is as fast as possible.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    rate: u32,
    /// What one unit of the file is worth in yen, so that every amount is whole.
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
          value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    scale: u64,
    /// What each of the file's debtors starts with, in yen; by default nothing, or, for a CSV, what
    /// it pays in all.
    #[arg(long, value_name = "YEN")]
    opening_balance: Option<u64>,
    /// Keys of this replay follow from this number; the same one cannot run twice on a network.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// The consensus port of node 0 of the network that is started.
    #[arg(long, env = "KYOJO_BASE_PORT", conflicts_with = "node")]
    base_port: Option<u16>,
    /// Read and plan, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Show no progress.
    #[arg(short, long)]
    quiet: bool,
    /// Print one JSON envelope on stdout.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  kyojo-replay data/bank-pkdd99 --scale 100 --rate 500
  kyojo-replay payments.csv --node http://127.0.0.1:26602 --actors devnet

Exit codes: 0 ok, 1 other, 2 usage, 3 a file or the network does not fit, 5 not found, 6 refused,
8 the node does not answer, 9 no progress, 10 the money does not add up.";

/// The files' own bank and 13 others.
const BANKS: &str = "14";
/// No bank of the network that is started meets a limit.
const WITHOUT_LIMIT: &str = "1000000000000";
/// How long a request, or the node's read side, may take.
const WITHIN: Duration = Duration::from_secs(30);
const PACE: Pace =
    Pace { in_flight_max: usize::MAX, bundle: 512, again_after: Some(Duration::from_secs(4)) };

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tool::run(Format::of(arguments.json), "replay_failed", replayed(&arguments))
}

async fn replayed(arguments: &Arguments) -> anyhow::Result<Reply> {
    let mut progress = if arguments.quiet { Progress::quiet() } else { Progress::new() };
    let files = files(arguments, &mut progress)?;
    let (Some(node), Some(folder)) = (&arguments.node, &arguments.actors) else {
        let mut network = Network::prepare(&network_plan(arguments))?;
        if !arguments.dry_run {
            network.start_all()?;
            network.wait_ready(Duration::from_secs(60)).await?;
        }
        let (url, town) = (network.url(0), actors(network.folder())?);
        let reply = replay(arguments, &files, &town, &url, &mut progress).await;
        network.stop()?;
        return reply;
    };
    replay(arguments, &files, &town_of(folder)?, node, &mut progress).await
}

/// Four validators and enough banks.
fn network_plan(arguments: &Arguments) -> NetworkPlan {
    let genesis_arguments = [
        ["--banks", BANKS],
        ["--citizens", "10"],
        ["--merchants", "2"],
        ["--issue-allowance", WITHOUT_LIMIT],
        ["--net-debit-cap", WITHOUT_LIMIT],
    ];
    NetworkPlan {
        validators: 4,
        seed: 1,
        genesis_arguments: genesis_arguments.concat().into_iter().map(str::to_owned).collect(),
        base_port: arguments.base_port,
        ..NetworkPlan::default()
    }
}

fn town_of(folder: &std::path::Path) -> anyhow::Result<Actors> {
    // The file itself may be named, too.
    let folder = if folder.is_file() { folder.parent().unwrap_or(folder) } else { folder };
    let is_there = folder.join("actors.json").is_file();
    if !is_there {
        let message = format!("{} has no actors.json", folder.display());
        return Err(Failure::new(Exit::NotFound, "file", message).into());
    }
    actors(folder)
}

fn files(arguments: &Arguments, progress: &mut Progress) -> Result<Files, Failure> {
    let files = Files::read(&arguments.paths, arguments.scale).map_err(unreadable)?;
    for place in &files.cut {
        progress.say(&format!("{place}: the last line is cut off and was dropped"));
    }
    Ok(files)
}

fn planned(
    arguments: &Arguments,
    files: &Files,
    banks: &[Bank],
    progress: &mut Progress,
) -> Result<Plan, Failure> {
    let opening = match arguments.opening_balance {
        Some(yen) => OpeningBalance::Each(Yen::new(yen)),
        None => OpeningBalance::Usual,
    };
    let run = arguments
        .seed
        .map_or_else(|| Hash::new(rand::random()), |seed| Hash::of(&[&seed.to_be_bytes()]));
    let plan = Plan::new(files, banks, &run, opening).map_err(|few| {
        let message = format!("{few}: lay the network out with --banks {}", few.needed);
        Failure::new(Exit::Config, "replay-too-few-banks", message)
    })?;
    progress.say(&format!(
        "Read {} transactions and {} orders of {} accounts at {} banks",
        files.transactions.len(),
        files.orders.len(),
        plan.senders.len() - banks.len(),
        plan.partner_banks.len() + 1,
    ));
    let others = plan.partner_banks.iter().map(|(code, bank)| format!("{code}={:04}", bank.get()));
    let others: Vec<String> = others.collect();
    if let Some(own) = banks.first().filter(|_| !others.is_empty()) {
        let others = others.join(" ");
        progress
            .say(&format!("The file's own bank is {:04}; the others: {others}", own.bank.get()));
    }
    Ok(plan)
}

async fn replay(
    arguments: &Arguments,
    files: &Files,
    town: &Actors,
    url: &str,
    progress: &mut Progress,
) -> anyhow::Result<Reply> {
    let banks = banks(town)?;
    let plan = planned(arguments, files, &banks, progress)?;
    if arguments.dry_run {
        let data = json!({ "dry_run": true, "rows": plan.rows.len() });
        return Ok(Reply::new(data, "nothing was sent"));
    }
    let engine = Engine::connect(&[url.to_owned()], WITHIN, PACE).await.map_err(of_client)?;
    let (ours, theirs) = (town.genesis_hash, engine.network().genesis_hash);
    if ours != theirs {
        let message = format!("the actors are another network's: {ours}, the node's: {theirs}");
        return Err(Failure::new(Exit::Config, "replay-other-network", message).into());
    }
    let before = supply(engine.first()).await?;
    let mut senders = Senders::ask(&engine, &plan.senders, banks.len()).await.map_err(of_client)?;
    progress.say(&format!("Opening {} accounts …", plan.senders.len() - banks.len()));
    let mut opened = Tally::default();
    for rows in [&plan.openings, &plan.funding] {
        let (tally, _) = run_rows(&engine, rows, &mut senders, 0, progress).await?;
        if let Some(code) = tally.rejected.keys().next() {
            let rule = RejectionCode::new(*code).name();
            let message = format!("the accounts of the replay could not be opened: {rule}");
            return Err(Failure::new(Exit::Refused, "replay-unfinished", message).into());
        }
        opened.issued += tally.issued;
    }
    let (tally, elapsed) =
        run_rows(&engine, &plan.rows, &mut senders, arguments.rate, progress).await?;
    let after = supply_after(engine.first(), tally.height).await?;
    let fed = summary::Fed { rows: plan.rows.len(), tally: &tally, elapsed, opened: &opened };
    Ok(summary::summary(&fed, &before, &after)?)
}

/// The network's banks with their keys, in order of code.
fn banks(town: &Actors) -> anyhow::Result<Vec<Bank>> {
    let mut banks = Vec::new();
    for actor in town.actors.iter().filter(|actor| actor.role == ActorRole::Bank) {
        let bank = actor.bank.with_context(|| format!("{} has no bank's code", actor.name))?;
        let payer = payer(actor)?;
        banks.push(Bank { bank, account: payer.account, key: payer.key });
    }
    banks.sort_by_key(|bank| bank.bank);
    Ok(banks)
}

/// What became of rows, and how long it took.
async fn run_rows(
    engine: &Engine,
    rows: &[Row],
    senders: &mut Senders<'_>,
    rate: u32,
    progress: &mut Progress,
) -> Result<(Tally, Duration), Failure> {
    let begun = Instant::now();
    let mut feed = Feed::new(rows, senders, rate, progress);
    engine.run(&mut feed).await.map_err(of_client)?;
    let (settled, total) = (feed.tally.settled(), rows.len());
    if settled < total as u64 {
        let message = format!(
            "no progress for {} s; {settled} of {total} payments were settled; it is not known what \
             became of the others",
            STALLED_AFTER.as_secs()
        );
        let details = json!({ "settled": settled, "rows": total });
        return Err(detailed(Exit::Timeout, "replay-stalled", message, details));
    }
    Ok((feed.tally, begun.elapsed()))
}

async fn supply(client: &Client) -> Result<SupplyBody, Failure> {
    client.supply().await.map_err(of_client)
}

/// The supply once the node's read side has reached a height.
async fn supply_after(client: &Client, height: Height) -> Result<SupplyBody, Failure> {
    let deadline = Instant::now() + WITHIN;
    loop {
        let supply = supply(client).await?;
        if supply.height >= height {
            return Ok(supply);
        }
        if Instant::now() >= deadline {
            return Err(Failure::new(Exit::Timeout, "timeout", "no answer in time"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn detailed(exit: Exit, code: &str, message: String, details: serde_json::Value) -> Failure {
    let problem = Problem { details, ..Problem::new(code, message) };
    Failure { exit, problems: vec![problem], data: serde_json::Value::Null }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn of_client(error: ClientError) -> Failure {
    let (exit, code) = if error.may_pass() {
        (Exit::Unreachable, "unreachable")
    } else {
        (Exit::Other, "replay_failed")
    };
    Failure::new(exit, code, error.to_string())
}

fn unreadable(error: ReadError) -> Failure {
    let message = error.to_string();
    match error {
        ReadError::File { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
            Failure::new(Exit::NotFound, "file", message)
        }
        ReadError::File { .. } => Failure::new(Exit::Config, "file", message),
        ReadError::Nothing => Failure::new(Exit::NotFound, "replay-no-files", message),
        ReadError::Row { place, reason } => {
            let details = json!({ "place": place, "reason": reason });
            detailed(Exit::Config, "bad-row", message, details)
        }
    }
}

#[cfg(test)]
mod tests;
