//! Proofs in files: told in words, refused by name, never trusted because they say so.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::help::pinned;
use crate::node::{Answer, Node};
use crate::run::Home;

/// The bundles that the format's own tests pin, with what they prove.
fn sample(name: &str) -> PathBuf {
    let samples = "../ledger/proof/tests/bundle/samples";
    Path::new(env!("CARGO_MANIFEST_DIR")).join(samples).join(name)
}

fn read(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(sample(name)).unwrap()).unwrap()
}

/// A home with a copy of a sample bundle, after `change`, and with the trust root.
fn home_with(name: &str, change: impl FnOnce(&mut Value)) -> Home {
    let home = Home::new();
    std::fs::copy(sample("trust.json"), home.path("trust.json")).unwrap();
    let mut bundle = read(name);
    change(&mut bundle);
    std::fs::write(home.path("bundle.json"), bundle.to_string()).unwrap();
    home
}

const VERIFY: [&str; 4] = ["verify", "bundle.json", "--trust", "trust.json"];

#[test]
fn what_was_proved_reads_as_pinned_in_both_languages() {
    let home = home_with("everything.json", |_| {});
    for lang in ["en", "ja"] {
        let outcome = home.ok(&[&VERIFY[..], &["--lang", lang]].concat());
        assert_eq!(outcome.stderr, "");
        pinned(&format!("verify-everything-{lang}.txt"), &outcome.stdout);
    }
    let home = home_with("nothing.json", |bundle| bundle["log"] = Value::Null);
    assert!(home.ok(&VERIFY).stdout.contains("proves nothing"));
}

#[test]
fn machines_are_told_what_the_verifier_found() {
    for name in ["receipts", "states", "headers", "decision", "everything", "nothing"] {
        let home = home_with(&format!("{name}.json"), |_| {});
        let (exit, envelope) = home.json(&VERIFY);
        assert_eq!(exit, 0, "{envelope}");
        assert_eq!(envelope["data"], read(&format!("{name}.verified.json")), "{name}");
    }
}

/// Puts another letter in place of one in a text.
fn spoil(text: &mut Value, at: usize) {
    let mut letters: Vec<char> = text.as_str().unwrap().chars().collect();
    letters[at] = if letters[at] == 'a' { 'b' } else { 'a' };
    *text = json!(letters.into_iter().collect::<String>());
}

#[test]
fn a_tampered_proof_is_refused_by_the_name_of_its_check() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change, &str, Value); 9] = [
        ("receipts", |b| b["format"] = json!("kyojo-bundle/1"), "unknown_format", Value::Null),
        ("receipts", |b| b["further"] = json!(1), "malformed", Value::Null),
        ("receipts", |b| spoil(&mut b["genesis"], 7), "wrong_genesis", Value::Null),
        ("receipts", |b| spoil(&mut b["log"]["policy"], 30), "policy_untrusted", Value::Null),
        ("receipts", |b| b["log"] = Value::Null, "log_missing", json!({ "claim": 0 })),
        (
            "receipts",
            |b| b["claims"][1]["receipt"]["index"] = json!(0),
            "not_in_log",
            json!({ "claim": 1 }),
        ),
        (
            "states",
            |b| b["claims"][0]["proof"] = b["claims"][2]["proof"].clone(),
            "state_not_in_gap",
            json!({ "claim": 0 }),
        ),
        ("headers", |b| b["validators"]["height"] = json!(2), "validators_untrusted", Value::Null),
        (
            "decision",
            |b| b["claims"][0]["opening"]["process"] = json!("{\"sensitive\":true}"),
            "opening_mismatch",
            json!({ "claim": 0 }),
        ),
    ];
    for (name, change, code, at) in cases {
        let home = home_with(&format!("{name}.json"), change);
        let (exit, envelope) = home.json(&VERIFY);
        assert_eq!(
            (exit, &envelope["errors"][0]["code"]),
            (10, &json!(code)),
            "{name}: {envelope}"
        );
        assert_eq!(envelope["errors"][0]["details"]["at"], at, "{code}");
        let japanese = home.run(&[&VERIFY[..], &["--lang", "ja"]].concat());
        assert_eq!((japanese.code, japanese.stdout.as_str()), (10, ""));
        assert!(!japanese.stderr.is_ascii(), "{}", japanese.stderr);
    }
}

#[test]
fn a_decision_is_judged_now_unless_the_trust_root_says_when() {
    let home = home_with("decision.json", |_| {});
    assert!(home.ok(&VERIFY).stdout.contains("may use data"));
    let mut trust = read("trust.json");
    trust["now_ms"] = Value::Null;
    std::fs::write(home.path("trust.json"), trust.to_string()).unwrap();
    let (exit, envelope) = home.json(&VERIFY);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (10, &json!("checkpoint_stale")));
}

#[test]
fn nothing_is_verified_without_something_to_trust() {
    let home = home_with("receipts.json", |_| {});
    assert_eq!(home.run(&["verify", "bundle.json"]).code, 2);
    let both = ["--genesis", "genesis.json"];
    assert_eq!(home.run(&[&VERIFY[..], &both].concat()).code, 2);
    let (exit, envelope) = home.json(&["verify", "bundle.json", "--genesis", "trust.json"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("bad-trust")));
    assert_eq!(home.run(&["verify", "none.json", "--trust", "trust.json"]).code, 5);
}

#[test]
fn a_proof_is_written_once_for_its_owner_alone() {
    let node = Node::start(Answer::Committed);
    let home = node.home();
    let ask = ["balance", "--proof", "balance.json", "--node", &node.url];
    let (exit, envelope) = home.json(&ask);
    assert_eq!((exit, &envelope["data"]["proof"]), (0, &json!("balance.json")), "{envelope}");
    let path = home.path("balance.json");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let written = std::fs::read(&path).unwrap();
    let again = home.run(&ask);
    assert_eq!(again.code, 3, "a proof is never replaced: {again:?}");
    assert_eq!(std::fs::read(&path).unwrap(), written);
    let other = ["balance", "--proof", "other.json", "--node", &node.url];
    let outcome = home.ok(&other);
    assert!(outcome.stderr.contains("kyojo verify other.json --genesis"), "{}", outcome.stderr);
}
