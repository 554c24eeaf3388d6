//! What people do beside consenting: contacts, objections, requests, guardians, a veto, an address.

use consent_records::commitment::random_id;
use ledger_types::operation::{
    Delegate, EndDelegation, RegisterContact, StopOptOut, SubjectRequest, VetoRecovery,
};
use ledger_types::{Operation, PartyId};
use serde_json::json;

use crate::app::App;
use crate::args::{
    AddressArgs, ConsentDelegateArgs, ConsentEndDelegationArgs, ContactArgs, RecoverSelfCommand,
    RequestKindCommand, StopOptOutArgs, SubjectRequestArgs,
};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::people::People;
use crate::commands::reading::{self, TAG_PERSON};
use crate::commands::{guardians, read_hash};
use crate::consents::Evidence;
use crate::failure::{Exit, Failure};
use crate::output::{Reply, fields};

/// The wallet as one controller knows it; a new wallet needs nothing else to be found.
pub(super) async fn address(app: &App, args: &AddressArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let (_, reader) = people.towards(PartyId::new(args.party));
    let key = reader.key.public_key();
    let lines = [
        (app.text("label-address", &[]), reader.address.clone()),
        (app.text("label-public-key", &[]), key.to_string()),
    ];
    let data = json!({ "party": args.party, "address": reader.address, "public_key": key });
    Ok(Reply::new(data, fields(&lines)))
}

pub(super) async fn contact(app: &App, args: &ContactArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let mailbox = args.mailbox.as_deref().map_or_else(|| Ok(random_id()), read_hash)?;
    Act::new("label-act-contact", Operation::RegisterContact(RegisterContact { mailbox }))
        .line("label-mailbox", mailbox)
        .data(json!({ "mailbox": mailbox, "party": args.party }))
        .by_subject(app, &people, PartyId::new(args.party))
        .await
}

/// Objecting is never harder than consenting, so nothing is asked.
pub(super) async fn stop_opt_out(app: &App, args: &StopOptOutArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = PartyId::new(args.party);
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let stop = StopOptOut { controller: party, scheme: args.scheme, person, evidence: None };
    Act::new("label-act-stop-opt-out", Operation::StopOptOut(stop))
        .line("label-scheme", args.scheme)
        .data(json!({ "party": party, "scheme": args.scheme, "person": person }))
        .unasked()
        .by_subject(app, &people, party)
        .await
}

pub(super) async fn request(
    app: &App,
    command: RequestKindCommand<SubjectRequestArgs>,
) -> Result<Reply, Failure> {
    let (kind, what, args) = command.parts();
    let content = Evidence::of_file("request", &args.file)?;
    let people = People::begin(app).await?;
    let controller = PartyId::new(args.party);
    let request = random_id();
    let commitment = content.commitment;
    let ask = SubjectRequest { request, controller, kind, commitment, on_behalf_of: None };
    Act::new(what, Operation::SubjectRequest(ask))
        .line("label-request", request)
        .data(json!({ "request": request, "party": controller, "kind": kind }))
        .evidence(None, content)
        .by_subject(app, &people, controller)
        .await
}

pub(super) async fn delegate(app: &App, args: &ConsentDelegateArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("guardianship", &args.evidence)?;
    let until = calendar::read_time(&args.until)?;
    let people = People::begin(app).await?;
    let party = PartyId::new(args.party);
    let (subject, _) = people.towards(party);
    let guardian = reading::address(&args.guardian, people.prefix())?;
    let given = Delegate {
        subject,
        subject_key: None,
        guardian,
        powers: guardians::powers(&args.powers),
        until,
        evidence: evidence.commitment,
    };
    Act::new("label-act-delegate", Operation::Delegate(given))
        .line("label-guardian", &args.guardian)
        .line("label-until", calendar::show(until))
        .data(json!({ "party": party, "guardian": args.guardian }))
        .evidence(None, evidence)
        .by_subject(app, &people, party)
        .await
}

pub(super) async fn end_delegation(
    app: &App,
    args: &ConsentEndDelegationArgs,
) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = PartyId::new(args.party);
    let (own, _) = people.towards(party);
    let read = |text: &String| reading::address(text, people.prefix());
    let (subject, guardian) = match (&args.subject, &args.guardian) {
        (Some(subject), _) => (read(subject)?, own),
        (None, Some(guardian)) => (own, read(guardian)?),
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "err-usage-missing")
                .with("argument", "--guardian, --subject"));
        }
    };
    Act::new(
        "label-act-end-delegation",
        Operation::EndDelegation(EndDelegation { subject, guardian }),
    )
    .data(json!({ "party": party }))
    .unasked()
    .by_subject(app, &people, party)
    .await
}

pub(super) async fn recover(app: &App, command: RecoverSelfCommand) -> Result<Reply, Failure> {
    let RecoverSelfCommand::Veto(args) = command;
    let people = People::begin(app).await?;
    let party = PartyId::new(args.party);
    Act::new("label-act-veto-recovery", Operation::VetoRecovery(VetoRecovery {}))
        .data(json!({ "party": party }))
        .unasked()
        .by_subject(app, &people, party)
        .await
}
