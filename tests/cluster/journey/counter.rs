//! A counter serves someone without a telephone, and the bereaved.

use serde_json::json;

use super::consent::{DIRECTORY, NOTICE, Visit};
use super::life::day_after_tomorrow;
use super::person::{Person, text};
use crate::town::Town;

/// The city's health department, which may serve people at its counter from here on.
pub(super) fn counter(town: &Town) -> anyhow::Result<Person> {
    let registrar = Person::actor(town, "registrar")?;
    let update = ["party", "update", "--party", "1"];
    let roles = ["--role", "controller", "--role", "data-holder", "--role", "counter", "--yes"];
    registrar.does(&[&update[..], &roles].concat())?;
    let counter = Person::actor(town, "party-city-health")?;
    counter.write("form.pdf", "signed by hand")?;
    counter.write("identity.txt", "佐藤花子、マイナンバーカードで確認")?;
    Ok(counter)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_enters_and_ends_the_consent_of_someone_without_a_telephone() -> anyhow::Result<()>
{
    let town = Town::start(151).await?;
    let visit = Visit::begin(&town)?;
    visit.clinic.fails(
        &["counter", "withdraw", &"0".repeat(64), "--evidence", "notice.ja.txt", "--yes"],
        6,
        "code-4012",
    )?;
    let counter = counter(&town)?;
    counter.write("notice.txt", NOTICE)?;
    counter.write("terms.json", &std::fs::read_to_string(visit.citizen.path("terms.json"))?)?;
    counter.write("institutions.json", DIRECTORY)?;
    counter.does(&["consent", "directory", "institutions.json"])?;
    let grant = visit.grant(&["--form", "form.pdf", "--slip", "slip.txt", "--lang", "ja"]);
    let grant: Vec<&str> = [&["counter"][..], &grant[1..]].concat();
    let granted = counter.does(&grant)?;
    let consent = text(&granted, "consent")?;
    let slip = std::fs::read_to_string(counter.path("slip.txt"))?;
    for part in ["会津ひがし病院", "お薬手帳", "地域医療連携", "窓口に来てください", "12. "]
    {
        assert!(slip.contains(part), "{part}: {slip}");
    }
    // At home, with the words of the slip and a borrowed computer, the same address is found.
    let person = Person::new(&town)?;
    let words: Vec<&str> = slip
        .lines()
        .filter_map(|line| line.trim().split_once(". "))
        .filter(|(number, _)| number.parse::<u8>().is_ok())
        .map(|(_, word)| word)
        .collect();
    assert_eq!(words.len(), 12, "{slip}");
    person.write("words.txt", &words.join("\u{3000}"))?;
    person.does(&["wallet", "import", "hanako", "--words-file", "words.txt"])?;
    let address = person.does(&["consent", "address", "--party", &visit.party])?;
    assert_eq!(address["address"], granted["subject"]);

    // They are enough to withdraw, though the ledger does not know the person's key yet.
    let subject = text(&granted, "subject")?;
    let more = visit.grant(&["--form", "form.pdf", "--subject", &subject]);
    let more: Vec<&str> = [&["counter"][..], &more[1..]].concat();
    let second = text(&counter.does(&more)?, "consent")?;
    person.does(&["consent", "revoke", &second, "--party", &visit.party, "--yes"])?;
    counter.does(&["counter", "withdraw", &consent, "--evidence", "identity.txt", "--yes"])?;
    let again = ["counter", "withdraw", &consent, "--evidence", "identity.txt", "--yes"];
    counter.fails(&again, 6, "code-4014")?;
    let request = ["counter", "request", "erase", "--party", &visit.party, "--file", "form.pdf"];
    let asked = counter.does(&[&request[..], &["--subject", &subject, "--yes"]].concat())?;
    let owed = visit.clinic.does(&["party", "duties"])?;
    assert_eq!(
        owed["duties"].as_array().map(Vec::len),
        Some(3),
        "two endings and a request: {owed}"
    );
    visit.clinic.write("answer.txt", "消しました。")?;
    let request = text(&asked, "request")?;
    let answer = ["party", "answer", &request, "--outcome", "done", "--file", "answer.txt"];
    visit.clinic.does(&[&answer[..], &["--yes"]].concat())?;
    stop_for_the_bereaved(&town, &visit, &counter)
}

/// The family of someone who died objects at the counter; nothing of either is on the ledger.
fn stop_for_the_bereaved(town: &Town, visit: &Visit, counter: &Person) -> anyhow::Result<()> {
    let registrar = Person::actor(town, "registrar")?;
    registrar.write("law.txt", "個人情報の保護に関する法律 第27条第2項")?;
    let basis = ["party", "publish", "legal-basis", "--basis", "2", "--code", "appi-27-2"];
    let law = ["--statute-date", "2025-06-01", "--file", "law.txt", "--mechanism", "opt-out"];
    registrar.does(&[&basis[..], &law, &["--regime", "private", "--yes"]].concat())?;
    let clinic = &visit.clinic;
    clinic.write("filing.txt", "届出 12345")?;
    clinic.write("person.txt", "佐藤太郎 1931-03-05")?;
    let opt_out = ["party", "publish", "opt-out", "--scheme", "1", "--basis", "2"];
    let files = ["--filing", "filing.txt", "--prohibited", "filing.txt"];
    let wait = day_after_tomorrow();
    clinic.does(&[&opt_out[..], &files, &["--wait-until", &wait, "--yes"]].concat())?;
    let known = clinic.does(&["party", "person", "person.txt", "--out", "person.json"])?;
    let person = text(&known, "person")?;
    let stop = ["counter", "stop-opt-out", "--party", &visit.party, "--scheme", "1"];
    let of = ["--person", &person, "--evidence", "identity.txt", "--yes"];
    let stop = [&stop[..], &of].concat();
    assert_eq!(counter.does(&stop)?["person"], json!(person));
    counter.fails(&stop, 6, "code-4045")?;
    Ok(())
}
