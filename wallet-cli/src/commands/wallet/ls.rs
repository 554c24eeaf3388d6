//! `wallet ls`: the wallets on this machine.

use serde_json::Value;

use crate::app::kind_key;
use crate::commands::prelude::*;
use crate::commands::wallet::describe;

pub(crate) fn run(app: &App) -> Result<Reply, Failure> {
    let (wallets, unread) = app.keystore()?.files()?;
    let warning = |path: &PathBuf| {
        let text = app.text("note-wallet-unread", &[("path", &path.display().to_string())]);
        Problem::new("wallet-unread", text)
    };
    let warnings: Vec<Problem> = unread.iter().map(warning).collect();
    if wallets.is_empty() {
        let none = if unread.is_empty() { "note-no-wallets" } else { "note-no-readable-wallets" };
        let reply = Reply::new(json!({ "wallets": [] }), app.text(none, &[]));
        return Ok(Reply { warnings, ..reply.next("kyojo wallet new NAME") });
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
    let reply = Reply::new(json!({ "wallets": data }), app.table(&titles, &rows, &[]))
        .next("kyojo balance --wallet NAME");
    Ok(Reply { warnings, ..reply })
}
