//! Tampered bundles: each field of each kind of claim is changed, and both verifiers say the same.

use ledger_proof::bundle::Bundle;
use ledger_proof::state::Key;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::python::{one_line, ours, theirs};
use crate::samples::samples;
use crate::world::{World, trust};

/// What may be done to a value, whatever it is.
fn mutations(value: &Value) -> Vec<Value> {
    let mut others = vec![Value::Null, json!(1.5), json!(-1), json!([]), json!("")];
    match value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            others.extend([json!(number ^ 1), json!(u64::MAX), json!(number.to_string())]);
        }
        Value::String(text) => {
            let swap = |at: usize| {
                let mut letters: Vec<char> = text.chars().collect();
                if let Some(letter) = letters.get_mut(at) {
                    *letter = if *letter == '1' { '2' } else { '1' };
                }
                json!(letters.into_iter().collect::<String>())
            };
            let length = text.chars().count();
            others.extend([0, 8, length / 3, length / 2, length.saturating_sub(3)].map(swap));
            others.push(json!(text.to_uppercase()));
            others.push(json!(format!("{text}A")));
        }
        Value::Array(values) => {
            if let Some((last, rest)) = values.split_last() {
                others.push(json!(rest));
                others.push(json!([values.as_slice(), std::slice::from_ref(last)].concat()));
            }
            others.push(json!(values.iter().rev().collect::<Vec<_>>()));
        }
        Value::Object(members) => {
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(name);
                others.push(fewer.into());
            }
            let mut more = members.clone();
            more.insert("another".to_owned(), json!(1));
            others.push(more.into());
        }
        Value::Null | Value::Bool(_) => others.push(json!(true)),
    }
    others.retain(|other| other != value);
    others
}

/// Every place of a document, as steps from its root.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Value::Array(values) => {
            values.iter().enumerate().map(|(place, one)| (place.to_string(), one)).collect()
        }
        _ => Vec::new(),
    };
    for (name, one) in members {
        places(one, &format!("{here}/{name}"), found);
    }
}

/// Documents with one place changed each; of long lists the first and the last are enough.
fn tampered(bundle: &Bundle) -> Vec<(String, Vec<u8>)> {
    let document: Value = serde_json::from_str(&bundle.to_json()).unwrap();
    let mut all = Vec::new();
    places(&document, "", &mut all);
    let mut documents = Vec::new();
    for place in all {
        for other in mutations(document.pointer(&place).unwrap()) {
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = other.clone();
            let text = serde_json::to_vec(&changed).unwrap();
            documents.push((format!("{place} := {other:.60}"), text));
        }
    }
    documents
}

/// What may change without anything false being proved: whole claims and openings may be left out,
/// and a gap in the state shows the absence of every key inside it.
fn is_true(said: &Value, whole: &Value) -> bool {
    let proved = |said: &Value| said["verified"]["proved"].as_array().unwrap().clone();
    let without_opening = |mut one: Value| {
        if let Some(process) = one.get_mut("process") {
            *process = Value::Null;
        }
        one
    };
    let whole: Vec<Value> = proved(whole).into_iter().map(without_opening).collect();
    let state = World::new().state;
    let is_absent = |one: &Value| {
        let key = one["key"].as_str().and_then(|key| Key::new(&hex::decode(key).ok()?));
        one["value"].is_null() && key.is_some_and(|key| !state.0.contains_key(&key))
    };
    let proved = proved(said).into_iter().map(without_opening);
    proved.into_iter().all(|one| whole.contains(&one) || is_absent(&one))
}

#[test]
fn no_changed_field_proves_anything_new_and_both_verifiers_agree() {
    let kinds = [
        "receipts_without_validators",
        "states",
        "headers_without_log",
        "decision",
        "decision_joint_use",
    ];
    for (name, bundle) in samples().into_iter().filter(|(name, _)| kinds.contains(name)) {
        let whole = ours(&one_line(&bundle), &trust());
        let changed = tampered(&bundle);
        let documents: Vec<Vec<u8>> = changed.iter().map(|(_, text)| text.clone()).collect();
        for ((place, text), theirs) in changed.iter().zip(theirs(&documents, &trust())) {
            let said = ours(text, &trust());
            assert_eq!(theirs, said, "{name}: {place}");
            assert!(said["ok"] == json!(false) || is_true(&said, &whole), "{name}: {place}");
        }
    }
}

#[test]
fn bytes_changed_anywhere_are_judged_alike() {
    let whole = samples().into_iter().find(|(name, _)| *name == "decision").unwrap().1;
    let text = one_line(&whole);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let strategy = (0..text.len(), any::<u8>(), 0..3_u8);
    let mut documents = vec![
        [&text[..1], b"\"format\":\"kyojo-bundle/2\",", &text[1..]].concat(),
        [b"\xef\xbb\xbf".as_slice(), &text].concat(),
        [text.as_slice(), b"{}"].concat(),
        b"[]".to_vec(),
        b"\"kyojo-bundle/2\"".to_vec(),
        b"".to_vec(),
    ];
    for _ in 0..150 {
        let (at, byte, what) = strategy.new_tree(&mut runner).unwrap().current();
        let mut changed = text.clone();
        match what {
            0 => changed[at] = byte,
            1 => changed.truncate(at),
            _ => changed.insert(at, byte),
        }
        changed.retain(|byte| *byte != b'\n');
        documents.push(changed);
    }
    for (document, theirs) in documents.iter().zip(theirs(&documents, &trust())) {
        assert_eq!(theirs, ours(document, &trust()), "{}", String::from_utf8_lossy(document));
    }
}

proptest! {
    #[test]
    fn random_bytes_and_texts_panic_nowhere(
        bytes in prop::collection::vec(any::<u8>(), 0..200), text in any::<String>(),
    ) {
        let _ = Bundle::from_json(&bytes);
        let _ = Bundle::from_json(text.as_bytes());
        let _ = ledger_proof::bundle::TrustRoot::from_json(text.as_bytes());
        let _ = ledger_proof::request::SignedAccessRequest::decode(&bytes);
        let _ = ledger_proof::record::Record::decode(&bytes);
        let _ = ledger_types::Entry::decode(&bytes);
    }
}
