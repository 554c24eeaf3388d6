//! `counter request`: what somebody asks of a controller.

use ledger_types::operation::SubjectRequest;

use crate::acting::naming::PartyRef;
use crate::commands::consent::request::RequestKindCommand;
use crate::commands::prelude::*;

use super::register;

/// `counter request`.
#[derive(Debug, Args)]
pub(crate) struct CounterRequestArgs {
    /// Of whom: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// For whom: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
    /// File with what is asked; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

pub(crate) async fn run(
    app: &App,
    command: RequestKindCommand<CounterRequestArgs>,
) -> Result<Reply, Failure> {
    let (kind, what, args) = command.parts();
    let content = Evidence::of_file("request", &args.file)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let request = dated_id(session.client.network().clock.now());
    let controller = args.party.id(app, &session.client).await?;
    let commitment = content.commitment;
    let ask = SubjectRequest { request, controller, kind, commitment, on_behalf_of: Some(subject) };
    let registered = register::by_the_way(&session, subject, commitment).await?;
    Act::new(what, Operation::SubjectRequest(ask))
        .after(registered)
        .line("label-request", request)
        .line("label-controller", controller)
        .data(json!({ "request": request, "party": controller, "kind": kind,
                      "subject": args.subject }))
        .evidence(None, content)
        .by_account(app, &session)
        .await
}
