//! Payout: asked for, seen by the bank, settled, refused, or taken back.

use anyhow::Context as _;
use serde_json::json;

use super::person::{Person, first_bank, newcomer, text};
use crate::town::Town;

/// The requests that the bank sees as open, oldest first, with their amounts.
fn open(bank: &Person) -> anyhow::Result<Vec<(String, String)>> {
    let listed = bank.does(&["bank", "redeem", "ls"])?;
    let requests = listed["requests"].as_array().context("a list")?;
    let asked = requests.iter().map(|one| &one["event"]);
    asked.map(|asked| Ok((text(asked, "redeem")?, text(asked, "amount")?))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_sees_each_payout_asked_for_and_ends_it_once() -> anyhow::Result<()> {
    let town = Town::start(65).await?;
    let (name, code) = first_bank(&town);
    let bank = Person::actor(&town, &name)?;
    let (citizen, address) = newcomer(&town, &bank, "saburo", "citizen")?;
    bank.does(&["bank", "issue", &address, "10000", "--core-ref", "1", "--yes"])?;
    let before = redeemed(&town, code)?;
    assert_eq!(open(&bank)?, []);

    let ask = |amount: &str| -> anyhow::Result<String> {
        text(&citizen.does(&["redeem", amount, "--yes"])?, "redeem")
    };
    let (paid, refused, given_up) = (ask("4000")?, ask("300")?, ask("20")?);
    citizen.fails(&["redeem", "5681", "--yes"], 7, "code-2004")?;
    let held = citizen.does(&["balance"])?;
    assert_eq!((&held["held"], &held["available"]), (&json!("4320"), &json!("5680")));
    let expected = [(&paid, "4000"), (&refused, "300"), (&given_up, "20")];
    let expected = expected.map(|(request, amount)| (request.clone(), amount.to_owned()));
    assert_eq!(open(&bank)?, expected);
    let said = bank.says_in_japanese(&["bank", "redeem", "ls"])?;
    assert!(said.contains("依頼") && said.contains("4,000円") && said.contains(&paid), "{said}");

    citizen.fails(&["bank", "redeem", "settle", &paid, "--yes"], 6, "code-2010")?;
    bank.fails(&["bank", "redeem", "settle", &paid, "--yes"], 6, "code-2035")?;
    bank.does(&["bank", "redeem", "claim", &paid, "--yes"])?;
    bank.fails(&["bank", "redeem", "claim", &paid, "--yes"], 6, "code-2034")?;
    citizen.fails(&["redeem", "--cancel", &paid, "--yes"], 6, "code-2034")?;
    bank.does(&["bank", "redeem", "settle", &paid, "--yes"])?;
    bank.fails(&["bank", "redeem", "settle", &paid, "--yes"], 6, "code-2015")?;
    bank.does(&["bank", "redeem", "claim", &refused, "--yes"])?;
    bank.fails(&["bank", "redeem", "cancel", &refused, "--yes"], 6, "code-2034")?;
    bank.does(&["bank", "redeem", "release", &refused, "--yes"])?;
    bank.does(&["bank", "redeem", "cancel", &refused, "--yes"])?;
    assert_eq!(open(&bank)?, [(given_up.clone(), "20".to_owned())]);
    citizen.does(&["redeem", "--cancel", &given_up, "--yes"])?;
    assert_eq!(open(&bank)?, []);
    citizen.fails(&["redeem", "--cancel", &given_up, "--yes"], 6, "code-2015")?;
    let held = citizen.does(&["balance"])?;
    assert_eq!((&held["held"], &held["balance"]), (&json!("0"), &json!("6000")));
    assert_eq!(redeemed(&town, code)?, before + 4_000);
    town.assert_conserved().await
}

/// What the bank has redeemed so far, as anyone may ask; the sums must hold.
fn redeemed(town: &Town, code: u16) -> anyhow::Result<u64> {
    let supply = Person::new(town)?.does(&["audit", "supply"])?;
    assert_eq!(supply["conserved"], true, "{supply}");
    let banks = supply["banks"].as_array().context("banks")?;
    let bank = banks.iter().find(|bank| bank["bank"] == code).context("the bank")?;
    Ok(text(bank, "redeemed")?.parse()?)
}
