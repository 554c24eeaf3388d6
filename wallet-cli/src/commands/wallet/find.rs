//! `wallet find`: from the recovery words alone the account, whose data subject the wallet is, the
//! consents, and how often they were used; and what cannot come back, with where it may be had.

use node_api::body::ConsentBody;
use serde_json::Value;

use crate::acting::keys;
use crate::client::Client;
use crate::commands::consent::ls::{self, All, unread_warning};
use crate::commands::prelude::*;
use crate::commands::wallet::show::WalletName;
use crate::consents::Consents;
use crate::keystore::Wallet;

pub(crate) async fn run(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let client = app.client().await?;
    if let Some(attached) = &wallet.header.attached {
        app.check_network(&client, attached)?;
    }
    find(app, client, wallet).await
}

/// Looks for everything that belongs to the words, and keeps what it found.
pub(crate) async fn find(app: &App, client: Client, wallet: Wallet) -> Result<Reply, Failure> {
    app.output.say(&app.text("note-finding", &[]));
    let wallet = match &wallet.header.attached {
        Some(_) => wallet,
        None => keys::attach_found(app, &client, wallet).await?,
    };
    let secrets = app.secrets(&wallet)?;
    let mut people = People::of(app, client, wallet, secrets)?;
    people.search().await?;
    let All { consents, unread } = ls::all(&people, std::iter::empty()).await?;
    let mut terms_missing = Vec::new();
    for body in &consents {
        if people.consents.current(&body.consent, &body.terms_root)?.is_none() {
            terms_missing.push(body.consent);
        }
    }
    let reply = Reply::new(
        data(&people, &consents, &terms_missing)?,
        text(app, &people, &consents, &terms_missing)?,
    );
    let reply = Reply { warnings: unread_warning(app, &unread), ..reply };
    let alias = &people.wallet.header.alias;
    Ok(match people.wallet.header.attached {
        Some(_) => reply.next(format!("kyojo balance --wallet {alias}")),
        None => reply.next(format!("kyojo wallet code {alias}")),
    }
    .next(format!("kyojo consent ls --wallet {alias}"))
    .next(format!("kyojo consent who-used --wallet {alias}")))
}

fn uses(consents: &[ConsentBody]) -> u64 {
    consents.iter().map(|body| u64::from(body.uses)).sum()
}

fn in_force(consents: &[ConsentBody]) -> usize {
    consents.iter().filter(|body| body.standing.is_in_force()).count()
}

fn data(
    people: &People,
    consents: &[ConsentBody],
    terms_missing: &[ConsentId],
) -> Result<Value, Failure> {
    let header = &people.wallet.header;
    let parties = people.parties()?.into_iter().map(|party| {
        let (_, reader) = people.towards(party);
        json!({ "party": party, "address": reader.address })
    });
    Ok(json!({
        "name": header.alias,
        "public_key": header.public_key,
        "address": header.attached.as_ref().map(|attached| &attached.address),
        "party": header.attached.as_ref().and_then(|attached| attached.party),
        "subjects": parties.collect::<Vec<_>>(),
        "consents": consents.len(),
        "in_force": in_force(consents),
        "uses": uses(consents),
        "terms_missing": terms_missing,
    }))
}

fn text(
    app: &App,
    people: &People,
    consents: &[ConsentBody],
    terms_missing: &[ConsentId],
) -> Result<String, Failure> {
    let header = &people.wallet.header;
    let names = people.parties()?.into_iter();
    let names: Vec<String> =
        names.map(|party| people.directory.name(party, app.output.lang)).collect();
    let none = || app.text("label-none-found", &[]);
    let account = header.attached.as_ref().map_or_else(none, |a| a.address.clone());
    let knowing =
        if names.is_empty() { none() } else { names.join(&app.text("label-list-comma", &[])) };
    let counts = [consents.len().to_string(), in_force(consents).to_string()];
    let of_consents = [("count", counts[0].as_str()), ("standing", &counts[1])];
    let lines = [
        (app.text("label-name", &[]), header.alias.to_string()),
        (app.text("label-address", &[]), account),
        (app.text("label-knowing-you", &[]), knowing),
        (app.text("label-of-consents", &[]), app.text("label-consents-found", &of_consents)),
        (app.text("label-uses", &[]), uses(consents).to_string()),
    ];
    let mut text = fields(&lines);
    let folders = &app.settings.folders;
    let vault = Consents::folder(folders, &header.alias)?.display().to_string();
    if !terms_missing.is_empty() {
        let count = terms_missing.len().to_string();
        let variables = [("count", count.as_str()), ("folder", vault.as_str())];
        text.push_str(&format!("\n\n{}", app.text("note-terms-elsewhere", &variables)));
    }
    let openings = folders.data()?.join("openings").display().to_string();
    text.push_str(&format!("\n\n{}", app.text("note-not-found", &[("folder", &openings)])));
    Ok(text)
}
