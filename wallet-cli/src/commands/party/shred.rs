//! `party shred`: what was kept of an ended consent is destroyed, and that is said.

use ledger_types::operation::AcknowledgeShred;

use crate::commands::prelude::*;
use crate::consents::Consents;

/// `party shred`.
#[derive(Debug, Args)]
pub(crate) struct ShredArgs {
    /// The consent, which has ended.
    pub(crate) consent: String,
}

/// Destroys what this wallet's vault has of a consent, then says so on the ledger.
pub(crate) async fn run(app: &App, args: &ShredArgs) -> Result<Reply, Failure> {
    let consent = reading::consent(&args.consent)?;
    let session = Session::begin(app).await?;
    let party = session.party()?;
    let lines = [(app.text("label-shred", &[]), consent.get().to_string())];
    if app.global.dry_run {
        let text = app.text("note-dry-run", &[]);
        return Ok(Reply::new(json!({ "dry_run": true, "consent": consent }), text));
    }
    app.confirm(&lines)?;
    let status = session.client.status().await?;
    let secrets = app.secrets(&session.wallet)?;
    let alias = &session.wallet.header.alias;
    let record = {
        let kept = Consents::open(&app.settings.folders, alias, &secrets)?;
        kept.shred(&consent, status.time.get())?
    };
    let genesis = session.client.network().genesis_hash;
    let digest = record.acknowledgement(&genesis, party);
    let said = AcknowledgeShred { consent, digest };
    Act::new("label-act-shred", Operation::AcknowledgeShred(said))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "record": record, "digest": digest }))
        .unasked()
        .by_account(app, &session)
        .await
}
