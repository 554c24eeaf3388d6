//! One sample of every event, made from its schema, and its pinned bytes (`events.txt`).
//!
//! What each says is nothing to anyone; that a schema can be satisfied, and that an event keeps its
//! number and the order of its fields, is.

use std::collections::BTreeMap;

use ledger_types::json::Schemas;
use ledger_types::{AccountId, AddressPrefix, Event, codec};
use serde_json::{Map, Value, json};

fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

/// A value of a schema: the first of several, every field that may be there.
fn value_of(schema: &Value, named: &BTreeMap<String, Value>) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return match name {
            "Address" => json!(AccountId::new([0x12; 20]).to_address(&prefix())),
            "Instant" => json!("2026-11-22T09:00:00.000Z"),
            "JapanDay" => json!("2026-11-30"),
            "Hex32" => json!("34".repeat(32)),
            "Amount" => json!("56"),
            "SignedAmount" => json!("-78"),
            named_otherwise => value_of(&named[named_otherwise], named),
        };
    }
    for several in ["oneOf", "anyOf", "enum"] {
        if let Some(first) = schema[several].get(0) {
            return if several == "enum" { first.clone() } else { value_of(first, named) };
        }
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    match schema["type"].as_str().unwrap() {
        "object" => {
            let fields = schema["properties"].as_object().unwrap().iter();
            let fields = fields.map(|(name, schema)| (name.clone(), value_of(schema, named)));
            Value::Object(fields.collect::<Map<String, Value>>())
        }
        "array" => json!([value_of(&schema["items"], named)]),
        "integer" => json!(7),
        "boolean" => json!(true),
        other => panic!("no sample of {other}: {schema}"),
    }
}

fn samples() -> Vec<Event> {
    let schemas: Schemas = Event::schemas();
    let named: BTreeMap<String, Value> = schemas.into_iter_named().collect();
    let all = named["Event"]["oneOf"].as_array().unwrap();
    all.iter().map(|one| Event::from_json(value_of(one, &named), &prefix()).unwrap()).collect()
}

#[test]
fn every_event_has_the_pinned_bytes() {
    let lines = samples().into_iter().map(|event| {
        let bytes = codec::encode(&event);
        assert_eq!(codec::decode::<Event>(&bytes, 4096).as_ref(), Ok(&event));
        assert_eq!(Event::from_json(event.in_json(&prefix()), &prefix()), Ok(event.clone()));
        format!("{} {}\n", event.name(), hex::encode(bytes))
    });
    let now: String = lines.collect();
    if crate::golden::is_updated("events.txt", &now) {
        return;
    }
    let pinned = include_str!("events.txt");
    assert_eq!(now.lines().count(), Event::NAMES.len());
    for (now, pinned) in now.lines().zip(pinned.lines()) {
        assert_eq!(now, pinned, "a node's index keeps events: an old one must be read as it was");
    }
    assert_eq!(now, pinned, "events.txt pins every event: add what is new");
}

#[test]
fn the_samples_have_every_event_number_in_order() {
    let numbers: Vec<usize> =
        samples().iter().map(|event| usize::from(codec::encode(event)[0])).collect();
    assert_eq!(numbers, (0..Event::NAMES.len()).collect::<Vec<_>>());
    let unknown = u8::try_from(Event::NAMES.len()).unwrap();
    assert!(codec::decode::<Event>(&[unknown; 200], 200).is_err());
}
