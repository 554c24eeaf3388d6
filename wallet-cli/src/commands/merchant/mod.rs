//! `merchant`: what zones' operators and merchants do.

mod payments;
mod qr;
mod register;
mod update;

use crate::commands::allowance;
use crate::commands::prelude::*;

/// `merchant`.
#[derive(Debug, Subcommand)]
pub(crate) enum MerchantCommand {
    /// Registers a merchant in a zone; by the zone's operator.
    Register(register::RegisterArgs),
    /// Says anew of what class and tier a merchant is; by the zone's operator.
    Update(update::UpdateArgs),
    /// Lets a merchant do more for a time, out of the operator's own allowance.
    Allowance(allowance::MerchantArgs),
    /// Shows the code that people pay you by.
    Qr(qr::QrArgs),
    /// Lists payments received, newest first.
    Payments(payments::PaymentsArgs),
}

pub(crate) async fn run(app: &App, command: MerchantCommand) -> Result<Reply, Failure> {
    match command {
        MerchantCommand::Register(args) => register::run(app, args).await,
        MerchantCommand::Update(args) => update::run(app, args).await,
        MerchantCommand::Allowance(args) => allowance::of_merchant(app, &args).await,
        MerchantCommand::Qr(args) => qr::run(app, args).await,
        MerchantCommand::Payments(args) => payments::run(app, args).await,
    }
}
