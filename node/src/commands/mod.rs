//! The commands of `kyojo-node`, one file each, and what their exit codes mean.

pub mod dev;
pub mod start;
pub mod status;

use std::process::ExitCode;

/// Runs the command that the arguments name.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
