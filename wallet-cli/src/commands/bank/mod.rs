//! `bank`: opening accounts, issuing, paying out, freezing, allowances, and keys that were lost.

mod account;
mod freeze;
mod issue;
mod keys;
mod recover;
mod redeem;
mod reference;

use node_api::body::BankBody;

use crate::commands::allowance;
use crate::commands::prelude::*;

/// `bank`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankCommand {
    /// Accounts that the bank keeps.
    #[command(subcommand)]
    Account(account::BankAccountCommand),
    /// Issues deposit tokens to an account that the bank keeps.
    Issue(issue::IssueArgs),
    /// What an entry in the core banking system was used for.
    Reference(reference::ReferenceArgs),
    /// Requests to pay out.
    #[command(subcommand)]
    Redeem(redeem::BankRedeemCommand),
    /// Stops an account's money for a time; consents and what comes back of its own stay free.
    Freeze(freeze::FreezeArgs),
    /// Frees an account before its time.
    Unfreeze(freeze::UnfreezeArgs),
    /// Lets a holder do more for a time, out of the bank's own allowance.
    Allowance(allowance::HolderArgs),
    /// Gives a holder who lost the keys other ones, after three days.
    #[command(subcommand)]
    Recover(recover::BankRecoverCommand),
}

pub(crate) async fn run(app: &App, command: BankCommand) -> Result<Reply, Failure> {
    match command {
        BankCommand::Account(account::BankAccountCommand::Open(args)) => {
            account::run(app, args).await
        }
        BankCommand::Issue(args) => issue::run(app, args).await,
        BankCommand::Reference(args) => reference::run(app, &args).await,
        BankCommand::Redeem(command) => redeem::run(app, command).await,
        BankCommand::Freeze(args) => freeze::freeze(app, &args).await,
        BankCommand::Unfreeze(args) => freeze::unfreeze(app, &args).await,
        BankCommand::Allowance(args) => allowance::of_holder(app, &args).await,
        BankCommand::Recover(command) => recover::run(app, command).await,
    }
}

/// The bank that acts through the wallet's account: the public supply names each bank's account.
async fn own_bank(session: &Session) -> Result<BankBody, Failure> {
    let supply = session.client.supply().await?;
    let mut banks = supply.banks.into_iter();
    let own = banks.find(|bank| bank.account.as_str() == session.attached.address);
    own.ok_or_else(|| Failure::new(Exit::Refused, "err-not-a-bank"))
}
