//! `directory ls`: public names, all or those in which something stands.

use crate::acting::naming;
use crate::commands::prelude::*;
use crate::named::{Is, Known, Source};

/// `directory ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Only names, or readings, that have this in them.
    pub(crate) text: Option<String>,
}

pub(crate) async fn run(app: &App, args: &LsArgs) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let prefix = &client.network().address_prefix;
    let names = app.names();
    let met: Vec<&Known> = match &args.text {
        Some(text) => names.search(text),
        None => names.all().iter().collect(),
    };
    let met: Vec<&Known> = met.into_iter().filter(|it| it.source == Source::Public).collect();
    let data: Vec<_> = met.iter().map(|known| naming::data(known, prefix)).collect();
    let data = json!({ "entries": data });
    if met.is_empty() {
        return Ok(Reply::new(data, app.text("note-no-names", &[])).next("kyojo directory fetch"));
    }
    let titles = ["label-name", "label-how-read", "label-zone", "label-area", "label-number"];
    let rows: Vec<Vec<String>> = met.iter().map(|known| row(app, known, prefix)).collect();
    let next = met.iter().find(|known| matches!(known.is, Is::Account(_)));
    let reply = Reply::new(data, app.table(&titles, &rows, &[]));
    Ok(match next {
        Some(shop) => reply.next(format!("kyojo pay {} 850", word(&shop.name))),
        None => reply,
    })
}

fn row(app: &App, known: &Known, prefix: &ledger_types::AddressPrefix) -> Vec<String> {
    let zones: Vec<String> = known.zones.iter().map(ToString::to_string).collect();
    vec![
        known.name.clone(),
        known.reading.clone().unwrap_or_default(),
        zones.join(" "),
        known.area.clone().unwrap_or_default(),
        naming::number(app, known, prefix),
    ]
}
