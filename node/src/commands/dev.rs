//! `dev`: a whole network on this machine, with the town's payments going through it.
//!
//! Validators are real processes started from the programs beside this one; everything that this
//! started ends with it, and nothing else. Keys follow from the seed: for development only.

mod consent;
mod http;
mod network;
mod progress;
mod scenario;
mod shape;
mod summary;
mod town;
mod traffic;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use network::{Leave, Network, Plan};
pub use scenario::Ending;
use summary::Format;

/// Bring up a whole network on this machine, with payments going through it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kyojo-node dev\n  kyojo-node dev --kill 3\n  \
                        kyojo-node dev --exit-after demo --json\n  \
                        kyojo-node dev -- sh -c 'curl \"$KYOJO_NODE/v1/supply\"'\n\n\
                        Exit codes: 0 ok, 1 other, 2 usage, 5 a program is missing, \
                        10 a check failed, 130 interrupted.")]
pub struct Dev {
    /// How many validators.
    #[arg(short = 'n', long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=128))]
    pub validators: u16,
    /// From which every key, balance and payment follows.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many citizens.
    #[arg(long, default_value_t = 2_000)]
    pub citizens: u32,
    /// How many shops.
    #[arg(long, default_value_t = 50)]
    pub merchants: u32,
    /// Payments a second that the citizens make; 0 is none.
    #[arg(long, default_value_t = 200)]
    pub rate: u32,
    /// How many payments a scenario makes before it goes on.
    #[arg(long, default_value_t = 3_000)]
    pub payments: u64,
    /// Kills this validator (from 0) under load, goes on without it, and brings it back.
    #[arg(long, value_name = "INDEX")]
    pub kill: Option<u16>,
    /// Stops everything once the scenario is through, with its checks' verdict as exit code.
    #[arg(long, value_name = "SCENARIO")]
    pub exit_after: Option<Ending>,
    /// The folder of the network, new or empty; a temporary one by default.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// The consensus port of node 0; by default, the first free range from 26600.
    #[arg(long)]
    pub base_port: Option<u16>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// A command to run once the network is ready, instead of payments; its end ends the network.
    /// It finds KYOJO_NODE (a URL) and KYOJO_ACTORS (a file of keys) in its environment.
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<String>,
}

impl Dev {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let outcome = runtime
            .context("the runtime does not start")
            .and_then(|runtime| runtime.block_on(drive(self)));
        let format = if self.json { Format::Json } else { Format::Text };
        summary::tell(format, outcome)
    }
}

async fn drive(arguments: &Dev) -> anyhow::Result<summary::Outcome> {
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
        outcome = scenario::play(arguments, &mut network) => outcome,
        stopped = interrupted() => stopped.map(|()| scenario::interrupted(arguments)),
    };
    let leave = match &outcome {
        Ok(outcome) if outcome.is_as_it_should_be() => Leave::Nothing,
        _ => Leave::Folder,
    };
    network.stop(leave).await;
    outcome
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
