//! `audit view`: who may read what.

use ledger_types::operation::{AuditScope, EndAuditView, GrantAuditView};

use crate::acting::naming::{self, PartyRef};
use crate::commands::prelude::*;

/// `audit view`.
#[derive(Debug, Subcommand)]
pub(crate) enum ViewCommand {
    /// Lets an auditor read.
    Grant(ViewGrantArgs),
    /// Ends it.
    End(ViewEndArgs),
}

/// `audit view grant`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("scope").args(["subject", "controller", "account", "bank", "zone", "all"]).required(true)))]
pub(crate) struct ViewGrantArgs {
    /// Who may read: an auditing party's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) auditor: PartyRef,
    /// What concerns one subject.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: Option<String>,
    /// What concerns consents to one controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) controller: Option<PartyRef>,
    /// One account.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) account: Option<String>,
    /// The accounts that a bank keeps.
    #[arg(long, value_name = "BANK")]
    pub(crate) bank: Option<String>,
    /// The accounts in a zone.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Everything.
    #[arg(long)]
    pub(crate) all: bool,
    /// The last day, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) ground: PathBuf,
}

/// `audit view end`.
#[derive(Debug, Args)]
pub(crate) struct ViewEndArgs {
    /// The view.
    pub(crate) view: String,
}

pub(crate) async fn run(app: &App, command: ViewCommand) -> Result<Reply, Failure> {
    match command {
        ViewCommand::Grant(args) => grant(app, &args).await,
        ViewCommand::End(args) => end(app, &args).await,
    }
}

async fn grant(app: &App, args: &ViewGrantArgs) -> Result<Reply, Failure> {
    let ground = Evidence::of_file("ground", &args.ground)?;
    let until = calendar::read_until(&args.until)?;
    let session = Session::begin(app).await?;
    let scope = scope(app, args, &session).await?;
    let (view, auditor) = (random_id(), args.auditor.id(app, &session.client).await?);
    let granted = GrantAuditView { view, auditor, scope, until, ground: ground.commitment };
    Act::new("label-act-grant-view", Operation::GrantAuditView(granted))
        .line("label-party", auditor)
        .line("label-view", view)
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "view": view, "auditor": auditor }))
        .evidence(None, ground)
        .next(format!("kyojo audit view end {view}"))
        .by_account(app, &session)
        .await
}

async fn scope(app: &App, args: &ViewGrantArgs, session: &Session) -> Result<AuditScope, Failure> {
    let prefix = &session.attached.address_prefix;
    Ok(if let Some(text) = &args.subject {
        AuditScope::Subject { subject: reading::address(text, prefix)? }
    } else if let Some(controller) = &args.controller {
        AuditScope::Controller { controller: controller.id(app, &session.client).await? }
    } else if let Some(text) = &args.account {
        AuditScope::Account { account: reading::address(text, prefix)? }
    } else if let Some(bank) = &args.bank {
        AuditScope::Bank { bank: naming::bank(app, &session.client, bank).await? }
    } else if let Some(zone) = &args.zone {
        AuditScope::Zone { zone: naming::zone(app, &session.client, Some(zone), &[]).await?.id }
    } else {
        AuditScope::All
    })
}

async fn end(app: &App, args: &ViewEndArgs) -> Result<Reply, Failure> {
    let view = read_hash(&args.view)?;
    let session = Session::begin(app).await?;
    Act::new("label-act-end-view", Operation::EndAuditView(EndAuditView { view }))
        .line("label-view", view)
        .data(json!({ "view": view }))
        .by_account(app, &session)
        .await
}
