//! `consent`: what people do about their consents.

pub(crate) mod address;
pub(crate) mod amend;
pub(crate) mod contact;
pub(crate) mod cosign;
mod counter;
pub(crate) mod delegate;
pub(crate) mod directory;
pub(crate) mod disclose;
pub(crate) mod end_delegation;
pub(crate) mod export;
pub(crate) mod grant;
pub(crate) mod history;
pub(crate) mod ls;
pub(crate) mod publish;
pub(crate) mod receipt;
pub(crate) mod reconsent;
pub(crate) mod recover;
pub(crate) mod renew;
pub(crate) mod request;
pub(crate) mod resume;
pub(crate) mod revoke;
pub(crate) mod show;
pub(crate) mod shred;
pub(crate) mod stop_opt_out;
pub(crate) mod suspend;
pub(crate) mod who_used;
pub(crate) mod widen;
pub(crate) mod words;

use node_api::body::ConsentStanding;

use crate::commands::prelude::*;

/// `consent`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConsentCommand {
    /// Consents to what a notice says.
    Grant(Box<grant::GrantArgs>),
    /// Adds the controller's signature to a first consent, and sends it.
    Cosign(cosign::CosignArgs),
    /// Lists the consents that you gave.
    Ls(ls::ConsentLsArgs),
    /// Tells in sentences what a consent says.
    Show(show::ConsentShowArgs),
    /// Ends a consent, at once.
    Revoke(revoke::RevokeArgs),
    /// Narrows a consent: less data, another recipient, an earlier end.
    Amend(amend::AmendArgs),
    /// Consents to more, under a newer notice.
    Widen(Box<widen::WidenArgs>),
    /// Consents again, under the notice as it is now.
    Renew(renew::RenewArgs),
    /// Stops a consent for a time.
    Suspend(ConsentName),
    /// Takes a stopped consent up again.
    Resume(ConsentName),
    /// Tells what happened to a consent, newest first.
    History(ConsentName),
    /// Tells who used your data, when, and on what ground.
    WhoUsed(who_used::WhoUsedArgs),
    /// Requests to consent again.
    #[command(subcommand)]
    Reconsent(reconsent::ReconsentCommand),
    /// Gives a consent to other programs: ISO/IEC TS 27560, FHIR R5, Kantara, or text.
    Export(export::ExportArgs),
    /// Prints the receipt of a consent in plain words.
    Receipt(ConsentName),
    /// Opens one process of a consent for whoever asks for the data.
    Disclose(disclose::DiscloseArgs),
    /// Says where requests to consent again reach you, without an address.
    Contact(contact::ContactArgs),
    /// Objects to the use of your data under an opt-out scheme.
    StopOptOut(stop_opt_out::StopOptOutArgs),
    /// Asks a controller for your data, its correction, a stop or its erasure.
    #[command(subcommand)]
    Request(request::RequestKindCommand<request::SubjectRequestArgs>),
    /// Lets a guardian act for you.
    Delegate(delegate::ConsentDelegateArgs),
    /// Lets a counter give for you until a day, or no longer.
    Counter(counter::ConsentCounterArgs),
    /// Ends a guardian's authority.
    EndDelegation(end_delegation::ConsentEndDelegationArgs),
    /// The recovery of a lost key.
    #[command(subcommand)]
    Recover(recover::RecoverSelfCommand),
    /// Destroys what this wallet keeps of an ended consent.
    Shred(ConsentName),
    /// Shows the address and the key by which one controller knows you.
    Address(address::AddressArgs),
    /// Lists purposes and kinds of data that consents speak of.
    Words(words::WordsArgs),
    /// Takes in a list of institutions' names.
    Directory(directory::DirectoryArgs),
    /// Publishes a notice or its next version; by a controller.
    Publish(publish::NoticeArgs),
}

pub(crate) const fn standing_key(standing: ConsentStanding) -> &'static str {
    match standing {
        ConsentStanding::Given => "label-standing-given",
        ConsentStanding::NotYetValid => "label-standing-not-yet-valid",
        ConsentStanding::RenewalDue => "label-standing-renewal-due",
        ConsentStanding::Exhausted => "label-standing-exhausted",
        ConsentStanding::Expired => "label-standing-expired",
        ConsentStanding::Withdrawn => "label-standing-withdrawn",
        ConsentStanding::Revoked => "label-standing-revoked",
        ConsentStanding::Invalidated => "label-standing-invalidated",
        ConsentStanding::Refused => "label-standing-refused",
        ConsentStanding::Suspended => "label-standing-suspended",
        ConsentStanding::Renewed => "label-standing-renewed",
    }
}

pub(crate) async fn run(app: &App, command: ConsentCommand) -> Result<Reply, Failure> {
    match command {
        ConsentCommand::Grant(args) => grant::run(app, *args).await,
        ConsentCommand::Cosign(args) => cosign::run(app, args).await,
        ConsentCommand::Ls(args) => ls::run(app, &args).await,
        ConsentCommand::Show(args) => show::run(app, &args).await,
        ConsentCommand::Revoke(args) => revoke::run(app, &args).await,
        ConsentCommand::Amend(args) => amend::run(app, &args).await,
        ConsentCommand::Suspend(name) => suspend::run(app, &name).await,
        ConsentCommand::Resume(name) => resume::run(app, &name).await,
        ConsentCommand::Widen(args) => widen::run(app, &args).await,
        ConsentCommand::Renew(args) => renew::run(app, &args).await,
        ConsentCommand::History(name) => history::run(app, &name).await,
        ConsentCommand::WhoUsed(args) => who_used::run(app, &args).await,
        ConsentCommand::Reconsent(command) => reconsent::run(app, command).await,
        ConsentCommand::Export(args) => export::run(app, &args).await,
        ConsentCommand::Receipt(name) => receipt::run(app, &name).await,
        ConsentCommand::Disclose(args) => disclose::run(app, &args).await,
        ConsentCommand::Contact(args) => contact::run(app, &args).await,
        ConsentCommand::StopOptOut(args) => stop_opt_out::run(app, &args).await,
        ConsentCommand::Request(command) => request::run(app, command).await,
        ConsentCommand::Delegate(args) => delegate::run(app, &args).await,
        ConsentCommand::Counter(args) => counter::run(app, &args).await,
        ConsentCommand::EndDelegation(args) => end_delegation::run(app, &args).await,
        ConsentCommand::Recover(command) => recover::run(app, command).await,
        ConsentCommand::Shred(name) => shred::run(app, &name).await,
        ConsentCommand::Address(args) => address::run(app, &args).await,
        ConsentCommand::Words(args) => Ok(words::run(app, &args)),
        ConsentCommand::Directory(args) => directory::run(app, &args),
        ConsentCommand::Publish(args) => publish::run(app, args).await,
    }
}
