//! `consent words`: the words of consents.

use consent_records::vocabulary::Vocabulary;

use crate::commands::prelude::*;
use crate::i18n::Lang;

/// `consent words`.
#[derive(Debug, Args)]
pub(crate) struct WordsArgs {
    /// Only names and labels that hold this text.
    pub(crate) search: Option<String>,
}

pub(crate) fn run(app: &App, args: &WordsArgs) -> Reply {
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
    let titles = ["label-word", "label-meaning", "label-sensitive"];
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
    let text = if rows.is_empty() {
        app.text("note-no-words", &[])
    } else {
        app.table(&titles, &rows, &[])
    };
    Reply::new(json!({ "vocabulary": vocabulary.hash(), "concepts": data }), text)
}
