//! `party revoke`: a controller ends a consent; and how a consent is ended from another's side.

use ledger_types::operation::EndByController;

use crate::commands::prelude::*;

/// A consent that is ended by somebody else than its subject.
#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// The consent.
    pub(crate) consent: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) ground: PathBuf,
}

pub(crate) async fn run(app: &App, args: &EndArgs) -> Result<Reply, Failure> {
    let (consent, ground) =
        (reading::consent(&args.consent)?, Evidence::of_file("ground", &args.ground)?);
    let operation =
        Operation::EndByController(EndByController { consent, ground: ground.commitment });
    end(app, "label-act-revoke", operation, consent, ground).await
}

pub(crate) async fn end(
    app: &App,
    what: &'static str,
    operation: Operation,
    consent: ConsentId,
    ground: Evidence,
) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    Act::new(what, operation)
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent }))
        .evidence(Some(consent), ground)
        .by_account(app, &session)
        .await
}
