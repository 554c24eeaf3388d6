//! `kyojo-genesis`: makes, checks and hashes genesis documents, and lays out local networks.

mod args;
mod commands;

use std::process::ExitCode;

use kyojo_cli::{Exit, Failure, Format, finish};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let format = Format::asked_for(&arguments);
    match args::parse(arguments) {
        Ok(args) => finish(&commands::run(&args.command), format),
        Err(error) => refuse_usage(format, &error),
    }
}

/// Help, the version, or what is wrong with the command line.
fn refuse_usage(format: Format, error: &clap::Error) -> ExitCode {
    if format == Format::Json && error.use_stderr() {
        return finish(&Err(Failure::new(Exit::Usage, "usage", error.to_string())), format);
    }
    if error.print().is_err() {
        return ExitCode::FAILURE;
    }
    if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS }
}
