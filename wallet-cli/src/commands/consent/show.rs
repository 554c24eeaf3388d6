//! `consent show`: a consent in sentences.

use node_api::query::Right;

use crate::agreement::facts;
use crate::commands::consent::standing_key;
use crate::commands::prelude::*;
use crate::consents::Kept;
use crate::proof::file;

/// `consent show`.
#[derive(Debug, Args)]
pub(crate) struct ConsentShowArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
}

pub(crate) async fn run(app: &App, args: &ConsentShowArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
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
    let short = beginning(&named.consent);
    let reply = Reply::new(data, text.trim_end())
        .next(format!("kyojo consent revoke {short}"))
        .next(format!("kyojo consent who-used {short}"));
    let (_, reader) = people.towards(named.party);
    let right = Right::default();
    let bundle = people.client.consent_bundle(&named.consent, &right, &reader);
    file::attach(app, reply, &people.client, bundle, args.proof.as_deref()).await
}

/// What was agreed, without the salts.
pub(crate) fn processes(kept: Option<&Kept>) -> serde_json::Value {
    let processes = kept.iter().flat_map(|kept| kept.terms.processes());
    processes.map(|process| json!(process.opening.document)).collect()
}
