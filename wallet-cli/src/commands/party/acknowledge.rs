//! `party acknowledge`: what was done about a consent that ended.

use ledger_types::LegalBasisId;
use ledger_types::operation::{AcknowledgeWithdrawal, Deletion};

use crate::commands::prelude::*;

/// `party acknowledge`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("fate").args(["deleted", "retained"]).required(true)))]
pub(crate) struct AcknowledgeArgs {
    /// The consent that ended.
    pub(crate) consent: String,
    /// When the use stopped, such as 2026/11/22 18:00; a day alone means its beginning, 0:00.
    #[arg(long, value_name = "TIME")]
    pub(crate) stopped: String,
    /// The data was deleted.
    #[arg(long)]
    pub(crate) deleted: bool,
    /// The data is kept on this legal basis.
    #[arg(long, value_name = "BASIS")]
    pub(crate) retained: Option<u32>,
    /// A party that was told; may be repeated.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) told: Vec<u32>,
}

pub(crate) async fn run(app: &App, args: &AcknowledgeArgs) -> Result<Reply, Failure> {
    let consent = reading::consent(&args.consent)?;
    let stopped_at = calendar::read_from(&args.stopped)?;
    let deletion = match args.retained {
        Some(basis) => Deletion::Retained { basis: LegalBasisId::new(basis) },
        None => Deletion::Done,
    };
    let propagated_to = reading::parties(&args.told);
    let said = AcknowledgeWithdrawal { consent, stopped_at, deletion, propagated_to };
    let session = Session::begin(app).await?;
    let fate = if args.deleted { "label-deleted" } else { "label-retained" };
    Act::new("label-act-acknowledge", Operation::AcknowledgeWithdrawal(said))
        .line("label-consent", consent.get())
        .line("label-stopped", calendar::show(stopped_at))
        .line("label-data", app.text(fate, &[]))
        .data(json!({ "consent": consent, "deletion": deletion }))
        .next("kyojo party duties")
        .by_account(app, &session)
        .await
}
