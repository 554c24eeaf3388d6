//! `kyojo-node`: the command line of a node.

use std::process::ExitCode;

fn main() -> ExitCode {
    kyojo_node::commands::main()
}
