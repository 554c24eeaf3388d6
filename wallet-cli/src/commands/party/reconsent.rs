//! `party reconsent`: a controller asks those who consented to renew.

use ledger_types::NoticeId;
use ledger_types::operation::RequestReconsent;

use crate::commands::prelude::*;

/// `party reconsent`.
#[derive(Debug, Subcommand)]
pub(crate) enum PartyReconsentCommand {
    /// Asks those who consented under a notice to renew. Silence lets the consent lapse.
    Request(ReconsentRequestArgs),
}

/// `party reconsent request`.
#[derive(Debug, Args)]
pub(crate) struct ReconsentRequestArgs {
    /// The notice, in its current version.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) notice: u32,
    /// File with the reason; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) reason: PathBuf,
    /// The last day for answers, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
}

pub(crate) async fn run(app: &App, command: PartyReconsentCommand) -> Result<Reply, Failure> {
    let PartyReconsentCommand::Request(args) = command;
    let reason = Evidence::of_file("reason", &args.reason)?;
    let deadline = calendar::read_until(&args.until)?;
    let session = Session::begin(app).await?;
    let party = session.party()?;
    let notice = session.client.notice(party, NoticeId::new(args.notice)).await?;
    let request = random_id();
    let asked = RequestReconsent {
        request,
        notice: NoticeId::new(args.notice),
        version: notice.version,
        reason: reason.commitment,
        deadline,
    };
    Act::new("label-act-request-reconsent", Operation::RequestReconsent(asked))
        .line("label-notice", app.versioned(args.notice, notice.version))
        .line("label-answer-before", calendar::show_end(app.output.lang, deadline))
        .data(json!({ "request": request, "notice": args.notice, "version": notice.version }))
        .evidence(None, reason)
        .by_account(app, &session)
        .await
}
