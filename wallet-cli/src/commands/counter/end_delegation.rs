//! `counter end-delegation`: the end of a guardian's authority.

use ledger_types::operation::EndDelegation;

use crate::commands::prelude::*;

/// `counter end-delegation`.
#[derive(Debug, Args)]
pub(crate) struct CounterEndDelegationArgs {
    /// For whom the guardian acted.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
    /// The guardian.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) guardian: String,
}

pub(crate) async fn run(app: &App, args: &CounterEndDelegationArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let subject = reading::address(&args.subject, prefix)?;
    let guardian = reading::address(&args.guardian, prefix)?;
    let end = EndDelegation { subject, guardian };
    Act::new("label-act-end-delegation", Operation::EndDelegation(end))
        .line("label-subject", &args.subject)
        .line("label-guardian", &args.guardian)
        .data(json!({ "subject": args.subject, "guardian": args.guardian }))
        .by_account(app, &session)
        .await
}
