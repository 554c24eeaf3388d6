//! `party`: what controllers, holders, recipients, emergency services and the registrar do.

mod access;
mod acknowledge;
mod answer;
mod break_glass;
mod dividend;
pub(crate) mod duties;
mod emergency;
mod invalidate;
mod name_holder;
mod notify;
mod person;
mod publish;
mod reconsent;
mod record;
mod register;
mod review;
mod revoke;
mod shred;
mod update;

use crate::commands::allowance;
use crate::commands::prelude::*;

/// `party`.
#[derive(Debug, Subcommand)]
pub(crate) enum PartyCommand {
    /// Registers a party; by the registrar.
    Register(register::PartyArgs),
    /// Changes what a party may do, or suspends it; by the registrar.
    Update(update::UpdatePartyArgs),
    /// Publishes what everyone may rely on.
    #[command(subcommand)]
    Publish(publish::PublishCommand),
    /// Lists what must be done, and by when.
    Duties(duties::DutiesArgs),
    /// Says what was done about a consent that ended.
    Acknowledge(acknowledge::AcknowledgeArgs),
    /// Answers a person's request.
    Answer(answer::AnswerArgs),
    /// Requests to consent again.
    #[command(subcommand)]
    Reconsent(reconsent::PartyReconsentCommand),
    /// Asks for access to data.
    #[command(subcommand)]
    Access(access::AccessCommand),
    /// Keeps the records of what was given and received.
    #[command(subcommand)]
    Record(record::RecordCommand),
    /// Names the data holder that did not record what it gave.
    NameHolder(name_holder::NameHolderArgs),
    /// Opens one person's data in an emergency; it is reviewed afterwards.
    BreakGlass(break_glass::BreakGlassArgs),
    /// Says that the person of a broken glass was told.
    Notify(notify::NotifyArgs),
    /// Reviews a broken glass of another organisation; by an auditor.
    Review(review::ReviewArgs),
    /// Ends a consent as its controller.
    Revoke(revoke::EndArgs),
    /// Ends a consent that should never have counted; by an auditing member or the city.
    Invalidate(revoke::EndArgs),
    /// Destroys what was kept of an ended consent, and says so.
    Shred(shred::ShredArgs),
    /// Lets a person do more for a time, out of the controller's own allowance.
    Allowance(allowance::SubjectArgs),
    /// Pays a month's compensation in bulk.
    Dividend(dividend::DividendArgs),
    /// Emergencies in an area; by members.
    #[command(subcommand)]
    Emergency(emergency::EmergencyCommand),
    /// Makes the number by which one person is known, from what identifies them.
    Person(person::PersonArgs),
}

pub(crate) async fn run(app: &App, command: PartyCommand) -> Result<Reply, Failure> {
    match command {
        PartyCommand::Register(args) => register::run(app, &args).await,
        PartyCommand::Update(args) => update::run(app, &args).await,
        PartyCommand::Publish(command) => publish::run(app, command).await,
        PartyCommand::Duties(args) => duties::run(app, &args).await,
        PartyCommand::Acknowledge(args) => acknowledge::run(app, &args).await,
        PartyCommand::Answer(args) => answer::run(app, &args).await,
        PartyCommand::Reconsent(command) => reconsent::run(app, command).await,
        PartyCommand::Access(command) => access::run(app, command).await,
        PartyCommand::Record(command) => record::run(app, command).await,
        PartyCommand::NameHolder(args) => name_holder::run(app, &args).await,
        PartyCommand::BreakGlass(args) => break_glass::run(app, &args).await,
        PartyCommand::Notify(args) => notify::run(app, &args).await,
        PartyCommand::Review(args) => review::run(app, &args).await,
        PartyCommand::Revoke(args) => revoke::run(app, &args).await,
        PartyCommand::Invalidate(args) => invalidate::run(app, &args).await,
        PartyCommand::Shred(args) => shred::run(app, &args).await,
        PartyCommand::Allowance(args) => allowance::of_subject(app, &args).await,
        PartyCommand::Dividend(args) => dividend::run(app, &args).await,
        PartyCommand::Emergency(command) => emergency::run(app, command).await,
        PartyCommand::Person(args) => person::run(app, &args),
    }
}
