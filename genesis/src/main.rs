//! `kyojo-genesis`: makes, checks and hashes genesis documents, and lays out local networks.

mod args;
mod commands;

use std::process::ExitCode;

use kyojo_cli::{Format, finish};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    match kyojo_cli::parse::<args::Args>(&arguments) {
        Ok(args) => finish(&commands::run(&args.command), Format::of(args.json)),
        Err(exit) => exit,
    }
}
