//! `audit supply`: what banks owe, and whether everything adds up. Public.

use node_api::body::SupplyBody;

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let supply = client.supply().await?;
    if !supply.conserved {
        return Err(Failure::new(Exit::Verification, "err-not-conserved")
            .details(json!(supply))
            .because(supply.violation.as_deref().unwrap_or("?")));
    }
    let text = show(app, &supply);
    Ok(Reply::new(json!(supply), text).next("kyojo audit supply --json"))
}

/// Banks as a table, with the sums under it.
fn show(app: &App, supply: &SupplyBody) -> String {
    let titles = [
        "label-bank",
        "label-name",
        "label-issued",
        "label-redeemed",
        "label-liability",
        "label-position",
    ];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for bank in &supply.banks {
        rows.push(vec![
            format!("{:04}", bank.bank.get()),
            bank.name.clone(),
            amount::show(bank.issued),
            amount::show(bank.redeemed),
            amount::show(bank.liability),
            signed(&bank.position),
        ]);
    }
    rows.push(vec![
        String::new(),
        app.text("label-total", &[]),
        amount::show(supply.issued),
        amount::show(supply.redeemed),
        amount::show(supply.liability),
        String::new(),
    ]);
    let height = supply.height.to_string();
    let conserved = app.text("note-conserved", &[("height", &height)]);
    format!("{}\n{conserved}", app.table(&titles, &rows, &[2, 3, 4, 5]))
}

/// A signed amount of the API as people see it; shown as it came where it is none.
fn signed(text: &str) -> String {
    text.parse().map_or_else(
        |_| text.to_owned(),
        |yen| amount::show_position(ledger_types::Position::new(yen)),
    )
}
