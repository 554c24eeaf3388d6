//! Institutions at work: registries, broad and disaster consents, compensation, emergencies, endings.

use super::consent::Visit;
use super::life::day_after_tomorrow;
use super::person::{Person, address_of, text};
use crate::town::Town;

/// A grant by flags, after the first one.
fn grant<'a>(visit: &'a Visit, more: &[&'a str]) -> Vec<&'a str> {
    let of_notice = ["consent", "grant", "--party", visit.party.as_str(), "--notice", "7"];
    let read = ["--notice-file", "notice.txt", "--notice-language", "ja", "--yes"];
    let who = ["--category", "移動の記録", "--recipient", "2", "--operation", "use"];
    [&of_notice[..], &read, &who, more].concat()
}

/// Opens the consent's one process for the clinic.
fn disclosed(visit: &Visit, consent: &str, file: &str) -> anyhow::Result<()> {
    visit.citizen.does(&["consent", "disclose", consent, "--out", file])?;
    visit.clinic.write(file, &std::fs::read_to_string(visit.citizen.path(file))?)
}

#[tokio::test(flavor = "multi_thread")]
async fn institutions_publish_pay_and_answer_for_what_they_do() -> anyhow::Result<()> {
    let town = Town::start(154).await?;
    let visit = Visit::begin(&town)?;
    let first = visit.first()?;
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    let registrar = Person::actor(&town, "registrar")?;
    let city = Person::actor(&town, "city")?;
    for person in [&registrar, &city, clinic] {
        person.write("paper.txt", "理由書")?;
    }
    registries(&registrar, clinic)?;

    // A broad consent covers what lay under its purpose when it was given, but what was left out.
    let of = ["--broad", "公益", "--exclude", "防災・災害対応"];
    let broad = text(&citizen.does(&grant(&visit, &of))?, "consent")?;
    disclosed(&visit, &broad, "broad.json")?;
    let ask = ["party", "access", "consent", "broad.json", "--holder", "2", "--yes"];
    clinic.does(&[&ask[..], &["--purpose", "行政サービスをよくすること"]].concat())?;
    clinic.fails(&[&ask[..], &["--purpose", "避難の支援"]].concat(), 6, "code-4079")?;
    clinic.fails(&ask, 6, "code-4079")?;

    disaster(&town, &visit, &city)?;
    compensation(&town, clinic, citizen)?;
    glass(&town)?;

    clinic.does(&["party", "revoke", &first, "--ground", "paper.txt", "--yes"])?;
    assert_eq!(visit.standing(&first)?, "revoked");
    city.does(&["party", "invalidate", &broad, "--ground", "paper.txt", "--yes"])?;
    assert_eq!(visit.standing(&broad)?, "invalidated");
    Ok(())
}

/// What the registrar and a controller publish.
fn registries(registrar: &Person, clinic: &Person) -> anyhow::Result<()> {
    registrar.does(&["party", "publish", "vocabulary", "--yes"])?;
    registrar.fails(&["party", "publish", "vocabulary", "--yes"], 6, "code-4024")?;
    let day: u64 = 24 * 60 * 60 * 1000;
    let rules = serde_json::json!({
        "acknowledge_within_ms": 7 * day, "request_within_ms": 7 * day, "match_within_ms": day,
        "review_within_ms": day, "notify_within_ms": day, "break_glass_ms_max": day,
        "break_glass_backdate_ms_max": day,
    });
    registrar.write("rules.json", &rules.to_string())?;
    let regime = ["party", "publish", "regime", "--regime", "private", "--rules", "rules.json"];
    registrar.does(&[&regime[..], &["--statute-date", "2025-06-01", "--yes"]].concat())?;
    let key = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let register = ["party", "register", "--party", "20", "--role", "recipient", "--key", key];
    registrar.does(&[&register[..], &["--corporate-number", "7000012050002", "--yes"]].concat())?;
    registrar.does(&["party", "update", "--party", "20", "--suspend", "--yes"])?;
    let scheme = ["party", "publish", "joint-use", "--scheme", "1", "--user", "3", "--user", "2"];
    let papers = ["--items", "paper.txt", "--purpose", "paper.txt", "--responsible", "2"];
    let notice = ["--notice", "7", "--notice-version", "1", "--yes"];
    clinic.does(&[&scheme[..], &papers, &notice].concat())?;
    Ok(())
}

/// A disaster profile sleeps until two members, one of them the city, say that there is one.
fn disaster(town: &Town, visit: &Visit, city: &Person) -> anyhow::Result<()> {
    let of = ["--purpose", "移動・交通", "--disaster", "7"];
    let consent = text(&visit.citizen.does(&grant(visit, &of))?, "consent")?;
    disclosed(visit, &consent, "disaster.json")?;
    let ask = ["party", "access", "consent", "disaster.json", "--holder", "2", "--yes"];
    visit.clinic.fails(&ask, 6, "code-4080")?;
    let university = Person::actor(town, "university")?;
    university.write("paper.txt", "観測")?;
    let until = day_after_tomorrow();
    let declare = ["party", "emergency", "declare", "--area", "7", "--until", &until];
    let declare = [&declare[..], &["--ground", "paper.txt", "--yes"]].concat();
    university.does(&declare)?;
    visit.clinic.fails(&ask, 6, "code-4080")?;
    city.does(&declare)?;
    visit.clinic.does(&ask)?;
    city.does(&["party", "emergency", "end", "--area", "7", "--yes"])?;
    visit.clinic.fails(&ask, 6, "code-4080")?;
    Ok(())
}

/// A month is paid in bulk, and the same file pays nobody twice.
fn compensation(town: &Town, clinic: &Person, citizen: &Person) -> anyhow::Result<()> {
    let payer = Person::actor(town, "citizen-0002")?;
    let terms = ["party", "publish", "terms", "--terms", "1", "--unit", "paper.txt", "--yes"];
    let of = address_of(town, "citizen-0002");
    clinic.does(&[&terms[..], &["--payer", &of]].concat())?;
    let before: u64 = citizen.balance()?.parse()?;
    payer.write(
        "rows.csv",
        &format!("address,amount\n{},500円\n", address_of(town, "citizen-0001")),
    )?;
    let pay = ["party", "dividend", "rows.csv", "--party", "2", "--terms", "1"];
    let pay = [&pay[..], &["--month", "2026-11", "--yes"]].concat();
    assert_eq!(payer.does(&pay)?["paid"], 1);
    let again = payer.does(&pay)?;
    assert_eq!((&again["paid"], &again["paid_before"]), (&0.into(), &1.into()), "{again}");
    assert_eq!(citizen.balance()?.parse::<u64>()?, before + 500);
    Ok(())
}

/// An ambulance opens one person's data; another organisation reviews it; the person is told.
fn glass(town: &Town) -> anyhow::Result<()> {
    let ambulance = Person::actor(town, "party-ambulance")?;
    let auditor = Person::actor(town, "party-auditor")?;
    ambulance.write("paper.txt", "意識なし")?;
    auditor.write("paper.txt", "救急記録と合う")?;
    ambulance.does(&["party", "person", "paper.txt", "--out", "person.json"])?;
    let open = ["party", "break-glass", "--person", "person.json", "--scope", "paper.txt"];
    let broken = ambulance.does(&[&open[..], &["--ground", "paper.txt", "--yes"]].concat())?;
    let glass = text(&broken, "glass")?;
    ambulance.does(&["party", "access", "break-glass", &glass, "--holder", "2", "--yes"])?;
    let duties = ambulance.does(&["party", "duties"])?;
    let named: Vec<_> = duties["duties"].as_array().into_iter().flatten().collect();
    assert!(named.iter().any(|duty| duty["duty"] == "notify"), "{duties}");
    ambulance.does(&["party", "notify", &glass, "--evidence", "paper.txt", "--yes"])?;
    let review = ["party", "review", &glass, "--finding", "justified", "--file", "paper.txt"];
    ambulance.fails(&[&review[..], &["--yes"]].concat(), 6, "code-4003")?;
    auditor.does(&[&review[..], &["--yes"]].concat())?;
    auditor.fails(&[&review[..], &["--yes"]].concat(), 6, "code-4093")?;
    Ok(())
}
