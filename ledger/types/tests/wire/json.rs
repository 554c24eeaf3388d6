//! Every operation in JSON: there and back without loss, nothing else taken, and its schema true.

use ledger_types::{AddressPrefix, Operation};
use serde_json::{Value, json};

fn prefix() -> AddressPrefix {
    AddressPrefix::new("aizu").unwrap()
}

#[test]
fn every_operation_survives_json_bit_for_bit() {
    for operation in Operation::samples() {
        let value = operation.in_json(&prefix());
        assert_eq!(value["type"], operation.name());
        let text = serde_json::to_string(&value).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(Operation::from_json(read, &prefix()), Ok(operation));
    }
}

#[test]
fn a_field_too_many_or_too_few_is_refused_by_its_name() {
    let schemas = Operation::schemas();
    let all: std::collections::BTreeMap<String, Value> = schemas.into_iter_named().collect();
    for operation in Operation::samples() {
        let whole = operation.in_json(&prefix());
        let mut more = whole.clone();
        more["memo"] = json!("for lunch");
        assert_eq!(Operation::from_json(more, &prefix()).unwrap_err().field, "memo");
        let variants = all["Operation"]["oneOf"].as_array().unwrap();
        let is_its = |variant: &&Value| variant["properties"]["type"]["const"] == operation.name();
        let schema = variants.iter().find(is_its).unwrap();
        assert_eq!(schema["additionalProperties"], false);
        let required = schema["required"].as_array().unwrap();
        for name in whole.as_object().unwrap().keys() {
            assert!(schema["properties"].get(name).is_some(), "{name} of {}", operation.name());
            let mut fewer = whole.clone();
            fewer.as_object_mut().unwrap().remove(name);
            let read = Operation::from_json(fewer, &prefix());
            let is_required = required.contains(&json!(name));
            assert_eq!(read.is_err(), is_required, "{name} of {}", operation.name());
            if let Err(error) = read {
                assert_eq!(error.field, *name);
            }
        }
    }
}

#[test]
fn schemas_refer_to_schemas_that_are_there() {
    for schemas in [Operation::schemas(), ledger_types::Event::schemas()] {
        let all: std::collections::BTreeMap<String, Value> = schemas.into_iter_named().collect();
        let text = serde_json::to_string(&all).unwrap();
        let mut references = 0;
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(all.contains_key(name), "{name}");
            references += 1;
        }
        assert!(references > 50);
        assert!(!text.contains("null"), "a schema was left unmade");
    }
}

#[test]
fn an_address_of_another_network_is_refused_by_its_field() {
    let other = AddressPrefix::new("koto").unwrap();
    let mut refused = 0;
    for operation in Operation::samples() {
        let text = operation.in_json(&prefix()).to_string();
        let read = Operation::from_json(operation.in_json(&prefix()), &other);
        assert_eq!(read.is_err(), text.contains("\"aizu1"), "{text}");
        refused += usize::from(read.is_err());
    }
    assert!(refused > 10);
}

#[test]
fn every_operation_says_by_which_rules_it_is_refused() {
    for operation in Operation::samples() {
        assert!(!operation.refused().is_empty(), "{}", operation.name());
    }
}
