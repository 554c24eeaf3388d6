//! `consent history`: what happened to a consent, in sentences, newest first.

use ledger_types::access::BasisKind;
use node_api::body::LogEntry;
use node_api::query::Log;

use crate::acting::pages;
use crate::client::{Client, Reader};
use crate::commands::prelude::*;
use crate::directory::Directory;
use crate::told::{Line, Told};

pub(crate) async fn run(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, name).await?;
    let (_, reader) = people.towards(named.party);
    let lines = of_consent(&people.client, &named.consent, None, &reader).await?;
    let text = in_words(app, &people.directory, &lines);
    let short = beginning(&named.consent);
    Ok(Reply::new(json!({ "consent": named.consent, "entries": lines }), text)
        .next(format!("kyojo consent show {short}")))
}

/// Everything about one consent, newest first: by a recorded read where it is not the reader's own.
pub(crate) async fn of_consent(
    client: &Client,
    consent: &ConsentId,
    read: Option<Hash>,
    reader: &Reader,
) -> Result<Vec<Line<LogEntry>>, Failure> {
    let entries = pages::every(async |cursor| {
        client.consent_log(consent, &Log { read, cursor, limit: pages::LIMIT }, reader).await
    });
    lines(client, entries.await?)
}

pub(crate) fn lines(
    client: &Client,
    entries: Vec<LogEntry>,
) -> Result<Vec<Line<LogEntry>>, Failure> {
    let prefix = &client.network().address_prefix;
    entries.into_iter().map(|entry| Line::of_log(entry, prefix)).collect()
}

/// A table of when and what.
fn in_words(app: &App, directory: &Directory, lines: &[Line<LogEntry>]) -> String {
    if lines.is_empty() {
        return app.text("note-no-history", &[]);
    }
    let titles = ["label-time", "label-what"];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|Line { entry, told }| {
            vec![calendar::show(entry.time.get()), describe(app, directory, told)]
        })
        .collect();
    app.table(&titles, &rows, &[])
}

/// What happened in words, with the party that it is about.
pub(crate) fn describe(app: &App, directory: &Directory, told: &Told) -> String {
    let mut text = app.text(told.in_log, &[]);
    let mut more = Vec::new();
    more.extend(told.party.map(|party| directory.name(party, app.output.lang)));
    more.extend(told.basis.map(|basis| app.text(basis_key(basis), &[])));
    let instants = [("label-until", told.until), ("label-deadline", told.deadline)];
    more.extend(instants.iter().filter_map(|(key, at)| {
        at.map(|at| format!("{} {}", app.text(key, &[]), calendar::show_end(app.output.lang, at)))
    }));
    if !more.is_empty() {
        text.push_str(&format!(" ({})", more.join(&app.text("label-list-comma", &[]))));
    }
    text
}

pub(crate) const fn basis_key(basis: BasisKind) -> &'static str {
    match basis {
        BasisKind::Consent => "label-basis-consent",
        BasisKind::OptOut => "label-basis-opt-out",
        BasisKind::JointUse => "label-basis-joint-use",
        BasisKind::Exemption => "label-basis-exemption",
        BasisKind::BreakGlass => "label-basis-break-glass",
    }
}
