//! The evening: what the wallet says of the day, and the table for the accountant.

use anyhow::ensure;
use ledger_types::japan::JapanDay;
use serde_json::Value;

use super::desk::Desk;
use super::{payout, yen};

/// What the shop's program says of the day.
#[derive(Default)]
pub(super) struct Closed {
    /// Payments, the one that was voided with them.
    pub(super) payments: u64,
    /// What the day brought into the zone.
    pub(super) net_yen: u64,
    /// What the table says in all.
    pub(super) exported_yen: u64,
}

/// Closes the day, or both where midnight came in between; Python reads the table.
pub(super) fn play(shop: &Desk, began: JapanDay, now: JapanDay) -> anyhow::Result<Closed> {
    let mut closed = Closed::default();
    let days = if began == now { vec![now] } else { vec![began, now] };
    for day in days {
        let said = shop.does(&["merchant", "close-day", "--day", &day.to_string()])?;
        let of = &said["payments"]["count"];
        closed.payments += of.as_u64().unwrap_or_default();
        closed.net_yen += yen(&said, "net")?;
    }
    let (from, until, file) = (began.to_string(), now.to_string(), "payments.csv");
    let export = ["merchant", "export", "--from", &from, "--until", &until, "--to", file];
    shop.does(&[&export[..], &["--encoding", "windows-31j"]].concat())?;
    let rows = payout::read(&shop.file(file), "takings")?;
    let rows = rows["rows"].as_array().cloned().unwrap_or_default();
    ensure!(u64::try_from(rows.len())? == closed.payments, "{} rows", rows.len());
    closed.exported_yen = rows.iter().map(amount).sum();
    Ok(closed)
}

/// The bare digits of a row's amount, its ninth cell.
fn amount(row: &Value) -> u64 {
    let text = row[8].as_str().unwrap_or_default();
    text.parse().unwrap_or_default()
}
