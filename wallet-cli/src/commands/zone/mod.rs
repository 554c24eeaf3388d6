//! `zone`: the zones, and one's own sub-accounts in them.

mod charge;
mod ls;
mod open;

use crate::commands::prelude::*;

/// `zone`.
#[derive(Debug, Subcommand)]
pub(crate) enum ZoneCommand {
    /// Lists the zones.
    Ls,
    /// Opens your sub-account in a zone.
    Open(open::ZoneNumber),
    /// Moves yen to your sub-account of a zone.
    Charge(charge::ZoneAmount),
    /// Moves yen back from your sub-account of a zone.
    Discharge(charge::ZoneAmount),
}

pub(crate) async fn run(app: &App, command: ZoneCommand) -> Result<Reply, Failure> {
    match command {
        ZoneCommand::Ls => ls::run(app).await,
        ZoneCommand::Open(args) => open::run(app, &args).await,
        ZoneCommand::Charge(args) => charge::run(app, &args, charge::Way::In).await,
        ZoneCommand::Discharge(args) => charge::run(app, &args, charge::Way::Out).await,
    }
}
