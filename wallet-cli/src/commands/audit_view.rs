//! `audit view`, `audit consent` and `audit prove`: who may read, a reading that is logged, proofs.

use consent_records::commitment::random_id;
use ledger_types::operation::{AuditScope, EndAuditView, GrantAuditView, ReadAccessLog, ReadRight};
use ledger_types::{ConsentId, Operation, PartyId, TransactionId};
use node_api::query::Right;
use serde_json::json;

use super::act::Act;
use super::consent::{describe, of_consent};
use super::transact::{Sender, Session};
use super::{proof_file, read_hash, reading};
use crate::app::App;
use crate::args::{AuditConsentArgs, AuditProveArgs, ViewCommand, ViewEndArgs, ViewGrantArgs};
use crate::calendar;
use crate::consents::Evidence;
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::output::{Reply, table};
use crate::told::Line;

pub(super) async fn run(app: &App, command: ViewCommand) -> Result<Reply, Failure> {
    match command {
        ViewCommand::Grant(args) => grant(app, &args).await,
        ViewCommand::End(args) => end(app, &args).await,
    }
}

async fn grant(app: &App, args: &ViewGrantArgs) -> Result<Reply, Failure> {
    let ground = Evidence::of_file("ground", &args.ground)?;
    let until = calendar::read_time(&args.until)?;
    let session = Session::begin(app).await?;
    let scope = match (&args.subject, args.controller) {
        (Some(text), _) => {
            let subject = reading::address(text, &session.attached.address_prefix)?;
            AuditScope::Subject { subject }
        }
        (None, Some(controller)) => AuditScope::Controller { controller: PartyId::new(controller) },
        (None, None) => AuditScope::All,
    };
    let (view, auditor) = (random_id(), PartyId::new(args.auditor));
    let granted = GrantAuditView { view, auditor, scope, until, ground: ground.commitment };
    Act::new("label-act-grant-view", Operation::GrantAuditView(granted))
        .line("label-party", auditor)
        .line("label-view", view)
        .line("label-until", calendar::show(until))
        .data(json!({ "view": view, "auditor": auditor }))
        .evidence(None, ground)
        .next(format!("kyojo audit view end {view}"))
        .by_account(app, &session)
        .await
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

/// Writes on the ledger that the log is read, says so, and only then reads it.
pub(super) async fn consent(app: &App, args: &AuditConsentArgs) -> Result<Reply, Failure> {
    let consent = ConsentId::new(read_hash(&args.consent)?);
    let view = args.view.as_deref().map(read_hash).transpose()?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let right = match view {
        Some(view) => ReadRight::View { view, consent: Some(consent) },
        None => ReadRight::Consent { consent },
    };
    let read = random_id();
    let mut lines = session.lines(app);
    lines.push((app.text("label-act", &[]), app.text("label-act-read-log", &[])));
    lines.push((app.text("label-consent", &[]), consent.get().to_string()));
    lines.push((app.text("label-subject", &[]), args.subject.clone()));
    if app.global.dry_run {
        let text = app.text("note-dry-run", &[]);
        return Ok(Reply::new(json!({ "dry_run": true, "consent": consent }), text));
    }
    app.confirm(&lines)?;
    let unlocked = app.unlock(&session.wallet)?;
    let operation = Operation::ReadAccessLog(ReadAccessLog { read, subject, right });
    let sender = Sender::of(&unlocked);
    let receipt = sender.send(app, &session.client, vec![operation]).await?;
    let height = receipt.height.to_string();
    let logged = app.text("note-reading-logged", &[("height", &height)]);
    let lines = of_consent(&session.client, &consent, Some(read), &unlocked.reader()).await?;
    let directory = Directory::of(&app.settings.folders)?;
    let titles = ["label-time", "label-what", "label-transaction"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|Line { entry, told }| {
            let transaction = entry.transaction.map(|id| id.to_string()).unwrap_or_default();
            let at = calendar::show(entry.time.get());
            vec![at, describe(app, &directory, told), transaction]
        })
        .collect();
    let data = json!({ "consent": consent, "read": read, "transaction": receipt.transaction,
                       "height": receipt.height, "entries": lines });
    let text = format!("{logged}\n\n{}", table(&titles, &rows, &[]));
    Ok(Reply::new(data, text)
        .next(format!("kyojo audit prove --consent {} --out FILE", consent.get())))
}

pub(super) async fn prove(app: &App, args: &AuditProveArgs) -> Result<Reply, Failure> {
    if let Some(text) = &args.transaction {
        let id = TransactionId::new(read_hash(text)?);
        let client = app.client().await?;
        let reply = Reply::new(json!({ "of": id }), id.to_string());
        let bundle = client.receipt_bundle(&id);
        return proof_file::attach(app, reply, &client, bundle, Some(&args.out)).await;
    }
    let text = args.consent.as_deref().ok_or_else(|| {
        Failure::new(Exit::Usage, "err-usage-missing").with("argument", "--transaction, --consent")
    })?;
    let consent = ConsentId::new(read_hash(text)?);
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let reply = Reply::new(json!({ "of": consent }), consent.get().to_string());
    let right = Right::default();
    let bundle = session.client.consent_bundle(&consent, &right, &reader);
    proof_file::attach(app, reply, &session.client, bundle, Some(&args.out)).await
}
