//! `start`: runs the node until it is told to stop.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::print_aside;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::config::Home;
use crate::supervise::{Node, NodeError};
use crate::telemetry;

/// Run a node until it is told to stop (SIGTERM, SIGINT or SIGHUP)
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kyojo-node start --home /var/lib/kyojo")]
pub struct Start {
    /// The home directory: config.toml, genesis.json, keys and store
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
}

impl Start {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        match self.start() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                print_aside(&format!("error: {error}"));
                error.exit().into()
            }
        }
    }

    fn start(&self) -> Result<(), NodeError> {
        let home = Home::load(&self.home)?;
        telemetry::init(&home.config.log);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers())
            .enable_all()
            .build()
            .map_err(|source| NodeError::Io { doing: "starting the runtime", source })?;
        let ended = runtime.block_on(async {
            let shutdown = on_signal()?;
            let node = tokio::task::spawn_blocking(|| Node::open(home)).await;
            let node = node.unwrap_or_else(|error| {
                Err(NodeError::Ended { part: "recovery", reason: error.to_string() })
            })?;
            let tip = node.chain().tip();
            tracing::info!(height = %tip.height, hash = %tip.hash, "node starts");
            node.run(shutdown).await
        });
        runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        if ended.is_ok() {
            tracing::info!("node stopped");
        }
        ended
    }
}

/// Holds true once the process is told to stop.
fn on_signal() -> Result<watch::Receiver<bool>, NodeError> {
    let failed = |source| NodeError::Io { doing: "listening for signals", source };
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(failed)?;
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("told to stop (SIGTERM)"),
            _ = interrupt.recv() => tracing::info!("told to stop (SIGINT)"),
            _ = hangup.recv() => tracing::info!("told to stop (SIGHUP)"),
        }
        tell.send_replace(true);
        // A second signal while draining changes nothing; the sender stays until the end.
        tell.closed().await;
    });
    Ok(told)
}

/// How many threads share the node's tasks: half of the processors. The other half is left to
/// signatures and the store, which have threads of their own; on a small machine every further
/// thread costs more in waking one another than it gives.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |processors| (processors.get() / 2).max(1))
}
