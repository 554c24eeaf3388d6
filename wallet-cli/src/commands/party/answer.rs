//! `party answer`: a controller answers a person's request.

use ledger_types::LegalBasisId;
use ledger_types::operation::{AnswerSubjectRequest, RequestOutcome};

use crate::commands::prelude::*;

/// A request.
#[derive(Clone, Debug, Args)]
pub(crate) struct RequestName {
    /// The request.
    pub(crate) request: String,
}

/// `party answer`.
#[derive(Debug, Args)]
pub(crate) struct AnswerArgs {
    /// The request.
    #[command(flatten)]
    pub(crate) name: RequestName,
    /// What came of it.
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) outcome: OutcomeName,
    /// The legal basis on which it was refused.
    #[arg(long, value_name = "NUMBER", required_if_eq("outcome", "refused"))]
    pub(crate) basis: Option<u32>,
    /// File with the answer; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutcomeName {
    /// All was done.
    Done,
    /// Some was done.
    Partly,
    /// Nothing was done, on a legal basis.
    Refused,
}

pub(crate) async fn run(app: &App, args: &AnswerArgs) -> Result<Reply, Failure> {
    let request = read_hash(&args.name.request)?;
    let outcome = match args.outcome {
        OutcomeName::Done => RequestOutcome::Done,
        OutcomeName::Partly => RequestOutcome::Partly,
        OutcomeName::Refused => {
            let basis = args.basis.ok_or_else(|| {
                Failure::new(Exit::Usage, "err-usage-missing").with("argument", "--basis")
            })?;
            RequestOutcome::Refused { basis: LegalBasisId::new(basis) }
        }
    };
    let content = Evidence::of_file("answer", &args.file)?;
    let answered = AnswerSubjectRequest { request, outcome, commitment: content.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-answer", Operation::AnswerSubjectRequest(answered))
        .line("label-request", request)
        .data(json!({ "request": request, "outcome": outcome }))
        .evidence(None, content)
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}
