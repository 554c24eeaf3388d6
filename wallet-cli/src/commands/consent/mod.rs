//! `consent`: what people do about their consents.

mod change;
mod cosign;
mod export;
mod facts;
mod grant;
mod list;
mod log;
mod narrow;
mod person;
mod reconsent;
mod show;
mod words;

use node_api::body::ConsentStanding;

use super::{notice, people};
use crate::app::App;
use crate::args::ConsentCommand;
use crate::failure::Failure;
use crate::output::Reply;

pub(super) use log::{describe, of_consent};

pub(super) async fn run(app: &App, command: ConsentCommand) -> Result<Reply, Failure> {
    match command {
        ConsentCommand::Grant(args) => grant::grant(app, *args).await,
        ConsentCommand::Cosign(args) => cosign::cosign(app, args).await,
        ConsentCommand::Ls(args) => list::run(app, &args).await,
        ConsentCommand::Show(args) => show::run(app, &args).await,
        ConsentCommand::Revoke(args) => narrow::revoke(app, &args).await,
        ConsentCommand::Amend(args) => narrow::amend(app, &args).await,
        ConsentCommand::Suspend(name) => narrow::suspend(app, &name).await,
        ConsentCommand::Resume(name) => change::resume(app, &name).await,
        ConsentCommand::Widen(args) => change::widen(app, &args).await,
        ConsentCommand::Renew(args) => change::renew(app, &args).await,
        ConsentCommand::History(name) => log::history(app, &name).await,
        ConsentCommand::WhoUsed(args) => log::who_used(app, &args).await,
        ConsentCommand::Reconsent(command) => reconsent::run(app, command).await,
        ConsentCommand::Export(args) => export::export(app, &args).await,
        ConsentCommand::Receipt(name) => export::receipt(app, &name).await,
        ConsentCommand::Disclose(args) => show::disclose(app, &args).await,
        ConsentCommand::Contact(args) => person::contact(app, &args).await,
        ConsentCommand::StopOptOut(args) => person::stop_opt_out(app, &args).await,
        ConsentCommand::Request(command) => person::request(app, command).await,
        ConsentCommand::Delegate(args) => person::delegate(app, &args).await,
        ConsentCommand::EndDelegation(args) => person::end_delegation(app, &args).await,
        ConsentCommand::Recover(command) => person::recover(app, command).await,
        ConsentCommand::Shred(name) => show::shred(app, &name).await,
        ConsentCommand::Address(args) => person::address(app, &args).await,
        ConsentCommand::Words(args) => Ok(words::words(app, &args)),
        ConsentCommand::Directory(args) => words::directory(app, &args),
        ConsentCommand::Publish(args) => notice::publish(app, args).await,
    }
}

const fn standing_key(standing: ConsentStanding) -> &'static str {
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
