//! `party notify`: the person of a broken glass was told.

use ledger_types::operation::NotifySubject;

use crate::commands::prelude::*;

/// `party notify`.
#[derive(Debug, Args)]
pub(crate) struct NotifyArgs {
    /// The broken glass.
    pub(crate) glass: String,
    /// File with the evidence that the person was told; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn run(app: &App, args: &NotifyArgs) -> Result<Reply, Failure> {
    let glass = read_hash(&args.glass)?;
    let evidence = Evidence::of_file("that the person was told", &args.evidence)?;
    let told = NotifySubject { glass, evidence: evidence.commitment };
    let session = Session::begin(app).await?;
    Act::new("label-act-notify", Operation::NotifySubject(told))
        .line("label-glass", glass)
        .data(json!({ "glass": glass }))
        .evidence(None, evidence)
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}
