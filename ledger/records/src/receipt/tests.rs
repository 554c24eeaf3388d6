//! Goldens of every form of a receipt, and what must be in each of them.

use std::path::PathBuf;

use serde_json::json;

use super::*;
use crate::format::Version;
use ledger_types::PartyRoles;

use crate::terms::{DataPeriod, Processing, Recipient};
use crate::vocabulary::legal::LegalBases;
use crate::vocabulary::{ConceptName, Vocabulary};

fn name(text: &str) -> ConceptName {
    ConceptName::new(text).unwrap()
}

fn both(ja: &str, en: &str) -> Bilingual {
    Bilingual { ja: ja.to_owned(), en: en.to_owned() }
}

fn organisation(party: u32, ja: &str, en: &str) -> Organisation {
    Organisation {
        party: PartyId::new(party),
        name: both(ja, en),
        address: both("福島県会津若松市", "Aizuwakamatsu, Fukushima"),
        telephone: "0242-00-0000".to_owned(),
        email: format!("desk@p{party}.example"),
        url: format!("https://p{party}.example/"),
    }
}

fn medication() -> Process {
    Process {
        version: Version,
        vocabulary: Vocabulary::built_in().hash(),
        category: name("kyojo:MedicationRecord"),
        purpose: name("kyojo:RegionalMedicalCoordination"),
        excludes: Vec::new(),
        recipient: Recipient::Party(PartyId::new(8)),
        operations: vec![Processing::Consult, Processing::Use],
        retention_days: 365,
        region: Region::new("JP-07-202").unwrap(),
        data_period: Some(DataPeriod {
            from: jiff::civil::date(2026, 4, 1),
            until: jiff::civil::date(2027, 4, 1),
        }),
        sensitive: true,
    }
}

fn rides() -> Process {
    Process {
        category: name("kyojo:MobilityRecord"),
        purpose: name("dpv:PublicBenefit"),
        excludes: vec![name("dpv:PublicPolicyMaking")],
        recipient: Recipient::Party(PartyId::new(7)),
        operations: vec![Processing::Analyse],
        retention_days: 30,
        data_period: None,
        sensitive: false,
        ..medication()
    }
}

/// The same data, for whoever comes in an emergency, and for a circle.
fn of_others() -> [Process; 2] {
    let roles = PartyRoles::DATA_HOLDER.with(PartyRoles::EMERGENCY);
    [
        Process { recipient: Recipient::Roles(roles), ..medication() },
        Process { recipient: Recipient::JointUse { scheme: 4, version: 2 }, ..medication() },
    ]
}

fn facts() -> Facts {
    let [for_roles, for_circle] = of_others();
    let bases = LegalBases::built_in();
    let secret = crate::SubjectSecret::new(zeroize::Zeroizing::new([1; 32]));
    let genesis = Hash::new([2; 32]);
    Facts {
        receipt: Hash::new([9; 32]),
        issued_at: Timestamp::from_millis(1_795_000_000_000),
        genesis,
        consent: ConsentId::new(Hash::new([4; 32])),
        subject: secret.pseudonym(&genesis, PartyId::new(7)),
        controller: organisation(7, "会津ひがし病院", "Aizu Higashi Hospital"),
        others: vec![organisation(8, "追手町薬局", "Otemachi Pharmacy")],
        notice: Notice {
            notice: NoticeId::new(3),
            version: 2,
            language: "ja".to_owned(),
            content_hash: Hash::new([5; 32]),
            url: "https://p7.example/notices/3-2".to_owned(),
        },
        basis: (bases.basis("appi-27-1").unwrap().clone(), bases.statute.clone()),
        processes: vec![medication(), rides(), for_roles, for_circle],
        regions: vec![(Region::new("JP-07-202").unwrap(), both("会津若松市", "Aizuwakamatsu"))],
        valid_from: Timestamp::from_millis(1_794_900_000_000),
        expires: Timestamp::from_millis(1_826_436_000_000),
        use_limit: Some(12),
        events: vec![Event {
            standing: ReceiptStatus::Given,
            at: Timestamp::from_millis(1_794_900_000_000),
            height: Height::new(1200),
        }],
        withdraw_url: "https://wallet.example/consents/0404".to_owned(),
        withdraw_telephone: "0242-11-1111".to_owned(),
        proof: Some(json!({ "bundle": "AAECAw==" })),
    }
}

fn withdrawn() -> Facts {
    let mut facts = facts();
    facts.events.push(Event {
        standing: ReceiptStatus::Withdrawn,
        at: Timestamp::from_millis(1_794_990_000_000),
        height: Height::new(1300),
    });
    facts
}

/// Compares with a file; with `KYOJO_WRITE_GOLDEN` it writes the file.
fn golden(file: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("KYOJO_WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), made, "{file}");
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    text
}

#[test]
fn every_form_is_pinned() {
    let vocabulary = Vocabulary::built_in();
    golden("receipt.dpv.json", &pretty(&json_ld(&facts(), vocabulary)));
    golden("receipt.fhir.json", &pretty(&fhir(&facts(), vocabulary).unwrap()));
    golden("receipt.kantara.json", &pretty(&kantara(&facts(), vocabulary)));
    golden("receipt.ja.txt", &text(&facts(), vocabulary, Reading::Japanese));
    golden("receipt.en.txt", &text(&facts(), vocabulary, Reading::English));
    golden("withdrawn.dpv.json", &pretty(&json_ld(&withdrawn(), vocabulary)));
    golden("withdrawn.ja.txt", &text(&withdrawn(), vocabulary, Reading::Japanese));
}

#[test]
fn every_prefix_that_the_json_ld_uses_is_declared() {
    fn names(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    found.push(name.clone());
                    if matches!(name.as_str(), "@id" | "@type") {
                        found.extend(value.as_str().map(str::to_owned));
                    }
                    names(value, found);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| names(value, found)),
            _ => {}
        }
    }
    let mut document = json_ld(&withdrawn(), Vocabulary::built_in());
    let context = document.as_object_mut().unwrap().remove("@context").unwrap();
    document.as_object_mut().unwrap().remove("proof").unwrap();
    let mut found = Vec::new();
    names(&document, &mut found);
    assert!(found.len() > 80);
    for name in found.iter().filter(|name| !name.starts_with('@')) {
        let (prefix, _) = name.split_once(':').unwrap();
        assert!(prefix == "https" || context.get(prefix).is_some(), "{name}");
    }
}

#[test]
fn the_proof_goes_in_untouched_and_is_left_out_where_there_is_none() {
    let vocabulary = Vocabulary::built_in();
    let document = json_ld(&facts(), vocabulary);
    assert_eq!(Some(&document["proof"]), facts().proof.as_ref());
    let resource = fhir(&facts(), vocabulary).unwrap();
    let inside: Value =
        serde_json::from_str(resource["extension"][0]["valueString"].as_str().unwrap()).unwrap();
    assert_eq!(Some(inside), facts().proof);
    let without = Facts { proof: None, ..facts() };
    assert!(json_ld(&without, vocabulary).get("proof").is_none());
    assert!(fhir(&without, vocabulary).unwrap().get("extension").is_none());
}

#[test]
fn only_health_goes_into_fhir_and_its_status_follows_the_standing() {
    let vocabulary = Vocabulary::built_in();
    let resource = fhir(&facts(), vocabulary).unwrap();
    assert_eq!(resource["provision"].as_array().unwrap().len(), 3);
    assert_eq!((&resource["status"], &resource["decision"]), (&json!("active"), &json!("deny")));
    assert_eq!(fhir(&withdrawn(), vocabulary).unwrap()["status"], "inactive");
    assert_eq!(fhir(&Facts { processes: vec![rides()], ..facts() }, vocabulary), None);
}

#[test]
fn every_form_says_that_an_ended_consent_ended_and_when() {
    let vocabulary = Vocabulary::built_in();
    let (at, days) = ("2026-11-18T08:20:00Z", "2026/11/18 17:20");
    for standing in [
        ReceiptStatus::Refused,
        ReceiptStatus::Expired,
        ReceiptStatus::Withdrawn,
        ReceiptStatus::Revoked,
        ReceiptStatus::Invalidated,
    ] {
        let mut facts = withdrawn();
        facts.events[1].standing = standing;
        let record = json_ld(&facts, vocabulary)["dpv:hasRecordOfActivity"].clone();
        let last = record["dpv:hasConsentStatus"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["@type"], json!([standing.concept()]));
        assert_eq!(last["dpv:isIndicatedAtTime"]["@value"], at);
        assert!(record["dct:valid"].as_str().unwrap().ends_with(at), "{record}");
        let resource = fhir(&facts, vocabulary).unwrap();
        assert_eq!(resource["period"]["end"], at);
        assert_eq!(resource["extension"][1]["valueCode"], standing.word());
        let receipt = kantara(&facts, vocabulary);
        assert_eq!(
            (&receipt["consentStatus"], &receipt["consentEnded"]),
            (&json!(standing.word()), &json!(at))
        );
        assert_eq!(receipt["services"][0]["purposes"][0]["termination"], at);
        for reading in [Reading::Japanese, Reading::English] {
            let told = text(&facts, vocabulary, reading);
            assert!(told.contains(days), "{told}");
        }
    }
    let receipt = kantara(&super::tests::facts(), vocabulary);
    assert_eq!((&receipt["consentStatus"], receipt.get("consentEnded")), (&json!("given"), None));
}

#[test]
fn every_standing_has_words_and_a_status_of_its_own() {
    use ReceiptStatus::{
        Deferred, Expired, Given, Invalidated, Refused, RenewalDue, Renewed, Requested, Revoked,
        Suspended, Withdrawn,
    };
    let all = [
        Requested,
        Refused,
        Deferred,
        Given,
        Suspended,
        RenewalDue,
        Renewed,
        Expired,
        Withdrawn,
        Revoked,
        Invalidated,
    ];
    let mut seen = std::collections::BTreeSet::new();
    for standing in all {
        let mut facts = facts();
        facts.events[0].standing = standing;
        assert_eq!(facts.standing(), standing);
        for reading in [Reading::Japanese, Reading::English] {
            let made = text(&facts, Vocabulary::built_in(), reading);
            let says_unused = made.contains("使われません") || made.contains("is not used");
            let asked = standing == Requested;
            let how = made.contains("やめるとき") || made.contains("To withdraw");
            assert_eq!(how, !standing.has_ended(), "{made}");
            assert_eq!(says_unused, !standing.is_in_force() && !asked, "{made}");
            seen.insert(made);
        }
        seen.insert(standing.concept().to_owned());
    }
    assert_eq!(seen.len(), 3 * all.len());
}

#[test]
fn a_plain_text_says_who_what_for_what_until_when_and_how_to_withdraw() {
    let vocabulary = Vocabulary::built_in();
    let japanese = text(&facts(), vocabulary, Reading::Japanese);
    for needed in [
        "会津ひがし病院",
        "お薬手帳",
        "地域医療連携",
        "いつまで:2027/11/17",
        "とくに気をつけて",
        "https://wallet.example/consents/0404",
        "0242-11-1111",
        "お金はかかりません",
        "第27条第1項",
    ] {
        assert!(japanese.contains(needed), "{needed}\n{japanese}");
    }
    let longest =
        japanese.lines().filter(|line| !line.contains(':')).map(|line| line.chars().count());
    assert!(longest.max().unwrap() <= 50, "short sentences");
}
