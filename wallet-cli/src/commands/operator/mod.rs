//! `operator`: what the settlement operator does.

mod cycle;

use crate::commands::prelude::*;

/// `operator`.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Settlement cycles between banks.
    #[command(subcommand)]
    Cycle(cycle::OperatorCycleCommand),
}

pub(crate) async fn run(app: &App, command: OperatorCommand) -> Result<Reply, Failure> {
    match command {
        OperatorCommand::Cycle(command) => cycle::run(app, command).await,
    }
}
