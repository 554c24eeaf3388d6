//! `party`: what controllers, holders, recipients, emergency services and the registrar do.

mod access;
mod dividend;
pub(super) mod duties;
mod ending;
mod glass;
mod publish;
mod record;
mod register;

use consent_records::commitment::Opening;
use ledger_types::PartyId;
use serde_json::json;

use super::notice;
use super::reading::TAG_PERSON;
use super::transact::Session;
use crate::app::App;
use crate::args::{PartyCommand, PersonArgs, PublishCommand};
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::output::Reply;
use crate::settings::file_failure;

pub(super) async fn run(app: &App, command: PartyCommand) -> Result<Reply, Failure> {
    match command {
        PartyCommand::Register(args) => register::register(app, &args).await,
        PartyCommand::Update(args) => register::update(app, &args).await,
        PartyCommand::Publish(PublishCommand::Notice(args)) => notice::publish(app, args).await,
        PartyCommand::Publish(command) => publish::run(app, command).await,
        PartyCommand::Duties(args) => duties::run(app, &args).await,
        PartyCommand::Acknowledge(args) => ending::acknowledge(app, &args).await,
        PartyCommand::Answer(args) => ending::answer(app, &args).await,
        PartyCommand::Reconsent(command) => ending::reconsent(app, command).await,
        PartyCommand::Access(command) => access::run(app, command).await,
        PartyCommand::Record(command) => record::run(app, command).await,
        PartyCommand::BreakGlass(args) => glass::break_glass(app, &args).await,
        PartyCommand::Notify(args) => glass::notify(app, &args).await,
        PartyCommand::Review(args) => glass::review(app, &args).await,
        PartyCommand::Revoke(args) => ending::revoke(app, &args).await,
        PartyCommand::Invalidate(args) => ending::invalidate(app, &args).await,
        PartyCommand::Shred(args) => ending::shred(app, &args).await,
        PartyCommand::Dividend(args) => dividend::run(app, &args).await,
        PartyCommand::Emergency(command) => glass::emergency(app, command).await,
        PartyCommand::Person(args) => person(app, &args),
    }
}

/// The party that the wallet acts for.
fn own(session: &Session) -> Result<PartyId, Failure> {
    session.attached.party.ok_or_else(|| {
        Failure::new(Exit::Config, "err-not-a-party").with("wallet", &session.wallet.header.alias)
    })
}

/// Makes a person's number, and the file that opens it for those who must know the person.
fn person(app: &App, args: &PersonArgs) -> Result<Reply, Failure> {
    let text =
        std::fs::read_to_string(&args.file).map_err(|error| file_failure(&args.file, &error))?;
    let opening = Opening::fresh(json!({ "version": 1, "person": text.trim() }));
    let internal = || Failure::new(Exit::Other, "err-internal");
    let person = opening.commitment(TAG_PERSON).map_err(|_| internal())?;
    let file = serde_json::to_vec_pretty(&opening).map_err(|_| internal())?;
    write_private(&args.out, &file, Existing::Keep)
        .map_err(|error| file_failure(&args.out, &error))?;
    let (number, path) = (person.to_string(), args.out.display().to_string());
    let text = app.text("done-person", &[("person", &number), ("path", &path)]);
    Ok(Reply::new(json!({ "person": person, "file": path }), text))
}
