//! `merchant`: what zones' operators and merchants do.

mod payments;
mod register;

use crate::commands::prelude::*;

/// `merchant`.
#[derive(Debug, Subcommand)]
pub(crate) enum MerchantCommand {
    /// Registers a merchant in a zone; by the zone's operator.
    Register(register::RegisterArgs),
    /// Lists payments received, newest first.
    Payments(payments::PaymentsArgs),
}

pub(crate) async fn run(app: &App, command: MerchantCommand) -> Result<Reply, Failure> {
    match command {
        MerchantCommand::Register(args) => register::run(app, args).await,
        MerchantCommand::Payments(args) => payments::run(app, args).await,
    }
}
