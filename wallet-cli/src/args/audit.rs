//! What auditors say on the command line, and those who let them read.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use super::VerifyArgs;

/// `audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Shows what banks owe, and checks that everything adds up.
    Supply,
    /// Copies a node's log into a folder of standard tiles, and checks it.
    Log(AuditLogArgs),
    /// Who may read what; by the city or a university.
    #[command(subcommand)]
    View(ViewCommand),
    /// Reads what happened to a consent. The reading is written on the ledger first.
    Consent(AuditConsentArgs),
    /// Writes the proof of a transaction or a consent to a file.
    Prove(AuditProveArgs),
    /// Verifies a proof in a file, without any node.
    Verify(VerifyArgs),
    /// Counts what a party did between two days, and checks that it adds up.
    Report(AuditReportArgs),
}

/// `audit log`.
#[derive(Debug, ClapArgs)]
pub struct AuditLogArgs {
    /// The folder; a copy that is there is taken further.
    pub folder: PathBuf,
}

/// `audit view`.
#[derive(Debug, Subcommand)]
pub enum ViewCommand {
    /// Lets an auditor read.
    Grant(ViewGrantArgs),
    /// Ends it.
    End(ViewEndArgs),
}

/// `audit view grant`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("scope").args(["subject", "controller", "all"]).required(true)))]
pub struct ViewGrantArgs {
    /// Who may read: an auditing party's number.
    #[arg(long, value_name = "NUMBER")]
    pub auditor: u32,
    /// What concerns one subject.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: Option<String>,
    /// What concerns consents to one controller.
    #[arg(long, value_name = "NUMBER")]
    pub controller: Option<u32>,
    /// Everything.
    #[arg(long)]
    pub all: bool,
    /// Until which day.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub ground: PathBuf,
}

/// `audit view end`.
#[derive(Debug, ClapArgs)]
pub struct ViewEndArgs {
    /// The view.
    pub view: String,
}

/// `audit consent`.
#[derive(Debug, ClapArgs)]
pub struct AuditConsentArgs {
    /// The consent.
    pub consent: String,
    /// Whose it is: the subject's address.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: String,
    /// The audit view; without one, as the consent's controller.
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
}

/// `audit prove`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("proved").args(["transaction", "consent"]).required(true)))]
pub struct AuditProveArgs {
    /// The transaction.
    #[arg(long, value_name = "TRANSACTION")]
    pub transaction: Option<String>,
    /// The consent; by its controller or an auditor.
    #[arg(long, value_name = "CONSENT")]
    pub consent: Option<String>,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `audit report`.
#[derive(Debug, ClapArgs)]
pub struct AuditReportArgs {
    /// The party.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// From this day on.
    #[arg(long, value_name = "DATE")]
    pub from: String,
    /// To this day, included.
    #[arg(long, value_name = "DATE")]
    pub to: String,
    /// The audit view; the party itself and members that audit need none.
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
}
