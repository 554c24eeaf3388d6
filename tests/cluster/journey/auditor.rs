//! An auditor reads by a view, is seen doing so, and reports what adds up.

use serde_json::Value;

use super::consent::Visit;
use super::life::day_after_tomorrow;
use super::person::{Person, text};
use crate::town::Town;

const DISCLOSURE: &str = "d15c105e00000000000000000000000000000000000000000000000000000000";

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_in_the_open_and_reports_what_adds_up() -> anyhow::Result<()> {
    let town = Town::start(153).await?;
    let visit = Visit::begin(&town)?;
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    let consent = visit.first()?;
    let auditor = Person::actor(&town, "party-auditor")?;
    let city = Person::actor(&town, "city")?;
    let own = citizen.does(&["consent", "address", "--party", &visit.party])?;
    let subject = text(&own, "address")?;
    busy(&town, citizen, clinic, &consent)?;

    city.write("ground.txt", "令和8年度の監査")?;
    let until = day_after_tomorrow();
    let grant = ["audit", "view", "grant", "--auditor", "6", "--all", "--until", &until];
    let view = city.does(&[&grant[..], &["--ground", "ground.txt", "--yes"]].concat())?;
    let view = text(&view, "view")?;
    let read = ["audit", "consent", &consent, "--subject", &subject, "--view", &view, "--yes"];
    let log = auditor.does(&read)?;
    let kinds = |log: &Value| -> Vec<String> {
        let entries = log["entries"].as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter_map(|entry| entry["event"]["type"].as_str().map(str::to_owned))
            .collect()
    };
    assert!(kinds(&log).contains(&"consent_granted".to_owned()), "{log}");
    let seen = citizen.does(&["consent", "who-used"])?;
    assert!(
        kinds(&seen).contains(&"access_log_read".to_owned()),
        "the citizen sees the reading: {seen}"
    );

    let (from, to) = ("2020-01-01", until.as_str());
    for (party, granted, accesses) in [("2", 1, 0), ("3", 0, 2)] {
        let report = ["audit", "report", "--party", party, "--from", from, "--to", to];
        let report = auditor.does(&[&report[..], &["--view", &view]].concat())?;
        assert_eq!(report["adds_up"], true, "{report}");
        assert_eq!(report["report"]["granted"], granted, "{report}");
        assert_eq!(report["report"]["accesses"]["total"], accesses, "{report}");
        if party == "3" {
            let records = &report["report"]["records"];
            assert_eq!((&records["matched"], &records["half"]), (&1.into(), &1.into()), "{report}");
        }
    }
    let said = auditor.says_in_japanese(&[
        "audit", "report", "--party", "3", "--from", from, "--to", to, "--view", &view,
    ])?;
    assert!(said.contains("すべての合計を確かめました") && said.contains("許された利用"), "{said}");

    let genesis = town.network.folder().join("genesis.json");
    let genesis = genesis.to_str().unwrap_or_default().to_owned();
    let transaction = text(&log, "transaction")?;
    auditor.does(&["audit", "prove", "--transaction", &transaction, "--out", "read.json"])?;
    auditor.does(&["audit", "verify", "read.json", "--genesis", &genesis])?;

    city.does(&["audit", "view", "end", &view, "--yes"])?;
    auditor.fails(&read, 6, "code-4103")?;
    Ok(())
}

/// Two accesses by the pharmacy, of which one has both halves of its record.
fn busy(town: &Town, citizen: &Person, clinic: &Person, consent: &str) -> anyhow::Result<()> {
    let pharmacy = Person::actor(town, "party-pharmacy")?;
    citizen.does(&["consent", "disclose", consent, "--out", "process.json"])?;
    pharmacy.write("process.json", &std::fs::read_to_string(citizen.path("process.json"))?)?;
    for halves in [2, 1] {
        let ask = ["party", "access", "consent", "process.json", "--holder", "2", "--yes"];
        let file = text(&pharmacy.does(&ask)?, "file")?;
        clinic.write(&file, &std::fs::read_to_string(pharmacy.path(&file))?)?;
        let of = [file.as_str(), "--disclosure", DISCLOSURE, "--yes"];
        pharmacy.does(&[&["party", "record", "receipt"][..], &of].concat())?;
        if halves == 2 {
            clinic.does(&[&["party", "record", "use"][..], &of].concat())?;
        }
    }
    Ok(())
}
