//! `counter`: what a counter enters for people who come to it, with a form or with their identity.

mod delegate;
mod end_delegation;
mod grant;
mod recover;
mod register;
mod request;
mod stop_opt_out;
mod withdraw;

use crate::commands::consent::request::RequestKindCommand;
use crate::commands::prelude::*;

/// `counter`.
#[derive(Debug, Subcommand)]
pub(crate) enum CounterCommand {
    /// Enters the consent of someone who signed a form, and writes the slip to take home.
    Grant(Box<grant::CounterGrantArgs>),
    /// Registers this counter for somebody by the form that they signed.
    Register(register::RegisterArgs),
    /// Lets begin at once what another organisation's counter entered for somebody.
    Hasten(register::HastenArgs),
    /// Ends a consent for its subject, on proved identity.
    Withdraw(withdraw::CounterWithdrawArgs),
    /// Objects to an opt-out scheme for somebody, or for the bereaved.
    StopOptOut(stop_opt_out::CounterStopArgs),
    /// Asks a controller for somebody's data, its correction, a stop or its erasure.
    #[command(subcommand)]
    Request(RequestKindCommand<request::CounterRequestArgs>),
    /// Gives a guardian authority over somebody's consents.
    Delegate(delegate::CounterDelegateArgs),
    /// Ends a guardian's authority.
    EndDelegation(end_delegation::CounterEndDelegationArgs),
    /// Gives somebody who lost the key a new one, after three days.
    #[command(subcommand)]
    Recover(recover::CounterRecoverCommand),
}

pub(crate) async fn run(app: &App, command: CounterCommand) -> Result<Reply, Failure> {
    match command {
        CounterCommand::Grant(args) => grant::run(app, *args).await,
        CounterCommand::Register(args) => register::run(app, &args).await,
        CounterCommand::Hasten(args) => register::hasten(app, &args).await,
        CounterCommand::Withdraw(args) => withdraw::run(app, &args).await,
        CounterCommand::StopOptOut(args) => stop_opt_out::run(app, &args).await,
        CounterCommand::Request(command) => request::run(app, command).await,
        CounterCommand::Delegate(args) => delegate::run(app, &args).await,
        CounterCommand::EndDelegation(args) => end_delegation::run(app, &args).await,
        CounterCommand::Recover(command) => recover::run(app, command).await,
    }
}
