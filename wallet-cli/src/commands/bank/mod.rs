//! `bank`: opening accounts, issuing, and paying out.

mod account;
mod issue;
mod redeem;

use crate::commands::prelude::*;

/// `bank`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankCommand {
    /// Accounts that the bank keeps.
    #[command(subcommand)]
    Account(account::BankAccountCommand),
    /// Issues deposit tokens to an account that the bank keeps.
    Issue(issue::IssueArgs),
    /// Requests to pay out.
    #[command(subcommand)]
    Redeem(redeem::BankRedeemCommand),
}

pub(crate) async fn run(app: &App, command: BankCommand) -> Result<Reply, Failure> {
    match command {
        BankCommand::Account(account::BankAccountCommand::Open(args)) => {
            account::run(app, args).await
        }
        BankCommand::Issue(args) => issue::run(app, args).await,
        BankCommand::Redeem(command) => redeem::run(app, command).await,
    }
}
