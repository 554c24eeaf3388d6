//! `consent history` and `consent who-used`: what happened, in sentences, newest first.

use ledger_types::access::BasisKind;
use ledger_types::{ConsentId, Hash, PartyId};
use node_api::body::LogEntry;
use node_api::query::Log;
use serde_json::json;

use crate::app::App;
use crate::args::{ConsentName, WhoUsedArgs};
use crate::calendar;
use crate::client::{Client, Reader};
use crate::commands::pages;
use crate::commands::people::{People, beginning};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::output::{Reply, table};
use crate::told::{Line, Told};

pub(super) async fn history(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(name)?;
    let (_, reader) = people.towards(named.party);
    let lines = of_consent(&people.client, &named.consent, None, &reader).await?;
    let text = in_words(app, &people.directory, &lines);
    let short = beginning(&named.consent);
    Ok(Reply::new(json!({ "consent": named.consent, "entries": lines }), text)
        .next(format!("kyojo consent show {short}")))
}

/// Everything about one consent, newest first: by a recorded read where it is not the reader's own.
pub(in crate::commands) async fn of_consent(
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

fn lines(client: &Client, entries: Vec<LogEntry>) -> Result<Vec<Line<LogEntry>>, Failure> {
    let prefix = &client.network().address_prefix;
    entries.into_iter().map(|entry| Line::of_log(entry, prefix)).collect()
}

/// A table of when and what.
fn in_words(app: &App, directory: &Directory, lines: &[Line<LogEntry>]) -> String {
    if lines.is_empty() {
        return app.text("note-no-history", &[]);
    }
    let titles = ["label-time", "label-what"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|Line { entry, told }| {
            vec![calendar::show(entry.time.get()), describe(app, directory, told)]
        })
        .collect();
    table(&titles, &rows, &[])
}

pub(super) async fn who_used(app: &App, args: &WhoUsedArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let mut lines = match &args.consent {
        Some(consent) => {
            let name = ConsentName { consent: consent.clone(), party: args.party };
            let named = people.named(&name)?;
            let (_, reader) = people.towards(named.party);
            of_consent(&people.client, &named.consent, None, &reader).await?
        }
        None => of_everything(&people, args.party).await?,
    };
    lines.retain(|line| line.told.is_use);
    let text = if lines.is_empty() {
        app.text("note-nobody-used", &[])
    } else {
        uses(app, &people.directory, &lines)
    };
    Ok(Reply::new(json!({ "entries": lines }), text).next("kyojo consent ls"))
}

/// The whole log of every address that the wallet has.
async fn of_everything(
    people: &People,
    party: Option<u32>,
) -> Result<Vec<Line<LogEntry>>, Failure> {
    let known = people.consents.known(&people.genesis())?;
    let mut parties: Vec<PartyId> = known.iter().map(|(_, kept)| kept.party).collect();
    if let Some(party) = party {
        parties = vec![PartyId::new(party)];
    }
    parties.sort();
    parties.dedup();
    let mut entries = Vec::new();
    for party in parties {
        let (_, reader) = people.towards(party);
        let of_address = pages::every(async |cursor| {
            let asked = Log { read: None, cursor, limit: pages::LIMIT };
            people.client.subject_log(&reader.address, &asked, &reader).await
        });
        entries.extend(of_address.await?);
    }
    entries.sort_by_key(|entry| core::cmp::Reverse(entry.height));
    lines(&people.client, entries)
}

fn uses(app: &App, directory: &Directory, lines: &[Line<LogEntry>]) -> String {
    let titles =
        ["label-time", "label-who", "label-what", "label-ground"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|Line { entry, told }| {
            let who = told.party.map(|party| directory.name(party, app.output.lang));
            vec![
                calendar::show(entry.time.get()),
                who.unwrap_or_default(),
                app.text(told.in_log, &[]),
                told.basis.map(|basis| app.text(basis_key(basis), &[])).unwrap_or_default(),
            ]
        })
        .collect();
    table(&titles, &rows, &[])
}

/// What happened in words, with the party that it is about.
pub(in crate::commands) fn describe(app: &App, directory: &Directory, told: &Told) -> String {
    let mut text = app.text(told.in_log, &[]);
    let mut more = Vec::new();
    more.extend(told.party.map(|party| directory.name(party, app.output.lang)));
    more.extend(told.basis.map(|basis| app.text(basis_key(basis), &[])));
    let instants = [("label-until", told.until), ("label-deadline", told.deadline)];
    more.extend(instants.iter().filter_map(|(key, at)| {
        at.map(|at| format!("{} {}", app.text(key, &[]), calendar::show(at)))
    }));
    if !more.is_empty() {
        text.push_str(&format!(" ({})", more.join(&app.text("label-list-comma", &[]))));
    }
    text
}

pub(in crate::commands) const fn basis_key(basis: BasisKind) -> &'static str {
    match basis {
        BasisKind::Consent => "label-basis-consent",
        BasisKind::OptOut => "label-basis-opt-out",
        BasisKind::JointUse => "label-basis-joint-use",
        BasisKind::Exemption => "label-basis-exemption",
        BasisKind::BreakGlass => "label-basis-break-glass",
    }
}
