//! `consent request`: a person asks a controller for the data, its correction, a stop or its erasure.

use ledger_types::operation::{RequestKind, SubjectRequest};

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// What is asked of a controller.
#[derive(Debug, Subcommand)]
pub(crate) enum RequestKindCommand<A: Args> {
    /// To see the data.
    Access(A),
    /// To correct it.
    Correct(A),
    /// To stop its use.
    Stop(A),
    /// To erase it.
    Erase(A),
}

impl<A: Args> RequestKindCommand<A> {
    /// What is asked, the key of the words for it, and the arguments.
    pub(crate) fn parts(self) -> (RequestKind, &'static str, A) {
        match self {
            Self::Access(args) => (RequestKind::Access, "label-act-request-access", args),
            Self::Correct(args) => (RequestKind::Correct, "label-act-request-correct", args),
            Self::Stop(args) => (RequestKind::Stop, "label-act-request-stop", args),
            Self::Erase(args) => (RequestKind::Erase, "label-act-request-erase", args),
        }
    }
}

/// `consent request`.
#[derive(Debug, Args)]
pub(crate) struct SubjectRequestArgs {
    /// Of whom: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// File with what you ask; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

pub(crate) async fn run(
    app: &App,
    command: RequestKindCommand<SubjectRequestArgs>,
) -> Result<Reply, Failure> {
    let (kind, what, args) = command.parts();
    let content = Evidence::of_file("request", &args.file)?;
    let people = People::begin(app).await?;
    let controller = args.party.id(app, &people.client).await?;
    let request = dated_id(people.client.network().clock.now());
    let commitment = content.commitment;
    let ask = SubjectRequest { request, controller, kind, commitment, on_behalf_of: None };
    Act::new(what, Operation::SubjectRequest(ask))
        .line("label-request", request)
        .data(json!({ "request": request, "party": controller, "kind": kind }))
        .evidence(None, content)
        .by_subject(app, &people, controller)
        .await
}
