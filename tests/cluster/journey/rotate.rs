//! A citizen changes the key: within the same words, after a lost answer, and to new words.

use serde_json::{Value, json};

use super::consent::Visit;
use super::person::{Person, address_of, first_bank, newcomer, text};
use crate::town::Town;

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_takes_another_key_and_nobody_pays_with_the_old_one() -> anyhow::Result<()> {
    let town = Town::start(77).await?;
    let bank = Person::actor(&town, &first_bank(&town).0)?;
    let (citizen, address) = newcomer(&town, &bank, "sachi", "citizen")?;
    let (_, other) = newcomer(&town, &bank, "goro", "citizen")?;
    bank.does(&["bank", "issue", &address, "5000", "--core-ref", "1", "--yes"])?;
    let send = ["send", &other, "100", "--yes"];
    let first = public_key(&citizen)?;
    let wallet = citizen.folder().join("wallets/sachi.json");
    let begun = citizen.folder().join("wallets/sachi.rotating");
    let words = "words.txt";
    citizen.does(&["wallet", "backup", "--out", words])?;

    let planned = citizen.does(&["wallet", "rotate", "--dry-run"])?;
    assert_eq!((&planned["key_index"], public_key(&citizen)?), (&json!(1), first.clone()));
    let old = std::fs::read(&wallet)?;
    let rotated = citizen.does(&["wallet", "rotate", "--yes"])?;
    assert_eq!(rotated["public_key"], planned["public_key"], "the next key of the same words");
    let second = public_key(&citizen)?;
    assert_eq!((&json!(second), begun.exists()), (&rotated["public_key"], false));
    citizen.does(&send)?;
    let history = citizen.does(&["history"])?;
    assert!(history.to_string().contains("\"keys_rotated\""), "{history}");

    // A copy of the old wallet pays nothing, and a copy made just before the answer came goes on.
    let new = std::fs::read(&wallet)?;
    std::fs::write(&wallet, &old)?;
    let again = [&send[..], &["--again"]].concat();
    citizen.fails(&again, 4, "code-6104")?;
    std::fs::write(&begun, &new)?;
    let ended = citizen.does(&["wallet", "rotate", "--yes"])?;
    assert_eq!((&ended["transaction"], begun.exists()), (&Value::Null, false));
    assert_eq!(public_key(&citizen)?, second);

    // What another wallet of the same name left is not gone on with.
    let stranger = Person::new(&town)?;
    stranger.does(&["wallet", "new", "sachi", "--yes"])?;
    let left = std::fs::read(stranger.folder().join("wallets/sachi.json"))?;
    std::fs::write(&begun, left)?;
    citizen.fails(&["wallet", "rotate", "--yes"], 3, "other-rotation")?;
    std::fs::remove_file(&begun)?;

    // Whoever has only the words finds the key that acts.
    let restored = Person::new(&town)?;
    restored.write(words, &std::fs::read_to_string(citizen.path(words))?)?;
    restored.does(&["wallet", "import", "sachi", "--words-file", words, "--no-find"])?;
    assert_eq!(public_key(&restored)?, first);
    restored.does(&["wallet", "attach", &address])?;
    assert_eq!(public_key(&restored)?, second);
    restored.does(&send)?;

    // Nothing is shown to be written down of what is not done.
    citizen.does(&["wallet", "rotate", "--new-words", "--dry-run"])?;
    citizen.does(&["wallet", "rotate", "--new-words", "--yes"])?;
    restored.fails(&again, 4, "code-6104")?;
    citizen.does(&again)?;
    assert_eq!(citizen.balance()?, "4700");
    town.assert_conserved().await
}

#[tokio::test(flavor = "multi_thread")]
async fn new_words_reach_the_consents_of_before_and_the_old_ones_none() -> anyhow::Result<()> {
    let town = Town::start(78).await?;
    let visit = Visit::begin(&town)?;
    let consent = visit.first()?;
    let citizen = &visit.citizen;
    let address = address_of(&town, "citizen-0001");
    let wallet = citizen.folder().join("wallets/citizen-0001.json");
    let begun = citizen.folder().join("wallets/citizen-0001.rotating");
    let old = std::fs::read(&wallet)?;

    // The next key of the same words leaves consents alone; new words change every key.
    let planned = citizen.does(&["wallet", "rotate", "--dry-run"])?;
    assert_eq!(planned["subjects"], json!([]));
    let of_subject = citizen.does(&["consent", "address", "--party", &visit.party])?;
    let planned = citizen.does(&["wallet", "rotate", "--new-words", "--dry-run"])?;
    let subject = json!([{
        "party": 2, "account": of_subject["address"], "transaction": null,
    }]);
    assert_eq!(planned["subjects"], subject);
    let rotated = citizen.does(&["wallet", "rotate", "--new-words", "--yes"])?;
    assert_eq!(rotated["outcome"], "committed");
    assert!(rotated["subjects"][0]["transaction"].is_string(), "{rotated}");
    let with_new_key = citizen.does(&["consent", "address", "--party", &visit.party])?;
    assert_eq!(with_new_key["address"], of_subject["address"]);
    assert_ne!(with_new_key["public_key"], of_subject["public_key"]);
    assert_eq!(visit.standing(&consent)?, "given");
    let agreed = citizen.does(&["consent", "show", &consent])?;
    assert!(agreed["processes"][0].is_object(), "what is kept here opens as before: {agreed}");
    let second = text(&citizen.does(&visit.grant(&["--days", "30"]))?, "consent")?;

    // Whoever has the old words, and even the files, withdraws nothing.
    let new = std::fs::read(&wallet)?;
    std::fs::write(&wallet, &old)?;
    citizen.fails(&["consent", "revoke", &consent], 4, "code-6104")?;
    // A run that stopped before its last step is gone on with, and sends nothing twice.
    std::fs::write(&begun, &new)?;
    let ended = citizen.does(&["wallet", "rotate", "--yes"])?;
    assert_eq!((&ended["transaction"], &ended["subjects"]), (&Value::Null, &subject));
    assert_eq!((std::fs::read(&wallet)?, begun.exists()), (new, false));

    // The new words alone, on another machine, find the account and the consents.
    let words = "words.txt";
    citizen.does(&["wallet", "backup", "--out", words])?;
    let restored = Person::new(&town)?;
    restored.write(words, &std::fs::read_to_string(citizen.path(words))?)?;
    let import = ["wallet", "import", "hana", "--words-file", words];
    let unsought = Person::new(&town)?;
    unsought.write(words, &std::fs::read_to_string(citizen.path(words))?)?;
    unsought.does(&[&import[..], &["--no-find"]].concat())?;
    assert_eq!(unsought.does(&["wallet", "attach"])?["address"], address.as_str());
    assert_eq!(unsought.does(&["consent", "ls"])?["consents"], json!([]));
    let found = unsought.does(&["consent", "ls", "--search"])?;
    let found = found["consents"].as_array().map(Vec::len);
    assert_eq!((found, visit.standing(&second)?.as_str()), (Some(2), "given"));
    let found = restored.does(&import)?;
    assert_eq!((&found["address"], &found["consents"]), (&json!(address), &json!(2)), "{found}");
    let missing = found["terms_missing"].as_array().map(Vec::len);
    assert_eq!(missing, Some(2), "what is on no ledger does not come back: {found}");
    let remembered = restored.does(&["consent", "ls"])?;
    assert_eq!(remembered["consents"].as_array().map(Vec::len), Some(2));
    restored.does(&["consent", "revoke", &consent[..8]])?;
    assert_eq!(visit.standing(&consent)?, "withdrawn");
    town.assert_conserved().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_words_that_stopped_halfway_goes_on_with_what_is_left() -> anyhow::Result<()> {
    let town = Town::start(79).await?;
    let visit = Visit::begin(&town)?;
    let consent = visit.first()?;
    let citizen = &visit.citizen;
    let wallet = citizen.folder().join("wallets/citizen-0001.json");
    let begun = citizen.folder().join("wallets/citizen-0001.rotating");
    let vault = citizen.folder().join("vault");
    let (old, old_vault) = (std::fs::read(&wallet)?, citizen.path("vault-before"));
    std::fs::rename(&vault, &old_vault)?;
    // Without what it keeps, the wallet knows of the account alone: as if the run had stopped there.
    let first = citizen.does(&["wallet", "rotate", "--new-words", "--yes"])?;
    assert_eq!(first["subjects"], json!([]));
    std::fs::remove_dir_all(&vault)?;
    std::fs::rename(&old_vault, &vault)?;
    std::fs::rename(&wallet, &begun)?;
    std::fs::write(&wallet, &old)?;

    let ended = citizen.does(&["wallet", "rotate", "--yes"])?;
    assert_eq!((&ended["transaction"], begun.exists()), (&Value::Null, false));
    assert!(ended["subjects"][0]["transaction"].is_string(), "{ended}");
    assert_eq!(ended["public_key"], first["public_key"]);
    citizen.does(&["consent", "revoke", &consent])?;
    assert_eq!(visit.standing(&consent)?, "withdrawn");
    town.assert_conserved().await
}

fn public_key(person: &Person) -> anyhow::Result<String> {
    text(&person.does(&["wallet", "show"])?, "public_key")
}
