//! A new shop enters a zone, a citizen charges and pays there, and both find the payment.

use anyhow::Context as _;
use serde_json::json;

use super::person::{Person, first_bank, newcomer, text};
use crate::town::Town;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_shop_is_registered_and_paid_in_its_zone() -> anyhow::Result<()> {
    let town = Town::start(64).await?;
    let bank = Person::actor(&town, &first_bank(&town).0)?;
    let operator = Person::actor(&town, "zone-operator")?;
    let (shop, shop_address) = newcomer(&town, &bank, "bakery", "merchant")?;
    let (citizen, address) = newcomer(&town, &bank, "jiro", "citizen")?;
    bank.does(&["bank", "issue", &address, "5000", "--core-ref", "1", "--yes"])?;

    let zones = citizen.does(&["zone", "ls"])?;
    assert_eq!(zones["zones"][0]["zone"], 1, "{zones}");
    let pay = ["pay", &shop_address, "850", "--zone", "1", "--reference", "bread", "--yes"];
    citizen.fails(&["zone", "charge", "3000", "--zone", "1", "--yes"], 6, "code-3003")?;
    citizen.does(&["zone", "open", "--zone", "1", "--yes"])?;
    citizen.fails(&["zone", "open", "--zone", "1", "--yes"], 6, "code-3002")?;
    citizen.fails(&["zone", "charge", "5001", "--zone", "1", "--yes"], 7, "code-2004")?;
    citizen.does(&["zone", "charge", "3000", "--zone", "1", "--yes"])?;
    citizen.fails(&pay, 6, "code-3005")?;
    let register =
        ["merchant", "register", &shop_address, "--zone", "1", "--class", "local", "--yes"];
    citizen.fails(&register, 6, "code-3006")?;
    operator.does(&register)?;
    operator.fails(&register, 6, "code-3007")?;
    let paid = citizen.does(&pay)?;
    let number = text(&paid, "transaction")?;
    // 2,150 are in the zone and 2,000 in the bank account.
    let too_much = ["pay", &shop_address, "4151", "--zone", "1", "--yes"];
    citizen.fails(&too_much, 7, "coin-and-bank-short")?;
    let of_coin = ["pay", &shop_address, "2151", "--zone", "1", "--coin-only", "--yes"];
    citizen.fails(&of_coin, 7, "coin-short")?;
    citizen.fails(&["pay", &shop_address, "1", "--zone", "9", "--yes"], 6, "code-3001")?;
    citizen.does(&["zone", "discharge", "1150", "--zone", "1", "--yes"])?;
    let held = citizen.does(&["balance"])?;
    assert_eq!((&held["balance"], &held["zones"][0]["balance"]), (&json!("3150"), &json!("1000")));

    let payments = shop.does(&["merchant", "payments"])?;
    let [payment] = payments["payments"].as_array().context("a list")?.as_slice() else {
        anyhow::bail!("not one payment: {payments}")
    };
    let event = &payment["event"];
    assert_eq!((&payment["transaction"], &event["amount"]), (&json!(number), &json!("850")));
    let payer = text(event, "payer")?;
    let payer = payer.strip_prefix("pseudonym:").context("a shop does not learn who pays")?;
    let last = &number[number.len() - 4..];
    assert_eq!(shop.does(&["merchant", "payments", "--last", last])?, payments);
    // The payment's own number, which both sides see, leads to it too, and is what is shown.
    let own = text(payment, "payment")?;
    let own = &own[own.len() - 4..];
    assert_eq!(shop.does(&["merchant", "payments", "--last", own])?, payments);
    let none = shop.does(&["merchant", "payments", "--last", "none"])?;
    assert_eq!(none["payments"], json!([]));
    let said = shop.says_in_japanese(&["merchant", "payments"])?;
    for part in ["ゾーンでの支払い", "+850円", own, &payer[..8]] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = citizen.says_in_japanese(&["balance"])?;
    assert!(said.contains("（ゾーン 1）: 1,000円"), "{said}");

    // Another shop has no part in it: nothing of this reaches it.
    let other = Person::actor(&town, "shop-001")?;
    assert_eq!(other.does(&["merchant", "payments"])?["payments"], json!([]));
    let supply = Person::new(&town)?.does(&["audit", "supply"])?;
    assert_eq!(supply["conserved"], true, "{supply}");
    town.assert_conserved().await
}
