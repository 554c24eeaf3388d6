//! `config check` and `config show`: the configuration as the node would use it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use kyojo_cli::{Exit, Failure, Format, Reply, finish};
use serde_json::Value;

use crate::api::Tls;
use crate::config::{ConfigError, Home, Role};

/// Check or show the configuration
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Check configuration, genesis hash and keys without starting anything
    #[command(after_help = "Example:\n  kyojo-node config check --home /var/lib/kyojo")]
    Check(Of),
    /// Print the whole configuration with its defaults
    #[command(after_help = "Example:\n  kyojo-node config show --home /var/lib/kyojo")]
    Show(Of),
}

/// Whose configuration.
#[derive(Debug, Args)]
pub struct Of {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
}

impl Config {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        let done = match self {
            Self::Check(of) => check(of),
            Self::Show(of) => show(of),
        };
        let reply = done.map(|text| Reply::new(Value::Null, text.trim_end()));
        finish(&reply.map_err(failure), Format::Text)
    }
}

/// A configuration that does not serve; where it is for a passphrase, with the code that says so.
pub(super) fn failure(error: ConfigError) -> Failure {
    if error.is_locked() {
        Failure::new(Exit::Auth, "passphrase", error.to_string())
    } else {
        Failure::config(error)
    }
}

fn check(of: &Of) -> Result<String, ConfigError> {
    let home = Home::load(&of.home)?;
    let genesis = home.genesis()?;
    let (key, network_key) = (home.consensus_key()?, home.network_key()?);
    let network = network_key.public_key();
    drop(home.further_accounts(&genesis)?);
    if let Some(files) = home.tls_files() {
        drop(Tls::open(files)?);
    }
    drop(home.directories(&genesis)?);
    let role = match (Role::of(&genesis, key.as_ref(), &network_key), key) {
        (Role::Validator { .. }, _) => "validator".to_owned(),
        (Role::Mute { place, lacks }, _) => format!("mute validator: {}", lacks.told(place)),
        (Role::Observer, Some(_)) => {
            "observer (the consensus key is not a genesis validator's)".to_owned()
        }
        (Role::Observer, None) => "observer (no consensus key)".to_owned(),
    };
    let known = genesis.validators.iter().any(|validator| validator.network_key == network);
    let known = if known { "a genesis validator's" } else { "not a genesis validator's" };
    let lab = genesis.lab.map(|lab| format!("\nlab          time runs {} times as fast", lab.rate));
    Ok(format!(
        "network      {} ({})\ngenesis hash {}\nrole         {role}\nnetwork key  {network}, {known}{}",
        genesis.name,
        genesis.network(),
        genesis.hash(),
        lab.unwrap_or_default(),
    ))
}

fn show(of: &Of) -> Result<String, ConfigError> {
    let home = Home::load(&of.home)?;
    // Every value came from text of this form, so it has one.
    Ok(toml::to_string(&home.config).unwrap_or_default())
}
