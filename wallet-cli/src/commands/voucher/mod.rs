//! `voucher`: premium vouchers as people have, apply for and buy them.

mod apply;
mod buy;
mod ls;
mod statement;
mod tickets;

use crate::commands::prelude::*;

/// `voucher`.
#[derive(Debug, Subcommand)]
pub(crate) enum VoucherCommand {
    /// Lists your vouchers: where they work, and until when.
    Ls,
    /// Applies for vouchers, with the letters that the city sent.
    Apply(apply::ApplyArgs),
    /// Lists your applications: what you won, and until when you can buy it.
    Tickets,
    /// Buys vouchers. First it shows the price and the rules, and asks.
    Buy(buy::BuyArgs),
    /// Shows what you received of free value in a year, as a tax return may ask for it.
    Statement(statement::StatementArgs),
}

pub(crate) async fn run(app: &App, command: VoucherCommand) -> Result<Reply, Failure> {
    match command {
        VoucherCommand::Ls => ls::run(app).await,
        VoucherCommand::Apply(args) => apply::run(app, &args).await,
        VoucherCommand::Tickets => tickets::run(app).await,
        VoucherCommand::Buy(args) => buy::run(app, &args).await,
        VoucherCommand::Statement(args) => statement::run(app, args).await,
    }
}
