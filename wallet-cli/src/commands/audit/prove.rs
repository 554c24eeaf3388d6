//! `audit prove`: the proof of a transaction, a consent or an access.

use ledger_types::TransactionId;
use node_api::query::Right;

use crate::commands::prelude::*;
use crate::proof::file;

/// `audit prove`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("proved").args(["transaction", "consent", "access"]).required(true)))]
pub(crate) struct AuditProveArgs {
    /// The transaction.
    #[arg(long, value_name = "TRANSACTION")]
    pub(crate) transaction: Option<String>,
    /// The consent; by its controller or an auditor.
    #[arg(long, value_name = "CONSENT")]
    pub(crate) consent: Option<String>,
    /// The access, by whoever took part in it: that what happened to it is in the log.
    #[arg(long, value_name = "ACCESS")]
    pub(crate) access: Option<String>,
    /// The new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

pub(crate) async fn run(app: &App, args: &AuditProveArgs) -> Result<Reply, Failure> {
    if let Some(text) = &args.transaction {
        let id = TransactionId::new(read_hash(text)?);
        let client = app.client().await?;
        let reply = Reply::new(json!({ "of": id }), id.to_string());
        let bundle = client.receipt_bundle(&id);
        return file::attach(app, reply, &client, bundle, Some(&args.out)).await;
    }
    if let Some(text) = &args.access {
        let id = read_hash(text)?;
        let session = Session::begin(app).await?;
        let reader = app.unlock(&session.wallet)?.reader();
        let reply = Reply::new(json!({ "of": id }), id.to_string());
        let right = Right::default();
        let bundle = session.client.access_bundle(&id, &right, &reader);
        return file::attach(app, reply, &session.client, bundle, Some(&args.out)).await;
    }
    let text = args.consent.as_deref().ok_or_else(|| {
        let missing = "--transaction, --consent, --access";
        Failure::new(Exit::Usage, "err-usage-missing").with("argument", missing)
    })?;
    let consent = ConsentId::new(read_hash(text)?);
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let reply = Reply::new(json!({ "of": consent }), consent.get().to_string());
    let right = Right::default();
    let bundle = session.client.consent_bundle(&consent, &right, &reader);
    file::attach(app, reply, &session.client, bundle, Some(&args.out)).await
}
