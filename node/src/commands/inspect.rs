//! `inspect`: what this node's disk says about one citizen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ledger_types::AccountId;
use serde_json::{Value, json};

use crate::config::Home;
use crate::inventory::{self, Inventory};
use crate::store::{DIRECTORY, Offline};
use crate::supervise::EXIT_CONFIG;

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
    #[arg(long, env = "KYOJO_HOME", value_name = "DIR")]
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
        match self.inventory() {
            Ok(inventory) if self.json => {
                println!("{}", envelope(true, &json!(inventory), &[]));
                ExitCode::SUCCESS
            }
            Ok(inventory) => {
                show(&inventory);
                ExitCode::SUCCESS
            }
            Err((code, name, reason)) => {
                if self.json {
                    let error = json!({ "code": code, "name": name, "message": reason });
                    println!("{}", envelope(false, &Value::Null, &[error]));
                } else {
                    eprintln!("error: {reason}");
                }
                ExitCode::from(code)
            }
        }
    }

    fn inventory(&self) -> Result<Inventory, (u8, &'static str, String)> {
        let config = |error: crate::config::ConfigError| (EXIT_CONFIG, "Config", error.to_string());
        let home = Home::load(&self.home).map_err(config)?;
        let genesis = home.genesis().map_err(config)?;
        let prefix = &genesis.address_prefix;
        let account = |text: &String| AccountId::from_address(text, prefix);
        let accounts: Result<Vec<_>, _> = self.addresses.iter().map(account).collect();
        let accounts = accounts.map_err(|error| (2, "Usage", error.to_string()))?;
        let other = |reason: String| (1, "Store", reason);
        let store = Offline::open(&home.path.join(DIRECTORY), genesis.hash())
            .map_err(|error| other(error.to_string()))?;
        inventory::about(store.log(), &accounts, prefix).map_err(|error| other(error.to_string()))
    }
}

fn envelope(success: bool, data: &Value, errors: &[Value]) -> Value {
    let none: [Value; 0] = [];
    json!({
        "schema_version": 1, "success": success, "data": data, "errors": errors, "warnings": none,
    })
}

fn show(inventory: &Inventory) {
    println!("blocks read          {}", inventory.height);
    println!("transactions         {}", inventory.transactions);
    println!("of the citizen       {}", inventory.concerned);
    println!("addresses            {}", inventory.addresses.join(" "));
    println!("identities           {}", inventory.identities);
    for (name, values) in &inventory.beside {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        println!("beside: {name:<22} {}", values.join(" "));
    }
    for said in &inventory.operations {
        println!("\n{} ({})", said.operation, said.count);
        for (name, class) in &said.fields {
            let class = class.map_or_else(|| "?".to_owned(), |class| format!("{class:?}"));
            println!("  {name:<34} {class}");
        }
    }
    if !inventory.unclassified.is_empty() {
        println!("\nnobody has said what these tell: {}", inventory.unclassified.join(" "));
    }
}
