//! The whole life of a consent: given, used, narrowed, renewed, withdrawn, answered for, destroyed.

use network_clock::Clock;
use serde_json::Value;

use super::consent::Visit;
use super::person::{Person, text};
use crate::town::Town;

const NEWER: &str = "あなたのお薬手帳を、会津の薬局と診療所に見せます。\n";
const NEWEST: &str = "あなたのお薬手帳を、会津の薬局と診療所に見せます。予防接種も見せられます。\n";
/// What was disclosed, as both sides number it.
const DISCLOSURE: &str = "d15c105e00000000000000000000000000000000000000000000000000000000";

fn kinds(entries: &Value) -> Vec<String> {
    let entries = entries["entries"].as_array().cloned().unwrap_or_default();
    entries.iter().filter_map(|entry| entry["event"]["type"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_sees_and_steers_the_whole_life_of_a_consent() -> anyhow::Result<()> {
    let town = Town::start(150).await?;
    let visit = Visit::begin(&town)?;
    let citizen = &visit.citizen;
    let consent = visit.first()?;
    let short = &consent[..8];
    let said = citizen.says_in_japanese(&["consent", "ls"])?;
    for part in [short, "会津ひがし病院（2番）", "お薬手帳", "地域医療連携", "有効"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(citizen.does(&["consent", "who-used"])?["entries"], serde_json::json!([]));

    used_and_narrowed(&town, &visit, &consent)?;
    asked_again(&visit, &consent)?;
    let genesis = town.network.folder().join("genesis.json");
    let genesis = genesis.to_str().unwrap_or_default().to_owned();
    exported(citizen, short, &genesis)?;
    widened(&visit, short)?;
    asks(&town, &visit)?;
    ended(&visit, &consent)
}

/// The pharmacy asks with the one process that the citizen opens for it, and both record; then the
/// citizen takes one process out, and the other for nobody but the emergency services.
fn used_and_narrowed(town: &Town, visit: &Visit, consent: &str) -> anyhow::Result<()> {
    let (citizen, clinic, short) = (&visit.citizen, &visit.clinic, &consent[..8]);
    let pharmacy = Person::actor(town, "party-pharmacy")?;
    citizen.does(&["consent", "disclose", short, "--process", "1", "--out", "process.json"])?;
    pharmacy.write("process.json", &std::fs::read_to_string(citizen.path("process.json"))?)?;
    let ask = ["party", "access", "consent", "process.json", "--holder", "2", "--yes"];
    let file = text(&pharmacy.does(&ask)?, "file")?;
    clinic.write(&file, &std::fs::read_to_string(pharmacy.path(&file))?)?;
    let of = [file.as_str(), "--disclosure", DISCLOSURE, "--yes"];
    clinic.does(&[&["party", "record", "use"][..], &of].concat())?;
    pharmacy.does(&[&["party", "record", "receipt"][..], &of].concat())?;
    let used = citizen.says_in_japanese(&["consent", "who-used", short])?;
    assert!(
        used.contains("追手町薬局（3番）") && used.contains("情報を使うことが許された"),
        "{used}"
    );

    let amend = ["consent", "amend", short, "--take-out", "2", "--recipient", "1=emergency"];
    citizen.does(&[&amend[..], &["--yes"]].concat())?;
    let shown = citizen.does(&["consent", "show", short])?;
    assert_eq!(shown["processes"].as_array().map(Vec::len), Some(1));
    let recipient = serde_json::json!({"type": "roles", "roles": ["emergency"]});
    assert_eq!(shown["processes"][0]["recipient"], recipient);
    pharmacy.fails(&ask, 6, "code-4018")?;

    citizen.does(&["consent", "suspend", short])?;
    assert_eq!(visit.standing(consent)?, "suspended");
    citizen.does(&["consent", "resume", short, "--yes"])?;
    Ok(())
}

/// A material notice makes the consent due, silence would leave it so, and a yes renews it.
fn asked_again(visit: &Visit, consent: &str) -> anyhow::Result<()> {
    let (citizen, clinic, short) = (&visit.citizen, &visit.clinic, &consent[..8]);
    clinic.write("notice.ja.txt", NEWER)?;
    let publish = ["party", "publish", "notice", "--notice", "7", "--text", "ja=notice.ja.txt"];
    clinic.does(&[&publish[..], &["--yes"]].concat())?;
    assert_eq!(visit.standing(consent)?, "renewal_due");
    clinic.write("reason.txt", "診療所がふえました。")?;
    let until = day_after_tomorrow();
    let request = ["party", "reconsent", "request", "--notice", "7", "--reason", "reason.txt"];
    let asked = clinic.does(&[&request[..], &["--until", &until, "--yes"]].concat())?;
    let request = text(&asked, "request")?;
    let waiting = citizen.does(&["consent", "reconsent", "ls"])?;
    assert_eq!(waiting["requests"][0]["consents"][0], consent, "{waiting}");
    let answer = ["consent", "reconsent", "answer", &request, "--accept", short, "--yes"];
    let read = ["--notice-file", "notice.txt", "--notice-language", "ja"];
    citizen.fails(&[&answer[..], &read].concat(), 10, "notice-differs")?;
    citizen.write("notice.txt", NEWER)?;
    citizen.does(&[&answer[..], &read].concat())?;
    assert_eq!(visit.standing(consent)?, "renewed");
    Ok(())
}

/// Withdrawn in one step, answered for by the clinic, and destroyed on both sides.
fn ended(visit: &Visit, consent: &str) -> anyhow::Result<()> {
    let (citizen, clinic, short) = (&visit.citizen, &visit.clinic, &consent[..8]);
    citizen.does(&["consent", "revoke", short])?;
    assert_eq!(visit.standing(consent)?, "withdrawn");
    let duties = clinic.does(&["party", "duties"])?;
    assert_eq!(duties["duties"][0]["duty"], "acknowledge", "{duties}");
    let acknowledge = ["party", "acknowledge", consent, "--stopped", "2026-01-01", "--deleted"];
    clinic.does(&[&acknowledge[..], &["--told", "3", "--yes"]].concat())?;
    assert_eq!(clinic.does(&["party", "duties"])?["duties"], serde_json::json!([]));
    clinic.does(&["party", "shred", consent, "--yes"])?;
    let history = kinds(&citizen.does(&["consent", "history", short])?);
    for kind in [
        "shred_acknowledged",
        "end_acknowledged",
        "consent_withdrawn",
        "consent_widened",
        "consent_renewed",
        "consent_resumed",
        "consent_suspended",
        "consent_amended",
        "half_recorded",
        "access_permitted",
        "consent_granted",
    ] {
        assert!(history.iter().any(|found| found == kind), "{kind}: {history:?}");
    }
    citizen.does(&["consent", "shred", short, "--yes"])?;
    citizen.fails(
        &["consent", "receipt", consent, "--party", &visit.party],
        5,
        "terms-not-kept",
    )?;
    Ok(())
}

/// More is agreed under a still newer notice, and only under that.
fn widened(visit: &Visit, short: &str) -> anyhow::Result<()> {
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    let read = ["--notice", "7", "--notice-file", "notice.txt", "--notice-language", "ja"];
    let more = ["--category", "予防接種の記録", "--purpose", "地域医療連携", "--recipient", "3"];
    let of = ["--operation", "consult", "--sensitive", "--days", "90", "--yes"];
    let widen = [&["consent", "widen", short][..], &read, &more, &of].concat();
    citizen.fails(&widen, 6, "code-4056")?;
    clinic.write("notice.ja.txt", NEWEST)?;
    let publish = ["party", "publish", "notice", "--notice", "7", "--text", "ja=notice.ja.txt"];
    clinic.does(&[&publish[..], &["--change", "minor", "--yes"]].concat())?;
    citizen.write("notice.txt", NEWEST)?;
    citizen.does(&widen)?;
    let shown = citizen.does(&["consent", "show", short])?;
    assert_eq!(shown["processes"][0]["category"], "kyojo:VaccinationRecord", "{shown}");
    Ok(())
}

/// What a citizen may ask beside consenting.
fn asks(town: &Town, visit: &Visit) -> anyhow::Result<()> {
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    let party = ["--party", visit.party.as_str(), "--yes"];
    citizen.does(&[&["consent", "contact"][..], &party].concat())?;
    citizen.write("request.txt", "わたしの記録を見せてください。")?;
    let request = ["consent", "request", "access", "--file", "request.txt"];
    let asked = citizen.does(&[&request[..], &party].concat())?;
    clinic.write("answer.txt", "別紙のとおりです。")?;
    let request = text(&asked, "request")?;
    let answer = ["party", "answer", &request, "--outcome", "partly", "--file", "answer.txt"];
    clinic.does(&[&answer[..], &["--yes"]].concat())?;
    let helper = Person::actor(town, "citizen-0002")?;
    let towards = ["consent", "address", "--party", visit.party.as_str()];
    let helper = text(&helper.does(&towards)?, "address")?;
    let until = day_after_tomorrow();
    let delegate = ["consent", "delegate", "--guardian", &helper, "--power", "respond"];
    let of = ["--until", &until, "--evidence", "request.txt"];
    citizen.does(&[&delegate[..], &of, &party].concat())?;
    citizen.fails(&[&delegate[..], &of, &party].concat(), 6, "code-4068")?;
    let end = ["consent", "end-delegation", "--guardian", &helper];
    citizen.does(&[&end[..], &party].concat())?;
    Ok(())
}

/// Every form is written, and those with a proof inside hold up, but not when something is changed.
fn exported(citizen: &Person, short: &str, genesis: &str) -> anyhow::Result<()> {
    for format in ["27560", "fhir", "kantara", "text"] {
        citizen.does(&["consent", "export", short, "--format", format])?;
    }
    let receipt = citizen.says_in_japanese(&["consent", "receipt", short])?;
    assert!(receipt.contains("同意の控え") && receipt.contains("お薬手帳"), "{receipt}");
    for (format, file) in [("27560", "c.json"), ("fhir", "f.json")] {
        let export = ["consent", "export", short, "--format", format, "--proof", "--out", file];
        citizen.does(&export)?;
        let verify = ["verify", file, "--genesis", genesis];
        let verified = citizen.does(&verify)?;
        assert_eq!(verified["processes"][0]["category"], "kyojo:MedicationRecord");
        let written = std::fs::read_to_string(citizen.path(file))?;
        // The opened retention, wherever it stands: another number is not what was agreed.
        let changed = written.replace("\"retention_days\": 30", "\"retention_days\": 31");
        let changed = changed.replace("\\\"retention_days\\\":30", "\\\"retention_days\\\":31");
        assert_ne!(changed, written);
        citizen.write("changed.json", &changed)?;
        let verify = ["verify", "changed.json", "--genesis", genesis];
        citizen.fails(&verify, 10, "opening_mismatch")?;
    }
    Ok(())
}

/// This machine's time, as calendars have it.
pub(super) fn now() -> jiff::Timestamp {
    let millis = i64::try_from(Clock::real().now().as_millis()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX)
}

/// A day in Japan, as people write it.
pub(super) fn day_after_tomorrow() -> String {
    let later = now() + jiff::SignedDuration::from_hours(48);
    later.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y/%m/%d").to_string()
}
