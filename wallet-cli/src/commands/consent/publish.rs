//! `consent publish` and `party publish notice`: the ledger keeps the hashes of a notice's texts.

use std::path::Path;

use ledger_types::NoticeId;
use ledger_types::consent::{Language, Materiality, NoticeContent};
use ledger_types::operation::PublishNotice;
use node_api::ApiCode;

use crate::commands::prelude::*;

/// What a notice says, in its languages.
#[derive(Debug, Args)]
pub(crate) struct NoticeArgs {
    /// The notice's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) notice: u32,
    /// A text with its language, such as ja=notice.ja.txt; only its hash is sent.
    #[arg(long = "text", value_name = "LANGUAGE=FILE", required = true)]
    pub(crate) texts: Vec<String>,
    /// A picture, sound or film that belongs to it; only its hash is sent; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) media: Vec<PathBuf>,
    /// How much it changed from the version before; a material change ends earlier consents' use.
    #[arg(long, value_name = "CHANGE", default_value = "material")]
    pub(crate) change: Change,
}

/// How much a notice changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Change {
    /// Wording only.
    Editorial,
    /// What was agreed is untouched.
    Minor,
    /// Consents must be renewed.
    Material,
}

pub(crate) async fn run(app: &App, args: NoticeArgs) -> Result<Reply, Failure> {
    let contents = contents(&args.texts)?;
    let media_hashes: Vec<Hash> =
        args.media.iter().map(|path| reading::file_hash(path)).collect::<Result<_, _>>()?;
    let session = Session::begin(app).await?;
    let party = session.party()?;
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
    let operation = PublishNotice { notice, version, materiality, contents, media_hashes };
    Act::ending(Operation::PublishNotice(operation), "done-notice-published")
        .line("label-publish", app.versioned(args.notice, version))
        .line("label-languages", languages.join(" "))
        .data(json!({ "party": party, "notice": notice, "version": version,
                      "languages": languages }))
        .next(format!(
            "kyojo consent grant --party {party} --notice {notice} --notice-file FILE --terms FILE"
        ))
        .by_account(app, &session)
        .await
}

/// Reads `LANGUAGE=FILE` pairs into hashes, in order of language.
fn contents(texts: &[String]) -> Result<Vec<NoticeContent>, Failure> {
    let mut contents = Vec::new();
    for text in texts {
        let (tag, path) = text.split_once('=').unwrap_or((text, ""));
        let language = Language::new(tag)
            .ok_or_else(|| Failure::new(Exit::Usage, "err-bad-language").with("language", tag))?;
        let path = Path::new(path);
        let read = settings::read(path)?;
        contents.push(NoticeContent { language, content_hash: Hash::of(&[&read]) });
    }
    contents.sort_by_key(|content| content.language);
    Ok(contents)
}
