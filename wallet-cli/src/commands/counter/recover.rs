//! `counter recover`: a new key for somebody who lost the old one, after three days.

use ledger_types::PublicKey;
use ledger_types::operation::{
    ExecuteRecovery, KeyLoss, ProposeRecovery, VetoAccountRecovery, VetoRecovery,
};

use crate::commands::prelude::*;

/// `counter recover`.
#[derive(Debug, Subcommand)]
pub(crate) enum CounterRecoverCommand {
    /// Proposes a new key; the person has three days to object.
    Propose(ProposeRecoveryArgs),
    /// Lets the new key take over; any counter may.
    Execute(ExecuteRecoveryArgs),
    /// Refuses the new keys for somebody who still has theirs, on proved identity.
    Veto(VetoRecoveryArgs),
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
    /// The key was stolen: it can only narrow and end, and another organisation's counter objects.
    #[arg(long)]
    pub(crate) stolen: bool,
}

/// `counter recover execute`.
#[derive(Debug, Args)]
pub(crate) struct ExecuteRecoveryArgs {
    /// Whose key was lost.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
}

/// `counter recover veto`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("whose").args(["subject", "account"]).required(true)))]
pub(crate) struct VetoRecoveryArgs {
    /// Whose keys they are: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: Option<String>,
    /// Whose keys they are: an account that holds money.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) account: Option<String>,
}

async fn propose(app: &App, args: &ProposeRecoveryArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let loss = if args.stolen { KeyLoss::Stolen } else { KeyLoss::Lost };
    let commitment = evidence.commitment;
    let proposed = ProposeRecovery { subject, key: args.key, evidence: commitment, loss };
    Act::new("label-act-propose-recovery", Operation::ProposeRecovery(proposed))
        .line("label-subject", &args.subject)
        .line("label-public-key", args.key)
        .data(json!({ "subject": args.subject, "key": args.key, "loss": loss }))
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

async fn veto(app: &App, args: &VetoRecoveryArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let whose = |text: &String| reading::address(text, prefix);
    let (subject, account) = (&args.subject, &args.account);
    let operation = match (subject, account) {
        (None, Some(text)) => {
            Operation::VetoAccountRecovery(VetoAccountRecovery { on_behalf_of: Some(whose(text)?) })
        }
        (subject, _) => {
            let on_behalf_of = subject.as_ref().map(whose).transpose()?;
            Operation::VetoRecovery(VetoRecovery { on_behalf_of })
        }
    };
    Act::new("label-act-veto-recovery", operation)
        .line("label-subject", subject.as_ref().or(account.as_ref()).map_or("", String::as_str))
        .data(json!({ "subject": subject, "account": account }))
        .by_account(app, &session)
        .await
}

pub(crate) async fn run(app: &App, command: CounterRecoverCommand) -> Result<Reply, Failure> {
    match command {
        CounterRecoverCommand::Propose(args) => propose(app, &args).await,
        CounterRecoverCommand::Execute(args) => execute(app, &args).await,
        CounterRecoverCommand::Veto(args) => veto(app, &args).await,
    }
}
