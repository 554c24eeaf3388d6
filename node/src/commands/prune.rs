//! `prune`: old entries of the audit log.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::{Exit, Failure, Format, Reply, finish};
use ledger_types::Height;
use serde_json::Value;

use crate::config::Home;
use crate::store::{DIRECTORY, Offline, Pruned, StoreError};

/// Take old entries out of the audit log of a node that is stopped
#[derive(Debug, Args)]
#[command(
    after_help = "What goes are the entries of blocks before the height, in whole bundles of \
256; their hashes stay, so every checkpoint still covers them and every proof holds. Other members \
keep their own copies. There is no way back but another member's entries. Blocks and the index \
stay whole.

Nothing goes of the days for which the genesis document has accesses served \
(parameters.retention.access_served_days, three years at least): a later height is refused, and \
the last one that is allowed is named.

Example:
  kyojo-node prune --home /var/lib/kyojo --before 1000000 --yes"
)]
pub struct Prune {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
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
        let told = |gone: Pruned| {
            let text = format!("entries gone   {}\nbytes gone     {}", gone.entries, gone.bytes);
            Reply::new(Value::Null, text)
        };
        finish(&self.pruned().map(told), Format::Text)
    }

    fn pruned(&self) -> Result<Pruned, Failure> {
        let home = Home::load(&self.home).map_err(Failure::config)?;
        let genesis = home.genesis().map_err(Failure::config)?;
        let store = Offline::open(&home.path.join(DIRECTORY), genesis.hash()).map_err(failed)?;
        if !self.yes {
            let reason = "entries that are taken out are gone: say --yes";
            return Err(Failure::new(Exit::Usage, "usage", reason));
        }
        let days = genesis.parameters.retention.access_served_days;
        let (before, kept) = (Height::new(self.before), store.served_from(days).map_err(failed)?);
        if before > kept {
            return Err(still_served(days, kept));
        }
        store.prune_audit_log(before).map_err(failed)
    }
}

/// Blocks from this height on are not old enough.
fn still_served(days: u32, kept: Height) -> Failure {
    let reason = format!(
        "accesses are served for {days} days (the genesis document's \
         parameters.retention.access_served_days), so everything from height {kept} on is kept: \
         at most --before {kept}"
    );
    Failure::new(Exit::Usage, "still_served", reason)
}

/// A full disk has its code; what else the store says has none.
fn failed(error: StoreError) -> Failure {
    if error.is_full() {
        return Failure::new(error.exit(), "disk_full", error.to_string());
    }
    Failure::other(error)
}
