//! `consent ls`: who may do what with which data until when, in one table.

use std::collections::BTreeMap;

use consent_records::vocabulary::ConceptName;
use ledger_types::AccountId;
use node_api::body::{ConsentBody, ConsentPage};
use node_api::query::{Consents, Right};
use node_api::{Address, ApiCode};

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::acting::transact::is_unknown_reader;
use crate::agreement::granting::label;
use crate::client::{ClientError, Reader};
use crate::commands::consent::standing_key;
use crate::commands::prelude::*;
use crate::consents::Kept;

/// `consent ls`.
#[derive(Debug, Args)]
pub(crate) struct ConsentLsArgs {
    /// Also look for consents given to this controller (after restoring a wallet).
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Vec<PartyRef>,
    /// Ask for every registered controller whether it knows you, and remember those that do (after
    /// restoring a wallet). The node then learns which consents are one person's.
    #[arg(long)]
    pub(crate) search: bool,
}

pub(crate) async fn run(app: &App, args: &ConsentLsArgs) -> Result<Reply, Failure> {
    let mut people = People::begin(app).await?;
    if args.search {
        people.search().await?;
    }
    let more = PartyRef::ids(&args.party, app, &people.client).await?.into_iter();
    let All { consents, unread } = all(&people, more).await?;
    let warnings = unread_warning(app, &unread);
    if consents.is_empty() {
        let key = if args.search { "note-no-consents" } else { "note-no-known-consents" };
        let reply = Reply::new(json!({ "consents": [] }), app.text(key, &[]));
        return Ok(Reply { warnings, ..reply.next("kyojo consent ls --search") });
    }
    let titles = [
        "label-number",
        "label-who",
        "label-what-data",
        "label-what-for",
        "label-until",
        "label-standing",
    ];
    let mut rows = Vec::new();
    for body in &consents {
        let kept = people.consents.current(&body.consent, &body.terms_root)?;
        rows.push(row(app, &people, body, kept.as_ref()));
    }
    let text =
        format!("{}\n\n{}", app.table(&titles, &rows, &[]), app.text("note-consents-end", &[]));
    let reply = Reply::new(json!({ "consents": consents }), text)
        .next("kyojo consent show NUMBER")
        .next("kyojo consent revoke NUMBER");
    Ok(Reply { warnings, ..reply })
}

/// What a list does not show although the wallet knows of it.
pub(crate) fn unread_warning(app: &App, unread: &[ConsentId]) -> Vec<Problem> {
    let consents: Vec<String> = unread.iter().map(beginning).collect();
    let consents = consents.join(" ");
    if unread.is_empty() {
        return Vec::new();
    }
    let text = app.text("note-consents-unread", &[("consents", &consents)]);
    vec![Problem::new("consents-unread", text)]
}

fn row(app: &App, people: &People, body: &ConsentBody, kept: Option<&Kept>) -> Vec<String> {
    let unknown = || app.text("label-not-kept-here", &[]);
    let of = |concept: fn(&Kept) -> Vec<&ConceptName>| {
        kept.map_or_else(unknown, |kept| joined(app, &concept(kept)))
    };
    vec![
        beginning(&body.consent),
        people.directory.name(body.controller, app.output.lang),
        of(|kept| documents(kept).map(|process| &process.category).collect()),
        of(|kept| documents(kept).map(|process| &process.purpose).collect()),
        calendar::show_end(app.output.lang, body.expires.get()),
        app.text(standing_key(body.standing), &[]),
    ]
}

fn documents(kept: &Kept) -> impl Iterator<Item = &consent_records::terms::Process> {
    kept.terms.processes().iter().map(|process| &process.opening.document)
}

/// The labels of concepts, each once.
fn joined(app: &App, names: &[&ConceptName]) -> String {
    let mut labels: Vec<String> = Vec::new();
    for name in names {
        let label = label(app, name);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join(&app.text("label-list-comma", &[]))
}

/// What the ledger has of a wallet's consents.
pub(crate) struct All {
    pub(crate) consents: Vec<ConsentBody>,
    /// Those that the ledger does not show to this wallet: how they stand is not known.
    pub(crate) unread: Vec<ConsentId>,
}

/// Every consent that the ledger has of the wallet: towards parties that it knows of, and `more`.
pub(crate) async fn all(
    people: &People,
    more: impl Iterator<Item = PartyId>,
) -> Result<All, Failure> {
    let known = people.consents.known(&people.genesis())?;
    let mut parties = people.parties()?;
    parties.extend(more);
    let mut found: BTreeMap<ConsentId, ConsentBody> = BTreeMap::new();
    let mut unread = Vec::new();
    for party in parties {
        let (own, reader) = people.towards(party);
        for body in of_subject(people, own, &reader).await? {
            found.insert(body.consent, body);
        }
        // Consents that a guardian gave for somebody else.
        let wards = known.iter().filter(|(_, kept)| kept.party == party && kept.subject != own);
        for (consent, _) in wards {
            match people.client.consent(consent, &Right::default(), &reader).await {
                Ok(body) => drop(found.insert(*consent, body)),
                Err(error) if is_hidden(&error) => unread.push(*consent),
                Err(error) => return Err(error.into()),
            }
        }
    }
    let mut consents: Vec<ConsentBody> = found.into_values().collect();
    people.remember_found(&consents)?;
    consents.sort_by_key(|body| (!body.standing.is_in_force(), body.expires.get()));
    Ok(All { consents, unread })
}

/// Whether the ledger answers that it does not show this to the reader.
fn is_hidden(error: &ClientError) -> bool {
    let codes = [ApiCode::NotEntitled, ApiCode::ConsentNotFound];
    let is_refused = error.code().is_some_and(|code| codes.iter().any(|it| it.number() == code));
    is_refused || is_unknown_reader(error)
}

/// A subject whom the ledger does not know has none.
async fn of_subject(
    people: &People,
    subject: AccountId,
    reader: &Reader,
) -> Result<Vec<ConsentBody>, Failure> {
    let prefix = &people.client.network().address_prefix;
    pages::every(async |cursor| {
        let subject = Address::of(&subject, prefix);
        let asked = Consents { subject, cursor, limit: pages::LIMIT };
        match people.client.consents(&asked, reader).await {
            Err(error) if is_unknown_reader(&error) => {
                Ok(ConsentPage { consents: Vec::new(), next: None })
            }
            answer => answer,
        }
    })
    .await
}
