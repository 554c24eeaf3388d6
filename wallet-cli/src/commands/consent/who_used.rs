//! `consent who-used`: who used the data, when, and on what ground.

use node_api::body::{LogEntry, LogPage};
use node_api::query::Log;

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::acting::transact::is_unknown_reader;
use crate::commands::consent::history::{basis_key, lines, of_consent};
use crate::commands::prelude::*;
use crate::directory::Directory;
use crate::told::Line;

/// `consent who-used`.
#[derive(Debug, Args)]
pub(crate) struct WhoUsedArgs {
    /// The consent; by default every consent that this wallet knows.
    pub(crate) consent: Option<String>,
    /// The controller, where this wallet does not know the consent.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Option<PartyRef>,
}

pub(crate) async fn run(app: &App, args: &WhoUsedArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let knows_any = args.party.is_some() || !people.consents.known(&people.genesis())?.is_empty();
    let mut lines = match &args.consent {
        Some(consent) => {
            let name = ConsentName { consent: consent.clone(), party: args.party.clone() };
            let named = people.named(app, &name).await?;
            let (_, reader) = people.towards(named.party);
            of_consent(&people.client, &named.consent, None, &reader).await?
        }
        None => {
            let party = match &args.party {
                Some(party) => Some(party.id(app, &people.client).await?),
                None => None,
            };
            of_everything(&people, party).await?
        }
    };
    lines.retain(|line| line.told.is_use);
    let text = if lines.is_empty() {
        let asked = knows_any || args.consent.is_some();
        app.text(if asked { "note-nobody-used" } else { "note-uses-not-known" }, &[])
    } else {
        uses(app, &people.directory, &lines)
    };
    Ok(Reply::new(json!({ "entries": lines }), text).next("kyojo consent ls"))
}

/// The whole log of every address that the wallet has.
async fn of_everything(
    people: &People,
    party: Option<PartyId>,
) -> Result<Vec<Line<LogEntry>>, Failure> {
    let parties = match party {
        Some(party) => [party].into(),
        None => people.parties()?,
    };
    let mut entries = Vec::new();
    for party in parties {
        let (_, reader) = people.towards(party);
        let of_address = pages::every(async |cursor| {
            let asked = Log { read: None, cursor, limit: pages::LIMIT };
            match people.client.subject_log(&reader.address, &asked, &reader).await {
                // Whom the ledger does not know, nobody used.
                Err(error) if is_unknown_reader(&error) => {
                    Ok(LogPage { entries: Vec::new(), next: None })
                }
                answer => answer,
            }
        });
        entries.extend(of_address.await?);
    }
    entries.sort_by_key(|entry| core::cmp::Reverse(entry.height));
    lines(&people.client, entries)
}

fn uses(app: &App, directory: &Directory, lines: &[Line<LogEntry>]) -> String {
    let titles = ["label-time", "label-who", "label-what", "label-ground"];
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
    app.table(&titles, &rows, &[])
}
