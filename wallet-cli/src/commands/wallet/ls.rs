//! `wallet ls`: the wallets on this machine.

use serde_json::Value;

use crate::app::kind_key;
use crate::commands::prelude::*;
use crate::commands::wallet::describe;

pub(crate) fn run(app: &App) -> Result<Reply, Failure> {
    let wallets = app.keystore().list()?;
    if wallets.is_empty() {
        let text = app.text("note-no-wallets", &[]);
        return Ok(Reply::new(json!({ "wallets": [] }), text).next("kyojo wallet new NAME"));
    }
    let titles = ["label-name", "label-address", "label-secret"];
    let rows: Vec<Vec<String>> = wallets
        .iter()
        .map(|wallet| {
            let header = &wallet.header;
            vec![
                header.alias.to_string(),
                header.attached.as_ref().map_or("-".to_owned(), |a| a.address.clone()),
                app.text(kind_key(header.kind), &[]),
            ]
        })
        .collect();
    let data: Vec<Value> = wallets.iter().map(describe).collect();
    Ok(Reply::new(json!({ "wallets": data }), app.table(&titles, &rows, &[]))
        .next("kyojo balance --wallet NAME"))
}
