//! Whatever is wrong with terms is said of the process and the word that it is about.

use clap::Parser;
use ledger_types::{PartyId, PartyRoles};
use serde_json::json;

use super::*;
use crate::i18n::Lang;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    terms: TermsArgs,
}

fn by_flags(more: &[&str]) -> Result<Agreed, Failure> {
    let base = [
        "x",
        "--category",
        "移動の記録",
        "--purpose",
        "移動・交通",
        "--recipient",
        "2",
        "--operation",
        "use",
    ];
    read(&Line::parse_from([&base[..], more].concat()).terms)
}

fn by_file(value: &Value, more: &[&str]) -> Result<Agreed, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terms.json");
    std::fs::write(&path, value.to_string()).unwrap();
    let line = ["x", "--terms", path.to_str().unwrap()];
    read(&Line::parse_from([&line[..], more].concat()).terms)
}

fn process() -> Value {
    json!({
        "category": "kyojo:MedicationRecord", "purpose": "地域医療連携",
        "recipients": [{ "type": "party", "party": 2 }], "operations": ["consult"],
        "retention_days": 30, "region": "JP-07-202", "sensitive": true,
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut process = process();
    process[member] = value;
    json!([self::process(), process])
}

#[test]
fn one_process_by_flags_and_many_in_a_file() {
    let agreed = by_flags(&["--region", "JP-07", "--retention-days", "7"]).unwrap();
    let [process] = agreed.terms.processes() else { panic!("one process") };
    assert_eq!(process.opening.document.category.as_str(), "kyojo:MobilityRecord");
    assert_eq!(process.opening.document.retention_days, 7);
    assert_eq!(agreed.breadth, Breadth::Specific);
    let many = by_file(&json!([self::process(), self::process()]), &[]).unwrap();
    assert_eq!(many.terms.processes().len(), 2);
}

#[test]
fn each_recipient_gets_a_process_of_its_own() {
    let two = ["--recipient", "emergency", "--recipient", "joint-use:4/2"];
    let agreed = by_flags(&two).unwrap();
    let of = |agreed: &Agreed| -> Vec<Recipient> {
        let processes = agreed.terms.processes().iter();
        processes.map(|process| process.opening.document.recipient).collect()
    };
    let expected = [
        Recipient::Party(PartyId::new(2)),
        Recipient::Roles(PartyRoles::EMERGENCY),
        Recipient::JointUse { scheme: 4, version: 2 },
    ];
    assert_eq!(of(&agreed), expected);
    let mut process = process();
    process["recipients"] = json!([
        { "type": "party", "party": 2 }, { "type": "roles", "roles": ["emergency"] },
        { "type": "joint_use", "scheme": 4, "version": 2 },
    ]);
    assert_eq!(of(&by_file(&json!([process]), &[]).unwrap()), expected);
}

#[test]
fn each_mistake_names_its_process_and_its_word() {
    for (member, value, code, named) in [
        ("category", json!("kyojo:Nothing"), "terms-concept", "kyojo:Nothing"),
        ("purpose", json!("お薬手帳"), "terms-concept", "kyojo:MedicationRecord"),
        ("excludes", json!(["kyojo:Schooling"]), "terms-exclude", "kyojo:Schooling"),
        ("recipients", json!([]), "terms-empty", "2"),
        ("recipients", json!([{ "type": "roles", "roles": ["auditor"] }]), "terms-empty", "2"),
        ("recipients", json!([{ "party": 2 }]), "terms-shape", "type"),
        ("operations", json!(["steal"]), "terms-shape", "steal"),
        ("retention_days", json!(40_000), "terms-retention", "36525"),
        ("region", json!("Aizu"), "terms-shape", "JP-07"),
        ("sensitive", json!(false), "terms-sensitive", "kyojo:MedicationRecord"),
        ("retention", json!(1), "terms-shape", "retention"),
        (
            "data_period",
            json!({ "from": "2027-01-01", "until": "2027-01-01" }),
            "terms-period",
            "2",
        ),
    ] {
        let failure = by_file(&with(member, value), &[]).err().unwrap();
        assert_eq!((failure.code(), failure.exit), (code, Exit::Usage), "{member}");
        for lang in [Lang::Ja, Lang::En] {
            let text = failure.message(lang);
            // How the forms are written, the parser says in English alone.
            let is_parsers = (lang, code) == (Lang::Ja, "terms-shape") && named != "steal";
            let names = text.contains(named) || is_parsers;
            assert!(text.contains('2') && names, "{member}: {text}");
        }
    }
    assert_eq!(by_file(&json!([]), &[]).err().unwrap().code(), "terms-count");
    assert_eq!(by_file(&json!({}), &[]).err().unwrap().code(), "bad-json");
    assert_eq!(by_flags(&["--region", "x"]).err().unwrap().code(), "bad-region");
}

#[test]
fn a_broad_consent_takes_the_subtree_and_leaves_out_what_is_excluded() {
    let vocabulary = Vocabulary::built_in();
    let node = |name: &str| vocabulary.node(&ConceptName::new(name).unwrap()).unwrap().interval();
    let broad = ["--broad", "公益", "--exclude", "防災・災害対応", "--vocabulary", "1/2"];
    let line =
        [&["x", "--category", "移動の記録", "--recipient", "2", "--operation", "use"][..], &broad];
    let agreed = read(&Line::parse_from(line.concat()).terms).unwrap();
    let Breadth::Broad { vocabulary, version, purposes, excludes } = &agreed.breadth else {
        panic!("broad");
    };
    assert_eq!((vocabulary.get(), *version), (1, 2));
    assert_eq!(*purposes, node("dpv:PublicBenefit"));
    assert_eq!(*excludes, [node("kyojo:DisasterResponse")]);
    assert_eq!(agreed.broad.unwrap().as_str(), "dpv:PublicBenefit");

    let outside = by_flags(&["--broad", "kyojo:MedicalCare"]).err().unwrap();
    assert_eq!(outside.code(), "terms-not-broad", "mobility is no medical care");
    let data = by_flags(&["--broad", "お薬手帳"]).err().unwrap();
    assert!(["terms-not-broad", "not-a-purpose"].contains(&data.code()));
}
