//! The `kyojo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    kyojo_wallet::run(&arguments)
}
