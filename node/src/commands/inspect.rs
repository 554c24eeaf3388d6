//! `inspect`: what this node's disk says about one citizen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kyojo_cli::{Exit, Failure, Format, Reply, finish};
use ledger_types::AccountId;
use serde_json::json;

use crate::config::{ConfigError, Home};
use crate::inventory::{self, Inventory};
use crate::store::{DIRECTORY, Offline};

/// List what the disk of a node that is stopped says about one citizen
#[derive(Debug, Args)]
#[command(
    after_help = "Every operation that can be tied to the addresses is listed with its fields \
and what each can tell; node/INVENTORY.md explains the words. Stop the node first, or copy its home.

Example:
  kyojo-node inspect --home /var/lib/kyojo aizu1… --json"
)]
pub struct Inspect {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
    /// What is known of the citizen: one address or several
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Inspect {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        let told = |inventory: Inventory| Reply::new(json!(inventory), text(&inventory));
        finish(&self.inventory().map(told), Format::of(self.json))
    }

    fn inventory(&self) -> Result<Inventory, Failure> {
        let config = |error: ConfigError| Failure::new(Exit::Config, "Config", error.to_string());
        let home = Home::load(&self.home).map_err(config)?;
        let genesis = home.genesis().map_err(config)?;
        let prefix = &genesis.address_prefix;
        let account = |text: &String| AccountId::from_address(text, prefix);
        let accounts: Result<Vec<_>, _> = self.addresses.iter().map(account).collect();
        let accounts =
            accounts.map_err(|error| Failure::new(Exit::Usage, "Usage", error.to_string()))?;
        let other = |reason: String| Failure::new(Exit::Other, "Store", reason);
        let store = Offline::open(&home.path.join(DIRECTORY), genesis.hash())
            .map_err(|error| other(error.to_string()))?;
        inventory::about(store.log(), &accounts, prefix).map_err(|error| other(error.to_string()))
    }
}

fn text(inventory: &Inventory) -> String {
    let mut lines = vec![
        format!("blocks read          {}", inventory.height),
        format!("transactions         {}", inventory.transactions),
        format!("of the citizen       {}", inventory.concerned),
        format!("addresses            {}", inventory.addresses.join(" ")),
        format!("identities           {}", inventory.identities),
    ];
    for (name, values) in &inventory.beside {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        lines.push(format!("beside: {name:<22} {}", values.join(" ")));
    }
    for said in &inventory.operations {
        lines.push(format!("\n{} ({})", said.operation, said.count));
        for (name, class) in &said.fields {
            let class = class.map_or_else(|| "?".to_owned(), |class| format!("{class:?}"));
            lines.push(format!("  {name:<34} {class}"));
        }
    }
    if !inventory.unclassified.is_empty() {
        let unclassified = inventory.unclassified.join(" ");
        lines.push(format!("\nnobody has said what these tell: {unclassified}"));
    }
    lines.join("\n")
}
