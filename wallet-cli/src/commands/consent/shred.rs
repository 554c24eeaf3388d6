//! `consent shred`: the end of what is kept of a consent.

use ledger_types::Timestamp;

use crate::commands::prelude::*;

/// Destroys what this wallet keeps of a consent; only after its end, so that nothing is lost that a
/// person still needs to show.
pub(crate) async fn run(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let consent = people.consent(&name.consent)?;
    if people.consents.shredded(&consent)?.is_none() {
        let named = people.named(app, name).await?;
        let body = people.body(named).await?;
        if body.ended.is_none() {
            return Err(Failure::new(Exit::Refused, "err-shred-before-end"));
        }
    }
    let lines = [(app.text("label-shred", &[]), consent.get().to_string())];
    if app.global.dry_run {
        let text = format!("{}\n{}", fields(&lines), app.text("note-dry-run", &[]));
        return Ok(Reply::new(json!({ "dry_run": true, "consent": consent }), text));
    }
    app.confirm(&lines)?;
    let status = people.client.status().await?;
    let now: Timestamp = status.time.get();
    let record = people.consents.shred(&consent, now)?;
    let count = record.documents.to_string();
    let text = app.text("done-shredded", &[("count", &count)]);
    Ok(Reply::new(json!({ "consent": consent, "record": record }), text).next("kyojo consent ls"))
}
