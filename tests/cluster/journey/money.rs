//! A newcomer gets a wallet, an account and money, pays, and meets every common refusal.

use anyhow::Context as _;
use serde_json::json;

use super::person::{Person, address_of, first_bank, newcomer, text};
use crate::town::Town;

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_an_account_and_money_pays_and_reads_its_history() -> anyhow::Result<()> {
    let town = Town::start(61).await?;
    let bank = Person::actor(&town, &first_bank(&town).0)?;
    let (hanako, address) = newcomer(&town, &bank, "hanako", "citizen")?;
    assert_eq!(hanako.balance()?, "0");
    let issue = ["bank", "issue", &address, "10,000円", "--core-ref", "2026-11-22/1", "--yes"];
    let issued = bank.does(&issue)?;
    assert_eq!((&issued["outcome"], &issued["amount"]), (&json!("committed"), &json!("10000")));
    let again = bank.fails(&issue, 6, "code-2008")?;
    assert_eq!(again["name"], "ReferenceRepeated", "{again}");
    assert_eq!(hanako.balance()?, "10000");

    let other = address_of(&town, "citizen-0002");
    let sent = hanako.does(&["send", &other, "1,200", "--reference", "INV-17", "--yes"])?;
    let transaction = text(&sent, "transaction")?;
    assert_eq!(hanako.balance()?, "8800");
    let receipt = hanako.does(&["receipt", &transaction])?;
    assert_eq!(receipt["outcome"], "committed");
    assert_eq!(receipt["height"], sent["height"]);

    let page = hanako.does(&["history", "--limit", "2"])?;
    let kinds = entries(&page)?.iter().filter_map(|entry| entry["event"]["type"].as_str());
    let kinds: Vec<&str> = kinds.collect();
    assert_eq!(kinds, ["transferred", "issued"]);
    assert_eq!(page["entries"][0]["transaction"], transaction);
    assert_eq!(page["entries"][0]["event"]["creditor"], other);
    let next = text(&page, "next")?;
    let rest = hanako.does(&["history", "--limit", "2", "--cursor", &next])?;
    assert_eq!(entries(&rest)?.len(), 1);
    let opened = &rest["entries"][0]["event"]["type"];
    assert_eq!((opened, &rest["next"]), (&json!("account_opened"), &json!(null)));

    // The bank keeps the account, so it may read it; a bank that does not, may not.
    let seen = bank.does(&["balance", "--account", &address])?;
    assert_eq!(seen["balance"], "8800");
    let stranger = Person::actor(&town, "citizen-0002")?;
    stranger.fails(&["balance", "--account", &address], 4, "code-6107")?;
    town.assert_conserved().await
}

fn entries(page: &serde_json::Value) -> anyhow::Result<&Vec<serde_json::Value>> {
    page["entries"].as_array().with_context(|| format!("no entries in {page}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_common_refusal_has_its_exit_code_and_moves_nothing() -> anyhow::Result<()> {
    let town = Town::start(62).await?;
    let citizen = Person::actor(&town, "citizen-0001")?;
    let before = citizen.balance()?;
    let other = address_of(&town, "citizen-0002");
    let pay = |to: &str, amount: &str, more: &[&str], exit: i32, error: &str| {
        citizen.fails(&[&["send", to, amount][..], more].concat(), exit, error)
    };
    let short = pay(&other, "999999999", &["--yes"], 7, "code-2004")?;
    assert_eq!(short["name"], "InsufficientFunds");
    let rejected = text(&short, "transaction")?;
    let nobody = ledger_types::AccountId::new([3; 20]).to_address(&town.document.address_prefix);
    pay(&nobody, "10", &["--yes"], 6, "code-2002")?;
    pay(&address_of(&town, "citizen-0001"), "10", &["--yes"], 6, "code-2003")?;
    pay("kyodev1nonsense", "10", &["--yes"], 2, "bad-address")?;
    pay(&other, "1.5", &["--yes"], 2, "bad-amount")?;
    pay(&other, "10", &[], 11, "not-confirmed")?;
    citizen.write("wrong", "not the password")?;
    pay(&other, "10", &["--yes", "--password-file", "wrong"], 4, "wrong-password")?;
    pay(&other, "10", &["--yes", "--password-file", "missing"], 5, "file")?;
    pay(&other, "10", &["--yes", "--node", "http://127.0.0.1:9"], 8, "unreachable")?;
    pay(&other, "10", &["--yes", "--wallet", "nobody"], 5, "wallet-unknown")?;
    citizen.fails(&["receipt", &"0".repeat(64)], 5, "code-6201")?;
    // A receipt of a rejected transaction tells the rule as the rejection did.
    citizen.fails(&["receipt", &rejected], 7, "code-2004")?;
    assert_eq!(citizen.balance()?, before);

    let stranger = Person::new(&town)?;
    stranger.fails(&["balance"], 5, "no-wallet")?;
    stranger.does(&["wallet", "new", "taro", "--yes"])?;
    stranger.fails(&["balance"], 3, "not-attached")?;
    stranger.fails(&["wallet", "attach", &other], 4, "code-6104")?;
    citizen.fails(&["bank", "issue", &other, "5", "--core-ref", "x", "--yes"], 6, "code-2010")?;
    citizen.fails(&["consent", "show", &"0".repeat(64)], 5, "consent-party-unknown")?;
    town.assert_conserved().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_lost_and_restored_pays_on_from_where_it_was() -> anyhow::Result<()> {
    let town = Town::start(63).await?;
    let bank = Person::actor(&town, &first_bank(&town).0)?;
    let (hanako, address) = newcomer(&town, &bank, "hanako", "citizen")?;
    bank.does(&["bank", "issue", &address, "500", "--core-ref", "1", "--yes"])?;
    let other = address_of(&town, "citizen-0002");
    hanako.does(&["send", &other, "100", "--yes"])?;
    hanako.does(&["wallet", "backup", "--out", "words.txt"])?;

    let restored = Person::new(&town)?;
    restored.write("words.txt", &std::fs::read_to_string(hanako.path("words.txt"))?)?;
    drop(hanako);
    let found = restored.does(&["wallet", "import", "again", "--words-file", "words.txt"])?;
    assert_eq!(found["address"], address, "the words alone find the account");
    let wallets = restored.does(&["wallet", "ls"])?;
    assert_eq!(wallets["wallets"][0]["address"], address);
    let shown = restored.does(&["wallet", "show"])?;
    assert_eq!((&shown["name"], &shown["secret"]), (&json!("again"), &json!("words_ja")));
    restored.does(&["send", &other, "150", "--yes"])?;
    assert_eq!(restored.balance()?, "250");

    let said = restored.says_in_japanese(&["balance"])?;
    assert!(said.contains("残高: 250円") && said.contains("使える額: 250円"), "{said}");
    let said = restored.says_in_japanese(&["history"])?;
    for part in ["日時", "送金", "-150円", "発行", "+500円", "口座を開設", "/"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let refused = restored.run(&["send", &other, "251", "--yes", "--lang", "ja"])?;
    assert_eq!(refused.code, 7);
    assert!(refused.stderr.contains("エラー: 残高が足りません。"), "{refused:?}");
    Ok(())
}
