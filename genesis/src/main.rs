//! `kyojo-genesis`: makes, checks and hashes genesis documents, and lays out local networks.

mod args;
mod commands;
mod output;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let format = output::Format::asked_for(&arguments);
    match args::parse(arguments) {
        Ok(args) => output::finish(format, commands::run(&args.command)),
        Err(error) => output::refuse_usage(format, &error),
    }
}
