//! `audit`: what anyone may check, and what auditors see.

mod account;
mod consent;
mod log;
mod prove;
mod report;
mod supply;
mod view;

use crate::commands::prelude::*;
use crate::commands::verify::VerifyArgs;

/// `audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Shows what banks owe, and checks that everything adds up.
    Supply,
    /// Copies a node's log into a folder of standard tiles, and checks it.
    Log(log::AuditLogArgs),
    /// Who may read what; by the city or a university.
    #[command(subcommand)]
    View(view::ViewCommand),
    /// Reads what happened to an account. The reading is written on the ledger first.
    Account(account::AuditAccountArgs),
    /// Reads what happened to a consent. The reading is written on the ledger first.
    Consent(consent::AuditConsentArgs),
    /// Writes the proof of a transaction, a consent or an access to a file.
    Prove(prove::AuditProveArgs),
    /// Verifies a proof in a file, without any node.
    Verify(VerifyArgs),
    /// Counts what a party did between two days, and checks that it adds up.
    Report(report::AuditReportArgs),
}

pub(crate) async fn run(app: &App, command: AuditCommand) -> Result<Reply, Failure> {
    match command {
        AuditCommand::Supply => supply::run(app).await,
        AuditCommand::Log(args) => log::run(app, &args.folder).await,
        AuditCommand::View(command) => view::run(app, command).await,
        AuditCommand::Account(args) => account::run(app, args).await,
        AuditCommand::Consent(args) => consent::run(app, &args).await,
        AuditCommand::Prove(args) => prove::run(app, &args).await,
        AuditCommand::Verify(args) => crate::commands::verify::run(app, &args),
        AuditCommand::Report(args) => report::run(app, &args).await,
    }
}
