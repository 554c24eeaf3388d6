//! `dev`: a whole network on this machine, until it is stopped or a command beside it ends.
//!
//! Validators are real processes started from the programs beside this one; everything that this
//! started ends with it, and nothing else. Keys follow from the seed: for development only.

mod network;

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use kyojo_cli::{Exit, Failure, Format, Reply, finish, print_aside};
use serde_json::json;

use network::{Leave, MissingProgram, Network, Plan};

/// How long the network may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Between two looks at whether every node runs.
const LOOK: Duration = Duration::from_millis(500);

/// Bring up a whole network on this machine
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kyojo-node dev\n  \
                        kyojo-node dev -- sh -c 'curl \"$KYOJO_NODE/v1/supply\"'\n  \
                        kyojo-node dev --out town    again goes on with the same town\n\n\
                        Exit codes: 0 ok, 1 other, 2 usage, 5 a program is missing, \
                        130 interrupted; a command's own.")]
pub struct Dev {
    /// How many validators.
    #[arg(short = 'n', long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=128))]
    pub validators: u16,
    /// From which every key and balance follows.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many citizens.
    #[arg(long, default_value_t = 2_000)]
    pub citizens: u32,
    /// How many shops.
    #[arg(long, default_value_t = 50)]
    pub merchants: u32,
    /// The folder of the network: new, empty, or that of one that goes on where it was; a temporary
    /// one by default.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// The consensus port of node 0; by default, the first free range from 26600.
    #[arg(long)]
    pub base_port: Option<u16>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// A command to run once the network is ready; its end ends the network.
    /// It finds KYOJO_NODE (a URL) and KYOJO_ACTORS (a file of keys) in its environment.
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

/// How it ended.
enum Outcome {
    /// The command ended with this code.
    Command(u8),
    /// Stopped by hand.
    Stopped,
}

impl Dev {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let outcome = runtime
            .context("the runtime does not start")
            .and_then(|runtime| runtime.block_on(drive(self)));
        let outcome = match outcome {
            Ok(Outcome::Command(code)) => return ExitCode::from(code),
            // Without a command it has to be stopped by hand.
            Ok(Outcome::Stopped) if self.command.is_empty() => {
                Ok(Reply::new(json!({ "stopped": true }), ""))
            }
            Ok(Outcome::Stopped) => {
                Err(Failure::new(Exit::Interrupted, "Interrupted", "stopped before the end"))
            }
            Err(error) => Err(failure(&error)),
        };
        finish(&outcome, Format::of(self.json))
    }
}

fn failure(error: &anyhow::Error) -> Failure {
    let (exit, code) = match error.downcast_ref::<MissingProgram>() {
        Some(_) => (Exit::NotFound, "MissingProgram"),
        None => (Exit::Other, "Failed"),
    };
    Failure::new(exit, code, format!("{error:#}"))
}

async fn drive(arguments: &Dev) -> anyhow::Result<Outcome> {
    let plan = Plan {
        validators: usize::from(arguments.validators),
        seed: arguments.seed,
        citizens: arguments.citizens,
        merchants: arguments.merchants,
        out: arguments.out.clone(),
        base_port: arguments.base_port,
    };
    let mut network = Network::lay_out(&plan).await?;
    let outcome = tokio::select! {
        outcome = play(arguments, &mut network) => outcome,
        stopped = interrupted() => stopped.map(|()| Outcome::Stopped),
    };
    let leave = match &outcome {
        Ok(Outcome::Command(0) | Outcome::Stopped) => Leave::Nothing,
        _ => Leave::Folder,
    };
    network.stop(leave).await;
    outcome
}

/// Starts the network, and runs the command or waits for ever.
async fn play(arguments: &Dev, network: &mut Network) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let (size, folder) = (network.size(), network.folder().display());
    print_aside(&if network.is_resumed() {
        format!("Taking up the network of {size} validators in {folder} where it was")
    } else {
        let seed = arguments.seed;
        format!("Starting {size} validators in {folder} (keys for development only, seed {seed})")
    });
    network.start_all()?;
    network.wait_ready(READY_WITHIN).await?;
    print_aside(&format!("Ready after {:.1} s", begun.elapsed().as_secs_f64()));
    tell_addresses(network);
    if !arguments.command.is_empty() {
        return run_command(&arguments.command, network).await;
    }
    loop {
        network.check_all_run()?;
        tokio::time::sleep(LOOK).await;
    }
}

fn tell_addresses(network: &Network) {
    for index in 0..network.size().min(8) {
        print_aside(&format!("  node {index}  {}", network.url(index)));
    }
    let (url, folder) = (network.url(0), network.folder().display().to_string());
    print_aside(&format!("Look:  curl {url}{}", node_api::path::SUPPLY));
    print_aside(&format!("Pay:   export KYOJO_NODE={url} KYOJO_ACTORS={folder}/actors.json"));
    print_aside("       kyojo --help");
    print_aside("Ctrl-C stops everything.");
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

/// Returns at Ctrl-C, at SIGTERM, and where the terminal goes (SIGHUP).
async fn interrupted() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked?,
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}
