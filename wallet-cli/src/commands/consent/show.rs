//! `consent show`, `disclose` and `shred`: a consent in sentences, one process of it for others, and
//! the end of what is kept of it.

use ledger_types::Timestamp;
use node_api::query::Right;
use serde_json::json;

use super::{facts, standing_key};
use crate::app::App;
use crate::args::{ConsentName, ConsentShowArgs, DiscloseArgs};
use crate::commands::people::People;
use crate::commands::proof_file;
use crate::consents::Kept;
use crate::failure::{Exit, Failure};
use crate::keystore::Existing;
use crate::keystore::file::write_private;
use crate::output::{Reply, fields};
use crate::settings::file_failure;

pub(super) async fn run(app: &App, args: &ConsentShowArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
    let body = people.body(named).await?;
    let kept = people.consents.current(&named.consent, &body.terms_root)?;
    let uses = match body.use_limit {
        Some(limit) => format!("{} / {limit}", body.uses),
        None => body.uses.to_string(),
    };
    let lines = [
        (app.text("label-standing", &[]), app.text(standing_key(body.standing), &[])),
        (app.text("label-uses", &[]), uses),
    ];
    let mut text = fields(&lines);
    text.push_str("\n\n");
    text.push_str(&match &kept {
        Some(kept) => facts::text(app, &people, &body, kept).await?,
        None => app.text("note-terms-not-kept", &[]),
    });
    let data = json!({ "consent": body, "processes": processes(kept.as_ref()) });
    let short = super::people::beginning(&named.consent);
    let reply = Reply::new(data, text.trim_end())
        .next(format!("kyojo consent revoke {short}"))
        .next(format!("kyojo consent who-used {short}"));
    let (_, reader) = people.towards(named.party);
    let right = Right::default();
    let bundle = people.client.consent_bundle(&named.consent, &right, &reader);
    proof_file::attach(app, reply, &people.client, bundle, args.proof.as_deref()).await
}

/// What was agreed, without the salts.
pub(super) fn processes(kept: Option<&Kept>) -> serde_json::Value {
    let processes = kept.iter().flat_map(|kept| kept.terms.processes());
    processes.map(|process| json!(process.opening.document)).collect()
}

pub(super) async fn disclose(app: &App, args: &DiscloseArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
    let body = people.body(named).await?;
    let kept = people.kept(&body)?;
    let opened = args.process.checked_sub(1).and_then(|position| kept.terms.disclose(position));
    let opened = opened.ok_or_else(|| {
        Failure::new(Exit::Usage, "err-terms-no-process").with("number", args.process)
    })?;
    let file = json!({ "consent": named.consent, "disclosure": opened });
    let text =
        serde_json::to_vec_pretty(&file).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    write_private(&args.out, &text, Existing::Keep)
        .map_err(|error| file_failure(&args.out, &error))?;
    let path = args.out.display().to_string();
    let data = json!({ "consent": named.consent, "file": path });
    Ok(Reply::new(data, app.text("done-disclosed", &[("path", &path)]))
        .next(format!("kyojo party access consent {path}")))
}

/// Destroys what this wallet keeps of a consent; only after its end, so that nothing is lost that a
/// person still needs to show.
pub(super) async fn shred(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let consent = people.consent(&name.consent)?;
    if people.consents.shredded(&consent)?.is_none() {
        let named = people.named(name)?;
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
