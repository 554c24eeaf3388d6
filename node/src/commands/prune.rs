//! `prune`: old entries of the audit log.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ledger_types::Height;

use crate::config::Home;
use crate::store::{DIRECTORY, Offline, Pruned};
use crate::supervise::EXIT_CONFIG;

/// Take old entries out of the audit log of a node that is stopped
#[derive(Debug, Args)]
#[command(
    after_help = "What goes are the entries of blocks before the height, in whole bundles of \
256; their hashes stay, so every checkpoint still covers them and every proof of the rest holds. \
Other members keep their own copies. There is no way back but another member's entries.

Example:
  kyojo-node prune --home /var/lib/kyojo --before 1000000 --yes"
)]
pub struct Prune {
    /// The home directory
    #[arg(long, env = "KYOJO_HOME", value_name = "DIR")]
    home: PathBuf,
    /// The first height whose entries stay
    #[arg(long, value_name = "HEIGHT")]
    before: u64,
    /// Do it; without this nothing is taken out
    #[arg(long)]
    yes: bool,
}

impl Prune {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        match self.pruned() {
            Ok(pruned) => {
                println!("entries gone   {}\nbytes gone     {}", pruned.entries, pruned.bytes);
                ExitCode::SUCCESS
            }
            Err((code, reason)) => {
                eprintln!("error: {reason}");
                ExitCode::from(code)
            }
        }
    }

    fn pruned(&self) -> Result<Pruned, (u8, String)> {
        let config = |error: crate::config::ConfigError| (EXIT_CONFIG, error.to_string());
        let home = Home::load(&self.home).map_err(config)?;
        let genesis = home.genesis().map_err(config)?;
        let other = |error: crate::store::StoreError| (1, error.to_string());
        let store = Offline::open(&home.path.join(DIRECTORY), genesis.hash()).map_err(other)?;
        if !self.yes {
            return Err((2, "entries that are taken out are gone: say --yes".to_owned()));
        }
        store.prune_audit_log(Height::new(self.before)).map_err(other)
    }
}
