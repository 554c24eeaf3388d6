//! `audit supply`: what banks and prepaid issuers owe, and whether everything adds up. Public.

use ledger_types::Yen;
use node_api::body::{BankBody, SupplyBody};

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

/// Banks and issuers as a table, with the sums under it.
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
            amount::show_position(bank.position),
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
    let table = app.table(&titles, &rows, &[2, 3, 4, 5]);
    format!("{table}\n{}{conserved}", issuers(app, supply))
}

/// Prepaid issuers with their floats, and deposits and prepaid value apart; nothing where there is no
/// issuer.
fn issuers(app: &App, supply: &SupplyBody) -> String {
    let row = |bank: &BankBody| {
        let float = bank.float.as_ref()?;
        Some(vec![
            format!("{:04}", bank.bank.get()),
            bank.name.clone(),
            amount::show(bank.liability),
            float.account.to_string(),
            amount::show(float.available),
            cover(float.available, bank.liability),
        ])
    };
    let rows: Vec<Vec<String>> = supply.banks.iter().filter_map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let titles = [
        "label-issuer",
        "label-name",
        "label-prepaid",
        "label-float",
        "label-float-available",
        "label-cover",
    ];
    let table = app.table(&titles, &rows, &[2, 4, 5]);
    let apart = |label, sum| format!("{}: {}", app.text(label, &[]), amount::show(sum));
    let deposits = apart("label-deposits", supply.deposits);
    let prepaid = apart("label-prepaid", supply.prepaid);
    let twice = app.text("note-counted-twice", &[]);
    format!("\n{table}\n{deposits}\n{prepaid}\n{twice}\n")
}

/// What is available in a float, in per cent of what it covers, rounded down.
fn cover(available: Yen, owed: Yen) -> String {
    let owed = u128::from(owed.get());
    let percent = (u128::from(available.get()) * 100).checked_div(owed);
    percent.map_or_else(|| "-".to_owned(), |percent| format!("{percent}%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_is_whole_per_cent_rounded_down_and_nothing_where_nothing_is_owed() {
        let of = |available, owed| cover(Yen::new(available), Yen::new(owed));
        assert_eq!(of(10_000, 10_000), "100%");
        assert_eq!(of(19_999, 10_000), "199%");
        assert_eq!(of(u64::MAX, 1), format!("{}%", u128::from(u64::MAX) * 100));
        assert_eq!(of(5, 0), "-");
    }
}
