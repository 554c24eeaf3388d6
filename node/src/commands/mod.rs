//! The commands of `kyojo-node`, one file each, and what their exit codes mean.
//!
//! Standard output carries the result alone; everything else goes to standard error. Exit codes:
//! 0 ok, 1 other (starting again is safe), 2 usage, 3 configuration, 8 the node does not answer,
//! 69 an address cannot be listened at, 70 stopped for safety: do not start again before somebody has
//! looked, 71 this validator's key voted
//! elsewhere: find where first, 4 the passphrase of the keys does not fit.

pub mod config;
pub mod dev;
pub mod id;
pub mod init;
pub mod inspect;
pub mod join;
pub mod keys;
pub mod prune;
pub mod start;
pub mod status;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  kyojo-node init --home DIR --name NAME     write a new home, and the card for the others
  kyojo-node join --home DIR --genesis FILE CARD …   take document and cards into it
  kyojo-node start --home /var/lib/kyojo     run a node
  kyojo-node status --home /var/lib/kyojo    ask a running node
  kyojo-node dev                             bring up a whole network on this machine
  kyojo-node config check --home DIR         check configuration, genesis and keys

Exit codes: 0 ok, 1 other, 2 usage, 3 configuration, 4 the keys' passphrase does not fit,
8 node does not answer, 69 an address is taken, 70 stopped for safety (do not restart
before looking), 71 this validator's key voted elsewhere (find where before starting
again), 74 disk full.
Environment: KYOJO_NODE_HOME (the home directory), KYOJO_LOG (log filter).";

/// A node of a Kyojo network.
#[derive(Debug, Parser)]
#[command(name = "kyojo-node", version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a whole home for a node: configuration, keys, and the card that the others are given
    Init(init::Init),
    /// Show who a node is to the others: its keys, peer id and addresses
    Id(id::Id),
    /// Take the founding document and the other companies' cards into a home
    Join(join::Join),
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
    let arguments: Vec<_> = std::env::args_os().collect();
    let parsed = match kyojo_cli::parse::<Arguments>(&arguments) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    match parsed.command {
        Command::Init(init) => init.run(),
        Command::Id(id) => id.run(),
        Command::Join(join) => join.run(),
        Command::Start(start) => start.run(),
        Command::Status(status) => status.run(),
        Command::Dev(dev) => dev.run(),
        Command::Inspect(inspect) => inspect.run(),
        Command::Prune(prune) => prune.run(),
        Command::Config(config) => config.run(),
        Command::Keys(keys) => keys.run(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn variables(command: &clap::Command, found: &mut Vec<String>) {
        let named = command.get_arguments().filter_map(clap::Arg::get_env);
        found.extend(named.map(|name| name.to_string_lossy().into_owned()));
        command.get_subcommands().for_each(|below| variables(below, found));
    }

    #[test]
    fn the_wallets_home_is_not_the_nodes() {
        let mut found = Vec::new();
        variables(&Arguments::command(), &mut found);
        assert!(found.contains(&"KYOJO_NODE_HOME".to_owned()), "{found:?}");
        assert!(!found.contains(&"KYOJO_HOME".to_owned()), "{found:?}");
    }
}
