//! Proofs that the wallet writes: two verifiers that share no code accept them and refuse all else.
//! (`audit_log` in the names selects them together with the log's own tests.)

use anyhow::{Context as _, ensure};
use kyojo_tests::verifiers::{Judgement, Tally, Verifiers, spoil};
use ledger_proof::signers::Signers;
use serde_json::Value;

use crate::audit_log::shown_by_all;
use crate::journey::consent::Visit;
use crate::journey::person::{Person, address_of, text};
use crate::town::Town;

/// Both verifiers, trusting what `kyojo trust` writes from the town's genesis, as of now.
fn verifiers(town: &Town) -> anyhow::Result<Verifiers> {
    let folder = town.network.folder();
    Verifiers::of_genesis(&folder.join("genesis.json"), &folder.join("trust.json"))
}

/// Both verifiers accept a file and find the same, also from genesis alone; what they found.
fn accepted(
    town: &Town,
    verifiers: &Verifiers,
    person: &Person,
    file: &str,
) -> anyhow::Result<Vec<Value>> {
    let genesis = town.network.folder().join("genesis.json");
    let genesis = genesis.to_str().context("a path of letters")?;
    let found = person.does(&["verify", file, "--genesis", genesis])?;
    let judged = verifiers.judge(&person.path(file))?;
    ensure!(judged == Judgement::Accepted(found.clone()), "{file}: {judged:?}\nand {found}");
    Ok(found["proved"].as_array().context("no list")?.clone())
}

/// Copies of a file with one letter changed are refused by both, with one code.
fn refused(verifiers: &Verifiers, person: &Person, file: &str) -> anyhow::Result<()> {
    let mut tally = Tally::default();
    verifiers.prove(&person.path(file), &mut tally)?;
    ensure!(tally.tampered > 5 && tally.refused == tally.tampered, "{file}: {tally:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_log_proofs_of_payments_and_balances_hold_for_strangers() -> anyhow::Result<()> {
    let town = Town::start(73).await?;
    let verifiers = verifiers(&town)?;
    let citizen = Person::actor(&town, "citizen-0001")?;
    let other = address_of(&town, "citizen-0002");
    let sent = citizen.does(&["send", &other, "1,200", "--yes"])?;
    let transaction = text(&sent, "transaction")?;
    let receipt = citizen.does(&["receipt", &transaction, "--proof", "receipt.json"])?;
    assert_eq!(receipt["proof"], "receipt.json");
    let [proved] =
        accepted(&town, &verifiers, &citizen, "receipt.json")?.try_into().unwrap_or_default();
    assert_eq!((&proved["kind"], &proved["committed"]), (&"receipt".into(), &true.into()));
    assert_eq!(proved["transaction"], transaction);
    refused(&verifiers, &citizen, "receipt.json")?;

    let balance = citizen.does(&["balance", "--proof", "balance.json"])?;
    let proved = accepted(&town, &verifiers, &citizen, "balance.json")?;
    assert!(proved.iter().all(|one| one["kind"] == "state"), "{proved:?}");
    let genesis = town.network.folder().join("genesis.json");
    let genesis = genesis.to_str().context("a path of letters")?;
    let said = citizen.says_in_japanese(&["verify", "balance.json", "--genesis", genesis])?;
    let yen: u64 = text(&balance, "balance")?.parse()?;
    let shown = as_shown(yen);
    assert!(said.contains(&shown) && said.contains("支払う義務"), "{shown}: {said}");
    refused(&verifiers, &citizen, "balance.json")
}

/// An amount as the wallet shows it.
fn as_shown(yen: u64) -> String {
    let digits = yen.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "円"
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_log_proofs_of_a_consent_show_its_end() -> anyhow::Result<()> {
    let town = Town::start(74).await?;
    let verifiers = verifiers(&town)?;
    let visit = Visit::begin(&town)?;
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    let made = citizen.does(&visit.grant(&["--out", "consent.kyojo"]))?;
    let consent = text(&made, "consent")?;
    clinic.write("consent.kyojo", &std::fs::read_to_string(citizen.path("consent.kyojo"))?)?;
    clinic.does(&["consent", "cosign", "consent.kyojo", "--yes"])?;
    citizen.does(&["consent", "show", &consent, "--proof", "given.json"])?;
    let given = accepted(&town, &verifiers, citizen, "given.json")?;
    assert_eq!(given.len(), 3, "consent, notice, controller: {given:?}");
    refused(&verifiers, citizen, "given.json")?;

    citizen.does(&["consent", "revoke", &consent])?;
    citizen.does(&["consent", "show", &consent, "--proof", "ended.json"])?;
    let ended = accepted(&town, &verifiers, citizen, "ended.json")?;
    assert_eq!(ended[0]["key"], given[0]["key"]);
    assert_ne!(ended[0]["value"], given[0]["value"]);
    let genesis = town.network.folder().join("genesis.json");
    let genesis = genesis.to_str().context("a path of letters")?;
    let told = |file| citizen.says_in_japanese(&["verify", file, "--genesis", genesis]);
    assert!(told("given.json")?.contains("取りやめられていません"));
    assert!(told("ended.json")?.contains("で終わりました"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn audit_log_copies_grow_and_a_changed_copy_is_found_out() -> anyhow::Result<()> {
    let town = Town::start(75).await?;
    let citizen = Person::actor(&town, "citizen-0001")?;
    let other = address_of(&town, "citizen-0002");
    // Proving a receipt waits for a checkpoint, so there is one to copy.
    let pay = || -> anyhow::Result<()> {
        let sent = citizen.does(&["send", &other, "1", "--again", "--yes"])?;
        let transaction = text(&sent, "transaction")?;
        let file = format!("{transaction}.json");
        citizen.does(&["receipt", &transaction, "--proof", &file]).map(drop)
    };
    pay()?;
    let first = citizen.does(&["audit", "log", "log"])?;
    pay()?;
    let second = citizen.does(&["audit", "log", "log"])?;
    let size = |copy: &Value| copy["size"].as_u64().context("no size");
    assert!(size(&first)? < size(&second)?);
    assert_eq!((&first["grown_from"], &second["grown_from"]), (&Value::Null, &first["size"]));
    for file in ["checkpoint", "checkpoint.before", "policy", "tile/0", "tile/entries"] {
        assert!(citizen.path("log").join(file).exists(), "{file}");
    }
    // Another node shows the same log.
    let policy = Signers::of(&town.document)?.policy;
    shown_by_all(&town, &policy, size(&second)?).await?;
    let third = citizen.does(&["audit", "log", "log", "--node", &town.url(2)])?;
    assert_eq!(third["grown_from"], second["size"]);
    // Whoever holds a checkpoint of another past finds out that the log is not its own.
    let path = citizen.path("log/checkpoint");
    let checkpoint = std::fs::read_to_string(&path)?;
    std::fs::write(&path, spoil(&checkpoint))?;
    citizen.fails(&["audit", "log", "log"], 10, "log-forked")?;
    Ok(())
}
