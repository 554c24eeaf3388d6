//! `consent publish` and `party publish notice`: the ledger keeps the hashes of a notice's texts.

use std::path::Path;

use ledger_types::consent::{Language, Materiality, NoticeContent};
use ledger_types::operation::PublishNotice;
use ledger_types::{Hash, NoticeId, Operation};
use node_api::ApiCode;
use serde_json::json;

use super::reading;
use super::transact::{Plan, Session};
use crate::app::App;
use crate::args::{Change, NoticeArgs};
use crate::failure::{Exit, Failure};
use crate::output::Reply;
use crate::settings::file_failure;

pub(super) async fn publish(app: &App, args: NoticeArgs) -> Result<Reply, Failure> {
    let contents = contents(&args.texts)?;
    let media_hashes: Vec<Hash> =
        args.media.iter().map(|path| reading::file_hash(path)).collect::<Result<_, _>>()?;
    let session = Session::begin(app).await?;
    let party = session.attached.party.ok_or_else(|| {
        Failure::new(Exit::Config, "err-not-a-party").with("wallet", &session.wallet.header.alias)
    })?;
    let notice = NoticeId::new(args.notice);
    let version = match session.client.notice(party, notice).await {
        Ok(current) => current.version.saturating_add(1),
        Err(error) if error.code() == Some(ApiCode::NoticeNotFound.number()) => 1,
        Err(error) => return Err(error.into()),
    };
    let materiality = match args.change {
        Change::Editorial => Materiality::Editorial,
        Change::Minor => Materiality::Minor,
        Change::Material => Materiality::Material,
    };
    let languages: Vec<String> =
        contents.iter().map(|content| content.language.to_string()).collect();
    let mut lines = session.lines(app);
    lines.push((app.text("label-publish", &[]), format!("{} v{version}", args.notice)));
    lines.push((app.text("label-languages", &[]), languages.join(" ")));
    let operation = PublishNotice { notice, version, materiality, contents, media_hashes };
    let plan = Plan {
        operations: vec![Operation::PublishNotice(operation)],
        lines,
        data: json!({ "party": party, "notice": notice, "version": version,
                      "languages": languages }),
        done: "done-notice-published",
        next: vec![format!(
            "kyojo consent grant --party {party} --notice {notice} --notice-file FILE --terms FILE"
        )],
    };
    session.perform(app, plan).await
}

/// Reads `LANGUAGE=FILE` pairs into hashes, in order of language.
fn contents(texts: &[String]) -> Result<Vec<NoticeContent>, Failure> {
    let mut contents = Vec::new();
    for text in texts {
        let (tag, path) = text.split_once('=').unwrap_or((text, ""));
        let language = Language::new(tag)
            .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-language").with("language", tag))?;
        let path = Path::new(path);
        let read = std::fs::read(path).map_err(|error| file_failure(path, &error))?;
        contents.push(NoticeContent { language, content_hash: Hash::of(&[&read]) });
    }
    contents.sort_by_key(|content| content.language);
    Ok(contents)
}
