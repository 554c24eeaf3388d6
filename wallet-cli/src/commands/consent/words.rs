//! `consent words` and `consent directory`: the words of consents, and institutions' names.

use consent_records::vocabulary::Vocabulary;
use serde_json::json;

use crate::app::App;
use crate::args::{DirectoryArgs, WordsArgs};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::i18n::Lang;
use crate::output::{Reply, table};

pub(super) fn words(app: &App, args: &WordsArgs) -> Reply {
    let vocabulary = Vocabulary::built_in();
    let search = args.search.as_deref().unwrap_or_default().to_lowercase();
    let mut concepts: Vec<_> = vocabulary
        .concepts()
        .filter(|concept| {
            [concept.name.as_str(), concept.label.japanese(), &concept.label.en]
                .iter()
                .any(|text| text.to_lowercase().contains(&search))
        })
        .collect();
    // Concepts of our own first: they are the ones that people here need.
    concepts.sort_by_key(|concept| (!concept.name.as_str().starts_with("kyojo:"), concept.number));
    let titles = ["label-word", "label-meaning", "label-sensitive"].map(|key| app.text(key, &[]));
    let is_sensitive = |name| vocabulary.sensitivity(name).is_sensitive();
    let rows: Vec<Vec<String>> = concepts
        .iter()
        .map(|concept| {
            let meaning = match app.output.lang {
                Lang::Ja => concept.label.japanese(),
                Lang::En => &concept.label.en,
            };
            let mark = if is_sensitive(&concept.name) { "label-yes" } else { "label-no" };
            vec![concept.name.to_string(), meaning.to_owned(), app.text(mark, &[])]
        })
        .collect();
    let data: Vec<_> = concepts
        .iter()
        .map(|concept| {
            json!({ "name": concept.name, "label": concept.label, "broader": concept.broader,
                    "sensitive": is_sensitive(&concept.name) })
        })
        .collect();
    let text =
        if rows.is_empty() { app.text("note-no-words", &[]) } else { table(&titles, &rows, &[]) };
    Reply::new(json!({ "vocabulary": vocabulary.hash(), "concepts": data }), text)
}

pub(super) fn directory(app: &App, args: &DirectoryArgs) -> Result<Reply, Failure> {
    let count = Directory::take_in(&app.settings.folders, &args.file)?;
    let shown = count.to_string();
    let text = app.text("done-directory", &[("count", &shown)]);
    Ok(Reply::new(json!({ "institutions": count }), text).next("kyojo consent ls"))
}
