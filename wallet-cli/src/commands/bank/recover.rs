//! `bank recover`: other keys for an account whose holder lost them, after three days.

use ledger_types::operation::{ExecuteAccountRecovery, KeyLoss, ProposeAccountRecovery};

use crate::acting::payee::read_payee;
use crate::commands::bank::keys::GivenKeys;
use crate::commands::prelude::*;

/// `bank recover`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankRecoverCommand {
    /// Proposes other keys; the holder has three days to object.
    Propose(ProposeArgs),
    /// Lets the proposed keys take over.
    Execute(ExecuteArgs),
}

/// `bank recover propose`.
#[derive(Debug, Args)]
pub(crate) struct ProposeArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
    /// The holder's new keys.
    #[command(flatten)]
    pub(crate) given: GivenKeys,
    /// How many of the keys a transaction needs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) threshold: u16,
    /// File with the proof of identity; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
    /// The keys were stolen: they can neither object nor be exchanged, a counter objects for them.
    #[arg(long)]
    pub(crate) stolen: bool,
}

/// `bank recover execute`.
#[derive(Debug, Args)]
pub(crate) struct ExecuteArgs {
    /// The account, or the name of a wallet on this machine.
    pub(crate) account: String,
}

async fn propose(app: &App, args: &ProposeArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let keys = args.given.read(session.client.network().id())?;
    let loss = if args.stolen { KeyLoss::Stolen } else { KeyLoss::Lost };
    let proposed = ProposeAccountRecovery {
        account: payee.account,
        keys: keys.clone(),
        threshold: args.threshold,
        evidence: evidence.commitment,
        loss,
    };
    let operation = Operation::ProposeAccountRecovery(proposed);
    Act::new("label-act-propose-recovery", operation)
        .line("label-address", payee.shown(app))
        .data(json!({ "account": payee.address, "keys": keys, "loss": loss }))
        .evidence(None, evidence)
        .next(format!("kyojo bank recover execute {}", payee.address))
        .by_account(app, &session)
        .await
}

async fn execute(app: &App, args: &ExecuteArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let executed = ExecuteAccountRecovery { account: payee.account };
    let operation = Operation::ExecuteAccountRecovery(executed);
    Act::new("label-act-execute-recovery", operation)
        .line("label-address", payee.shown(app))
        .data(json!({ "account": payee.address }))
        .by_account(app, &session)
        .await
}

pub(crate) async fn run(app: &App, command: BankRecoverCommand) -> Result<Reply, Failure> {
    match command {
        BankRecoverCommand::Propose(args) => propose(app, &args).await,
        BankRecoverCommand::Execute(args) => execute(app, &args).await,
    }
}
