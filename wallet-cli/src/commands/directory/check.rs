//! `directory check`: everything for which a list should not be signed, or a file not be believed.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::{Timestamp, ZoneId};
use node_api::query::Page;
use public_names::{Directory, Named, SignedDirectory};

use super::source::{self, Source, Wrong};
use crate::acting::{naming, pages};
use crate::client::Client;
use crate::commands::prelude::*;
use crate::named::Is;
use crate::named::cached::{Pinned, refused};

/// `directory check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// A list (CSV), or a signed directory.
    pub(crate) file: PathBuf,
}

pub(crate) async fn run(app: &App, args: &CheckArgs) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let network = client.network();
    let bytes = settings::read(&args.file)?;
    let is_signed = bytes.first() == Some(&b'{');
    let (source, directory) = if is_signed {
        let pinned = Pinned::of_node(&app.settings.folders, &client)?;
        let keys = pinned.map(|pinned| pinned.keys).unwrap_or_default();
        let opened = SignedDirectory::open(&bytes, &network.genesis_hash, &keys);
        (Source::default(), opened.map_err(|error| refused(&error))?.into_directory())
    } else {
        let (source, entries) = listed(app, &client, &args.file).await?;
        let (issued, expires) = (Timestamp::from_millis(0), Timestamp::from_millis(1));
        let network = network.genesis_hash;
        (source, Directory { network, serial: 0, issued, expires, entries })
    };
    let wrong = wrong(&client, &source, &directory).await?;
    if !wrong.is_empty() {
        return Err(source::faulty(app, &args.file, &wrong));
    }
    let count = directory.entries.len().to_string();
    let data = json!({ "entries": directory.entries.len(), "signed": is_signed });
    let reply = Reply::new(data, app.text("note-list-sound", &[("count", &count)]));
    Ok(Reply { warnings: source.warnings, ..reply })
}

/// A list with its entries.
pub(crate) async fn listed(
    app: &App,
    client: &Client,
    path: &std::path::Path,
) -> Result<(Source, Vec<public_names::Entry>), Failure> {
    let zones: Vec<ZoneId> = client.zones().await?.zones.iter().map(|zone| zone.zone).collect();
    let source = source::read(app, path, &client.network().address_prefix, &zones)?;
    let entries = source.entries.clone();
    Ok((source, entries))
}

/// Everything for which it should not be signed: names, and what the ledger does not have.
pub(crate) async fn wrong(
    client: &Client,
    source: &Source,
    directory: &Directory,
) -> Result<Vec<Wrong>, Failure> {
    let mut wrong = source.wrong(&directory.findings());
    let known = OnLedger::of(client, directory).await?;
    for (place, entry) in directory.entries.iter().enumerate() {
        if !known.has(client, &entry.of) {
            let failure = Failure::new(Exit::Refused, "err-name-not-on-ledger");
            wrong.push((source.line_of(place), failure.with("name", &entry.name)));
        }
    }
    Ok(wrong)
}

/// What of that which a directory names is on the ledger.
struct OnLedger {
    is: BTreeSet<Is>,
    merchants: BTreeMap<ZoneId, BTreeSet<String>>,
}

impl OnLedger {
    async fn of(client: &Client, directory: &Directory) -> Result<Self, Failure> {
        let zones = naming::zones(client).await?;
        let banks = naming::banks(client).await?;
        let mut is: BTreeSet<Is> = zones.iter().chain(&banks).map(|known| known.is).collect();
        let mut merchants = BTreeMap::new();
        for entry in &directory.entries {
            if let Some(party) = entry.of.party()
                && naming::is_there(client.party(party).await)?
            {
                is.insert(Is::Party(party));
            }
            for zone in entry.of.zones() {
                if is.contains(&Is::Zone(*zone)) && !merchants.contains_key(zone) {
                    merchants.insert(*zone, of_zone(client, *zone).await?);
                }
            }
        }
        Ok(Self { is, merchants })
    }

    fn has(&self, client: &Client, of: &Named) -> bool {
        match of {
            Named::Bank { bank } => self.is.contains(&Is::Bank(*bank)),
            Named::Zone { zone } => self.is.contains(&Is::Zone(*zone)),
            Named::Party { party } | Named::Counter { party } => {
                self.is.contains(&Is::Party(*party))
            }
            Named::Shop { account, zones } => {
                let address = account.to_address(&client.network().address_prefix);
                let of = |zone| self.merchants.get(zone).is_some_and(|all| all.contains(&address));
                zones.iter().all(of)
            }
        }
    }
}

async fn of_zone(client: &Client, zone: ZoneId) -> Result<BTreeSet<String>, Failure> {
    let all = pages::every(async |cursor| {
        client.merchants(zone, &Page { cursor, limit: pages::LIMIT }).await
    });
    Ok(all.await?.into_iter().map(|one| one.account.as_str().to_owned()).collect())
}
