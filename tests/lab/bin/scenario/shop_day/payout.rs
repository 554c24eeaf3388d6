//! What the shop has goes to its bank outside: a transfer that comes back, and one that arrives.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use kyojo_tests::network::Network;
use ledger_types::japan::JapanDay;
use network_clock::Clock;
use serde_json::{Value, json};

use super::desk::Desk;
use super::{in_zone, text, yen};

/// What the bank asks of each.
const FEE: u64 = 110;
/// What comes back.
const TRIED: u64 = 2_000;

/// What came of it.
pub(super) struct PaidOut {
    /// What was sent for good, fee included.
    pub(super) yen: u64,
    /// Whether it arrived: on a Saturday or Sunday it is sent for the Monday after.
    pub(super) has_arrived: bool,
    /// What came back before.
    pub(super) returned: u64,
    /// Files that Python read as they were written.
    pub(super) files_verified: u64,
    /// What the shop has in the zone afterwards.
    pub(super) left: u64,
}

/// Plays it: the shop says where to, and its bank's clerk sends.
pub(super) fn play(network: &Network, clock: &Clock, shop: &Desk) -> anyhow::Result<PaidOut> {
    let bank = bank_of(network, shop)?;
    let (fee, smallest) = (FEE.to_string(), "1000");
    bank.does(&["bank", "payout", "terms", "--fee", &fee, "--smallest", smallest])?;
    let account = bank.file("account.json").display().to_string();
    let destination = ["--bank", "0126", "--branch", "001", "--number", "0001234"];
    let named = ["--name", "アイヅ ショウテン", "--to", &account];
    shop.does(&[&["merchant", "payout-account"][..], &destination, &named].concat())?;
    let payer = json!({ "code": "1234567890", "name": "アイヅギンコウ", "bank": "9001",
                        "branch": "001", "kind": "1", "number": "7654321" });
    std::fs::write(bank.file("payer.json"), payer.to_string())?;
    let verified = read(&bank.file("account.json"), "payout-account")?;
    ensure!(verified["number"] == "0001234", "{verified}");

    let on = business_day(clock);
    let day = on.to_string();
    let tried = shop.does(&["merchant", "payout", &TRIED.to_string()])?;
    is_refused_without_a_file(&bank, on)?;
    sent(&bank, &day, "first.txt", TRIED - FEE)?;
    let payout = text(&tried, "payout")?;
    bank.does(&["bank", "payout", "return", &payout, "--reason", "name-differs"])?;
    let back = shop.does(&["merchant", "payouts"])?;
    ensure!(back["payouts"][0]["state"] == "returned", "{back}");
    // What came back lies in the bank account; the next payout is of all that is in the zone.
    let all = in_zone(&shop.does(&["balance"])?)?;
    let asked = shop.does(&["merchant", "payout"])?;
    ensure!(yen(&asked, "amount")? == all, "{asked}");
    sent(&bank, &day, "second.txt", all - FEE)?;
    let has_arrived = JapanDay::of(clock.now()) >= on;
    if has_arrived {
        bank.does(&["bank", "payout", "done", "--all"])?;
    }
    let listed = shop.does(&["merchant", "payouts"])?;
    let expected = if has_arrived { "completed" } else { "sent" };
    ensure!(listed["payouts"][1]["state"] == expected, "{listed}");
    let left = in_zone(&shop.does(&["balance"])?)?;
    Ok(PaidOut { yen: all, has_arrived, returned: TRIED, files_verified: 3, left })
}

/// Today, or the Monday after a weekend.
fn business_day(clock: &Clock) -> JapanDay {
    let mut day = JapanDay::of(clock.now());
    while day.is_weekend() {
        day = day.next();
    }
    day
}

/// Of a Saturday nothing is sent, and no file is there that somebody might hand over.
fn is_refused_without_a_file(bank: &Desk, on: JapanDay) -> anyhow::Result<()> {
    let mut day = on;
    while !day.is_weekend() {
        day = day.next();
    }
    let (day, file) = (day.to_string(), "never.txt");
    let send = ["bank", "payout", "send", "--on", &day, "--accounts", "account.json"];
    let refused = bank.refused(&[&send[..], &["--payer", "payer.json", "--to", file]].concat())?;
    ensure!(refused == "code-3119" && !bank.file(file).exists(), "{refused}");
    Ok(())
}

/// The clerk writes the file, which Python must read as it is.
fn sent(bank: &Desk, day: &str, file: &str, amount: u64) -> anyhow::Result<()> {
    let send = ["bank", "payout", "send", "--on", day, "--accounts", "account.json"];
    bank.does(&[&send[..], &["--payer", "payer.json", "--to", file]].concat())?;
    let transfers = read(&bank.file(file), "transfers")?;
    let one = &transfers["transfers"][0];
    let is_whole = one["amount"] == amount && one["name"] == "ｱｲﾂﾞ ｼﾖｳﾃﾝ" && one["bank"] == "0126";
    ensure!(is_whole, "{transfers}");
    Ok(())
}

/// What a program that shares no code with ours reads.
pub(super) fn read(path: &Path, kind: &str) -> anyhow::Result<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/shop_documents.py");
    let output = Command::new("python3").arg(script).arg(kind).arg(path).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The bank that keeps the shop's account.
fn bank_of(network: &Network, shop: &Desk) -> anyhow::Result<Desk> {
    let balance = shop.does(&["balance"])?;
    let custodian = balance["custodian"].as_u64().with_context(|| format!("{balance}"))?;
    Desk::actor(network, &format!("bank-{custodian}"))
}
