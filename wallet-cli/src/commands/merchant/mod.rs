//! `merchant`: what zones' operators and merchants do.

mod fees;
mod payments;
mod qr;
mod refund;
mod register;
mod request;
mod terminal;
mod till;
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
    /// The keys by which your tills ask to be paid, refund and void.
    #[command(subcommand)]
    Terminal(terminal::TerminalCommand),
    /// Asks to be paid once: shows a code that a terminal signed.
    Request(request::RequestArgs),
    /// Takes back what was asked for and nobody paid.
    Cancel(request::CancelArgs),
    /// Gives back a payment or a part of it, to where it came from.
    Refund(refund::RefundArgs),
    /// Undoes a payment of the day as a whole.
    Void(refund::VoidArgs),
    /// Lists payments received and given back, newest first.
    Payments(payments::PaymentsArgs),
    /// Shows what you were charged in fees in a month.
    Fees(fees::FeesArgs),
}

pub(crate) async fn run(app: &App, command: MerchantCommand) -> Result<Reply, Failure> {
    match command {
        MerchantCommand::Register(args) => register::run(app, args).await,
        MerchantCommand::Update(args) => update::run(app, args).await,
        MerchantCommand::Allowance(args) => allowance::of_merchant(app, &args).await,
        MerchantCommand::Qr(args) => qr::run(app, args).await,
        MerchantCommand::Terminal(command) => terminal::run(app, command).await,
        MerchantCommand::Request(args) => request::request(app, args).await,
        MerchantCommand::Cancel(args) => request::cancel(app, args).await,
        MerchantCommand::Refund(args) => refund::refund(app, args).await,
        MerchantCommand::Void(args) => refund::void(app, args).await,
        MerchantCommand::Payments(args) => payments::run(app, args).await,
        MerchantCommand::Fees(args) => fees::run(app, &args).await,
    }
}
