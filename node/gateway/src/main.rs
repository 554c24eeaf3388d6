//! `kyojo-gateway`: the command line of the consent gateway.

use std::process::ExitCode;

fn main() -> ExitCode {
    kyojo_gateway::commands::main()
}
