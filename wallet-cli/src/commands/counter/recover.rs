//! `counter recover`: a new key for somebody who lost the old one, after three days.

use ledger_types::PublicKey;
use ledger_types::operation::{ExecuteRecovery, ProposeRecovery};

use crate::commands::prelude::*;

/// `counter recover`.
#[derive(Debug, Subcommand)]
pub(crate) enum CounterRecoverCommand {
    /// Proposes a new key; the person has three days to object.
    Propose(ProposeRecoveryArgs),
    /// Lets the new key take over.
    Execute(ExecuteRecoveryArgs),
}

/// `counter recover propose`.
#[derive(Debug, Args)]
pub(crate) struct ProposeRecoveryArgs {
    /// Whose key was lost: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
    /// The new key (kyojo consent address, with the new wallet).
    #[arg(long, value_name = "KEY")]
    pub(crate) key: PublicKey,
    /// File with the proof of identity; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

/// `counter recover execute`.
#[derive(Debug, Args)]
pub(crate) struct ExecuteRecoveryArgs {
    /// Whose key was lost.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
}

async fn propose(app: &App, args: &ProposeRecoveryArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let proposed = ProposeRecovery { subject, key: args.key, evidence: evidence.commitment };
    Act::new("label-act-propose-recovery", Operation::ProposeRecovery(proposed))
        .line("label-subject", &args.subject)
        .line("label-public-key", args.key)
        .data(json!({ "subject": args.subject, "key": args.key }))
        .evidence(None, evidence)
        .next(format!("kyojo counter recover execute --subject {}", args.subject))
        .by_account(app, &session)
        .await
}

async fn execute(app: &App, args: &ExecuteRecoveryArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let executed = ExecuteRecovery { subject };
    Act::new("label-act-execute-recovery", Operation::ExecuteRecovery(executed))
        .line("label-subject", &args.subject)
        .data(json!({ "subject": args.subject }))
        .by_account(app, &session)
        .await
}

pub(crate) async fn run(app: &App, command: CounterRecoverCommand) -> Result<Reply, Failure> {
    match command {
        CounterRecoverCommand::Propose(args) => propose(app, &args).await,
        CounterRecoverCommand::Execute(args) => execute(app, &args).await,
    }
}
