//! `consent ls`: who may do what with which data until when, in one table.

use std::collections::BTreeMap;

use consent_records::vocabulary::ConceptName;
use ledger_types::AccountId;
use node_api::Address;
use node_api::body::{ConsentBody, ConsentPage};
use node_api::query::{Consents, Right};

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::acting::transact::is_unknown_reader;
use crate::agreement::granting::label;
use crate::client::Reader;
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
    let consents = all(&people, more).await?;
    if consents.is_empty() {
        let text = app.text("note-no-consents", &[]);
        return Ok(
            Reply::new(json!({ "consents": [] }), text).next("kyojo consent ls --party NUMBER")
        );
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
    Ok(Reply::new(json!({ "consents": consents }), text)
        .next("kyojo consent show NUMBER")
        .next("kyojo consent revoke NUMBER"))
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
        calendar::show_day(body.expires.get()),
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

/// Every consent that the ledger has of the wallet: towards parties that it knows of, and `more`.
pub(crate) async fn all(
    people: &People,
    more: impl Iterator<Item = PartyId>,
) -> Result<Vec<ConsentBody>, Failure> {
    let known = people.consents.known(&people.genesis())?;
    let mut parties = people.parties()?;
    parties.extend(more);
    let mut found: BTreeMap<ConsentId, ConsentBody> = BTreeMap::new();
    for party in parties {
        let (own, reader) = people.towards(party);
        for body in of_subject(people, own, &reader).await? {
            found.insert(body.consent, body);
        }
        // Consents that a guardian gave for somebody else.
        let wards = known.iter().filter(|(_, kept)| kept.party == party && kept.subject != own);
        for (consent, _) in wards {
            if let Ok(body) = people.client.consent(consent, &Right::default(), &reader).await {
                found.insert(*consent, body);
            }
        }
    }
    let mut consents: Vec<ConsentBody> = found.into_values().collect();
    people.remember_found(&consents)?;
    consents.sort_by_key(|body| (!body.standing.is_in_force(), body.expires.get()));
    Ok(consents)
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
