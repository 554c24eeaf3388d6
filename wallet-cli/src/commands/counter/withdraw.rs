//! `counter withdraw`: a consent ends for its subject, on proved identity.

use ledger_types::operation::WithdrawFor;

use crate::commands::prelude::*;

/// `counter withdraw`.
#[derive(Debug, Args)]
pub(crate) struct CounterWithdrawArgs {
    /// The consent: its number on the slip.
    pub(crate) consent: String,
    /// File with the proof of identity; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn run(app: &App, args: &CounterWithdrawArgs) -> Result<Reply, Failure> {
    let consent = ConsentId::new(read_hash(&args.consent)?);
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let withdraw = WithdrawFor { consent, evidence: evidence.commitment };
    Act::new("label-act-withdraw-for", Operation::WithdrawFor(withdraw))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent }))
        .evidence(Some(consent), evidence)
        .by_account(app, &session)
        .await
}
