//! `merchant`: what zones' operators and merchants do.

mod close_day;
mod export;
mod fees;
mod leave;
mod payments;
mod payout;
mod profile;
mod qr;
mod refund;
mod register;
mod request;
mod terminal;
mod till;
mod update;
mod watch;

use crate::commands::allowance;
use crate::commands::prelude::*;

pub(crate) use payout::show as show_payouts;

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
    /// Says where your payouts go, and writes what opens it for your bank.
    PayoutAccount(payout::PayoutAccountArgs),
    /// Asks your bank to pay what you have in a zone to your account outside.
    Payout(payout::PayoutArgs),
    /// Lists payouts, oldest first, with how they stand.
    Payouts(payout::PayoutsArgs),
    /// Holds what a merchant has in the zone, but for refunds; by the zone's operator.
    Hold(leave::HoldArgs),
    /// Says the last day on which a merchant is paid; by the zone's operator.
    Close(leave::CloseArgs),
    /// Shows each payment as it arrives, and rings.
    Watch(watch::WatchArgs),
    /// Shows what you took on a day, and checks that it adds up.
    CloseDay(close_day::CloseDayArgs),
    /// Writes the table of payments that an accountant's program reads.
    Export(export::ExportArgs),
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
        MerchantCommand::PayoutAccount(args) => payout::account(app, args).await,
        MerchantCommand::Payout(args) => payout::run(app, args).await,
        MerchantCommand::Payouts(args) => payout::list(app, args).await,
        MerchantCommand::Hold(args) => leave::hold(app, args).await,
        MerchantCommand::Close(args) => leave::close(app, args).await,
        MerchantCommand::Watch(args) => watch::run(app, args).await,
        MerchantCommand::CloseDay(args) => close_day::run(app, args).await,
        MerchantCommand::Export(args) => export::run(app, args).await,
        MerchantCommand::Fees(args) => fees::run(app, &args).await,
    }
}
