//! `bank`: opening and closing accounts, limits, issuing, paying out, freezing, allowances, keys that
//! were lost, what the deceased left, and settlement with the other banks.

mod account;
mod cycle;
mod freeze;
mod issue;
mod keys;
mod limits;
mod lives;
mod payout;
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
    /// Payouts of shops to their banks outside.
    #[command(subcommand)]
    Payout(payout::BankPayoutCommand),
    /// Stops an account's money for a time; consents and what comes back of its own stay free.
    Freeze(freeze::FreezeArgs),
    /// Frees an account before its time.
    Unfreeze(freeze::UnfreezeArgs),
    /// How much may leave an account, and how much it may hold.
    #[command(subcommand)]
    Limits(limits::BankLimitsCommand),
    /// Accounts whose holder died.
    #[command(subcommand)]
    Deceased(lives::BankDeceasedCommand),
    /// Moves what a deceased holder left to an heir; two persons sign it.
    Estate(lives::EstateArgs),
    /// Lets a holder do more for a time, out of the bank's own allowance.
    Allowance(allowance::HolderArgs),
    /// Gives a holder who lost the keys other ones, after three days.
    #[command(subcommand)]
    Recover(recover::BankRecoverCommand),
    /// Settlement cycles with the other banks.
    #[command(subcommand)]
    Cycle(cycle::BankCycleCommand),
}

pub(crate) async fn run(app: &App, command: BankCommand) -> Result<Reply, Failure> {
    match command {
        BankCommand::Account(account::BankAccountCommand::Open(args)) => {
            account::run(app, args).await
        }
        BankCommand::Account(account::BankAccountCommand::Close(args)) => {
            lives::close(app, &args).await
        }
        BankCommand::Limits(command) => limits::run(app, command).await,
        BankCommand::Deceased(command) => lives::deceased(app, command).await,
        BankCommand::Estate(args) => lives::estate(app, &args).await,
        BankCommand::Issue(args) => issue::run(app, args).await,
        BankCommand::Reference(args) => reference::run(app, &args).await,
        BankCommand::Redeem(command) => redeem::run(app, command).await,
        BankCommand::Payout(command) => payout::run(app, command).await,
        BankCommand::Freeze(args) => freeze::freeze(app, &args).await,
        BankCommand::Unfreeze(args) => freeze::unfreeze(app, &args).await,
        BankCommand::Allowance(args) => allowance::of_holder(app, &args).await,
        BankCommand::Recover(command) => recover::run(app, command).await,
        BankCommand::Cycle(command) => cycle::run(app, command).await,
    }
}

/// The bank that acts through the wallet's account: the public supply names each bank's account.
async fn own_bank(session: &Session) -> Result<BankBody, Failure> {
    let supply = session.client.supply().await?;
    let mut banks = supply.banks.into_iter();
    let own = banks.find(|bank| bank.account.as_str() == session.attached.address);
    own.ok_or_else(|| Failure::new(Exit::Refused, "err-not-a-bank"))
}
