//! The commands of `kyojo-node`, one file each, and what their exit codes mean.
//!
//! Standard output carries the result alone; everything else goes to standard error. Exit codes:
//! 0 ok, 1 other (starting again is safe), 2 usage, 3 configuration, 8 the node does not answer,
//! 70 stopped for safety: do not start again before somebody has looked, 71 this validator's key voted
//! elsewhere: find where first, 4 the passphrase of the keys does not fit.

pub mod config;
pub mod dev;
pub mod inspect;
pub mod keys;
pub mod prune;
pub mod start;
pub mod status;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  kyojo-node start --home /var/lib/kyojo     run a node
  kyojo-node status --home /var/lib/kyojo    ask a running node
  kyojo-node dev                             bring up a whole network on this machine
  kyojo-node config check --home DIR         check configuration, genesis and keys

Exit codes: 0 ok, 1 other, 2 usage, 3 configuration, 4 the keys' passphrase does not fit,
8 node does not answer, 70 stopped for safety (do not restart before looking),
71 this validator's key voted elsewhere (find where before starting again).
Environment: KYOJO_HOME (the home directory), KYOJO_LOG (log filter).";

/// A node of a Kyojo network.
#[derive(Debug, Parser)]
#[command(name = "kyojo-node", version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a node until it is told to stop
    Start(start::Start),
    /// Show what a running node says about itself
    Status(status::Status),
    /// Bring up a whole network on this machine
    Dev(dev::Dev),
    /// List what the disk says about one citizen
    Inspect(inspect::Inspect),
    /// Take old entries out of the audit log
    Prune(prune::Prune),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(config::Config),
    /// Keep keys at rest under a passphrase
    #[command(subcommand)]
    Keys(keys::Keys),
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Start(start) => start.run(),
        Command::Status(status) => status.run(),
        Command::Dev(dev) => dev.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Prune(prune) => prune.run(),
        Command::Config(config) => config.run(),
        Command::Keys(keys) => keys.run(),
    }
}
