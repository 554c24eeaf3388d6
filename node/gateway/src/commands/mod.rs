//! The commands of `kyojo-gateway`, one file each.

mod check_config;
mod halves;
mod start;
mod terms;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use kyojo_cli::{Failure, Format, finish};

use crate::config::{Config, Seed, read_or_make, read_seed};
use crate::store::{Purpose, Store};

const EXAMPLES: &str = "\
Examples:
  kyojo-gateway check-config --config gateway.toml      is it right, are the keys there
  kyojo-gateway start --config gateway.toml             run until SIGTERM; prints the addresses
  kyojo-gateway terms add consent.json                  take in opened terms, or whose consent it is
  kyojo-gateway unmatched                               halves without their counterpart
  kyojo-gateway disclosures --json                      everything that was disclosed or received

A data user's application then asks:
  curl -H \"authorization: Bearer $TOKEN\" -H \"kyojo-consent: $CONSENT\" \\
       http://127.0.0.1:26703/data/clinic/patients/-/medications

Exit codes: 0 ok, 1 other, 2 usage, 3 configuration or a file, 5 not found.
Environment: KYOJO_GATEWAY_CONFIG (the configuration), KYOJO_LOG (log filter).";

/// A gateway that gives data out, or takes it in, only as consents allow.
#[derive(Debug, Parser)]
#[command(name = "kyojo-gateway", version, about, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Common {
    /// The configuration file
    #[arg(
        long,
        global = true,
        env = "KYOJO_GATEWAY_CONFIG",
        hide_env_values = true,
        default_value = "gateway.toml"
    )]
    config: PathBuf,
    /// Print one JSON envelope on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the gateway until it is told to stop
    Start,
    /// Check the configuration, its files and its keys, without asking anybody
    CheckConfig,
    /// What parties and people handed over
    #[command(subcommand)]
    Terms(terms::Terms),
    /// List halves that have not met their counterparts
    Unmatched(halves::Unmatched),
    /// List what was disclosed and received
    Disclosures,
}

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let Arguments { common, command } = match kyojo_cli::parse(&arguments) {
        Ok(parsed) => parsed,
        Err(exit) => return exit,
    };
    let result =
        Config::load(&common.config).map_err(Failure::config).and_then(|config| match &command {
            Command::Start => start::run(&config, common.json).map(|()| None),
            Command::CheckConfig => check_config::run(&config).map(Some),
            Command::Terms(terms) => terms.run(&config).map(Some),
            Command::Unmatched(unmatched) => unmatched.run(&config).map(Some),
            Command::Disclosures => halves::disclosures(&config).map(Some),
        });
    match result.transpose() {
        // The addresses were printed when it began.
        None => ExitCode::SUCCESS,
        Some(outcome) => finish(&outcome, Format::of(common.json)),
    }
}

/// The key that store and vault are sealed under; made where there is neither.
fn store_key(config: &Config) -> Result<Seed, Failure> {
    let folder = config.path(&config.store.folder);
    let key = config.path(&config.store.key_file);
    let seed = read_or_make(&key, &folder).map_err(Failure::config)?;
    std::fs::create_dir_all(&folder).map_err(Failure::config)?;
    Ok(seed)
}

fn database(config: &Config) -> PathBuf {
    config.path(&config.store.folder).join("halves")
}

fn vault(config: &Config) -> PathBuf {
    config.path(&config.store.folder).join("vault")
}

/// A look at the store beside a gateway that runs; none where there is none yet.
fn look(config: &Config) -> Result<Option<Store>, Failure> {
    let folder = database(config);
    if !folder.exists() {
        return Ok(None);
    }
    let key = read_seed(&config.path(&config.store.key_file)).map_err(Failure::config)?;
    Store::open(&folder, &key, Purpose::Look).map(Some).map_err(Failure::other)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_help_is_the_published_one() {
        let mut all = String::new();
        let mut program = Arguments::command().term_width(100);
        program.build();
        for path in [&[][..], &["start"], &["check-config"], &["terms", "add"], &["unmatched"]] {
            let found = path.iter().try_fold(&mut program, |at, name| at.find_subcommand_mut(name));
            let mut found = found.expect("the command is there").clone().term_width(100);
            all.push_str(&format!("{}\n", found.render_long_help()));
        }
        let golden = include_str!("../../tests/golden/help.txt");
        assert!(all == golden, "the help changed:\n{all}");
    }
}
