//! A citizen changes the key: within the same words, after a lost answer, and to new words.

use serde_json::{Value, json};

use super::person::{Person, first_bank, newcomer, text};
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
    citizen.fails(&send, 4, "code-6104")?;
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
    restored.does(&["wallet", "import", "sachi", "--words-file", words])?;
    assert_eq!(public_key(&restored)?, first);
    restored.does(&["wallet", "attach", &address])?;
    assert_eq!(public_key(&restored)?, second);
    restored.does(&send)?;

    // Nothing is shown to be written down of what is not done.
    citizen.does(&["wallet", "rotate", "--new-words", "--dry-run"])?;
    citizen.does(&["wallet", "rotate", "--new-words", "--yes"])?;
    restored.fails(&send, 4, "code-6104")?;
    citizen.does(&send)?;
    assert_eq!(citizen.balance()?, "4700");
    town.assert_conserved().await
}

fn public_key(person: &Person) -> anyhow::Result<String> {
    text(&person.does(&["wallet", "show"])?, "public_key")
}
